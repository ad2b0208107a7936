"""What we write the reference package reads, and the other way round."""

import sys

import numpy as np
import pytest
import safetensors.numpy
import safetensors.torch
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tutorial_kernels.weights import (
    SafetensorsError,
    read_safetensors,
    read_safetensors_metadata,
    write_safetensors,
)

DTYPES = [
    "f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?",
]  # fmt: skip


def same_bits(ours, theirs):
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        other = theirs[name]
        assert array.dtype == other.dtype, name
        assert array.shape == other.shape, name
        assert array.tobytes() == other.tobytes(), name


def example_tensors():
    rng = np.random.default_rng(0)
    tensors = {
        f"{dtype}.weight": rng.integers(0, 2, (2, 3)).astype(dtype)
        for dtype in DTYPES
    }
    tensors["scalar"] = np.array(np.pi, np.float32)
    tensors["empty"] = np.zeros((0, 5), np.float16)
    tensors["special"] = np.array(
        [np.nan, -np.nan, np.inf, -0.0, 1e-45], np.float32
    )
    tensors['naïve ✓ "quoted" \\ \x1f\t'] = np.arange(3)
    return tensors


@pytest.mark.parametrize("metadata", [None, {}, {"épreuve": 'a "b"\n\x7f'}])
def test_our_bytes_are_the_reference_writers(tmp_path, metadata):
    path = tmp_path / "w.safetensors"
    write_safetensors(path, example_tensors(), metadata)
    assert path.read_bytes() == safetensors.numpy.save(
        example_tensors(), metadata
    )


def test_order_of_the_mapping_does_not_matter(tmp_path):
    tensors = example_tensors()
    write_safetensors(tmp_path / "a", tensors, {"a": "1", "b": "2"})
    backwards = dict(reversed(tensors.items()))
    write_safetensors(tmp_path / "b", backwards, {"b": "2", "a": "1"})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("as_bytes", [True, False])
def test_we_read_what_the_reference_writes(tmp_path, as_bytes):
    path = tmp_path / "w.safetensors"
    safetensors.numpy.save_file(example_tensors(), path, {"task": "cnn"})
    source = path.read_bytes() if as_bytes else path
    same_bits(read_safetensors(source), example_tensors())
    assert read_safetensors_metadata(source) == {"task": "cnn"}
    same_bits(read_safetensors(str(path)), example_tensors())


def test_torch_reads_ours_and_we_read_torch(tmp_path):
    tensors = {
        k: v for k, v in example_tensors().items() if v.dtype != np.uint64
    }
    path = tmp_path / "w.safetensors"
    write_safetensors(path, tensors)
    there = safetensors.torch.load_file(path)
    same_bits({name: t.numpy() for name, t in there.items()}, tensors)
    safetensors.torch.save_file(there, tmp_path / "t.safetensors")
    same_bits(read_safetensors(tmp_path / "t.safetensors"), tensors)


def test_bfloat16_is_read_as_float32_without_loss():
    bits = torch.arange(2**16, dtype=torch.int32).to(torch.int16)
    there = bits.view(torch.bfloat16).reshape(256, 256)
    content = safetensors.torch.save({"w": there, "x": there[0, 0].clone()})
    here = read_safetensors(content)
    assert here["w"].dtype == np.float32
    assert here["x"].shape == ()
    # As bits: NaN payloads too. Signalling NaNs may turn quiet in torch.
    ours, theirs = here["w"], there.float().numpy()
    numbers = ~np.isnan(theirs)
    assert np.array_equal(np.isnan(ours), ~numbers)
    assert ours[numbers].tobytes() == theirs[numbers].tobytes()


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.dictionaries(
        st.text(max_size=12).filter(lambda name: name != "__metadata__"),
        st.sampled_from(DTYPES).flatmap(
            lambda dtype: npst.arrays(
                dtype,
                npst.array_shapes(
                    min_dims=0, max_dims=4, min_side=0, max_side=4
                ),
            )
        ),
        max_size=6,
    ),
    # One text: the reference writer shuffles several from run to run.
    st.none() | st.dictionaries(st.text(), st.text(), min_size=1, max_size=1),
)
def test_any_tensors_come_back(tmp_path, tensors, metadata):
    path = tmp_path / "w.safetensors"
    write_safetensors(path, tensors, metadata)
    content = path.read_bytes()
    assert content == safetensors.numpy.save(tensors, metadata)
    assert int.from_bytes(content[:8], "little") % 8 == 0
    same_bits(read_safetensors(path), tensors)
    assert read_safetensors_metadata(content) == (metadata or {})


def memory_orders():
    grid = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    yield "transposed", grid.T
    yield "Fortran order", np.asfortranarray(grid)
    yield "reversed", grid[::-1, :, ::-1]
    yield "strided", grid[:, ::2, 1::2]
    yield "broadcast", np.broadcast_to(np.float32(3), (2, 5))
    yield "read-only", np.frombuffer(bytes(16), np.float32)
    yield "0-d view", grid[1, 2, 3, ...]
    yield "scalar", np.float32(2.5)
    yield "big-endian", grid.astype(">f4")
    yield "big-endian 0-d", np.array(7, ">i8")
    yield "big-endian Fortran", np.asfortranarray(grid.astype(">f8"))


