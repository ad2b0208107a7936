"""Every structural damage is refused, with one clear sentence."""

import io
import json
import pickle
import time

import numpy as np
import pytest
import torch

from tutorial_kernels.weights import (
    SafetensorsError,
    read_safetensors,
    read_safetensors_metadata,
)


def entry(dtype="F32", shape=(2,), offsets=(0, 8), **more):
    return {
        "dtype": dtype,
        "shape": list(shape),
        "data_offsets": list(offsets),
        **more,
    }


def text(**changes):
    """One good entry as JSON text, with parts replaced word by word."""
    plain = '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'
    for old, new in changes.pop("swap", {}).items():
        assert old in plain
        plain = plain.replace(old, new)
    return plain


def refused(content, *words):
    start = time.perf_counter()
    with pytest.raises(SafetensorsError) as caught:
        read_safetensors(content)
    assert time.perf_counter() - start < 5
    sentence = str(caught.value)
    for word in words:
        assert word in sentence, sentence
    assert "\n" not in sentence
    assert len(sentence) < 600
    return sentence


BODY = bytes(8)

HEADERS = {
    "unknown dtype": ({"w": entry("F33")}, "'F33' is none of"),
    "dtype a number": ({"w": entry(32)}, "dtype 32 is none of"),
    "dtype a list": ({"w": entry(["F32"])}, "is none of"),
    "dtype in small letters": ({"w": entry("f32")}, "'f32' is none of"),
    "float8": ({"w": entry("F8_E4M3", (8,))}, "'F8_E4M3' is an 8-bit float"),
    "float8, other": ({"w": entry("F8_E5M2", (8,))}, "'F8_E5M2' is an 8-bit float"),
    "complex": ({"w": entry("C64", (1,))}, "'C64' is none of"),
    "negative offset": ({"w": entry(offsets=(-8, 0))}, "data_offsets is [-8, 0]"),
    "float offset": ({"w": entry(offsets=(0.0, 8.0))}, "data_offsets is [0.0, 8.0]"),
    "bool offset": ({"w": entry("U8", (1,), (False, True))}, "[False, True]"),
    "string offset": ({"w": entry(offsets=("0", "8"))}, "data_offsets is ['0', '8']"),
    "null offset": ({"w": entry(offsets=(None, 8))}, "data_offsets is [None, 8]"),
    "one offset": ({"w": entry(offsets=(8,))}, "data_offsets is [8]"),
    "three offsets": ({"w": entry(offsets=(0, 4, 8))}, "data_offsets is [0, 4, 8]"),
    "no offsets": ({"w": {"dtype": "F32", "shape": [2]}}, "must have the fields"),
    "end before start": ({"w": entry(offsets=(8, 0))}, "data_offsets is [8, 0]"),
    "another field": ({"w": entry(color="red")}, "no other"),
    "offsets an object": ({"w": {**entry(), "data_offsets": {}}}, "data_offsets is {}"),
    "shape a number": ({"w": {**entry(), "shape": 2}}, "shape is 2"),
    "shape null": ({"w": {**entry(), "shape": None}}, "shape is None"),
    "negative size": ({"w": entry(shape=(-1, -2))}, "shape is [-1, -2]"),
    "float size": ({"w": entry(shape=(2.0,))}, "shape is [2.0]"),
    "bool size": ({"w": entry("F64", shape=(True,))}, "shape is [True]"),
    "tensor a list": ({"w": [1, 2]}, "must have the fields"),
    "tensor a string": ({"w": "x"}, "must have the fields"),
    "tensor null": ({"w": None}, "must have the fields"),
    "size and shape differ": ({"w": entry(shape=(3,))}, "span 8 bytes", "takes 12"),
    "overlap": (
        {"a": entry(offsets=(0, 8)), "b": entry("U8", (1,), (7, 8))},
        "overlaps", "'b'",
    ),
    "same place": ({"a": entry(), "b": entry()}, "overlaps"),
    "gap at the start": ({"w": entry("U8", (7,), (1, 8))}, "leaves a gap"),
    "gap between": (
        {"a": entry("U8", (3,), (0, 3)), "b": entry("U8", (4,), (4, 8))},
        "'b' starts at byte 4", "leaves a gap", "ends at 3",
    ),
    "empty tensor out of place": (
        {"a": entry(), "b": entry(shape=(0,), offsets=(5, 5))}, "overlaps",
    ),
    "out of range": ({"w": entry(shape=(4,), offsets=(0, 16))}, "truncated", "16"),
    "far out of range": (
        {"w": entry("U8", (2**62,), (0, 2**62))}, "truncated", str(2**62),
    ),
    "beyond 64 bits": ({"w": entry(offsets=(0, 2**64))}, "2**63 - 1"),
    "product overflows": (
        {"w": entry(shape=(2**32, 2**32), offsets=(0, 0))}, "more than this machine",
    ),
    "product wraps to 8": (
        {"w": entry("U8", (2**61 + 1, 8), (0, 8))}, "more than this machine",
    ),
    "empty but huge": (
        {"w": entry(shape=(0, 2**62, 2**62), offsets=(0, 0))}, "more than this machine",
    ),
    "size beyond 63 bits": (
        {"w": entry(shape=(0, 2**63), offsets=(0, 0))}, "2**63 - 1",
    ),
    "too many axes": ({"w": entry("U8", (1,) * 65, (0, 1))}, "at most 64"),
    "very many axes": ({"w": entry("U8", (1,) * 10**5, (0, 1))}, "at most 64"),
    "trailing bytes": ({"w": entry(shape=(1,), offsets=(0, 4))}, "4 bytes follow"),
    "no tensors, but bytes": ({}, "8 bytes follow"),
    "metadata of numbers": ({"__metadata__": {"a": 1}, "w": entry()}, "only strings"),
    "metadata null": ({"__metadata__": None, "w": entry()}, "expected texts"),
    "metadata a list": ({"__metadata__": ["a"], "w": entry()}, "expected texts"),
    "metadata nested": (
        {"__metadata__": {"a": {"b": "c"}}, "w": entry()}, "only strings",
    ),
    "NaN": (text(swap={"[2]": "[NaN]"}), "NaN"),
    "Infinity": (text(swap={"0,8": "0,Infinity"}), "Infinity"),
    "-Infinity": (text(swap={"0,8": "-Infinity,8"}), "-Infinity"),
    "1e400": (text(swap={"[2]": "[1e400]"}), "shape is [inf]"),
    "number of 5,000 digits": (text(swap={"[2]": f"[{'9' * 5000}]"}), "is not JSON"),
    "leading zero": (text(swap={"0,8": "00,8"}), "is not JSON"),
    "hexadecimal": (text(swap={"[2]": "[0x2]"}), "is not JSON"),
    "single quotes": (text(swap={'"w"': "'w'"}), "is not JSON"),
    "trailing comma": (text(swap={"}}": "},}"}), "is not JSON"),
    "comment": (text(swap={"}}": "}/*x*/}"}), "is not JSON"),
    "half of it": (text()[:-1], "is not JSON"),
    "two documents": (text() + "{}", "is not JSON"),
    "zero padding": (text() + "\0\0", "is not JSON"),
    "raw newline in a name": (text(swap={'"w"': '"\n"'}), "is not JSON"),
    "unfinished string": ('{"w', "is not JSON"),
    "unfinished escape": ('{"w\\', "is not JSON"),
    "not UTF-8": (b'{"\xff":1}', "not UTF-8", "byte 2"),
    "overlong UTF-8": (b'{"\xc0\xaf":1}', "not UTF-8"),
    "UTF-8 surrogate": (b'{"\xed\xa0\x80":1}', "not UTF-8"),
    "UTF-16": ('{"w":1}'.encode("utf-16-le"), "is not JSON"),
    "half a surrogate pair": (text(swap={'"w"': r'"\ud800"'}), "surrogate"),
    "half a pair in metadata": (r'{"__metadata__":{"a":"\udc00"}}', "surrogate"),
    "same name twice": (
        text(swap={'{"w"': '{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w"'}),
        "has 'w' twice",
    ),
    "same name, once escaped": (r'{"w":[],"\u0077":[]}', "has 'w' twice"),
    "same field twice": (text(swap={'"shape"': '"dtype":"F32","shape"'}), "'dtype' twice"),
    "same metadata twice": ('{"__metadata__":{"a":"","a":""}}', "'a' twice"),
    "__metadata__ twice": ('{"__metadata__":{},"__metadata__":{}}', "twice"),
    "leading space": (" " + text(), "starts with b' '"),
    "leading newline": ("\n" + text(), "starts with b'\\n'"),
    "byte order mark": ("\ufeff" + text(), "starts with b'\\xef'"),
    "a list": ("[1]", "starts with b'['"),
    "deep lists": ('{"a":' + "[" * 200_000, "deeper than 3"),
    "deep objects": ('{"a":' * 200_000, "deeper than 3"),
    "deep and closed": ('{"a":' + "[" * 9999 + "]" * 9999 + "}", "deeper than 3"),
    "one level too many": (text(swap={"[2]": "[[2]]"}), "deeper than 3"),
    "a million quotes": ('{"a' + '\\"' * 10**6, "is not JSON"),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADERS)
