"""Putting the loops in, taking them out, and what goes wrong meanwhile."""

import subprocess
import sys

import numpy as np
import pytest

from site_tests.fast.pooling import UNUSUAL
from tutorial_kernels import fast
from tutorial_kernels.fast import loading
from tutorial_kernels.kernels import (
    max_pool2d_backward,
    max_pool2d_forward,
    pooling,
)


def results():
    """One result of every loop, as bytes."""
    rng = np.random.default_rng(7)
    found = []
    with np.errstate(all="ignore"):
        for dtype in (np.float32, np.float64):
            a, b = rng.standard_normal((2, 150, 150)).astype(dtype)
            found += [a @ b, a.T @ b, a[0] @ b, np.maximum(a, b)]
            found += [np.minimum(a, b), a.max(axis=0), a.min(axis=1)]
            found += [np.exp(a), np.tanh(a), np.log(a), np.sqrt(a)]
    return [array.tobytes() for array in found]


@pytest.fixture
def unchanged():
    """NumPy's own results before and after, to the last bit."""
    before = results()
    yield
    assert fast.installed() is None
    assert results() == before


def test_uninstall_gives_back_every_bit(library, unchanged):
    before = results()
    assert fast.installed() is None
    assert fast.install(library) == "loops_native.so"
    assert fast.installed() == "loops_native.so"
    during = results()
    assert during != before
    fast.uninstall()
    fast.uninstall()
    assert results() == before
    fast.install(library)
    assert results() == during
    fast.uninstall()


def test_arithmetic_keeps_numpys_own_bits(library):
    """Sums too: the loops add up in NumPy's order."""

    def computed():
        rng = np.random.default_rng(3)
        found = []
        for dtype in (np.float32, np.float64):
            for count in (*range(20), 127, 128, 129, 255, 999, 5000):
                a, b = rng.standard_normal((2, 3, count + 1)).astype(dtype)
                found += [a + b, a - b.T[:1].T, 2 * a, a / b, a.cumsum()]
                found += [a.sum(), a.sum(axis=0), a.sum(axis=1), a.mean()]
                found += [a[:, ::2].sum(axis=1), a.prod(axis=1), a.var()]
        return [np.asarray(array).tobytes() for array in found]

    own = computed()
    fast.install(library)
    ours = computed()
    fast.uninstall()
    assert ours == own


def test_a_division_by_zero_still_warns(loops):
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.ones(8, np.float32) / np.float32(0)


def test_a_second_install_changes_nothing(loops, library):
    during = results()
    assert fast.install(library) == loops
    assert fast.install() == loops
    assert results() == during


def test_other_types_keep_their_loops(loops):
    a = np.arange(12).reshape(3, 4)
    assert ((a @ a.T) == np.einsum("ij,kj->ik", a, a)).all()
    assert np.maximum(a, 5).dtype == a.dtype
    assert np.exp(np.float16(1)).dtype == np.float16
    z = np.array([[1j, 2], [3, 4]])
    assert ((z @ z) == np.einsum("ij,jk->ik", z, z)).all()


@pytest.fixture
def no_numpy_pooling(monkeypatch):
    """The kernel's own functions cannot be called."""

    def called(*_):
        raise AssertionError("NumPy was asked")

    monkeypatch.setattr(pooling, "largest_of", called)
    monkeypatch.setattr(pooling, "to_winners", called)


def test_pooling_of_2_by_2_does_not_ask_numpy(no_numpy_pooling, loops):
    x = np.ones((2, 3, 9, 11), np.float32)
    out, cache = max_pool2d_forward(x, 2)
    assert out.shape == (2, 3, 4, 5)
    assert max_pool2d_backward(out, cache).sum() == out.size


@pytest.mark.parametrize(
    ("shape", "dtype", "options"),
    [
        ((1, 1, 8, 8), np.float64, (2,)),
        ((1, 1, 8, 8), np.int64, (2,)),
        ((1, 1, 8, 7), np.float32, (2,)),  # three windows are no vector
        ((1, 1, 9, 9), np.float32, (3,)),
        ((1, 1, 8, 8), np.float32, (2, 1)),
        ((1, 1, 8, 8), np.float32, (2, 2, 1)),
        ((1, 1, 9, 9), np.float32, (2, 2, 0, 2)),
        ((1, 1, 9, 9), np.float32, (2, 2, 0, 1, True)),
    ],
)
def test_other_pooling_asks_numpy(
    no_numpy_pooling, loops, shape, dtype, options
):
    with pytest.raises(AssertionError, match="NumPy was asked"):
        max_pool2d_forward(np.ones(shape, dtype), *options)


def test_pooling_is_given_back(library, unchanged):
    own = pooling.largest_of, pooling.to_winners
    fast.install(library)
    assert pooling.largest_of is not own[0]
    x = np.cos(np.arange(2 * 8 * 9.0)).astype(np.float32).reshape(2, 8, 9)
    out, cache = max_pool2d_forward(x, 2)
    grad_x = max_pool2d_backward(out, cache)
    fast.uninstall()
    assert (pooling.largest_of, pooling.to_winners) == own
    # A cache of the one is good for the other, and all bits are the same.
    assert max_pool2d_backward(out, cache).tobytes() == grad_x.tobytes()
    assert max_pool2d_forward(x, 2)[0].tobytes() == out.tobytes()


