"""Whether weights are a network's own, in one sentence."""

import numpy as np
import pytest

from tutorial_kernels.models.fnn import SimpleNN
from tutorial_kernels.weights import first_misfit


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, None),
        ({"fc1.bias": None}, "fc1.bias is missing, expected (8,)"),
        (
            {"fc2.weight": (3, 7), "fc2.bias": (4,)},
            "fc2.weight has the shape (3, 7), expected (3, 8)",
        ),
        ({"fc3.bias": (2,)}, "fc3.bias (2,) is not expected"),
        ({"fc3.bias": (2,), "fc2.bias": ()}, "fc2.bias has the shape (), "),
    ],
)
def test_the_first_key_that_differs(change, sentence):
    model = SimpleNN()
    weights = dict(model.state_dict())
    for key, shape in change.items():
        weights.pop(key, None)
        if shape is not None:
            weights[key] = np.zeros(shape, np.float32)
    found = first_misfit(weights, model.state_dict())
    if sentence is None:
        assert found is None
        model.load_state_dict(weights)
    else:
        assert found is not None
        assert found.startswith(sentence)
        with pytest.raises(RuntimeError, match=next(iter(change))):
            model.load_state_dict(weights)
