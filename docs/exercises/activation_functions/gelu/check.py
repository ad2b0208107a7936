import numpy as np

from tutorial_kernels.page.exercises import (
    expect_close,
    expect_same,
    expect_that,
)


def unseen(rng):
    for shape in ((7,), (3, 4), (1,)):
        yield (rng.normal(scale=2, size=shape),)
    yield (rng.normal(size=5).astype(np.float32),)


def check(answer, solution, rng):
    for (x,) in unseen(rng):
        expect_same(answer.gelu, solution.gelu, x)
    x = rng.uniform(-4, 4, size=20)
    up, down = answer.gelu(x + 1e-5)[0], answer.gelu(x - 1e-5)[0]
    expect_close(
        answer.gelu(x)[1], (up - down) / 2e-5, "the slope", tolerance=1e-6
    )
    out, slope = answer.gelu(np.array([-1e4, 1e4]))
    expect_that(
        np.isfinite(out).all() and np.isfinite(slope).all(),
        "At -10,000 and 10,000 both results must be finite.",
        got=(out, slope),
    )
