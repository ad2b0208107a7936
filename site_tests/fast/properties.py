"""What must hold of NumPy whoever made its loops.

Plain functions of a seed, on NumPy alone: CPython runs them over the native
build, a cell runs them over the library of the page. What is expected comes
from operations that have loops of NumPy's own: einsum, where, sort, float64.
"""

import numpy as np

SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100)
DEEP = (*SIZES, 383, 384, 385, 400, 800)
WIDE = (*SIZES, 255, 256, 257, 300)
FLOATS = (np.float32, np.float64)


def matrices(rng, shape, dtype):
    """Random numbers in one of the layouts that NumPy's arrays have."""
    *batch, rows, columns = shape
    normal = rng.standard_normal

    def spaced():
        wide = normal((*batch, rows, 2 * columns + 1)).astype(dtype)
        return wide[..., 1::2]

    def backward():
        return normal(shape).astype(dtype)[..., ::-1, ::-1]

    def transposed():
        return np.swapaxes(
            normal((*batch, columns, rows)).astype(dtype), -1, -2
        )

    def part():
        whole = normal((*batch, rows + 3, columns + 5)).astype(dtype)
        return whole[..., 1 : rows + 1, 2 : columns + 2]

    def batch_last():
        moved = normal((rows, columns, *batch)).astype(dtype)
        return np.moveaxis(moved, (0, 1), (-2, -1))

    def repeated():
        return np.broadcast_to(normal((rows, 1)).astype(dtype), shape)

    def unaligned():
        wanted = normal(shape).astype(dtype)
        room = np.empty(wanted.nbytes + 1, np.uint8)
        away = room[1:].view(dtype).reshape(shape)
        away[...] = wanted
        return away

    layouts = (
        lambda: normal(shape).astype(dtype), spaced, backward, transposed,
        part, batch_last, repeated, unaligned,
    )  # fmt: skip
    return layouts[rng.integers(len(layouts))]()


def check_product(a, b, got):
    """Compare with sums in float64, within the error that rounding allows."""
    letters = "...ij,...jk->...ik"
    wide = a.astype(np.float64), b.astype(np.float64)
    expected = np.einsum(letters, *wide)
    size = np.einsum(letters, np.abs(wide[0]), np.abs(wide[1]))
    assert got.dtype == a.dtype
    assert got.shape == expected.shape
    depth = a.shape[-1]
    worst = np.abs(got - expected) - 2 * depth * np.finfo(got.dtype).eps * size
    assert (worst <= 0).all(), f"{a.shape} {a.strides} {b.shape} {b.strides}"


def products(seed):
    rng = np.random.default_rng(seed)
    dtype = FLOATS[seed % 2]
    m, k, n = rng.choice(DEEP), rng.choice(DEEP), rng.choice(WIDE)
    if m * k * n > 3_000_000:
        m = min(m, 9)
    batch = ((), (3,), (2, 3))[rng.integers(3)] if m * k * n < 200_000 else ()
    a = matrices(rng, (*batch, m, k), dtype)
    b = matrices(rng, (*batch, k, n), dtype)
    check_product(a, b, a @ b)
    if batch:
        check_product(a, b[0], a @ b[0])
        check_product(a[0], b, a[0] @ b)


def one_matrix_for_a_stack(seed):
    """The case that is computed as one long product."""
    rng = np.random.default_rng(seed)
    stack, m, k, n = rng.integers(1, 20, 4)
    a = rng.standard_normal((stack, m, k)).astype(np.float32)
    b = matrices(rng, (k, n), np.float32)
    check_product(a, b, a @ b)
    out = np.empty((stack, n, m), np.float32).swapaxes(1, 2)
    check_product(a, b, np.matmul(a, b, out=out))


def vectors(seed):
    rng = np.random.default_rng(seed)
    dtype = FLOATS[seed % 2]
    rows, columns = rng.choice(DEEP, 2)
    a = matrices(rng, (rows, columns), dtype)
    left, right = (rng.standard_normal(2 * s).astype(dtype)[::2]
                   for s in (rows, columns))  # fmt: skip
    check_product(a, right[:, None], (a @ right)[:, None])
    check_product(left[None], a, (left @ a)[None])
    check_product(right[None], right[:, None], np.array([[right @ right]]))