def test_header(raw_file, case):
    header, *words = HEADERS[case]
    content = raw_file(header, BODY)
    refused(content, *words)
    with pytest.raises(SafetensorsError):
        read_safetensors_metadata(content)


def test_brackets_inside_strings_do_not_count(raw_file):
    name = '[[[[{{{{"\\[['
    content = raw_file({"__metadata__": {name: name}, name: entry()}, BODY)
    assert list(read_safetensors(content)) == [name]
    assert read_safetensors_metadata(content) == {name: name}


def test_the_sound_original_is_read(raw_file):
    assert np.array_equal(read_safetensors(raw_file(text(), BODY))["w"], [0, 0])
    padded = text() + "  \n\t "
    assert np.array_equal(read_safetensors(raw_file(padded, BODY))["w"], [0, 0])
    assert read_safetensors(raw_file("{}")) == {}


def test_every_truncation(raw_file):
    content = raw_file(text(), BODY)
    for size in range(len(content)):
        refused(content[:size], "truncated")


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (55, "truncated"),
        (99_999_999, "truncated: the header is 99999999 bytes long"),
        (100_000_001, "more than the 100000000 allowed"),
        (2**63, "more than the 100000000 allowed"),
        (2**64 - 1, "more than the 100000000 allowed"),
        (0, "expected b'{'"),
    ],
)
def test_header_length(raw_file, length, words):
    header = b"" if length == 0 else text().encode()
    body = b"\0\0" if length == 0 else b""
    refused(raw_file(header, body, length=length), words)


