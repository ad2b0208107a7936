"""Opens the compiled loops and gives them to NumPy, or takes them back."""

import ctypes
import importlib
import sys
from pathlib import Path
from typing import Any, cast

import numpy as np

from tutorial_kernels.fast.pooling import Pooling

HERE = Path(__file__).parent

# NumPy's numbers for float32 and float64 (NPY_FLOAT, NPY_DOUBLE).
_TYPE_NUMBERS = {"f32": 11, "f64": 12}
# Where PyUFunc_ReplaceLoopBySignature stands in the table of NumPy's C API
# for ufuncs. Within a major release NumPy only appends to that table.
_REPLACE_LOOP = 30
_NUMPY_MAJOR = 2

# Each ufunc, the number of its operands, and the types that have a loop.
LOOPS = {
    "matmul": (3, ("f32", "f64")),
    "add": (3, ("f32",)),
    "subtract": (3, ("f32",)),
    "multiply": (3, ("f32",)),
    "divide": (3, ("f32",)),
    "maximum": (3, ("f32", "f64")),
    "minimum": (3, ("f32", "f64")),
    "exp": (2, ("f32",)),
    "tanh": (2, ("f32",)),
    "log": (2, ("f32",)),
    "sqrt": (2, ("f32",)),
}


class LoopsUnavailable(RuntimeError):  # noqa: N818 (the state, not a mistake)
    """The loops cannot be used here; NumPy is as it was."""


def libraries() -> list[Path]:
    """Returns the libraries made for this Python, the best first.

    A browser that lacks a feature of WebAssembly refuses the file that uses
    it; there is nothing else to ask.
    """
    if sys.platform == "emscripten":
        return [HERE / "loops_relaxed.wasm", HERE / "loops_simd.wasm"]
    return [HERE / "loops_native.so"]


def open_first(paths: list[Path]) -> tuple[Path, ctypes.CDLL]:
    """Opens the first library that can be opened.

    Raises:
        LoopsUnavailable: None can; the message has the reason for each.
    """
    reasons = []
    for path in paths:
        try:
            return path, ctypes.CDLL(str(path))
        except OSError as error:
            reasons.append(f"{path.name}: {str(error).splitlines()[0]}")
    raise LoopsUnavailable("no library opens: " + "; ".join(reasons))


class Replacement:
    """NumPy with the loops of a library in place of its own, and max pooling.

    Args:
        library: An opened library. It stays open as long as Python runs:
            NumPy calls into it.

    Raises:
        LoopsUnavailable: The library lacks a loop, or this NumPy does not
            take them. NumPy is as it was then.
    """

    def __init__(self, library: ctypes.CDLL) -> None:
        self._library = library
        self._in_numpy = _replace_loop_by_signature()
        self._own: list[tuple[np.ufunc, list[int], int]] = []
        self._pooling: Pooling | None = None
        try:
            for name, (operands, types) in LOOPS.items():
                for type_name in types:
                    self._replace(name, operands, type_name)
            self._pooling = self._pool()
        except LoopsUnavailable:
            self.undo()
            raise

    def undo(self) -> None:
        """Gives NumPy's own loops back."""
        while self._own:
            self._exchange(*self._own.pop())
        if self._pooling is not None:
            self._pooling.undo()
            self._pooling = None

    def _pool(self) -> Pooling:
        try:
            return Pooling(self._library)
        except AttributeError as error:
            raise LoopsUnavailable("the library has no max_pool") from error

    def _replace(self, name: str, operands: int, type_name: str) -> None:
        try:
            loop = getattr(self._library, f"{type_name}_{name}")
        except AttributeError as error:
            raise LoopsUnavailable(f"the library has no {name}") from error
        address = ctypes.cast(loop, ctypes.c_void_p).value
        assert address is not None  # it was found
        signature = [_TYPE_NUMBERS[type_name]] * operands
        ufunc = cast(np.ufunc, getattr(np, name))
        own = self._exchange(ufunc, signature, address)
        self._own.append((ufunc, signature, own))

    def _exchange(
        self, ufunc: np.ufunc, signature: list[int], loop: int
    ) -> int:
        """Puts a loop into a ufunc; returns the address of the one before."""
        before = ctypes.c_void_p()
        types = (ctypes.c_int * len(signature))(*signature)
        done = self._in_numpy(ufunc, loop, types, ctypes.byref(before))
        if done != 0 or before.value is None:
            raise LoopsUnavailable(f"NumPy {np.__version__} keeps its {ufunc}")
        return before.value


def _replace_loop_by_signature() -> Any:
    """Returns that function of NumPy's C API, from NumPy's own table."""
    major = int(np.__version__.split(".")[0])
    if major != _NUMPY_MAJOR:
        raise LoopsUnavailable(
            f"NumPy is {np.__version__}, the loops know NumPy {_NUMPY_MAJOR}"
        )
    try:
        core = importlib.import_module("numpy._core._multiarray_umath")
        capsule = core._UFUNC_API
    except (ImportError, AttributeError) as error:
        raise LoopsUnavailable(
            f"NumPy {np.__version__} shows no table of its C API"
        ) from error
    get_pointer = ctypes.PYFUNCTYPE(
        ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p
    )(("PyCapsule_GetPointer", ctypes.pythonapi))
    table = ctypes.cast(
        get_pointer(capsule, None), ctypes.POINTER(ctypes.c_void_p)
    )
    prototype = ctypes.PYFUNCTYPE(
        ctypes.c_int,
        ctypes.py_object,
        ctypes.c_void_p,
        ctypes.POINTER(ctypes.c_int),
        ctypes.POINTER(ctypes.c_void_p),
    )
    return prototype(cast(int, table[_REPLACE_LOOP]))