@pytest.mark.parametrize(
    "array", [pytest.param(a, id=name) for name, a in memory_orders()]
)
def test_memory_and_byte_order_are_no_matter(tmp_path, array):
    path = tmp_path / "w.safetensors"
    before = np.array(array)
    write_safetensors(path, {"w": array})
    (here,) = read_safetensors(path).values()
    assert here.shape == np.shape(array)
    assert np.array_equal(here, array)
    assert here.dtype == array.dtype.newbyteorder("=")
    assert here.dtype.isnative
    same_bits({"w": here}, safetensors.numpy.load_file(path))
    assert np.array_equal(before, array)  # the input was not written to


def test_what_is_read_is_ours_alone(tmp_path):
    path = tmp_path / "w.safetensors"
    weights = {"a": np.ones(4, np.float32), "b": np.ones(4, np.float32)}
    write_safetensors(path, weights)
    content = path.read_bytes()
    first, second = read_safetensors(content), read_safetensors(path)
    path.write_bytes(b"x")  # in place: a mapped file would fault or change
    first["a"] += 1
    second["a"] *= 5
    assert not np.shares_memory(first["a"], first["b"])
    assert np.array_equal(second["b"], np.ones(4))
    assert content == safetensors.numpy.save(weights)  # bytes not written to


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc/self/maps")
def test_the_file_is_never_mapped(tmp_path):
    path = tmp_path / "mapped-or-not.safetensors"
    write_safetensors(path, {"w": np.ones(1 << 16)})
    kept = read_safetensors(path)
    with open("/proc/self/maps") as maps:
        assert path.name not in maps.read()
    assert kept["w"].sum() == 1 << 16


def test_writing_back_a_state_dict_of_torch(tmp_path):
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.Linear(4, 2))
    state = {name: t.numpy() for name, t in model.state_dict().items()}
    path = tmp_path / "w.safetensors"
    write_safetensors(path, state, {"format": "pt"})
    model.load_state_dict(safetensors.torch.load_file(path))
    theirs = safetensors.torch.save(model.state_dict(), {"format": "pt"})
    assert path.read_bytes() == theirs


REFUSED = [
    ({"w": np.array(["a"])}, None, "tensor 'w' has the dtype <U1"),
    ({"w": np.array([object()])}, None, "dtype object"),
    ({"w": np.ones(2, complex)}, None, "dtype complex128"),
    ({"w": np.ones(2, "S3")}, None, "dtype |S3"),
    ({"w": np.zeros(2, "M8[s]")}, None, "dtype datetime64"),
    ({"w": np.zeros(2, [("a", "f4")])}, None, "tensor 'w' has the dtype"),
    ({"w": np.ma.masked_array([1.0], [True])}, None, "is a MaskedArray"),
    ({"w": [1.0, 2.0]}, None, "is a list, expected a NumPy array"),
    ({"w": 3.0}, None, "is a float"),
    ({"w": torch.ones(1)}, None, "is a Tensor"),
    ({"__metadata__": np.ones(1)}, None, "other than '__metadata__'"),
    ({3: np.ones(1)}, None, "name is 3, expected a string"),
    ({"\ud800": np.ones(1)}, None, "half a surrogate pair"),
    ({"w": np.ones(1)}, {"epoch": 3}, "holds 3, expected only strings"),
    ({"w": np.ones(1)}, {3: "epoch"}, "holds 3, expected only strings"),
    ({"w": np.ones(1)}, {"a": "\udfff"}, "half a surrogate pair"),
    ({"w": np.ones(1)}, ["a"], "expected texts under names"),
]


@pytest.mark.parametrize(("tensors", "metadata", "sentence"), REFUSED)
def test_what_the_format_cannot_hold_is_refused(
    tmp_path, tensors, metadata, sentence
):
    path = tmp_path / "w.safetensors"
    path.write_bytes(b"the old file")
    with pytest.raises(SafetensorsError) as caught:
        write_safetensors(path, tensors, metadata)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == b"the old file"
    assert list(tmp_path.iterdir()) == [path]


def test_a_longdouble_is_refused_where_it_is_longer(tmp_path):
    if np.dtype(np.longdouble).itemsize == 8:
        pytest.skip("long double is double on this machine")
    with pytest.raises(SafetensorsError, match=r"longdouble|float128"):
        write_safetensors(tmp_path / "w", {"w": np.ones(1, np.longdouble)})


def test_a_header_longer_than_readers_allow_is_not_written(tmp_path):
    text = {"a": "x" * 100_000_000}
    with pytest.raises(SafetensorsError, match="more than the 100000000"):
        write_safetensors(tmp_path / "w", {}, text)
    assert not list(tmp_path.iterdir())
