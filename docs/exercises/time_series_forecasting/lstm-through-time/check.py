import numpy as np

from tutorial_kernels.kernels import (
    lstm_backward,
    lstm_cell_forward,
    lstm_forward,
)
from tutorial_kernels.page.exercises import expect_close, expect_same


def lstm(rng, steps):
    """A sequence, the first states, and the parameters of an LSTM."""
    batch, inputs, hidden = (int(n) for n in rng.integers(2, 5, size=3))
    return (
        rng.normal(size=(steps, batch, inputs)),
        rng.normal(size=(batch, hidden)),
        rng.normal(size=(batch, hidden)),
        rng.normal(size=(4 * hidden, inputs)),
        rng.normal(size=(4 * hidden, hidden)),
        rng.normal(size=4 * hidden),
        rng.normal(size=4 * hidden),
    )


def through(rng, steps):
    x, h, c, *parameters = given = lstm(rng, steps)
    caches = []
    for step in x:
        (h, c), cache = lstm_cell_forward(step, h, c, *parameters)
        caches.append(cache)
    return given, (rng.normal(size=(steps, *h.shape)), caches)


def unseen(rng):
    """The gradients of all outputs, and the caches of all steps."""
    for steps in (2, 3, 5, 8):
        yield through(rng, steps)[1]


def check(answer, solution, rng):
    for inputs in unseen(rng):
        expect_same(
            answer.back_through_time, solution.back_through_time, *inputs
        )
    given, (grad_output, caches) = through(rng, 4)
    _, cache = lstm_forward(*given)
    nothing = np.zeros_like(given[1])
    expect_close(
        answer.back_through_time(grad_output, caches),
        lstm_backward(grad_output, nothing, nothing, cache)[4],
        "Beside the layer's own backward, the gradient of `weight_hh`",
    )
