"""Module: a piece of a network that knows its parameters and its parts."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Self

import numpy as np

from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Array, is_floating
from tutorial_kernels.nn.parameter import Buffer, Parameter, clear_gradients


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

    training: bool = True  # `eval()` switches it off

    def _without_forward(self, *inputs: Any, **options: Any) -> Any:
        raise NotImplementedError(
            f"{type(self).__name__}: a module needs a method forward"
        )

    forward: Callable[..., Any] = _without_forward

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Run `forward`."""
        return self.forward(*inputs, **options)

    def __setattr__(self, name: str, value: Any) -> None:
        """Keep what is registered registered.

        Raises:
            TypeError: If a parameter or a part would be replaced by something
                else than its like, and drop out of the model in silence.
        """
        before = vars(self).get(name)
        if isinstance(before, Buffer) and type(value) in (Tensor, np.ndarray):
            value = Buffer(value, before.persistent)
        for kind in (Parameter, Buffer, Module):
            if isinstance(before, kind) and not isinstance(value, kind | None):
                raise TypeError(
                    f"{type(self).__name__}: {name} is a {kind.__name__} and "
                    "must stay one or become None, got "
                    f"{type(value).__name__}"
                )
        super().__setattr__(name, value)

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Set a parameter whose name is made up by the program."""
        self._register(name, param, Parameter)

    def register_buffer(
        self, name: str, tensor: Any, persistent: bool = True
    ) -> None:
        """Set a buffer: it is saved, unless told not to, and not learned."""
        if tensor is not None and not isinstance(tensor, Buffer):
            tensor = Buffer(tensor, persistent)
        self._register(name, tensor, Buffer)

    def add_module(self, name: str, module: "Module | None") -> None:
        """Set a part whose name is made up by the program."""
        self._register(name, module, Module)

    register_module = add_module

    def _register(self, name: str, value: Any, kind: type) -> None:
        owner = type(self).__name__
        if not isinstance(value, kind | None):
            raise TypeError(
                f"{owner}: {name} must be a {kind.__name__} or None, "
                f"got {type(value).__name__}"
            )
        if not name or "." in name:
            raise KeyError(
                f"{owner}: the name of a {kind.__name__} must not be empty "
                f"and have no dot, got {name!r}"
            )
        taken = name not in vars(self) and hasattr(self, name)
        if taken or not isinstance(vars(self).get(name), kind | None):
            raise KeyError(f"{owner}: there is already an attribute {name}")
        setattr(self, name, value)

    def named_children(self) -> Iterator[tuple[str, "Module"]]:
        """The parts of this module, each once, under their names."""
        seen: set[Module] = set()
        for name, value in vars(self).items():
            if isinstance(value, Module) and value not in seen:
                seen.add(value)
                yield name, value

    def children(self) -> Iterator["Module"]:
        """The parts of this module."""
        return (child for _, child in self.named_children())

    def named_modules(
        self,
        memo: set["Module"] | None = None,
        prefix: str = "",
        remove_duplicate: bool = True,
    ) -> Iterator[tuple[str, "Module"]]:
        """This module and everything below it, each once.

        Args:
            memo: Modules to pass over.
            prefix: What every name begins with.
            remove_duplicate: Whether a shared part comes only once.
        """
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, value in vars(self).items():
            if isinstance(value, Module):
                path = f"{prefix}.{name}" if prefix else name
                yield from value.named_modules(memo, path, remove_duplicate)

    def modules(self, remove_duplicate: bool = True) -> Iterator["Module"]:
        """This module and everything below it."""
        named = self.named_modules(remove_duplicate=remove_duplicate)
        return (module for _, module in named)

    def named_parameters(
        self,
        prefix: str = "",
        recurse: bool = True,
        remove_duplicate: bool = True,
    ) -> Iterator[tuple[str, Parameter]]:
        """Every parameter once, under a name such as `fc1.weight`."""
        yield from self._members(Parameter, prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """Every parameter once."""
        return (tensor for _, tensor in self.named_parameters("", recurse))

    def named_buffers(
        self,
        prefix: str = "",
        recurse: bool = True,
        remove_duplicate: bool = True,
    ) -> Iterator[tuple[str, Buffer]]:
        """Every buffer once, under a name such as `norm.running_mean`."""
        yield from self._members(Buffer, prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Buffer]:
        """Every buffer once."""
        return (tensor for _, tensor in self.named_buffers("", recurse))

    def _members[Kind: Tensor](
        self,
        kind: type[Kind],
        prefix: str,
        recurse: bool,
        remove_duplicate: bool,
    ) -> Iterator[tuple[str, Kind]]:
        modules = self.named_modules(None, prefix, remove_duplicate)
        seen: set[Tensor] = set()
        for path, module in modules if recurse else [(prefix, self)]:
            for name, value in vars(module).items():
                if isinstance(value, kind) and value not in seen:
                    if remove_duplicate:
                        seen.add(value)
                    yield f"{path}.{name}" if path else name, value

    def _saved(self, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
        """What a file holds: a shared tensor under each of its names."""
        for path, module in self.named_modules(None, prefix, False):
            yield from module._members(Parameter, path, False, False)
            for name, buffer in module._members(Buffer, path, False, False):
                if buffer.persistent:
                    yield name, buffer

    def get_submodule(self, target: str) -> "Module":
        """The part under a name such as `encoder.fc1`; "" is this module."""
        module: Any = self
        for name in target.split(".") if target else ():
            module = module._attribute(name, Module)
        return module  # type: ignore[no-any-return]

    def get_parameter(self, target: str) -> Parameter:
        """The parameter under a name such as `fc1.weight`."""
        path, _, name = target.rpartition(".")
        return self.get_submodule(path)._attribute(name, Parameter)

    def get_buffer(self, target: str) -> Buffer:
        """The buffer under a name such as `norm.running_mean`."""
        path, _, name = target.rpartition(".")
        return self.get_submodule(path)._attribute(name, Buffer)

    def _attribute[Kind](self, name: str, kind: type[Kind]) -> Kind:
        value = vars(self).get(name)
        if not isinstance(value, kind):
            raise AttributeError(
                f"{type(self).__name__}: there is no {kind.__name__} {name!r}"
            )
        return value

    def apply(self, fn: Callable[["Module"], object]) -> Self:
        """Call `fn` on every part, and on this module last."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def train(self, mode: bool = True) -> Self:
        """Switch to training, for the layers that behave differently then."""
        if not isinstance(mode, bool):
            raise ValueError(
                f"{type(self).__name__}.train: mode must be True or False, "
                f"got {type(mode).__name__}"
            )
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Switch to evaluation."""
        return self.train(False)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or fill them with zeros."""
        clear_gradients(self.parameters(), set_to_none)

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Freeze all parameters, or set them free again."""
        for parameter in self.parameters():
            parameter.requires_grad = requires_grad
        return self

    def to(self, dtype: Any) -> Self:
        """Convert everything to another floating-point type; not integers.

        Raises:
            TypeError: If `dtype` is no such type, as "cuda" is not.
        """
        try:
            kind = np.dtype(dtype).kind
        except TypeError:
            kind = ""
        if kind != "f":
            raise TypeError(
                f"{type(self).__name__}.to: dtype must be a floating-point "
                f"type of NumPy, got {dtype!r}"
            )
        for tensor in (*self.parameters(), *self.buffers()):
            if is_floating(tensor.data):
                tensor.data = tensor.data.astype(dtype)
                if tensor.grad is not None:
                    tensor.grad = tensor.grad.astype(dtype)
        return self

    def double(self) -> Self:
        """Convert everything to float64."""
        return self.to(np.float64)

    def float(self) -> Self:
        """Convert everything to float32."""
        return self.to(np.float32)

    def half(self) -> Self:
        """Convert everything to float16."""
        return self.to(np.float16)

    def state_dict(
        self,
        *,
        destination: dict[str, Any] | None = None,
        prefix: str = "",
        keep_vars: bool = False,
    ) -> dict[str, Any]:
        """Copies of all parameters and buffers under torch's keys.

        Args:
            destination: A dict to add to, in the place of a new one.
            prefix: What every key begins with, such as "encoder.".
            keep_vars: Whether to give the tensors themselves.
        """
        state = {} if destination is None else destination
        for name, tensor in self._saved():
            state[prefix + name] = tensor if keep_vars else tensor.data.copy()
        return state

    def load_state_dict(
        self,
        state_dict: Mapping[str, Any],
        strict: bool = True,
        assign: bool = False,
    ) -> IncompatibleKeys:
        """Take over all parameters, or none if anything is wrong.

        Args:
            state_dict: Arrays under the keys that `state_dict()` gives.
            strict: Whether missing and unexpected keys are errors.
            assign: Whether to keep the given arrays, with their dtype, in the
                place of the own ones. An optimizer follows.

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
        own = dict(self._saved())
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
            if assign:
                own[key].data = np.asarray(value)
            else:
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
