"""Containers: modules made of modules."""

import itertools
from collections.abc import (
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    ValuesView,
)
from typing import Any, Self, overload

from tutorial_kernels.nn.module import Module


class _Container(Module):
    """A module whose parts are all there is to it."""

    def _parts(self) -> dict[str, Module]:
        return {k: v for k, v in vars(self).items() if isinstance(v, Module)}

    def _add(self, name: str, module: Module) -> None:
        """Set a part, which must not be missing."""
        if not isinstance(module, Module):
            raise TypeError(
                f"{type(self).__name__}: {name} must be a Module, "
                f"got {type(module).__name__}"
            )
        self.add_module(name, module)

    def __len__(self) -> int:
        """How many modules there are."""
        return len(self._parts())


class _Sequence(_Container):
    """Modules in a row, under the names "0", "1" and so on."""

    def __iter__(self) -> Iterator[Module]:
        """The modules in their order."""
        return (v for v in vars(self).values() if isinstance(v, Module))

    @overload
    def __getitem__(self, index: int) -> Module: ...

    @overload
    def __getitem__(self, index: slice) -> Self: ...

    def __getitem__(self, index: int | slice) -> Module:
        """One module, or several in a container of the same kind."""
        if isinstance(index, slice):
            return self._of(dict(list(self._parts().items())[index]))
        return self._parts()[self._name(index)]

    def __setitem__(self, index: int, module: Module) -> None:
        """Put another module in the place of one."""
        self._add(self._name(index), module)

    def __delitem__(self, index: int | slice) -> None:
        """Take modules out; those that follow move up."""
        rest = list(self)
        if not isinstance(index, slice):
            self._name(index)
        del rest[index]
        self._renumber(rest)

    def append(self, module: Module) -> Self:
        """Add one more module at the end."""
        self._add(str(len(self)), module)
        return self

    def extend(self, modules: Iterable[Module]) -> Self:
        """Add several modules at the end."""
        if not isinstance(modules, Iterable):
            raise TypeError(
                f"{type(self).__name__}.extend: expected several modules, "
                f"got {type(modules).__name__}"
            )
        for module in list(modules):
            self.append(module)
        return self

    def insert(self, index: int, module: Module) -> Self:
        """Put a module before the one at `index`."""
        count = len(self)
        if not -count <= index <= count:
            raise IndexError(
                f"{type(self).__name__}: index {index} is out of range for "
                f"{count} modules"
            )
        parts = list(self)
        parts.insert(index, module)
        self._renumber(parts)
        return self

    def pop(self, index: int | slice) -> Module:
        """Take modules out and return them."""
        taken = self[index]
        del self[index]
        return taken

    def __iadd__(self, modules: Iterable[Module]) -> Self:
        """As `extend`."""
        return self.extend(modules)

    def _of(self, parts: dict[str, Module]) -> Self:
        raise NotImplementedError

    def _name(self, index: int) -> str:
        names = list(self._parts())
        if not -len(names) <= index < len(names):
            raise IndexError(
                f"{type(self).__name__}: index {index} is out of range for "
                f"{len(names)} modules"
            )
        return names[index]

    def _renumber(self, modules: list[Module]) -> None:
        """Hold these modules and no others, under their numbers."""
        for name in self._parts():
            delattr(self, name)
        for module in modules:
            self.append(module)


