import numpy as np

from tutorial_kernels import Tensor
from tutorial_kernels.optim import Adam
from tutorial_kernels.page.exercises import (
    expect_close,
    expect_same,
    expect_that,
)

STEPS = 20


def state(rng, shape, t):
    """A weight, its gradient, both averages, and the options."""
    options = (rng.uniform(0.01, 0.1), (0.9, 0.99), rng.uniform(0.01, 0.1))
    if t == 1:
        averages = np.zeros(shape), np.zeros(shape)
    else:
        averages = rng.normal(size=shape), rng.random(size=shape)
    p, g = rng.normal(size=(2, *shape))
    return p, g, *averages, t, *options


def unseen(rng):
    for t, shape in ((1, (3,)), (2, (2, 4)), (5, (1,)), (40, (2, 1, 3))):
        yield state(rng, shape, t)


def check(answer, solution, rng):
    for inputs in unseen(rng):
        expect_same(answer.adam_step, solution.adam_step, *inputs)

    p = rng.normal(size=(4, 3))
    g = rng.choice([-1, 1], size=p.shape) * 10.0 ** rng.uniform(-1, 2, p.shape)
    none = np.zeros_like(p)
    lr = rng.uniform(0.01, 0.1)
    after, *_ = answer.adam_step(p, g, none, none, 1, lr)
    expect_close(
        (p - after) / lr,
        np.sign(g),
        "The first step must be lr in the direction of each sign; by lr, it",
    )

    weight = Tensor(p.copy(), requires_grad=True)
    optimizer = Adam([weight], lr=lr)
    m = v = none
    for t in range(1, STEPS + 1):
        g = rng.normal(size=p.shape)
        weight.grad = g
        optimizer.step()
        p, m, v = answer.adam_step(p, g, m, v, t, lr)
        expect_that(
            m.shape == v.shape == p.shape,
            "Both averages must keep the shape of the weight.",
        )
    expect_close(
        p, weight.data, f"Beside `optim.Adam`, the weight after {STEPS} steps"
    )
