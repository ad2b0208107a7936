"""The same thing made twice: by our nn and by torch's."""

from typing import Any

import numpy as np
import torch

from tutorial_kernels import nn


def both(build: Any) -> tuple[Any, Any]:
    """The same expression, once over our nn and once over torch's."""
    return build(nn), build(torch.nn)


def make(module: Any, *shape: int) -> Any:
    """Zeros of the kind that `module` takes."""
    return np.zeros(shape, np.float32) if module is nn else torch.zeros(shape)
