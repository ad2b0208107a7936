"""The readers of other people's files: sound ones read, others refused."""

import io
import random
import struct
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from tutorial_kernels.data import DataFileError, read_idx, read_npz

DTYPES = ["f8", ">f4", "f2", "i8", ">i4", "i2", "i1", "u8", "u4", "u1", "?"]


def npz(compress=True, **arrays):
    stream = io.BytesIO()
    (np.savez_compressed if compress else np.savez)(stream, **arrays)
    return stream.getvalue()


def archive(method=zipfile.ZIP_DEFLATED, **members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as packed:
        for name, content in members.items():
            packed.writestr(f"{name}.npy", content)
    return stream.getvalue()


def npy(array, **options):
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def peak_of(call):
    tracemalloc.start()
    try:
        with pytest.raises(DataFileError) as caught:
            call()
        return tracemalloc.get_traced_memory()[1], str(caught.value)
    finally:
        tracemalloc.stop()


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(DTYPES).flatmap(
            lambda dtype: npst.arrays(
                dtype, npst.array_shapes(min_dims=0, max_dims=3, min_side=0)
            )
        ),
        max_size=3,
    ),
    st.booleans(),
    st.booleans(),
)
def test_what_numpy_writes_is_read(arrays, compress, fortran):
    named = {
        f"a{n}": np.asfortranarray(a) if fortran and a.ndim > 1 else a
        for n, a in enumerate(arrays)
    }
    read = read_npz(npz(compress, **named))
    assert read.keys() == named.keys()
    for name, array in read.items():
        assert array.shape == named[name].shape
        assert array.dtype == named[name].dtype.newbyteorder("=")
        assert array.dtype.isnative
        assert array.flags.writeable
        assert array.tobytes() == named[name].astype(array.dtype).tobytes()


def test_version_2_of_the_header():
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.arange(3), version=(2, 0))
    assert read_npz(archive(a=stream.getvalue()))["a"].tolist() == [0, 1, 2]


class Bomb:
    defused = True

    def __reduce__(self):
        return (setattr, (Bomb, "defused", False))


def header(text):
    raw = text.encode()
    raw += b" " * (-(len(raw) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(raw)) + raw


def sound(shape="(2,)", descr="'<f4'", order="False", body=bytes(8)):
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"
    return header(text) + body


REFUSED = {
    "object array": (npy(np.array([Bomb()], object), allow_pickle=True), "|O"),
    "structured": (npy(np.zeros(2, [("a", "f4")])), "plain array"),
    "strings": (npy(np.array(["abc"])), "<U3"),
    "dates": (npy(np.zeros(2, "M8[s]")), "<M8"),
    "complex": (npy(np.ones(2, complex)), "<c16"),
    "version 3": (b"\x93NUMPY\x03\x00" + sound()[8:], "version 1 or 2"),
    "a pickle": (b"\x80\x04N.", "no .npy array"),
    "empty member": (b"", "no .npy array"),
    "magic only": (b"\x93NUMPY\x01\x00", "plain array"),
    "header cut off": (sound()[:30], "plain array"),
    "code in the header": (
        sound(shape="(__import__('os').getpid(),)"),
        "plain array",
    ),
    "sum in the header": (sound(shape="(1+1,)"), "plain array"),
    "negative size": (sound(shape="(-2,)"), "plain array"),
    "size True": (sound(shape="(True,)"), "plain array"),
    "no tuple": (sound(shape="[2]"), "plain array"),
    "deep": (sound(shape="(" * 5000), "plain array"),
    "terabytes": (sound(shape="(1099511627776,)"), "4398046511104"),
    "overflow": (sound(shape="(4294967296, 4294967296, 4)"), "takes"),
    "too short": (sound(body=bytes(7)), "has 7 bytes"),
    "too long": (sound(body=bytes(9)), "has 9 bytes"),
    "empty, but huge": (
        sound(shape="(0, 4611686018427387904, 4611686018427387904)", body=b""),
        "",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_members_that_are_no_plain_arrays(case):
    content, words = REFUSED[case]
    peak, sentence = peak_of(lambda: read_npz(archive(a=content)))
    assert words in sentence
    assert "\n" not in sentence
    assert peak < 2**20
    assert Bomb.defused


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = archive(
        a=sound(shape="(80000000,)", descr="'|u1'", body=bytes(80_000_000))
    )
    assert len(content) < 100_000
    peak, sentence = peak_of(lambda: read_npz(content))
    assert peak < 2**20
    assert "80000128 bytes, more than the 67108864" in sentence
    peak, _ = peak_of(lambda: read_npz(content, limit=1000))
    assert peak < 2**20


def test_a_bomb_that_lies_about_its_size():
    content = bytearray(
        archive(
            a=sound(shape="(80000000,)", descr="'|u1'", body=bytes(8 * 10**7))
        )
    )
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(mark) + at
        content[start : start + 4] = struct.pack("<I", 1000)
    peak, _ = peak_of(lambda: read_npz(bytes(content)))
    assert peak < 2**22


def test_members_add_up():
    content = npz(**{f"a{n}": np.zeros(10_000) for n in range(9)})
    assert len(read_npz(content, limit=800_000)) == 9
    with pytest.raises(DataFileError, match="more than the 700000"):
        read_npz(content, limit=700_000)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packing_methods(method):
    with pytest.raises(DataFileError, match="stored or deflated"):
        read_npz(archive(method, a=sound()))


def test_doubled_foreign_and_encrypted_members():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("a.npy", sound())
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("a.npy", sound())
    with pytest.raises(DataFileError, match="there twice"):
        read_npz(stream.getvalue())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("readme.txt", b"hello")
    with pytest.raises(DataFileError, match=r"'readme\.txt' is no array"):
        read_npz(stream.getvalue())
    content = bytearray(archive(a=sound()))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DataFileError, match="encrypted"):
        read_npz(bytes(content))


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"no zip at all", npy(np.ones(3))]
)
def test_no_archive(content):
    with pytest.raises(DataFileError, match="damaged archive"):
        read_npz(content)


