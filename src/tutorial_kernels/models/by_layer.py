"""Arrays and gradients a layer at a time, for going through a model by hand."""

from collections.abc import Iterable, Mapping
from typing import Any

from tutorial_kernels.kernels import Array


def weights_of(parameters: Mapping[str, Array], layer: str) -> list[Array]:
    """The weight of a layer and, if it has one, its bias.

    Args:
        parameters: Arrays under the keys of a `state_dict()`.
        layer: The layer's name, such as "encoder.0".
    """
    keys = (f"{layer}.weight", f"{layer}.bias")
    return [parameters[key] for key in keys if key in parameters]


def under_keys(
    gradients: Mapping[str, list[Any]], keys: Iterable[str]
) -> dict[str, Array]:
    """Gradients by layer, `[grad_weight, grad_bias]`, as a `state_dict()` is.

    Args:
        gradients: What a backward gave for the parameters of each layer.
        keys: The keys to put them under, in their order.
    """
    found = {}
    for key in keys:
        layer, _, kind = key.rpartition(".")
        found[key] = gradients[layer][("weight", "bias").index(kind)]
    return found
