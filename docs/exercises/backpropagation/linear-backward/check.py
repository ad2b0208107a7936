from tutorial_kernels.page.exercises import expect_gradient, expect_same


def layer(rng, inputs, outputs):
    batch, steps = (int(v) for v in rng.integers(2, 5, size=2))
    return (
        rng.normal(size=(batch, steps, inputs)),
        rng.normal(size=(outputs, inputs)),
        rng.normal(size=outputs),
    )


def unseen(rng):
    """A gradient and a cache; first with a square weight."""
    for inputs, outputs in ((4, 4), (3, 5), (5, 2), (2, 3)):
        x, weight, bias = layer(rng, inputs, outputs)
        grad_out = rng.normal(size=(x @ weight.T + bias).shape)
        yield grad_out, (x, weight)


def check(answer, solution, rng):
    for inputs in unseen(rng):
        expect_same(answer.linear_backward, solution.linear_backward, *inputs)
    for inputs, outputs in ((3, 3), (2, 4)):
        expect_gradient(
            solution.linear_forward,
            answer.linear_backward,
            *layer(rng, inputs, outputs),
        )
