"""What must hold of max pooling whoever computes it, as of NumPy's loops.

Like `properties.py`, a plain function of a seed, for CPython and for a cell.
What is expected comes from argmax and from sums of single numbers.
"""

import numpy as np

from tutorial_kernels.kernels import max_pool2d_backward, max_pool2d_forward

UNUSUAL = [0, -0.0, np.inf, -np.inf, np.nan, 1, 1]  # equal ones, too


def pooling(seed):
    """The first of the largest wins, and its gradient comes to its place."""
    rng = np.random.default_rng(seed)
    dtype = np.float32 if seed % 4 else np.float64
    shape = tuple(rng.integers(1, (4, 4, 12, 40)))
    side = 2 if seed % 3 else int(rng.integers(1, 4))
    shape = (*shape[:2], shape[2] + side, shape[3] + side)
    x = rng.standard_normal(shape).astype(dtype)
    some = rng.random(shape) < rng.choice([0, 0.5])
    x[some] = rng.choice(UNUSUAL, int(some.sum()))
    if seed % 5 == 0:  # a layout with gaps
        x = np.repeat(x, 2, axis=-1)[..., ::2]
    before = x.tobytes()
    out, cache = max_pool2d_forward(x, side)
    grad = rng.standard_normal(out.shape).astype(dtype)
    grad[rng.random(grad.shape) < 0.1] = -0.0
    grad_x = max_pool2d_backward(grad, cache)

    rows, columns = shape[2] // side, shape[3] // side
    assert out.shape == (*shape[:2], rows, columns)
    expected = np.zeros(shape, dtype)
    for image, channel, row, column in np.ndindex(out.shape):
        top, left = row * side, column * side
        window = x[image, channel, top : top + side, left : left + side]
        down, right = divmod(int(np.argmax(window)), side)
        winner = window[down, right]
        got = out[image, channel, row, column]
        assert got == winner or (np.isnan(got) and np.isnan(winner))
        place = image, channel, top + down, left + right
        expected[place] += grad[image, channel, row, column]
    assert grad_x.dtype == out.dtype == dtype
    assert grad_x.tobytes() == expected.tobytes()
    assert x.tobytes() == before
