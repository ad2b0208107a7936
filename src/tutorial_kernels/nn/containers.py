"""Containers: modules made of modules."""

from collections.abc import Iterator
from typing import Any, overload

from tutorial_kernels.nn.module import Module


class Sequential(Module):
    """Run modules one after the other."""

    def __init__(self, *args: Any) -> None:
        """Take the modules, or one dict of names to modules."""
        if len(args) == 1 and isinstance(args[0], dict):
            named = args[0]
        else:
            named = {str(index): module for index, module in enumerate(args)}
        for name, module in named.items():
            if not isinstance(module, Module):
                raise TypeError(
                    f"Sequential: {name} must be a Module, "
                    f"got {type(module).__name__}"
                )
            setattr(self, name, module)

    def forward(self, x: Any) -> Any:
        """The output of each is the input of the next."""
        for module in self:
            x = module(x)
        return x

    def append(self, module: Module) -> "Sequential":
        """Add one more module at the end."""
        setattr(self, str(len(self)), module)
        return self

    def _parts(self) -> dict[str, Module]:
        return {k: v for k, v in vars(self).items() if isinstance(v, Module)}

    def __len__(self) -> int:
        """How many modules there are."""
        return len(self._parts())

    def __iter__(self) -> Iterator[Module]:
        """The modules in their order."""
        return iter(self._parts().values())

    @overload
    def __getitem__(self, index: int) -> Module: ...

    @overload
    def __getitem__(self, index: slice) -> "Sequential": ...

    def __getitem__(self, index: int | slice) -> Module:
        """One module, or a Sequential of several that keeps their names."""
        parts = list(self._parts().items())
        if isinstance(index, slice):
            return Sequential(dict(parts[index]))
        if not -len(parts) <= index < len(parts):
            raise IndexError(
                f"Sequential: index {index} is out of range for "
                f"{len(parts)} modules"
            )
        return parts[index][1]
