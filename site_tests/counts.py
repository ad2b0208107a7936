"""How much was compared with PyTorch, said at the end of a run."""

from collections import Counter

COUNTS: Counter[str] = Counter()
