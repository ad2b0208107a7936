"""Where a CNN loses a signal that is shifted, as its chapter says."""

from __future__ import annotations

import numpy as np

from tutorial_kernels import Tensor, no_grad
from tutorial_kernels.data import mnist1d, read_asset
from tutorial_kernels.models.cnn import SignalCNN
from tutorial_kernels.models.fnn import MLP
from tutorial_kernels.models.gru import SignalGRU
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


def test_the_signal_that_the_task_begins_with_answers_its_questions() -> None:
    """All four know it; a shift loses the linear one, a shuffle the others."""
    nets = {
        "linear": MLP([40, 10]),
        "mlp": MLP(),
        "cnn": SignalCNN(),
        "gru": SignalGRU(),
    }
    _, held = mnist1d()
    signal = held.signals[np.flatnonzero(held.labels == 5)[0]]
    rng = np.random.default_rng(0)
    orders = [rng.permutation(40) for _ in range(100)]
    shuffled = signal[np.stack(orders)]  # (100, 40)
    kept = {}
    for name, net in nets.items():
        file = read_asset(f"weights/mnist1d_{name}.safetensors")
        net.load_state_dict(read_safetensors(file))
        moved = np.stack([np.roll(signal, places) for places in range(6)])
        with no_grad():
            still, *shifted = net(Tensor(moved)).data.argmax(axis=1)
            mixed = net(Tensor(shuffled)).data.argmax(axis=1)
        assert still == 5, name
        assert all(place == 5 for place in shifted) is (name != "linear")
        kept[name] = (mixed == 5).mean()
    assert max(kept["cnn"], kept["gru"]) < 0.1 < kept["linear"] < kept["mlp"]
