"""The tape: it records which pairs ran, and runs their backwards in reverse.

Every operation on tensors is a pair of kernels. Forward, the tape notes the
call: its number, its cache and the tensors that went in. Backward, it takes
the recorded calls from the highest number to the lowest, so that a call is
reached only when every later call has sent its gradient.

A recorded call refers to its inputs and never to its outputs. So nothing
points in a circle, and Python frees the record as soon as the loss is gone.
There are no second derivatives, no in-place operations and no views.
"""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import update_wrapper
from heapq import heappop, heappush
from typing import Any

import numpy as np

from tutorial_kernels import arrivals, kernels
from tutorial_kernels.kernels.broadcasting import check_broadcast
from tutorial_kernels.kernels.contract import Array, Cache, is_floating
from tutorial_kernels.kernels.indexing import chunk_keys, split_keys
from tutorial_kernels.signatures import Kernel, Pair

_numbers = itertools.count(1)
_recording = True


@contextmanager
def no_grad() -> Iterator[None]:
    """Switch the tape off, inside a `with` or as a decorator."""
    global _recording
    before, _recording = _recording, False
    try:
        yield
    finally:
        _recording = before


class Call:
    """One recorded call of a pair."""

    def __init__(self, pair: Pair, args: tuple[Any, ...], cache: Cache) -> None:
        """Give the call its number."""
        self.number = next(_numbers)
        self.pair = pair
        self.args = args
        self.cache: Cache | None = cache
        self.several: arrivals.Outputs = ()  # a single output is not described

    @property
    def inputs(self) -> list["Tensor | None"]:
        """The tensors that went in; `None` is an argument that is none."""
        return [x if isinstance(x, Tensor) else None for x in self.args]

    def gradients(self, arrived: Any) -> tuple[Any, ...]:
        """Run the backward on what arrived at the output, or at several."""
        cache, backward = self.cache, self.pair.backward
        if cache is None:
            raise RuntimeError(
                f"backward: the record of {self.pair.name} was used up by an "
                "earlier backward; give that one retain_graph=True"
            )
        first = self.args[0]
        if self.several:
            result = backward(
                *arrivals.with_zeros(self.several, arrived), cache
            )
        elif self.pair.can_leave_out_x and not (
            isinstance(first, Tensor) and first.requires_grad
        ):
            result = backward(arrived, cache, needs_grad_x=False)
        else:
            result = backward(arrived, cache)
        return result if isinstance(result, tuple) else (result,)


def differentiable(
    forward: Kernel, backward: Kernel
) -> Callable[..., "Tensor"]:
    """Lift a pair of kernels from arrays to tensors.

    The result takes what `forward` takes, with tensors among the arrays, and
    gives a tensor (or a tuple of them) that knows the way back.
    """
    pair = Pair(forward, backward)

    def lifted(*args: Any, **options: Any) -> Any:
        if options or len(args) not in pair.places:
            args, options = pair.bind(args, options)
        arrays, followed = [], False
        for x in args:
            if isinstance(x, Tensor):
                arrays.append(x.data)
                followed = followed or x.requires_grad
            else:
                arrays.append(x)
        out, cache = forward(*arrays, **options)
        call = Call(pair, args, cache) if followed and _recording else None
        if type(out) is not tuple:
            return _result(out, call)
        results = tuple([_result(o, call, i) for i, o in enumerate(out)])
        if call is not None:
            call.several = [(x.data.shape, x.data.dtype) for x in results]
        return results

    # help() and an editor show what the forward takes.
    update_wrapper(lifted, forward, assigned=("__doc__",))
    lifted.__name__ = lifted.__qualname__ = pair.name
    return lifted


def _result(out: Any, call: Call | None, index: int = 0) -> "Tensor":
    """Wrap what a kernel gave."""
    tensor = Tensor.__new__(Tensor)
    tensor.data = array = np.asarray(out)
    if call is not None:
        tensor.call, tensor.index = call, index
        tensor.requires_grad = array.dtype.kind == "f"
    return tensor


def lift(name: str) -> Callable[..., "Tensor"]:
    """Lift the pair of that name: `lift("add")` for `add_forward`."""
    forward = getattr(kernels, f"{name}_forward")
    return differentiable(forward, getattr(kernels, f"{name}_backward"))