def test_pooling_has_the_bits_of_the_kernel(library):
    """The sign of a zero and every NaN, too."""
    own = pooling.largest_of, pooling.to_winners
    rng = np.random.default_rng(5)
    x = rng.choice(UNUSUAL, (3, 2, 9, 11)).astype(np.float32)
    grad = rng.choice([0, -0.0, 1, -2], (3, 2, 4, 5)).astype(np.float32)
    fast.install(library)
    _, (images, _, _, windows) = max_pool2d_forward(x, 2)
    ours, kernels = (
        (largest := f(images, windows), g(grad, images, largest, windows))
        for f, g in ((pooling.largest_of, pooling.to_winners), own)
    )
    fast.uninstall()
    for compiled_one, numpys in zip(ours, kernels, strict=True):
        assert compiled_one.tobytes() == numpys.tobytes()


def test_a_library_without_pooling(tmp_path, build, unchanged):
    own = pooling.largest_of
    other = compiled(build, tmp_path, "".join(map(nothing, all_loops())))
    with pytest.raises(
        fast.LoopsUnavailable, match="the library has no max_pool"
    ):
        fast.install(other)
    assert pooling.largest_of is own


def test_a_file_that_is_missing(tmp_path, unchanged):
    with pytest.raises(
        fast.LoopsUnavailable, match=r"no library opens: none\.so"
    ):
        fast.install(tmp_path / "none.so")


def test_a_file_that_is_no_library(tmp_path, unchanged):
    damaged = tmp_path / "damaged.so"
    damaged.write_bytes(b"<html>404</html>")
    with pytest.raises(
        fast.LoopsUnavailable, match=r"no library opens: damaged"
    ):
        fast.install(damaged)


def test_a_library_without_the_loops(tmp_path, build, unchanged):
    other = compiled(build, tmp_path, "int other(void) { return 1; }")
    with pytest.raises(
        fast.LoopsUnavailable, match="the library has no matmul"
    ):
        fast.install(other)


def test_a_library_that_lacks_one_loop(tmp_path, build, unchanged):
    names = [n for n in all_loops() if n != "f32_sqrt"]
    other = compiled(build, tmp_path, "".join(map(nothing, names)))
    with pytest.raises(fast.LoopsUnavailable, match="the library has no sqrt"):
        fast.install(other)


@pytest.mark.parametrize(
    "name",
    [
        "f32_matmul",
        "f64_matmul",
        "f64_minimum",
        "f32_divide",
        "f32_tanh",
        "f32_max_pool",
        "f32_max_pool_backward",
    ],
)
def test_a_loop_that_is_wrong(name, tmp_path, build, unchanged):
    """The self-test sees a loop that does nothing, whichever it is."""
    sources = "".join(f'#include "{name}"\n' for name in build.SOURCES)
    renamed = f"#define {name} the_right_one\n{sources}#undef {name}\n"
    other = compiled(build, tmp_path, renamed + nothing(name))
    kind = name.partition("_")[2]
    with pytest.raises(
        fast.LoopsUnavailable, match=f"{kind}.* gave a wrong result"
    ):
        fast.install(other)


def all_loops():
    return [
        f"{type_}_{name}"
        for name, (_, types) in loading.LOOPS.items()
        for type_ in types
    ]


def nothing(name):
    return f'__attribute__((visibility("default"))) void {name}(void) {{}}\n'


def compiled(build, folder, source):
    """A library of this source; the loops' own files can be included."""
    (folder / "other.c").write_text(source)
    path = folder / "other.so"
    command = [sys.executable, "-m", "ziglang", "cc", "-fPIC", "-shared", "-w", "-O1",
               f"-I{build.HERE}", str(folder / "other.c"), "-o", str(path)]  # fmt: skip
    subprocess.run(command, check=True)
    return path


def test_another_numpy(library, monkeypatch, unchanged):
    monkeypatch.setattr(np, "__version__", "3.0.1")
    with pytest.raises(
        fast.LoopsUnavailable, match=r"NumPy is 3\.0\.1, the loops know NumPy 2"
    ):
        fast.install(library)


def test_a_numpy_without_the_table(library, monkeypatch, unchanged):
    from numpy._core import _multiarray_umath

    monkeypatch.delattr(_multiarray_umath, "_UFUNC_API")
    with pytest.raises(
        fast.LoopsUnavailable, match="shows no table of its C API"
    ):
        fast.install(library)


def test_a_numpy_that_does_not_take_a_loop(library, monkeypatch, unchanged):
    """The one loop that it did take is given back."""
    string = 19
    monkeypatch.setattr(loading, "_TYPE_NUMBERS", {"f32": 11, "f64": string})
    monkeypatch.setattr(
        loading, "LOOPS", {"exp": (2, ("f32",)), "maximum": (3, ("f64",))}
    )
    with pytest.raises(
        fast.LoopsUnavailable, match="keeps its <ufunc 'maximum'>"
    ):
        fast.install(library)


def test_without_a_native_build_the_message_names_the_file(
    monkeypatch, tmp_path, unchanged
):
    monkeypatch.setattr(loading, "HERE", tmp_path)
    with pytest.raises(fast.LoopsUnavailable, match=r"loops_native\.so"):
        fast.install()


def test_the_page_prefers_relaxed_and_falls_back(
    monkeypatch, library, tmp_path, unchanged
):
    monkeypatch.setattr(sys, "platform", "emscripten")
    names = [path.name for path in loading.libraries()]
    assert names == ["loops_relaxed.wasm", "loops_simd.wasm"]
    path, _ = loading.open_first([tmp_path / "refused.wasm", library])
    assert path == library
