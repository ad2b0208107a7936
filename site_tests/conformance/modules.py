"""PyTorch's own database of modules, read for ours.

`torch.testing._internal.common_modules` holds, for every class of `torch.nn`,
what PyTorch's developers construct it with and put into it. Each of these
inputs is made here for both sides: the same numbers, the same options.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from torch.testing._internal.common_modules import ModuleInfo, module_db

from tutorial_kernels import Tensor, functional, nn

UNSUPPORTED = (
    Path(__file__).parents[2] / "docs/assets/reference/unsupported.yml"
)
INFOS: dict[str, ModuleInfo] = {
    info.name.removeprefix("nn."): info
    for info in module_db
    if hasattr(nn, info.name.removeprefix("nn."))
}


def reasons(name: str) -> set[str]:
    """The sentences that stand in the table of what is not supported."""
    entries = yaml.safe_load(UNSUPPORTED.read_text())
    return {
        entry["message"].strip()
        for entry in entries
        if entry["name"] == f"nn.{name}" and "message" in entry
    }


def to_ours(value: Any, wrap: bool = False) -> Any:
    """Arrays for tensors, or our tensors, and NumPy's dtypes for torch's."""
    if isinstance(value, torch.Tensor):
        array = value.detach().numpy().copy()
        return Tensor(array, value.requires_grad) if wrap else array
    if isinstance(value, torch.dtype):
        return np.dtype(str(value).removeprefix("torch."))
    if isinstance(value, tuple | list):
        return type(value)(to_ours(item, wrap) for item in value)
    if isinstance(value, torch.nn.TransformerEncoderLayer):
        return encoder_layer(value)
    if value in (torch.nn.functional.relu, torch.nn.functional.gelu):
        return getattr(functional, value.__name__)
    return value


def encoder_layer(layer: torch.nn.TransformerEncoderLayer) -> Any:
    """Ours with the options of theirs: a stack is constructed from one."""
    return nn.TransformerEncoderLayer(
        layer.self_attn.embed_dim,
        layer.self_attn.num_heads,
        layer.linear1.out_features,
        layer.dropout.p,
        to_ours(layer.activation),
        layer.norm1.eps,
        layer.self_attn.batch_first,
        layer.norm_first,
        layer.linear1.bias is not None,
    )


def copied(value: Any) -> Any:
    """The same for torch once more, so that no gradient was there before."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone().requires_grad_(value.requires_grad)
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(copied(item) for item in value)
    return value


def tensors(value: Any) -> list[Any]:
    """The tensors in a value, in their order."""
    if isinstance(value, tuple | list):
        return [tensor for item in value for tensor in tensors(item)]
    return [value] if isinstance(value, Tensor | torch.Tensor) else []


def scatter(value: Any) -> None:
    """Lay the numbers of our tensors out with gaps and in another order."""
    for tensor in tensors(value):
        if tensor.ndim > 0:
            tensor.data = np.repeat(tensor.data.T, 2, axis=0).T[..., ::2]


@dataclass
class Sample:
    """One input of the database, for both sides."""

    theirs: Any  # FunctionInputs of torch: what to construct, what to put in
    name: str

    def construct(self, dtype: torch.dtype, training: bool) -> tuple[Any, Any]:
        """The module twice, with the same weights."""
        made = self.theirs.constructor_input
        twin = INFOS[self.name].module_cls(*made.args, **made.kwargs)
        options = {k: v for k, v in made.kwargs.items() if k != "device"}
        module = getattr(nn, self.name)(
            *to_ours(tuple(made.args)),
            **{key: to_ours(value) for key, value in options.items()},
        )
        twin, module = twin.to(dtype), module.to(to_ours(dtype))
        module.load_state_dict(twin.state_dict())
        return module.train(training), twin.train(training)

    def inputs(self) -> tuple[Any, Any]:
        """What goes in, as (arguments, options), twice."""
        given = self.theirs.forward_input
        theirs = copied(tuple(given.args)), copied(dict(given.kwargs))
        options = {k: to_ours(v, wrap=True) for k, v in theirs[1].items()}
        return (to_ours(theirs[0], wrap=True), options), theirs


def samples(name: str, dtype: torch.dtype, training: bool) -> Iterator[Sample]:
    """Every input that the database has for a class."""
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from (
            Sample(theirs, name)
            for theirs in INFOS[name].module_inputs_func(
                INFOS[name],
                device="cpu",
                dtype=dtype,
                requires_grad=True,
                training=training,
            )
        )