def test_damaged_at_random():
    rng = random.Random(3)
    whole = npz(
        images=np.arange(600, dtype=np.uint8).reshape(6, 100),
        labels=np.arange(6),
    )
    expected = read_npz(whole)
    sentences = []
    for _ in range(1500):
        damaged = bytearray(whole)
        for _ in range(rng.choice([1, 1, 3])):
            kind, at = rng.randrange(3), rng.randrange(len(damaged))
            if kind == 0:
                damaged[at] ^= 1 << rng.randrange(8)
            elif kind == 1:
                del damaged[at : at + rng.randrange(1, 30)]
            else:
                damaged[at:at] = rng.randbytes(rng.randrange(1, 9))
        try:
            read = read_npz(bytes(damaged))
        except DataFileError as error:
            sentences.append(str(error))
            continue
        # What still passes the checksums is the content, under any names.
        assert len(read) <= 2
        for array in read.values():
            assert any(
                array.tobytes() == e.tobytes() for e in expected.values()
            )
    assert len(sentences) > 1000
    assert not any("\n" in sentence for sentence in sentences)


def idx(array, code):
    sizes = struct.pack(f">{array.ndim}I", *array.shape)
    return bytes([0, 0, code, array.ndim]) + sizes + array.tobytes()


@pytest.mark.parametrize(
    ("code", "dtype"),
    [
        (8, ">u1"),
        (9, ">i1"),
        (11, ">i2"),
        (12, ">i4"),
        (13, ">f4"),
        (14, ">f8"),
    ],
)
@pytest.mark.parametrize("shape", [(), (5,), (2, 3), (2, 3, 4), (0, 3)])
def test_idx_is_read(code, dtype, shape):
    array = np.arange(np.prod(shape, dtype=int)).astype(dtype).reshape(shape)
    read = read_idx(idx(array, code))
    assert read.dtype == np.dtype(dtype).newbyteorder("=")
    assert read.shape == shape
    assert np.array_equal(read, array)
    assert read.flags.writeable


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "starts with b''"),
        (b"\0\0\x08", "starts with"),
        (b"\1\0\x08\1\0\0\0\0", "two zero bytes"),
        (b"\0\0\x0a\1\0\0\0\0", "known type"),
        (b"\0\0\x08\1", "do not fit"),
        (b"\0\0\x08\xff" + bytes(1020), "255 axes"),
        (b"\0\0\x08\1\0\0\0\2\0", "takes 10"),
        (b"\0\0\x08\1\0\0\0\2\0\0\0", "has 11 bytes"),
        (b"\0\0\x0e\3" + b"\xff" * 12, "takes"),
        (b"\0\0\x08\x03" + b"\0\0\0\0" + b"\xff" * 8 + b"x", "takes 16"),
        (zlib.compress(b"\0\0\x08\1\0\0\0\0"), "starts with"),
    ],
)
def test_idx_is_refused(content, words):
    peak, sentence = peak_of(lambda: read_idx(content))
    assert words in sentence
    assert peak < 2**20