class Sequential(_Sequence):
    """Run modules one after the other."""

    def __init__(self, *args: Any) -> None:
        """Take the modules, or one dict of names to modules."""
        if len(args) == 1 and isinstance(args[0], dict):
            named = args[0]
        else:
            named = {str(index): module for index, module in enumerate(args)}
        for name, module in named.items():
            self._add(name, module)

    def forward(self, x: Any) -> Any:
        """The output of each is the input of the next."""
        for module in self:
            x = module(x)
        return x

    def _of(self, parts: dict[str, Module]) -> Self:
        return type(self)(parts)

    def __add__(self, other: "Sequential") -> "Sequential":
        """The modules of both, one after the other."""
        self._check_sequential(other)
        return Sequential(*self, *other)

    def __iadd__(self, other: Iterable[Module]) -> Self:
        """As `extend`, but of a Sequential only."""
        self._check_sequential(other)
        return self.extend(other)

    def __mul__(self, times: int) -> "Sequential":
        """The same modules several times: they share their parameters."""
        return Sequential(*list(self) * self._checked(times))

    __rmul__ = __mul__

    def __imul__(self, times: int) -> Self:
        """Go through the same modules several times."""
        self.extend(list(self) * (self._checked(times) - 1))
        return self

    def _check_sequential(self, other: Any) -> None:
        if not isinstance(other, Sequential):
            raise TypeError(
                "Sequential: only another Sequential can be added, "
                f"got {type(other).__name__}"
            )

    def _checked(self, times: Any) -> int:
        if not isinstance(times, int) or times < 1:
            raise ValueError(
                "Sequential: it can be repeated an integer number of times, "
                f"at least 1, got {times!r}"
            )
        return times


class ModuleList(_Sequence):
    """A list of modules that the module holding it knows as its parts.

    It has no forward: one goes through it with a loop, or by index.
    """

    def __init__(self, modules: Iterable[Module] | None = None) -> None:
        """Take the modules."""
        self.extend([] if modules is None else modules)

    def _of(self, parts: dict[str, Module]) -> Self:
        return type(self)(parts.values())

    def __add__(self, other: Iterable[Module]) -> "ModuleList":
        """A longer list."""
        return ModuleList([*self, *other])

    def __repr__(self) -> str:
        """Equal neighbors are printed once, in torch's form."""
        lines, first = [], 0
        for text, group in itertools.groupby(map(repr, self)):
            count = len(list(group))
            name = f"({first}): "
            if count > 1:
                name = f"({first}-{first + count - 1}): {count} x "
            lines.append((name + text).replace("\n", "\n  "))
            first += count
        body = "".join(f"\n  {line}" for line in lines)
        return (
            f"{type(self).__name__}({body}\n)"
            if lines
            else (f"{type(self).__name__}()")
        )


class ModuleDict(_Container):
    """Modules under names, which the module holding them knows as parts."""

    def __init__(self, modules: Any = None) -> None:
        """Take a dict of names to modules, or pairs of both."""
        if modules is not None:
            self.update(modules)

    def __getitem__(self, key: str) -> Module:
        """The module of that name."""
        return self._parts()[key]

    def __setitem__(self, key: str, module: Module) -> None:
        """Set the module of that name."""
        if not isinstance(key, str):
            raise TypeError(
                f"ModuleDict: a name must be a string, got {type(key).__name__}"
            )
        self._add(key, module)

    def __delitem__(self, key: str) -> None:
        """Take a module out."""
        self[key]
        delattr(self, key)

    def __iter__(self) -> Iterator[str]:
        """The names in their order."""
        return iter(self._parts())

    def __contains__(self, key: object) -> bool:
        """Whether there is a module of that name."""
        return key in self._parts()

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._parts().keys()

    def values(self) -> ValuesView[Module]:
        """The modules."""
        return self._parts().values()

    def items(self) -> ItemsView[str, Module]:
        """Names and modules."""
        return self._parts().items()

    def clear(self) -> None:
        """Take everything out."""
        for key in self._parts():
            del self[key]

    def pop(self, key: str) -> Module:
        """Take a module out and return it."""
        module = self[key]
        del self[key]
        return module

    def update(self, modules: Any) -> None:
        """Set several modules, from a dict or from pairs."""
        if not isinstance(modules, Iterable):
            raise TypeError(
                "ModuleDict.update: expected names and modules, "
                f"got {type(modules).__name__}"
            )
        pairs: Any = modules
        if isinstance(modules, Mapping | ModuleDict):
            pairs = modules.items()
        for key, module in list(pairs):
            self[key] = module