def _both_ways(name: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Lift an operation for `tensor - other` and for `other - tensor`."""
    operation = lift(name)
    return operation, lambda self, other: operation(other, self)


def _comparison(compare: np.ufunc) -> Callable[["Tensor", object], Any]:
    """Lift a comparison: it gives a plain array, as there is no gradient."""

    def compared(self: "Tensor", other: object) -> Any:
        if other is None or isinstance(other, str):
            return NotImplemented  # so that `tensor == None` is False
        values = _array(other)
        check_broadcast(compare.__name__, self.shape, np.shape(values))
        return np.asarray(compare(self.data, values))

    return compared


class Tensor:
    """A NumPy array that remembers how it was computed."""

    data: Array
    requires_grad: bool = False
    grad: Array | None = None
    call: Call | None = None  # what made it; None for a leaf
    index: int = 0  # which of several outputs of that call it is

    __array_ufunc__ = None  # array + tensor asks the tensor, not NumPy

    def __init__(self, data: Any, requires_grad: bool = False) -> None:
        """Wrap an array; plain numbers and lists become float32.

        The array is shared. Only a tensor that requires gradients gets a copy
        of its own, because an optimizer will write into it.
        """
        array: Array = np.asarray(_array(data))
        if not hasattr(data, "dtype") and array.dtype == np.float64:
            array = array.astype(np.float32)
        if requires_grad and not is_floating(array):
            raise RuntimeError(
                "Tensor: only floating-point data can require gradients, "
                f"got {array.dtype}"
            )
        self.data = array.copy() if requires_grad else array
        self.requires_grad = requires_grad

    def backward(
        self, gradient: Any = None, retain_graph: bool = False
    ) -> None:
        """Add to `.grad` of every leaf that this tensor was computed from.

        Args:
            gradient: How much the final result changes with this tensor. A
                single number needs none: it is the final result.
            retain_graph: Whether to keep the record for a second time.

        Raises:
            RuntimeError: If there is no way back, or no gradient to start.
        """
        if not self.requires_grad:
            raise RuntimeError(
                "backward: this tensor was not computed from any tensor that "
                "requires gradients"
            )
        if gradient is None:
            if self.data.size != 1:
                raise RuntimeError(
                    "backward: only a single number can do without a "
                    f"gradient, this tensor has shape {self.shape}"
                )
            start = np.array(1, self.data.dtype, ndmin=self.data.ndim)
        else:
            start = np.asarray(_array(gradient), dtype=self.data.dtype)
        if start.shape != self.data.shape:
            raise RuntimeError(
                f"backward: the gradient must have shape {self.shape}, "
                f"got {start.shape}"
            )
        _walk_back(self, start, retain_graph)

    def detach(self) -> "Tensor":
        """The same numbers, without their history."""
        return Tensor(self.data)

    def numpy(self) -> Array:
        """The array itself."""
        return self.data

    def item(self) -> Any:
        """The only element, as a Python number."""
        return self.data.item()

    @property
    def shape(self) -> tuple[int, ...]:
        """The size of every axis."""
        return tuple(self.data.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the elements."""
        return self.data.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.data.ndim

    def size(self, dim: int | None = None) -> Any:
        """The shape, or the size of one axis."""
        return self.shape if dim is None else self.shape[dim]

    def __len__(self) -> int:
        """The size of the first axis."""
        return len(self.data)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        """What NumPy's functions see: the array itself."""
        return np.array(self.data, dtype=dtype, copy=copy)

    def argmax(self, dim: int | None = None, keepdim: bool = False) -> Array:
        """Where the largest element is, as a plain array: no gradient."""
        return np.asarray(np.argmax(self.data, axis=dim, keepdims=keepdim))

    __hash__ = object.__hash__  # a tensor is its own key in a dict
    __eq__, __ne__ = _comparison(np.equal), _comparison(np.not_equal)
    __lt__, __le__ = _comparison(np.less), _comparison(np.less_equal)
    __gt__, __ge__ = _comparison(np.greater), _comparison(np.greater_equal)

    def __bool__(self) -> bool:
        """Whether the only element is anything but zero."""
        if self.data.size != 1:
            raise ValueError(
                "bool: only a tensor of one element is true or false, this one "
                f"has shape {self.shape}; ask its .data for any() or all()"
            )
        return bool(self.data)

    def __float__(self) -> float:
        """The only element, as a Python float."""
        return float(self.item())

    def __format__(self, spec: str) -> str:
        """Format a single number; everything else as `str` does."""
        return format(self.item() if self.ndim == 0 else str(self), spec)

    def __repr__(self) -> str:
        """The numbers, the dtype if it is unusual, and how it was made."""
        text = np.array2string(self.data, separator=", ", prefix="Tensor(")
        if self.dtype not in (np.float32, np.int64, np.bool_):
            text += f", dtype={self.dtype}"
        if self.call is not None:
            text += f", from={self.call.pair.name}"
        elif self.requires_grad:
            text += ", requires_grad=True"
        return f"Tensor({text})"

    __add__ = __radd__ = lift("add")
    __sub__, __rsub__ = _both_ways("subtract")
    __mul__ = __rmul__ = lift("multiply")
    __truediv__, __rtruediv__ = _both_ways("divide")
    __pow__, __rpow__ = _both_ways("power")
    __matmul__, __rmatmul__ = _both_ways("matmul")
    __neg__ = lift("negative")
    exp, log, sqrt = lift("exp"), lift("log"), lift("sqrt")
    sum, mean, max, min = map(lift, ("sum", "mean", "max", "min"))
    amax, amin = lift("amax"), lift("amin")
    topk, cumsum = lift("topk"), lift("cumsum")
    flatten, transpose = lift("flatten"), lift("transpose")
    _reshape, _permute = lift("reshape"), lift("permute")
    squeeze, unsqueeze = lift("squeeze"), lift("unsqueeze")
    unflatten, _expand = lift("unflatten"), lift("expand")
    softmax, log_softmax = lift("softmax"), lift("log_softmax")
    masked_fill, _where = lift("masked_fill"), lift("where")
    _index = lift("index")

    def __getitem__(self, key: Any) -> "Tensor":
        """The elements named by integers, slices, `None`, `...` or arrays."""
        parts = key if isinstance(key, tuple) else (key,)
        return self._index(tuple(_array(part) for part in parts))

    def chunk(self, chunks: int, dim: int = 0) -> tuple["Tensor", ...]:
        """Cut along `dim` into parts of one size; the last may be smaller."""
        keys = chunk_keys(self.shape, chunks, dim)
        return tuple(self[key] for key in keys)

    def split(self, split_size: Any, dim: int = 0) -> tuple["Tensor", ...]:
        """Cut along `dim` into parts of one size, or of the sizes given."""
        keys = split_keys(self.shape, split_size, dim)
        return tuple(self[key] for key in keys)

    def where(self, condition: Any, other: Any) -> "Tensor":
        """These elements where the condition holds, elsewhere the others."""
        return Tensor._where(condition, self, other)

    def reshape(self, *shape: Any) -> "Tensor":
        """The same elements in another shape; one size may be -1."""
        return self._reshape(shape[0] if _is_shape(shape) else shape)

    view = reshape

    def expand(self, *sizes: Any) -> "Tensor":
        """Axes of size 1 stretched; a size of -1 stays what it is."""
        return self._expand(sizes[0] if _is_shape(sizes) else sizes)

    def permute(self, *dims: Any) -> "Tensor":
        """The axes in another order."""
        return self._permute(dims[0] if _is_shape(dims) else dims)

    @property
    def T(self) -> "Tensor":  # noqa: N802
        """The axes in reverse order: a matrix transposed."""
        return self._permute(range(self.ndim)[::-1])


def _array(x: Any) -> Any:
    return x.data if isinstance(x, Tensor) else x


def _is_shape(args: tuple[Any, ...]) -> bool:
    return len(args) == 1 and isinstance(args[0], tuple | list)


def _walk_back(root: Tensor, gradient: Array, retain_graph: bool) -> None:
    """Go back through the recorded calls, the latest first."""
    waiting: list[tuple[int, Call]] = []  # a heap: the smallest comes first
    arrived: dict[Call, Any] = {}
    held = {id(gradient)}  # no leaf shares its gradient with anybody
    _send(root, gradient, arrived, waiting, held)
    while waiting:
        _, call = heappop(waiting)
        gradients = call.gradients(arrived.pop(call))
        # Options, which come last, get no gradient.
        for x, grad in zip(call.args, gradients):  # noqa: B905
            if grad is None or not isinstance(x, Tensor) or not x.requires_grad:
                continue
            shape = grad.shape if type(grad) is np.ndarray else np.shape(grad)
            if shape != x.data.shape:
                raise RuntimeError(
                    f"backward: {call.pair.name} gave a gradient of shape "
                    f"{shape} for an input of shape {x.shape}"
                )
            _send(x, grad, arrived, waiting, held)
        if not retain_graph:  # let go of all that was kept for the way back
            call.cache, call.args = None, ()


def _send(
    x: Tensor,
    grad: Array,
    arrived: dict[Call, Any],
    waiting: list[tuple[int, Call]],
    held: set[int],
) -> None:
    """Add to what has arrived at a leaf, or at the call that made `x`."""
    call = x.call
    if call is None:
        x.grad = arrivals.at_leaf(x.grad, grad, held)
        return
    before = arrived.get(call)
    if before is None:
        heappush(waiting, (-call.number, call))
    arrived[call] = arrivals.at_output(call.several, before, x.index, grad)
