"""Where a CNN loses a signal that is shifted, as its chapter says."""

from __future__ import annotations

import numpy as np

from tutorial_kernels import Tensor, no_grad
from tutorial_kernels.data import mnist1d, read_asset
from tutorial_kernels.models.cnn import SignalCNN
from tutorial_kernels.weights import read_safetensors

STRIDE = 8  # of all three convolutions: one place of the last maps


def test_most_is_lost_in_the_last_layer_not_in_the_convolutions() -> None:
    cnn = SignalCNN()
    weights = read_safetensors(read_asset("weights/mnist1d_cnn.safetensors"))
    cnn.load_state_dict(weights)
    _, held = mnist1d()

    def maps(signals):
        x = Tensor(signals)[:, None]
        for convolution in (cnn.conv1, cnn.conv2, cnn.conv3):
            x = cnn.relu(convolution(x))
        return x.data  # (1000, 25, 5)

    def right(found):
        logits = cnn.fc(Tensor(found).flatten(1)).data
        return (logits.argmax(axis=1) == held.labels).mean()

    with no_grad():
        still = maps(held.signals)
        moved = maps(np.roll(held.signals, STRIDE, axis=1))
        as_it_is, shifted = right(still), right(moved)
        # What a layer loses when only its own part of the shift is there.
        by_the_last = as_it_is - right(np.roll(still, 1, axis=2))
        by_the_others = as_it_is - right(np.roll(moved, -1, axis=2))
    lost = as_it_is - shifted
    assert by_the_last > lost / 2 > by_the_others > 0
