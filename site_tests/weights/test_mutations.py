"""Files damaged at random: refused, or read as the reference reads them.

The reader runs in a process of its own with little memory and little
time, so that a hang, a crash or an allocation out of all proportion is
seen for what it is.
"""

import json
import random
import resource
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import safetensors
import safetensors.numpy

from tutorial_kernels.weights import SafetensorsError, read_safetensors

COUNT = 1_200
SPLICES = [
    b"{", b"}", b"[", b"]", b'"', b",", b":", b"-", b"1e9", b"NaN", b"true",
    b"null", b"\\u0000", b"\\", b"\xff", b"9" * 30, b"[[[[[[", b"PK\x03\x04",
    b'"w":', b'"__metadata__":{},', b"F8_E4M3", b"BF16", b"0,", b" ",
]  # fmt: skip

# Reads every file named on stdin's JSON; answers with what came of each.
READER = """
import json, resource, sys, time
from tutorial_kernels.weights import SafetensorsError, read_safetensors
base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
answers = []
for path in json.load(sys.stdin):
    start = time.perf_counter()
    try:
        read_safetensors(path)
        answer = "read"
    except SafetensorsError as error:
        answer = f"refused: {error}"
    except BaseException as error:
        answer = f"escaped: {error!r}"
    answers.append((path, answer, time.perf_counter() - start))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base
peak //= 1024 if sys.platform == "darwin" else 1
json.dump({"answers": answers, "peak_kib": peak}, sys.stdout)
"""


def originals():
    rng = np.random.default_rng(1)
    plain = {
        "conv1.weight": rng.standard_normal((16, 1, 3, 3)).astype(np.float32),
        "conv1.bias": rng.standard_normal(16).astype(np.float32),
        "steps": np.array(1234, np.int64),
        "mask": np.array([True, False, True]),
        "none": np.zeros((0, 4), np.float16),
    }
    yield safetensors.numpy.save(plain, {"task": "cnn"})
    yield safetensors.numpy.save(
        {"w": np.arange(12, dtype=np.uint16).reshape(3, 4)}
    )
    yield safetensors.numpy.save({})
    many = {f"layer.{n}": np.full((2, 2), n, np.float64) for n in range(40)}
    yield safetensors.numpy.save(many)


def in_header(rng: random.Random, content: bytes) -> int:
    end = 8 + int.from_bytes(content[:8], "little")
    return rng.randrange(min(end, len(content)) + 1)


def mutate(rng: random.Random, content: bytes, others: list[bytes]) -> bytes:
    """One to four random edits, most of them in the header."""
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        if not content:
            return content
        at = (
            in_header(rng, content)
            if rng.random() < 0.8
            else rng.randrange(len(content))
        )
        kind = rng.randrange(9)
        if kind == 0:  # flip one bit
            edited = bytearray(content)
            edited[min(at, len(edited) - 1)] ^= 1 << rng.randrange(8)
            content = bytes(edited)
        elif kind == 1:  # another byte
            content = content[:at] + rng.randbytes(1) + content[at + 1 :]
        elif kind == 2:  # cut off
            content = content[:at]
        elif kind == 3:  # cut out
            content = content[:at] + content[at + rng.randrange(1, 40) :]
        elif kind == 4:  # put in
            content = content[:at] + rng.choice(SPLICES) + content[at:]
        elif kind == 5:  # repeat a stretch
            content = content[: at + rng.randrange(1, 60)] + content[at:]
        elif kind == 6:  # a piece of another file
            other = rng.choice(others)
            start = rng.randrange(len(other))
            content = content[:at] + other[start : start + 50] + content[at:]
        elif kind == 7:  # another header length
            length = rng.choice(
                [0, 1, 2**16, 10**8, 10**8 + 1, 2**32, 2**63, 2**64 - 1]
            )
            content = length.to_bytes(8, "little") + content[8:]
        else:  # a digit for a digit, and the length put right
            digits = [
                i for i, byte in enumerate(content) if byte in b"0123456789"
            ]
            if digits:
                at = rng.choice(digits)
                digit = str(rng.randrange(10)).encode()
                content = content[:at] + digit + content[at + 1 :]
        if rng.random() < 0.5 and kind in (3, 4, 5, 6):
            content = with_length(content)
    return content


def with_length(content: bytes) -> bytes:
    """Sets the header's length to where its JSON now seems to end."""
    end = content.rfind(b"}")
    return max(end - 7, 0).to_bytes(8, "little") + content[8:]


@pytest.fixture(scope="module")
def mutants(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mutants")
    rng = random.Random(20_240_501)
    whole = list(originals())
    for number in range(COUNT):
        content = mutate(rng, rng.choice(whole), whole)
        (folder / f"{number:04}.safetensors").write_bytes(content)
    return sorted(folder.iterdir())


def limit_resources() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))


@pytest.fixture(scope="module")
def verdict(mutants):
    done = subprocess.run(
        [sys.executable, "-c", READER],
        input=json.dumps([str(path) for path in mutants]),
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=limit_resources,
        check=True,
    )
    return json.loads(done.stdout)


def test_no_other_exception_no_hang_and_little_memory(verdict):
    assert len(verdict["answers"]) == COUNT
    escaped = [a for a in verdict["answers"] if a[1].startswith("escaped")]
    assert not escaped
    assert max(seconds for _, _, seconds in verdict["answers"]) < 2
    assert verdict["peak_kib"] < 64 * 1024


def test_what_is_read_is_what_the_reference_reads(verdict):
    read = [
        Path(path) for path, answer, _ in verdict["answers"] if answer == "read"
    ]
    refused = COUNT - len(read)
    # The test is worth something only if both happen often.
    assert len(read) >= 50, len(read)
    assert refused >= 400, refused
    for path in read:
        ours = read_safetensors(path)
        flat = dict(safetensors.deserialize(path.read_bytes()))
        assert ours.keys() == flat.keys()
        for name, array in ours.items():
            theirs = flat[name]
            assert list(array.shape) == list(theirs["shape"]), path
            if theirs["dtype"] == "BF16":
                bits = (array.view(np.uint32) >> 16).astype("<u2")
                assert bits.tobytes() == bytes(theirs["data"]), path
            else:
                assert array.tobytes() == bytes(theirs["data"]), path
                twin = safetensors.numpy.load(path.read_bytes())[name]
                assert array.dtype == twin.dtype, path


def test_each_refusal_is_one_sentence(verdict):
    for path, answer, _ in verdict["answers"]:
        if answer != "read":
            assert answer.startswith(f"refused: {path}: "), answer
            assert "\n" not in answer
            assert len(answer) < 800


def test_a_claim_of_terabytes_takes_no_memory(raw_file):
    # 10**8 bytes are the longest header that may be claimed; 2**40 elements.
    fields = {"dtype": "F64", "shape": [2**40], "data_offsets": [0, 2**43]}
    claims = [
        raw_file({"w": fields}, bytes(64)),
        raw_file(b'{"w"', length=100_000_000),
    ]
    for content in claims:
        tracemalloc.start()
        with pytest.raises(SafetensorsError):
            read_safetensors(content)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 1 << 20


def test_a_large_file_of_another_kind_is_not_read_whole(tmp_path):
    path = tmp_path / "model.pt"
    with path.open("wb") as stream:
        stream.write(b"PK\x03\x04 and so on")
        stream.truncate(8 << 30)  # sparse: 8 GiB that take no room
    tracemalloc.start()
    with pytest.raises(SafetensorsError, match="zip archive"):
        read_safetensors(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20