def outputs(seed):
    """Results that go where they are sent, and nowhere else."""
    rng = np.random.default_rng(seed)
    dtype = FLOATS[seed % 2]
    m, k, n = rng.choice(SIZES, 3)
    a, b = matrices(rng, (m, k), dtype), matrices(rng, (k, n), dtype)
    room = np.full((2 * m + 4, 2 * n + 4), 7, dtype)
    by_rows = room[2 : m + 2, 2 : n + 2]
    spaced = room[2 : 2 * m + 2 : 2, 2 : 2 * n + 2 : 2]
    backward = room[m + 1 : 1 : -1, n + 1 : 1 : -1]
    turned = np.full((2 * n + 4, 2 * m + 4), 7, dtype)
    by_columns = turned[2 : n + 2, 2 : m + 2].T
    for out in (by_rows, spaced, backward, by_columns):
        whole = turned if out is by_columns else room
        whole[...] = 7
        np.matmul(a, b, out=out)
        check_product(a, b, out)
        out[...] = 7
        assert (whole == 7).all(), f"{out.strides}: wrote outside"


def overlaps(seed):
    """NumPy copies what overlaps; the loops must see it the same way."""
    rng = np.random.default_rng(seed)
    n = int(rng.choice(SIZES))
    dtype = FLOATS[seed % 2]
    a = rng.standard_normal((n, n)).astype(dtype)
    b = rng.standard_normal((n, n)).astype(dtype)
    same = a.copy()
    np.matmul(same, b, out=same)
    check_product(a, b, same)
    own = a.copy()
    check_product(a, a.T, own @ own.T)
    x = rng.standard_normal(3 * n + 2).astype(np.float32)
    shifted = x.copy()
    np.maximum(shifted[1:], 0.5, out=shifted[:-1])
    assert (shifted[:-1] == np.where(x[1:] > 0.5, x[1:], 0.5)).all()
    backward = x.copy()
    np.minimum(backward, backward[::-1], out=backward)
    assert (backward == np.where(x < x[::-1], x, x[::-1])).all()
    tanh = x.copy()
    np.tanh(tanh[:-1], out=tanh[1:])
    assert (tanh[1:] == np.tanh(x[:-1])).all()


def empty(_seed):
    for dtype in FLOATS:
        for a, b in (
            ((0, 3), (3, 2)), ((2, 0), (0, 3)), ((2, 3), (3, 0)),
            ((0, 2, 3), (0, 3, 2)), ((2, 0, 0), (0, 4)),
        ):  # fmt: skip
            got = np.ones(a, dtype) @ np.ones(b, dtype)
            assert got.shape == (*a[:-1], b[-1])
            assert (got == 0).all()
        none = np.ones(0, dtype)
        assert none @ none == 0
        for ufunc in (np.maximum, np.minimum):
            assert ufunc(none, none).shape == (0,)
    for ufunc in (np.exp, np.tanh, np.log, np.sqrt):
        assert ufunc(np.ones((0, 3), np.float32)).shape == (0, 3)


def not_numbers_in_products(seed):
    """NaN and infinity reach the elements they belong to, and no other."""
    rng = np.random.default_rng(seed)
    dtype = FLOATS[seed % 2]
    m, k, n = rng.choice(DEEP, 3) if seed % 3 else rng.choice(SIZES, 3)
    m, n = min(m, 40), min(n, 40)
    a, b = rng.standard_normal((m, k)), rng.standard_normal((k, n))
    a, b = a.astype(dtype), b.astype(dtype)
    a[rng.integers(m), rng.integers(k)] = np.nan
    a[rng.integers(m), rng.integers(k)] = np.inf
    b[rng.integers(k), rng.integers(n)] = -np.inf
    expected = np.einsum("ij,jk->ik", a, b)
    got = a @ b
    assert (np.isnan(got) == np.isnan(expected)).all()
    assert (got[np.isinf(expected)] == expected[np.isinf(expected)]).all()
    assert (np.isfinite(got) == np.isfinite(expected)).all()


def _with_extremes(rng, shape, dtype):
    x = matrices(rng, shape, dtype)
    x = np.array(x) if not x.flags.writeable else x
    special = (np.nan, np.inf, -np.inf, 0.0, -0.0)
    for value in special[: rng.integers(6)]:
        x[tuple(rng.integers(s) for s in shape)] = value
    return x


def _together(a, b, number):
    """Two arrays, or one and a number, as a loop may see them."""
    return (
        (a, b), (a, number), (number, b), (a, b[:1]), (a[:, :1], b),
        (a[::2], b[::2]), (a[:, ::2], b[:, ::2]), (a.T, b.T), (a, a),
    )  # fmt: skip