def test_duplicates_at_the_end_of_a_long_header_are_found_fast(raw_file):
    names = [f'"{n}":0' for n in range(300_000)]
    refused(
        raw_file("{" + ",".join([*names, '"299999":0']) + "}"), "'299999' twice"
    )


def test_long_names_are_cut_in_the_sentence(raw_file):
    sentence = refused(raw_file({"n" * 10**6: entry("F33")}, BODY), "'F33'")
    assert "..." in sentence


def npz():
    stream = io.BytesIO()
    np.savez(stream, w=np.ones(3))
    return stream.getvalue()


def torch_file():
    stream = io.BytesIO()
    torch.save({"w": torch.ones(3)}, stream)
    return stream.getvalue()


def npy():
    stream = io.BytesIO()
    np.save(stream, np.ones(3))
    return stream.getvalue()


class Bomb:
    """Notes in ``defused`` whether somebody unpickles it."""

    defused = True

    def __reduce__(self):
        return (setattr, (Bomb, "defused", False))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (npz(), "a zip archive"),
        (torch_file(), "a zip archive"),
        (npy(), ".npy"),
        *[
            (pickle.dumps(Bomb(), protocol), "a pickle")
            for protocol in (2, 3, 4, 5)
        ],
        (pickle.dumps(np.ones(1000)), "a pickle"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + bytes(600_000), "gzip"),
        (b"\x89HDF\r\n\x1a\n" + bytes(90), "HDF5"),
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"<html><body>404</body></html>", "a web page"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"", "truncated: 0 bytes"),
        (b"\x80\x02", "pickle"),
        (b"{}", "truncated: 2 bytes"),
    ],
)
def test_other_formats_are_named_and_nothing_runs(tmp_path, content, words):
    path = tmp_path / "weights.safetensors"
    path.write_bytes(content)
    sentence = refused(path, words)
    assert sentence.startswith(f"{path}: ")
    assert refused(content, words).startswith("safetensors bytes: ")
    assert Bomb.defused


def test_a_header_length_that_looks_like_a_pickle(raw_file):
    header = " " + text()
    header += " " * (0x0280 - len(header))
    refused(raw_file(header, BODY), "starts with b' '")


def test_truth_values_are_0_or_1(raw_file):
    header = {"w": entry("BOOL", (3,), (0, 3))}
    assert read_safetensors(raw_file(header, b"\0\1\0"))["w"].tolist() == [
        0,
        1,
        0,
    ]
    refused(raw_file(header, b"\0\1\2"), "is BOOL and holds the byte 2")


def test_what_cannot_be_opened_is_an_oserror(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_safetensors(tmp_path / "none.safetensors")
    with pytest.raises(IsADirectoryError):
        read_safetensors(tmp_path)


def test_json_that_is_sound_but_odd(raw_file):
    escaped = json.dumps({"é": entry()}, ensure_ascii=True, indent=4)
    assert list(read_safetensors(raw_file(escaped, BODY))) == ["é"]
    pair = text(swap={'"w"': r'"\ud83d\ude00"'})
    assert list(read_safetensors(raw_file(pair, BODY))) == ["😀"]
    assert list(read_safetensors(raw_file({"": entry()}, BODY))) == [""]
