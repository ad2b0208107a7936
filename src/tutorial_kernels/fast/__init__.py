"""NumPy at the speed of the machine: compiled inner loops for the page.

NumPy in Pyodide has no BLAS. `install()` opens a small library of C loops and
puts them in place of NumPy's own for matmul, maximum and minimum, and in
float32 for add, subtract, multiply, divide, exp, tanh, log and sqrt, through a
call of NumPy's C API made for it: ``a @ b`` is the same code, only faster. Max
pooling of 2 by 2, for which NumPy has no loop, is compiled as a whole (see
`pooling`). `uninstall()` gives everything back.

The page installs them when it starts. CPython's NumPy has a BLAS; there they
are only tested.
"""

from pathlib import Path

from tutorial_kernels.fast.loading import (
    LoopsUnavailable,
    Replacement,
    libraries,
    open_first,
)
from tutorial_kernels.fast.self_test import first_wrong

__all__ = ["LoopsUnavailable", "install", "installed", "uninstall"]

_in_force: tuple[Path, Replacement] | None = None


def install(library: Path | None = None) -> str:
    """Puts the compiled loops in place of NumPy's own.

    Installed already, they stay as they are.

    Args:
        library: The file to open. Without it, the one made for this Python:
            in the page the fastest that the browser accepts, in CPython what
            ``python src/fast_loops/build.py native`` has built.

    Returns:
        The name of the library in use, such as ``"loops_simd.wasm"``.

    Raises:
        LoopsUnavailable: No library opens, this NumPy does not take the
            loops, or a result came out wrong. NumPy is as it was then.
    """
    global _in_force
    if _in_force is None:
        paths = libraries() if library is None else [library]
        path, opened = open_first(paths)
        replacement = Replacement(opened)
        wrong = first_wrong()
        if wrong is not None:
            replacement.undo()
            raise LoopsUnavailable(f"{path.name}: {wrong} gave a wrong result")
        _in_force = path, replacement
    return _in_force[0].name


def uninstall() -> None:
    """Gives NumPy its own loops back; without effect when it has them."""
    global _in_force
    if _in_force is not None:
        _in_force[1].undo()
        _in_force = None


def installed() -> str | None:
    """Returns the name of the library in use, None when NumPy has its own."""
    return None if _in_force is None else _in_force[0].name