def extremes(seed):
    rng = np.random.default_rng(seed)
    dtype = FLOATS[seed % 2]
    shape = tuple(rng.choice(SIZES, 2))
    a = _with_extremes(rng, shape, dtype)
    b = _with_extremes(rng, shape, dtype)
    number = dtype(rng.standard_normal())
    for ufunc, first in ((np.maximum, np.greater_equal),
                         (np.minimum, np.less_equal)):  # fmt: skip
        for left, right in _together(a, b, number):
            takes_left = first(left, right) | np.isnan(left)
            expected = np.where(takes_left, left, right)
            got = ufunc(left, right)
            assert np.array_equal(got, expected, equal_nan=True)
            assert got.dtype == dtype
            into = np.array(np.broadcast_to(left, expected.shape))
            ufunc(into, right, out=into)
            assert np.array_equal(into, expected, equal_nan=True)


def _running(ufunc, x):
    """What accumulate gives, one step at a time."""
    steps = [x[:1]]
    for i in range(1, len(x)):
        steps.append(ufunc(steps[-1], x[i : i + 1]))
    return np.concatenate(steps)


def reductions(seed):
    rng = np.random.default_rng(seed)
    dtype = FLOATS[seed % 2]
    x = matrices(rng, tuple(rng.choice(SIZES, 3)), dtype)
    for ufunc, end in ((np.maximum, -1), (np.minimum, 0)):
        for axis in range(3):
            got = ufunc.reduce(x, axis=axis)
            assert (got == np.sort(x, axis=axis).take(end, axis=axis)).all()
        assert ufunc.reduce(x, axis=None) == np.sort(x, axis=None)[end]
        assert ufunc.reduce(x, axis=(0, 2), keepdims=True).shape[1] == len(x[0])
        line = x[0, :, 0]
        running = _running(ufunc, line)
        assert (ufunc.accumulate(line) == running).all()
        by_rows = np.stack([_running(ufunc, row) for row in x[0]])
        assert (ufunc.accumulate(x[0], axis=1) == by_rows).all()
        assert (ufunc.accumulate(x[0].T, axis=0) == by_rows.T).all()
        cuts = np.arange(0, len(line), 3)
        parts = [ufunc.reduce(part) for part in np.split(line, cuts[1:])]
        assert (ufunc.reduceat(line, cuts) == parts).all()
        only = x > 0
        start = -np.inf if ufunc is np.maximum else np.inf
        got = ufunc.reduce(x, axis=1, where=only, initial=start)
        chosen = np.where(only, x, start)
        assert (got == np.sort(chosen, axis=1).take(end, axis=1)).all()
        broken = np.array(x)
        broken[0, 0, 0] = np.nan
        assert np.isnan(ufunc.reduce(broken, axis=None))
        assert np.isnan(ufunc.reduce(broken, axis=1)[0, 0])


def arithmetic(seed):
    """As Python computes, number by number, to the last bit."""
    rng = np.random.default_rng(seed)
    dtype = FLOATS[seed % 2]
    shape = tuple(rng.choice(SIZES, 2))
    a, b = matrices(rng, shape, dtype), matrices(rng, shape, dtype)
    number = dtype(rng.standard_normal())
    for ufunc in (np.add, np.subtract, np.multiply, np.divide):
        for left, right in _together(a, b, number):
            exact = ufunc(left.astype(object), right.astype(object))
            expected = exact.astype(np.float64).astype(dtype)
            got = ufunc(left, right)
            assert got.dtype == dtype
            assert np.array_equal(got, expected)
            into = np.array(np.broadcast_to(left, expected.shape))
            ufunc(into, right, out=into)
            assert np.array_equal(into, expected)
        line = a[0].astype(np.float64)
        exact = ufunc.accumulate(line.astype(object)).astype(np.float64)
        assert np.array_equal(ufunc.accumulate(line), exact)


def special_arithmetic(_seed):
    """NaN, infinities and the sign of zero, as IEEE 754 has them."""
    for dtype in FLOATS:
        x = np.array([0, -0.0, np.inf, -np.inf, np.nan] * 2, dtype)
        assert (np.signbit(x + x) == np.signbit(x))[:4].all()
        assert (dtype(1) / x[:4] == [np.inf, -np.inf, 0, 0]).all()
        for broken in (x - x, x * dtype(0), x / x):
            assert np.isnan(broken[2:5]).all()


def sums(seed):
    """Close to the exact sum, over any axes of any layout."""
    rng = np.random.default_rng(seed)
    dtype = FLOATS[seed % 2]
    x = matrices(rng, (*rng.choice(SIZES, 2), rng.choice(DEEP)), dtype)
    for axis in (0, 1, 2, (0, 2), (1, 2), None):
        got = x.sum(axis=axis)
        exact = x.astype(np.longdouble).sum(axis=axis)
        count = x.size / max(got.size, 1)
        bound = count * np.finfo(dtype).eps * np.abs(x).max()
        assert (np.abs(got - exact) <= bound * np.sqrt(count)).all()
    assert np.add.reduce(x[0, 0, :0]) == 0


