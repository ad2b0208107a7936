from tutorial_kernels.page.exercises import (
    expect_close,
    expect_same,
    expect_that,
)


def unseen(rng):
    """Windows that fit; the first of them are plain."""
    yield (28, 3, 1, 0, 1)
    yield (28, 2, 2, 0, 1)
    for count in range(150):
        kernel, stride, dilation = (int(v) for v in rng.integers(1, 6, size=3))
        padding = int(rng.integers(0, 4))
        if count < 40:
            dilation = 1
        if count < 20:
            padding = 0
        shortest = dilation * (kernel - 1) + 1
        yield (
            shortest + int(rng.integers(0, 30)),
            kernel,
            stride,
            padding,
            dilation,
        )


def moved(n, kernel, stride, padding, dilation):
    """Counts the places by trying each start."""
    line = range(n + 2 * padding)
    return sum(
        start + dilation * (kernel - 1) in line for start in line[::stride]
    )


def check(answer, solution, rng):
    for inputs in unseen(rng):
        got = expect_same(answer.output_size, solution.output_size, *inputs)
        expect_close(
            got, moved(*inputs), "output_size against the moved window"
        )
    fits = {
        n
        for n in range(5, 100)
        if 16
        * answer.output_size(answer.output_size(n, 3, 1, 0, 1), 2, 2, 0, 1) ** 2
        == 2704
    }
    expect_that(
        fits == {28, 29},
        "By your function, other squares than 28 and 29 fit SimpleCNN",
        got=fits,
    )
