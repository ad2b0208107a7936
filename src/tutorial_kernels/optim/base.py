"""What all optimizers share: groups of parameters and their state."""

from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any

import numpy as np

from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.nn.parameter import clear_gradients

type Group = dict[str, Any]
type Params = Iterable[Tensor] | Iterable[Group]


class Optimizer:
    """Changes parameters by their gradients, in place.

    The parameters come in groups, each a dict with its own options, so that
    one part of a network can learn faster than another.
    """

    def __init__(self, params: Params, defaults: Group) -> None:
        """Take the parameters, and the options for groups that set none."""
        single = isinstance(params, Tensor | np.ndarray)
        if single or not isinstance(params, Iterable):
            raise TypeError(
                f"{self._name}: params must be an iterable of tensors or of "
                f"groups, such as model.parameters(), got a "
                f"{type(params).__name__}"
            )
        self.defaults = defaults
        self.state: dict[Tensor, dict[str, Any]] = {}
        self.param_groups: list[Group] = []
        groups: list[Any] = list(params)
        if not groups:
            raise ValueError(
                f"{self._name}: params is empty; an iterator such as "
                "model.parameters() gives its items only once"
            )
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, param_group: Group) -> None:
        """Take one more group of parameters."""
        params = param_group["params"]
        params = [params] if isinstance(params, Tensor) else list(params)
        taken = {id(p) for g in self.param_groups for p in g["params"]}
        for param in params:
            if not isinstance(param, Tensor):
                raise TypeError(
                    f"{self._name}: params must be tensors, "
                    f"got {type(param).__name__}"
                )
            if param.call is not None:
                raise ValueError(
                    f"{self._name}: only leaf tensors can be optimized, got "
                    f"the result of {param.call.pair.name}"
                )
            if id(param) in taken:
                raise ValueError(f"{self._name}: a parameter appears twice")
            taken.add(id(param))
        options = {**self.defaults, **param_group}
        self._check(options)
        self.param_groups.append({**options, "params": params})

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or fill them with zeros."""
        for group in self.param_groups:
            clear_gradients(group["params"], set_to_none)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change every parameter that has a gradient.

        Args:
            closure: Computes the loss and the gradients first, if it is
                given, and returns the loss.

        Returns:
            What the closure returned, or `None`.
        """
        if closure is not None and not callable(closure):
            raise TypeError(
                f"{self._name}.step: closure must be a function or None, "
                f"got a {type(closure).__name__}"
            )
        loss = None if closure is None else closure()
        for group in self.param_groups:
            maximize, decays = group["maximize"], group["weight_decay"] != 0
            for param in group["params"]:
                grad = param.grad
                if grad is None:
                    continue
                if maximize:
                    grad = -grad
                if decays:
                    grad = self._decay(param.data, grad, group)
                state = self.state.get(param, {})
                self._update(param.data, grad, state, group)
                if state:  # plain SGD remembers nothing
                    self.state[param] = state
        return loss

    def _decay(self, data: Array, grad: Array, group: Group) -> Array:
        """Pull towards zero: through the gradient, or past it."""
        decay = group["weight_decay"]
        if group.get("decoupled_weight_decay"):
            data *= 1 - group["lr"] * decay
            return grad
        pulled: Array = grad + decay * data
        return pulled

    def _update(
        self, data: Array, grad: Array, state: dict[str, Any], group: Group
    ) -> None:
        """Change `data` in place; remember what is needed in `state`."""
        raise NotImplementedError

    def _check(self, options: Group) -> None:
        """Refuse options that make no sense."""
        self._check_range("lr", options["lr"], 0)
        self._check_range("weight_decay", options["weight_decay"], 0)

    def _check_range(
        self, name: str, value: float, low: float, below: float = float("inf")
    ) -> None:
        if not isinstance(value, int | float | np.number):
            raise TypeError(
                f"{self._name}: {name} must be a number, "
                f"got a {type(value).__name__}"
            )
        if not low <= value < below:
            limits = f"at least {low}"
            if below < float("inf"):
                limits += f" and below {below}"
            raise ValueError(
                f"{self._name}: {name} must be {limits}, got {value}"
            )

    @property
    def _name(self) -> str:
        return type(self).__name__

    def state_dict(self) -> dict[str, Any]:
        """The options and the state; parameters appear as their numbers."""
        numbers: dict[int, int] = {}
        for group in self.param_groups:
            for param in group["params"]:
                numbers[id(param)] = len(numbers)
        state = {numbers[id(p)]: deepcopy(s) for p, s in self.state.items()}
        groups = [
            {**group, "params": [numbers[id(p)] for p in group["params"]]}
            for group in self.param_groups
        ]
        return {"state": state, "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Take over options and state, ours or torch's, in the same order.

        Raises:
            ValueError: If it belongs to other parameters, or to no optimizer;
                nothing changed.
        """
        if not {"state", "param_groups"} <= set(state_dict):
            raise ValueError(
                f"{self._name}.load_state_dict: expected the keys state and "
                f"param_groups, got {', '.join(map(str, state_dict))}"
            )
        saved = state_dict["param_groups"]
        sizes = [len(group["params"]) for group in self.param_groups]
        given = [len(group["params"]) for group in saved]
        if sizes != given:
            raise ValueError(
                f"{self._name}.load_state_dict: expected groups of {sizes} "
                f"parameters, got {given}"
            )
        params: dict[int, Tensor] = {}
        for own, group in zip(self.param_groups, saved, strict=True):
            params.update(zip(group["params"], own["params"], strict=True))
        state: dict[Tensor, dict[str, Any]] = {
            params[number]: {
                key: self._restore(value, key, number, params[number].data)
                for key, value in entry.items()
            }
            for number, entry in state_dict["state"].items()
        }
        self.state = state
        for own, group in zip(self.param_groups, saved, strict=True):
            own.update({k: v for k, v in group.items() if k != "params"})

    def _restore(self, value: Any, key: str, number: int, like: Array) -> Any:
        """Copy saved state in the parameter's dtype; some are numbers."""
        if value is None or key == "step":
            return None if value is None else int(value)
        if key == "mu_product":
            return like.dtype.type(value)
        array = np.asarray(value).astype(like.dtype)
        if array.shape != like.shape:
            raise ValueError(
                f"{self._name}.load_state_dict: {key} of parameter {number} "
                f"must have shape {like.shape}, got {array.shape}"
            )
        return array

    def __repr__(self) -> str:
        """The options of every group."""
        lines = []
        for number, group in enumerate(self.param_groups):
            lines.append(f"Parameter Group {number}")
            options = sorted(set(group) - {"params"})
            lines += [f"    {key}: {group[key]}" for key in options]
        return f"{self._name} (\n" + "\n".join(lines) + "\n)"
