"""Lists and dicts of parameters, which their module knows as its own."""

from collections.abc import Iterable, Iterator, KeysView, Mapping
from typing import Any, Self

import numpy as np

from tutorial_kernels.autograd import Tensor
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import Parameter

_TYPES = {"float16": "Half", "float32": "Float", "float64": "Double"}


def _as_parameter(value: Any) -> Any:
    """Tensors and arrays become parameters, everything else stays."""
    if isinstance(value, Tensor | np.ndarray):
        return value if isinstance(value, Parameter) else Parameter(value)
    return value


def _line(name: Any, value: Any, kind: str) -> str:
    """How torch prints one entry."""
    if not isinstance(value, Tensor):
        return f"  ({name}): Object of type: {type(value).__name__}"
    size = "x".join(str(n) for n in value.shape)
    return f"  ({name}): Parameter containing: [torch.{kind} of size {size}]"


class ParameterList(Module):
    """A list of parameters; other values may stand among them."""

    def __init__(self, values: Iterable[Any] | None = None) -> None:
        """Take the values; tensors and arrays become parameters."""
        self.extend([] if values is None else values)

    def _values(self) -> list[Any]:
        return [value for name, value in vars(self).items() if name.isdigit()]

    def _name(self, index: int) -> str:
        if not -len(self) <= index < len(self):
            raise IndexError(
                f"ParameterList: index {index} is out of range for "
                f"{len(self)} values"
            )
        return str(index % len(self))

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._values())

    def __iter__(self) -> Iterator[Any]:
        """The values in their order."""
        return iter(self._values())

    def __getitem__(self, index: int | slice) -> Any:
        """One value, or a shorter list."""
        if isinstance(index, slice):
            return type(self)(self._values()[index])
        return getattr(self, self._name(index))

    def __setitem__(self, index: int, value: Any) -> None:
        """Put another value in the place of one."""
        setattr(self, self._name(index), _as_parameter(value))

    def append(self, value: Any) -> Self:
        """Add one more value at the end."""
        setattr(self, str(len(self)), _as_parameter(value))
        return self

    def extend(self, values: Iterable[Any]) -> Self:
        """Add several values at the end."""
        if isinstance(values, Tensor) or not isinstance(values, Iterable):
            raise TypeError(
                "ParameterList.extend: expected several values, "
                f"got {type(values).__name__}"
            )
        for value in list(values):
            self.append(value)
        return self

    def __iadd__(self, values: Iterable[Any]) -> Self:
        """As `extend`."""
        return self.extend(values)

    def extra_repr(self) -> str:
        """A line for each value."""
        return "\n".join(
            _line(index, value, str(getattr(value, "dtype", "")))
            for index, value in enumerate(self)
        )


class ParameterDict(Module):
    """Parameters under names; other values may stand among them."""

    def __init__(self, parameters: Any = None) -> None:
        """Take a dict of names to values, or pairs of both."""
        self._keys: dict[str, None] = {}
        if parameters is not None:
            self.update(parameters)

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._keys)

    def __iter__(self) -> Iterator[str]:
        """The names in their order."""
        return iter(self._keys)

    def __reversed__(self) -> Iterator[str]:
        """The names from the last to the first."""
        return reversed(self._keys)

    def __contains__(self, key: object) -> bool:
        """Whether there is a value of that name."""
        return key in self._keys

    def __getitem__(self, key: str) -> Any:
        """The value of that name."""
        if key not in self._keys:
            raise KeyError(key)
        return getattr(self, key)

    def __setitem__(self, key: str, value: Any) -> None:
        """Set the value of that name; an array becomes a parameter."""
        if not isinstance(key, str):
            raise TypeError(
                "ParameterDict: a name must be a string, "
                f"got {type(key).__name__}"
            )
        if key not in self._keys and hasattr(self, key):
            raise KeyError(
                f"ParameterDict: there is already an attribute {key}"
            )
        setattr(self, key, _as_parameter(value))
        self._keys[key] = None

    def __delitem__(self, key: str) -> None:
        """Take a value out."""
        del self._keys[key]
        delattr(self, key)

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._keys.keys()

    def values(self) -> Iterator[Any]:
        """The values."""
        return (self[key] for key in self)

    def items(self) -> Iterator[tuple[str, Any]]:
        """Names and values."""
        return ((key, self[key]) for key in self)

    def get(self, key: str, default: Any = None) -> Any:
        """The value of that name, or the default."""
        return getattr(self, key) if key in self else default

    def setdefault(self, key: str, default: Any = None) -> Any:
        """The value of that name; if there is none, it becomes the default."""
        if key not in self:
            self[key] = default
        return self[key]

    def pop(self, key: str) -> Any:
        """Take a value out and return it."""
        value = self[key]
        del self[key]
        return value

    def popitem(self) -> tuple[str, Any]:
        """Take the last value out and return it with its name."""
        key = next(reversed(self))
        return key, self.pop(key)

    def clear(self) -> None:
        """Take everything out."""
        for key in list(self):
            del self[key]

    def copy(self) -> "ParameterDict":
        """Another dict of the same parameters."""
        return ParameterDict(self)

    def fromkeys(
        self, keys: Iterable[str], default: Any = None
    ) -> "ParameterDict":
        """A new dict that has one value for all the names."""
        return ParameterDict((key, default) for key in keys)

    def update(self, parameters: Any) -> None:
        """Set several values; those of a plain dict by name, as torch does."""
        if not isinstance(parameters, Iterable):
            raise TypeError(
                "ParameterDict.update: expected names and values, "
                f"got {type(parameters).__name__}"
            )
        pairs = parameters
        if isinstance(parameters, ParameterDict):
            pairs = parameters.items()
        elif isinstance(parameters, Mapping):
            pairs = parameters.items()
            if not hasattr(parameters, "move_to_end"):  # no OrderedDict
                pairs = sorted(pairs)
        for key, value in list(pairs):
            self[key] = value

    def __or__(self, other: "ParameterDict") -> "ParameterDict":
        """The values of both; where names are equal, those of the other."""
        both = self.copy()
        both.update(other)
        return both

    def __ior__(self, other: "ParameterDict") -> Self:
        """As `update`."""
        self.update(other)
        return self

    def extra_repr(self) -> str:
        """A line for each value."""
        return "\n".join(
            _line(key, value, f"{_TYPES.get(str(value.dtype))}Tensor")
            if isinstance(value, Tensor)
            else _line(key, value, "")
            for key, value in self.items()
        )