def _ulps(ufunc, x):
    """The largest error in units in the last place, where one is defined."""
    exact = ufunc(x.astype(np.float64))
    got = ufunc(x)
    assert got.dtype == np.float32
    normal = (np.abs(exact) < 3.4028234e38) & (np.abs(exact) > 1.1754944e-38)
    unit = np.spacing(np.abs(exact[normal]).astype(np.float32))
    return float((np.abs(got[normal] - exact[normal]) / unit).max())


def accuracy(seed):
    """Within 1.5 units in the last place, over all magnitudes."""
    rng = np.random.default_rng(seed)
    any_size = 10.0 ** rng.uniform(-44, 38, 5000)
    near_one = rng.uniform(0.5, 2, 5000)
    signed = rng.choice((-1, 1), 5000) * 10.0 ** rng.uniform(-30, 1.5, 5000)
    exponents = rng.uniform(-87, 88.7, 5000)
    positive = np.concatenate([any_size, near_one]).astype(np.float32)
    signed = np.concatenate([signed, exponents]).astype(np.float32)
    for ufunc, x, bound in (
        (np.exp, signed, 1.5), (np.tanh, signed, 1.5),
        (np.log, positive, 1.5), (np.sqrt, positive, 0.5001),
    ):  # fmt: skip
        error = _ulps(ufunc, x)
        assert error <= bound, f"{ufunc.__name__}: {error} ulp"


SPECIAL = np.array(
    [0, -0.0, np.inf, -np.inf, np.nan, 1e-45, -1e-45, 200, -200, 1, -1],
    np.float32,
)


def special_values(_seed):
    """As float64 has them, down to the sign of zero."""
    for ufunc in (np.exp, np.tanh, np.log, np.sqrt):
        expected = ufunc(SPECIAL.astype(np.float64)).astype(np.float32)
        for x in (SPECIAL, np.repeat(SPECIAL, 4), np.tile(SPECIAL, (5, 3)).T):
            got = ufunc(x)
            wanted = expected[np.argmax(_same_bits(x), axis=-1)]
            close = np.isclose(got, wanted, rtol=3e-7, atol=0, equal_nan=True)
            tiny = np.abs(wanted) < 1e-38  # a denormal's last bits
            assert (close | tiny).all(), ufunc.__name__
            zero = (wanted == 0) & ~np.isnan(got)
            assert (np.signbit(got) == np.signbit(wanted))[zero].all()


def _same_bits(x):
    bits = np.ascontiguousarray(x).view(np.uint32)[..., None]
    return bits == SPECIAL.view(np.uint32)


def strided_functions(seed):
    """The same numbers in any layout give the same bits."""
    rng = np.random.default_rng(seed)
    shape = tuple(rng.choice(SIZES, 2))
    for ufunc in (np.exp, np.tanh, np.log, np.sqrt):
        x = np.abs(matrices(rng, shape, np.float32))
        flat = ufunc(np.ascontiguousarray(x).reshape(-1)).reshape(shape)
        for got in (ufunc(x), ufunc(x[:, ::-1])[:, ::-1], ufunc(x.T).T):
            assert np.array_equal(got, flat)
        assert np.array_equal(ufunc(x[::2, ::3]), flat[::2, ::3])
        room = np.full((shape[0], 2 * shape[1]), 7, np.float32)
        ufunc(x, out=room[:, ::2])
        assert np.array_equal(room[:, ::2], flat)
        assert (room[:, 1::2] == 7).all()
        some = np.full(shape, 7, np.float32)
        chosen = flat > np.median(flat)
        ufunc(x, out=some, where=chosen)
        assert np.array_equal(some, np.where(chosen, flat, np.float32(7)))


PROPERTIES = (
    products, one_matrix_for_a_stack, vectors, outputs, overlaps, empty,
    not_numbers_in_products, extremes, reductions, arithmetic,
    special_arithmetic, sums, accuracy, special_values, strided_functions,
)  # fmt: skip


def check(seeds, properties=PROPERTIES):
    """Run all of them over the seeds; the number of checks that held."""
    with np.errstate(all="ignore"):
        for property_ in properties:
            for seed in seeds:
                try:
                    property_(seed)
                except AssertionError as error:
                    error.add_note(f"{property_.__name__}({seed})")
                    raise
    return len(properties) * len(seeds)
