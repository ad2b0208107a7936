"""What a user can get wrong with windows, and the sentence that says so."""

import re
from typing import Any

import numpy as np
import pytest

from tutorial_kernels import kernels


def zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape)


SIGNAL, IMAGE = zeros(2, 3, 5), zeros(2, 3, 5, 5)
MISTAKES: list[tuple[str, tuple[Any, ...], dict[str, Any], type, str]] = [
    ("conv1d", (zeros(5), zeros(4, 3, 3)), {}, ValueError,
     "x must be (B, C, length) or (C, length), got shape (5,)"),
    ("conv1d", (SIGNAL, zeros(4, 3)), {}, ValueError,
     "weight must be (out_channels, channels, length) and not empty, got shape (4, 3)"),
    ("conv1d", (SIGNAL, zeros(4, 2, 3)), {}, ValueError, "weight has 2 input channels, x has 3"),
    ("conv1d", (SIGNAL, zeros(4, 3, 6)), {}, ValueError,
     "the kernel reaches over (6,) places, the padded x has (5,)"),
    ("conv1d", (SIGNAL, zeros(4, 3, 3)), {"stride": (1, 1)}, ValueError,
     "stride must be an integer, at least 1, got (1, 1)"),
    ("conv1d", (SIGNAL, zeros(4, 3, 3)), {"padding": "full"}, ValueError,
     "padding must be 'same', 'valid' or integers, got 'full'"),
    ("conv_transpose2d", (IMAGE, zeros(3, 4, 3)), {}, ValueError,
     "weight must be (channels, out_channels, height, width) and not empty, got shape (3, 4, 3)"),
    ("conv_transpose2d", (IMAGE, zeros(4, 3, 3, 3)), {}, ValueError, "weight has 4 input channels, x has 3"),
    ("conv_transpose2d", (IMAGE, zeros(3, 4, 3, 3)), {"groups": 2}, ValueError,
     "groups must divide the 3 input channels, got 2"),
    ("conv_transpose2d", (IMAGE, zeros(3, 4, 3, 3), zeros(3)), {}, ValueError,
     "bias must have shape (4,), got (3,)"),
    ("conv_transpose2d", (IMAGE, zeros(3, 4, 3, 3).astype(np.float32)), {}, TypeError,
     "weight is float32, x is float64"),
    ("conv_transpose2d", (IMAGE, zeros(3, 4, 3, 3)), {"stride": 2, "output_padding": (1, 2)}, ValueError,
     "output_padding must be smaller than stride or dilation, got 2 for stride 2 and dilation 1"),
    ("conv_transpose1d", (SIGNAL, zeros(3, 4, 3)), {"padding": 4}, ValueError,
     "padding (4,) leaves nothing of the output, whose size would be (-1,)"),
    ("conv_transpose1d", (SIGNAL, zeros(3, 4, 3)), {"padding": "same"}, ValueError,
     "padding must be an integer, at least 0, got 'same'"),
    ("max_pool1d", (SIGNAL,), {"kernel_size": 6}, ValueError,
     "the window reaches over 6 places, the padded x has 5"),
    ("max_pool1d", (SIGNAL.astype(int),), {"kernel_size": 2}, TypeError, "x must be floating point, got int64"),
    ("avg_pool1d", (SIGNAL,), {"kernel_size": 3, "padding": 2}, ValueError,
     "padding must be at most half of the window, got 2 for a window over 3 places"),
    ("avg_pool2d", (IMAGE,), {"kernel_size": 2, "divisor_override": 0}, ValueError,
     "divisor_override must not be 0"),
    ("avg_pool2d", (SIGNAL[0],), {"kernel_size": 2}, ValueError,
     "x must be (B, C, height, width) or (C, height, width), got shape (3, 5)"),
    ("avg_pool2d", (zeros(1, 0, 4, 4),), {"kernel_size": 2}, ValueError,
     "only the batch may be empty, x has shape (1, 0, 4, 4)"),
    ("adaptive_avg_pool2d", (IMAGE,), {"output_size": (1, 2, 3)}, ValueError,
     "output_size must be an integer or a pair of integers, at least 0, got (1, 2, 3)"),
    ("adaptive_max_pool1d", (SIGNAL,), {"output_size": -1}, ValueError,
     "output_size must be an integer, at least 0, got -1"),
    ("adaptive_max_pool1d", (SIGNAL,), {"output_size": None}, ValueError,
     "output_size must be an integer, at least 0, got None"),
    ("adaptive_max_pool2d", (IMAGE.astype(int),), {"output_size": 2}, TypeError,
     "x must be floating point, got int64"),
    ("pad", (SIGNAL,), {"pad": (1, 2, 3)}, ValueError,
     "pad must be pairs of integers, at most one for each of the 3 axes, got (1, 2, 3)"),
    ("pad", (zeros(2),), {"pad": (1, 1, 1, 1)}, ValueError,
     "pad must be pairs of integers, at most one for each of the 1 axes, got (1, 1, 1, 1)"),
    ("pad", (SIGNAL,), {"pad": (-3, -3)}, ValueError,
     "(-3, -3) takes more away than there is in x of shape (2, 3, 5)"),
    ("pad", (SIGNAL,), {"pad": (1, 1), "mode": "edge"}, ValueError,
     "mode must be 'constant', 'reflect', 'replicate' or 'circular', got 'edge'"),
    ("pad", (SIGNAL,), {"pad": (1, 1), "mode": "reflect", "value": 1.0}, ValueError,
     "mode 'reflect' takes no value, got 1.0"),
    ("pad", (IMAGE,), {"pad": (1, 1), "mode": "reflect"}, ValueError,
     "mode 'reflect' pads every axis after the channels, x of shape (2, 3, 5, 5) does not fit 1 pairs of numbers"),
    ("pad", (zeros(1, 0, 3),), {"pad": (1, 1), "mode": "circular"}, ValueError,
     "only the batch may be empty, x has shape (1, 0, 3)"),
    ("pad", (SIGNAL,), {"pad": (5, 1), "mode": "reflect"}, ValueError,
     "mode 'reflect' cannot add 5 to an axis of 5"),
    ("pad", (SIGNAL,), {"pad": (1, 6), "mode": "circular"}, ValueError,
     "mode 'circular' cannot add 6 to an axis of 5"),
    ("interpolate", (IMAGE,), {"size": 3, "mode": "bilinear"}, ValueError,
     "mode must be 'nearest' or 'nearest-exact', the two that mix no pixels, got 'bilinear'"),
    ("interpolate", (IMAGE,), {}, ValueError, "either size or scale_factor must be given, got None and None"),
    ("interpolate", (IMAGE[0, 0],), {"size": 3}, ValueError,
     "x must be (B, C, ...) with one to three axes more, of which only the batch may be empty, got shape (5, 5)"),
    ("interpolate", (IMAGE,), {"size": (3, 3, 3)}, ValueError, "size must be one number or 2, got (3, 3, 3)"),
    ("interpolate", (IMAGE,), {"size": 1.5}, ValueError, "size must be one number or 2, got 1.5"),
    ("interpolate", (IMAGE,), {"scale_factor": 0.1}, ValueError,
     "scale_factor 0.1 leaves nothing of x of shape (2, 3, 5, 5)"),
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
    assert str(caught.value) == f"{pair}: {sentence}"
