import numpy as np

from tutorial_kernels.page.exercises import expect_close, expect_same


def unseen(rng):
    """A series whose test part lies elsewhere, a split and two lengths."""
    for _ in range(8):
        length, horizon = (int(n) for n in rng.integers(2, 6, size=2))
        split = int(rng.integers(14, 22))
        series = rng.normal(size=30)
        series[split:] += 50
        yield series, split, length, horizon


def check(answer, solution, rng):
    for inputs in unseen(rng):
        expect_same(answer.training_windows, solution.training_windows, *inputs)
    series, split, length, horizon = inputs
    other = series.copy()
    other[split:] = rng.normal(size=len(series) - split)
    expect_close(
        answer.training_windows(other, split, length, horizon)[0],
        answer.training_windows(series, split, length, horizon)[0],
        "With another test part, the past of the training windows",
    )
    ramp = np.arange(40.0)
    past, future = answer.training_windows(ramp, 30, 5, 3)
    expect_close(
        future[:, 0] - past[:, -1],
        np.full(len(past), 1 / ramp[:30].std()),
        "On a ramp, the step from what is known to what follows",
    )
