"""Module: a piece of a network that knows its parameters and its parts."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Self

import numpy as np

from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Array, is_floating
from tutorial_kernels.nn.parameter import Buffer, Parameter


class IncompatibleKeys(NamedTuple):
    """What `load_state_dict(strict=False)` passed over."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        """Good news when there is nothing to list."""
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"IncompatibleKeys(missing_keys={self.missing_keys}, "
            f"unexpected_keys={self.unexpected_keys})"
        )


class Module:
    """The base of every layer and every model.

    A subclass sets parameters and other modules as attributes and defines
    `forward`. The attributes themselves are the register: in the order they
    were set, parameters of a module first, then those of its parts.
    """

    forward: Callable[..., Any]
    training: bool = True  # `eval()` switches it off

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Run `forward`."""
        return self.forward(*inputs, **options)

    def named_children(self) -> Iterator[tuple[str, "Module"]]:
        """The parts of this module, each once, under their names."""
        seen: set[int] = set()
        for name, value in vars(self).items():
            if isinstance(value, Module) and id(value) not in seen:
                seen.add(id(value))
                yield name, value

    def children(self) -> Iterator["Module"]:
        """The parts of this module."""
        return (child for _, child in self.named_children())

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, "Module"]]:
        """This module and everything below it, each once."""
        seen: set[int] = set()
        for name, module in self._tree(prefix):
            if id(module) not in seen:
                seen.add(id(module))
                yield name, module

    def modules(self) -> Iterator["Module"]:
        """This module and everything below it."""
        return (module for _, module in self.named_modules())

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Every parameter once, under a name such as `fc1.weight`."""
        seen: set[int] = set()
        for name, tensor in self._named_tensors():
            if isinstance(tensor, Parameter) and id(tensor) not in seen:
                seen.add(id(tensor))
                yield name, tensor

    def parameters(self) -> Iterator[Parameter]:
        """Every parameter once."""
        return (parameter for _, parameter in self.named_parameters())

    def _tree(self, prefix: str = "") -> Iterator[tuple[str, "Module"]]:
        yield prefix, self
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield from value._tree(f"{prefix}.{name}" if prefix else name)

    def _named_tensors(self) -> Iterator[tuple[str, Tensor]]:
        """Parameters and buffers, a shared one under each of its names."""
        for prefix, module in self._tree():
            for kind in (Parameter, Buffer):
                for name, value in vars(module).items():
                    if isinstance(value, kind):
                        yield f"{prefix}.{name}" if prefix else name, value

    def apply(self, function: Callable[["Module"], object]) -> Self:
        """Call `function` on every part, and on this module last."""
        for child in self.children():
            child.apply(function)
        function(self)
        return self

    def train(self, mode: bool = True) -> Self:
        """Switch to training, for the layers that behave differently then."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Switch to evaluation."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.grad = None

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freeze all parameters, or set them free again."""
        for parameter in self.parameters():
            parameter.requires_grad = requires_grad
        return self

    def to(self, dtype: Any) -> Self:
        """Convert everything to another floating-point type."""
        for _, tensor in self._named_tensors():
            if is_floating(tensor.data):
                tensor.data = tensor.data.astype(dtype)
                tensor.grad = None
        return self

    def double(self) -> Self:
        """Convert everything to float64."""
        return self.to(np.float64)

    def float(self) -> Self:
        """Convert everything to float32."""
        return self.to(np.float32)

    def state_dict(self) -> dict[str, Array]:
        """Copies of all parameters and buffers under torch's keys."""
        return {
            name: tensor.data.copy() for name, tensor in self._named_tensors()
        }

    def load_state_dict(
        self, state_dict: Mapping[str, Any], strict: bool = True
    ) -> IncompatibleKeys:
        """Take over all parameters, or none if anything is wrong.

        Args:
            state_dict: Arrays under the keys that `state_dict()` gives.
            strict: Whether missing and unexpected keys are errors.

        Raises:
            TypeError: If `state_dict` is not a mapping.
            RuntimeError: If a key or a shape does not fit. The message lists
                everything that does not, and no parameter was changed.
        """
        if not isinstance(state_dict, Mapping):
            raise TypeError(
                f"{type(self).__name__}.load_state_dict: expected a mapping, "
                f"got {type(state_dict).__name__}"
            )
        own = dict(self._named_tensors())
        missing = [key for key in own if key not in state_dict]
        unexpected = [str(key) for key in state_dict if key not in own]
        problems = []
        if strict and missing:
            problems.append(f"missing keys: {', '.join(missing)}")
        if strict and unexpected:
            problems.append(f"unexpected keys: {', '.join(unexpected)}")
        given = {key: state_dict[key] for key in own if key in state_dict}
        for key, value in given.items():
            problem = _misfit(own[key].data, value)
            problems += [f"{key}: {problem}"] if problem else []
        if problems:
            name = type(self).__name__
            raise RuntimeError(f"{name}.load_state_dict: {'; '.join(problems)}")
        for key, value in given.items():
            own[key].data[...] = np.asarray(value)
        return IncompatibleKeys(missing, unexpected)

    def extra_repr(self) -> str:
        """What stands between the parentheses when a layer is printed."""
        return ""

    def __repr__(self) -> str:
        """The module and its parts, in torch's form."""
        lines = self.extra_repr().splitlines()
        parts = [
            f"({name}): {value!r}".replace("\n", "\n  ")
            for name, value in vars(self).items()
            if isinstance(value, Module)
        ]
        if not parts and len(lines) <= 1:
            return f"{type(self).__name__}({''.join(lines)})"
        body = "".join(f"\n  {line}" for line in lines + parts)
        return f"{type(self).__name__}({body}\n)"


def _misfit(own: Array, value: Any) -> str:
    """Say why a value cannot take a parameter's or a buffer's place."""
    kinds, expected = "f", "floating-point numbers"
    if not is_floating(own):
        kinds, expected = "iu", "integers"
    try:
        given = np.asarray(value)
    except (TypeError, ValueError, RuntimeError):
        return f"expected {expected}, got a {type(value).__name__}"
    if given.dtype.kind not in kinds:
        return f"expected {expected}, got {given.dtype}"
    if given.shape != own.shape:
        return f"expected shape {own.shape}, got {given.shape}"
    return ""
