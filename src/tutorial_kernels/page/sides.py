"""The PyTorch side of a notebook: cells that run beside the NumPy side.

Both sides use the same names, so a cell that begins with ``%%pytorch`` runs in
a module of its own, which the notebook has as ``pytorch``.
"""

from __future__ import annotations

from importlib.util import find_spec
from types import ModuleType
from typing import Any

MISSING = "PyTorch is not installed here: pip install torch"
LEFT_OUT = 'Left out: SIDE is "NumPy".'


def load_ipython_extension(shell: Any) -> None:
    """Give a notebook the cell magic ``%%pytorch``."""
    module = ModuleType("pytorch")
    shell.user_ns["pytorch"] = module

    def pytorch(_line: str, cell: str) -> None:
        """Run a cell on the PyTorch side, unless SIDE is NumPy."""
        if shell.user_ns.get("SIDE") == "NumPy":
            print(LEFT_OUT)
        elif find_spec("torch") is None:
            print(MISSING)
        else:
            name = shell.compile.cache(cell)  # a traceback shows its lines
            exec(compile(cell, name, "exec"), vars(module))

    shell.register_magic_function(pytorch, "cell", "pytorch")
