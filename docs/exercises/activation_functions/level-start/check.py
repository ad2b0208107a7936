import numpy as np

from tutorial_kernels.page.exercises import expect_same, expect_that


def unseen(rng):
    for depth in (1, 2, 4):
        sizes = [int(n) for n in rng.integers(3, 9, size=depth + 1)]
        sizes[0] += 7  # never as many inputs as outputs
        yield rng.normal(size=(4, sizes[0])), sizes, int(rng.integers(1000))


def check(answer, solution, rng):
    for x, sizes, seed in unseen(rng):
        expect_same(answer.first_logits, solution.first_logits, x, sizes, seed)
    x = rng.normal(size=(20, 64))
    deep = answer.first_logits(x, [64] * 21, 0)
    spread = float(np.sqrt((deep**2).mean()))
    expect_that(
        0.1 < spread < 10,
        "After twenty layers the logits must still be of a size near 1.",
        got=spread,
    )
