import numpy as np

from tutorial_kernels.page.exercises import expect_close, expect_same


def unseen(rng):
    for _ in range(12):
        inputs, hidden = (int(v) for v in rng.integers(2, 7, size=2))
        yield (
            rng.normal(size=inputs),
            rng.normal(size=hidden),
            rng.normal(size=(3, hidden, inputs)),
            rng.normal(size=(3, hidden, hidden)),
        )


def check(answer, solution, rng):
    for inputs in unseen(rng):
        expect_same(answer.gru_step, solution.gru_step, *inputs)
    x, h, W, U = inputs
    W, U, x = W.copy(), U.copy(), np.abs(x)
    U[1] = 0
    W[1] = 100  # z is 1
    kept = answer.gru_step(x, h, W, U)
    expect_close(kept, h, "With z = 1 the step must copy h; it")
    W[1], W[0], U[0] = -100, -100, 0  # z and r are 0
    one = answer.gru_step(x, h, W, U)
    other = answer.gru_step(x, h + 1, W, U)
    expect_close(one, other, "With z = 0 and r = 0 the step must ignore h; it")
