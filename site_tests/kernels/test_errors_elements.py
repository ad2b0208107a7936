"""Mistakes with activations, norms, dropout and embedding."""

import re
from typing import Any

import numpy as np
import pytest

from tutorial_kernels import kernels


def zeros(*shape: int, dtype: Any = np.float64) -> np.ndarray:
    return np.zeros(shape, dtype)


INTS, MASK = zeros(2, 3, dtype=int), zeros(2, 3, dtype=bool)
X, C3, C4, F32 = zeros(2, 3), zeros(3), zeros(4), np.float32
NONE = (None, None)

MISTAKES: list[tuple[str, tuple[Any, ...], dict[str, Any], type, str]] = [
    *[(name, (INTS,), {}, TypeError, f"{name}: x must be floating point, got int64")
      for name in ("leaky_relu", "elu", "selu", "gelu", "silu", "mish", "softplus")],
    ("gelu", (X,), {"approximate": "erf"}, ValueError,
     "gelu: approximate must be 'none' or 'tanh', got 'erf'"),
    ("hardtanh", (X, 2, 1), {}, ValueError, "hardtanh: min_val must be at most max_val, got 2 and 1"),
    ("softmin", (INTS,), {"dim": 0}, TypeError, "softmin: x must be floating point, got int64"),
    ("softmin", (X,), {"dim": 2}, ValueError,
     "softmin: dim must be from -2 to 1 for an array of 2 dimensions, got 2"),
    ("batch_norm", (C3, *NONE), {"training": True}, ValueError,
     "batch_norm: x must be (B, C) and may have further axes, got shape (3,)"),
    ("batch_norm", (X, *NONE), {}, ValueError,
     "batch_norm: running_mean and running_var must be given out of training"),
    ("batch_norm", (X, C3, None), {}, ValueError,
     "batch_norm: running_mean and running_var must be given together"),
    ("batch_norm", (X, C4, C4), {}, ValueError, "batch_norm: running_mean must have shape (3,), got (4,)"),
    ("batch_norm", (X, C3, C3, C4), {}, ValueError, "batch_norm: weight must have shape (3,), got (4,)"),
    ("batch_norm", (X, C3, C3, C3.astype(F32)), {}, TypeError, "batch_norm: weight is float32, x is float64"),
    ("batch_norm", (zeros(1, 3), *NONE), {"training": True}, ValueError,
     "batch_norm: a channel in training needs more than one number, x has shape (1, 3)"),
    ("batch_norm", (INTS, *NONE), {"training": True}, TypeError,
     "batch_norm: x must be floating point, got int64"),
    ("layer_norm", (X,), {"normalized_shape": (2,)}, ValueError,
     "layer_norm: x must end in normalized_shape (2,), got shape (2, 3)"),
    ("layer_norm", (X,), {"normalized_shape": (1, 2, 3)}, ValueError,
     "layer_norm: x must end in normalized_shape (1, 2, 3), got shape (2, 3)"),
    ("layer_norm", (X,), {"normalized_shape": ()}, ValueError,
     "layer_norm: normalized_shape must be an integer or several, got ()"),
    ("layer_norm", (X, C4), {"normalized_shape": 3}, ValueError,
     "layer_norm: weight must have shape (3,), got (4,)"),
    ("layer_norm", (X, C3, C3.astype(F32)), {"normalized_shape": 3}, TypeError,
     "layer_norm: bias is float32, x is float64"),
    ("rms_norm", (X,), {"normalized_shape": "3"}, ValueError,
     "rms_norm: normalized_shape must be an integer or several, got '3'"),
    ("rms_norm", (X, C4), {"normalized_shape": [3]}, ValueError, "rms_norm: weight must have shape (3,), got (4,)"),
    ("group_norm", (X,), {"num_groups": 2}, ValueError,
     "group_norm: num_groups must divide the 3 channels, got 2"),
    ("group_norm", (zeros(1, 3),), {"num_groups": 3}, ValueError,
     "group_norm: a group needs more than one number, x has shape (1, 3)"),
    ("group_norm", (X, C4), {"num_groups": 1}, ValueError, "group_norm: weight must have shape (3,), got (4,)"),
    ("dropout", (X, MASK, 1.5), {}, ValueError, "dropout: p must be from 0 to 1, got 1.5"),
    ("dropout", (X, X), {}, TypeError, "dropout: mask must be boolean, got float64"),
    ("dropout", (X, MASK[:1]), {}, ValueError, "dropout: mask must have shape (2, 3), got (1, 3)"),
    ("dropout", (INTS, MASK), {}, TypeError, "dropout: x must be floating point, got int64"),
    ("embedding", (C3, X), {}, TypeError, "embedding: x must hold integers, got float64"),
    ("embedding", ([0, 2], X), {}, IndexError, "embedding: 2 is not one of the 2 rows 0 to 1"),
    ("embedding", ([-1], X), {}, IndexError, "embedding: -1 is not one of the 2 rows 0 to 1"),
    ("embedding", ([0], C3), {}, ValueError, "embedding: weight must be (V, C), got shape (3,)"),
    ("embedding", ([0], INTS), {}, TypeError, "embedding: weight must be floating point, got int64"),
    ("embedding", ([0], X), {"padding_idx": 2}, ValueError,
     "embedding: padding_idx must be from -2 to 1 for a table of 2 rows, got 2"),
    ("embedding", ([0], X), {"max_norm": 1.0}, ValueError,
     "embedding: max_norm must be None, because a forward does not change its weight here, got 1.0"),
    ("embedding", ([0], X), {"sparse": True}, ValueError,
     "embedding: sparse must be False, because every gradient is a full array here"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "arrays", "options", "error", "sentence"),
    MISTAKES,
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_the_sentence(
    pair: str, arrays: Any, options: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        getattr(kernels, f"{pair}_forward")(*arrays, **options)
    assert str(caught.value) == sentence


def test_running_statistics_need_a_momentum() -> None:
    with pytest.raises(TypeError, match="momentum must be a number, got None"):
        kernels.batch_norm_statistics(X, C3, C3, None)
