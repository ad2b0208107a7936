"""How much was compared with PyTorch, said at the end of a run."""

from collections import Counter

COUNTS: Counter[str] = Counter()

GENERATED = "generated cases compared with PyTorch"
SAMPLES = "operator-database samples"
MODULES = "module-database samples"
REFUSALS = "listed refusals"
