import numpy as np

from tutorial_kernels.page.exercises import expect_gradient, expect_same


def layer(rng, rows):
    inputs, outputs = (int(v) for v in rng.integers(2, 6, size=2))
    return (
        rng.normal(size=(rows, inputs)),
        rng.normal(size=(outputs, inputs)),
        rng.normal(size=outputs),
    )


def unseen(rng):
    """A gradient and a cache, as the forward makes it."""
    for rows in (2, 3, 4, 5, 1):
        x, weight, bias = layer(rng, rows)
        hidden = x @ weight.T + bias
        yield rng.normal(size=hidden.shape), (x, weight, hidden)


def check(answer, solution, rng):
    for grad_out, cache in unseen(rng):
        expect_same(
            answer.layer_backward, solution.layer_backward, grad_out, cache
        )
    for rows in (1, 3):
        inputs = layer(rng, rows)
        expect_gradient(solution.layer_forward, answer.layer_backward, *inputs)
    short = [a.astype(np.float32) for a in (grad_out, *cache)]
    expect_same(
        answer.layer_backward,
        solution.layer_backward,
        short[0],
        tuple(short[1:]),
    )
