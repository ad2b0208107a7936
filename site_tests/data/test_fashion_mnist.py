"""Fashion-MNIST: the excerpt, the full set, where it is looked for."""

import functools
import gzip
import hashlib
import http.server
import json
import shutil
import threading
import zlib

import numpy as np
import pytest

from site_tests.programs import module_of
from tutorial_kernels.data import (
    FASHION_MNIST_CLASSES,
    DataFileError,
    fashion_mnist,
    fashion_mnist_excerpt,
    load_fashion_mnist,
    read_asset,
    read_npz,
)

IMAGES = "train-images-idx3-ubyte"
# Of 5,000 by the seed: a promise of Python, whatever its version.
FIRST_CHOSEN = [2896, 1874, 1262, 4599, 170, 2123, 2561, 2347]


def full_set():
    folder = fashion_mnist.FASHION_MNIST.find()
    if folder is None:
        pytest.skip(
            "the full Fashion-MNIST is not on this machine: install the "
            f"Debian package {fashion_mnist.FASHION_MNIST.package}"
        )
    return folder


# The excerpt


def test_the_excerpt():
    train, test = fashion_mnist_excerpt()
    for part, count in ((train, 2000), (test, 500)):
        assert part.images.shape == (count, 1, 28, 28)
        assert part.images.dtype == np.float32
        assert part.images.min() == 0
        assert part.images.max() == 1
        assert part.labels.shape == (count,)
        assert part.labels.dtype == np.int64
        assert np.bincount(part.labels).tolist() == [count // 10] * 10
        tens = part.labels.reshape(-1, 10)
        assert np.array_equal(
            np.sort(tens), np.tile(np.arange(10), (count // 10, 1))
        )
        assert len(np.unique(tens, axis=0)) > count // 12  # and in any order
    images = np.concatenate([train.images, test.images]).reshape(2500, -1)
    assert len(np.unique(images, axis=0)) == 2500
    assert len(set(FASHION_MNIST_CLASSES)) == 10


def test_the_excerpt_shows_clothes():
    # Trousers (1) are a narrow column, bags (8) are wide: the labels fit.
    images, labels = fashion_mnist_excerpt()[0]
    width = (images[:, 0].mean(axis=1) > 0.1).sum(axis=1)
    assert width[labels == 1].mean() < 16 < 22 < width[labels == 8].mean()


def test_the_excerpt_is_the_one_on_record():
    content = read_asset("data/fashion_mnist_excerpt.npz")
    record = json.loads(read_asset("data/fashion_mnist_excerpt.json"))
    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert len(content) == record["bytes"] <= 1_200_000
    assert record["rows"] == 2500
    assert record["license"] == "MIT"
    assert "arXiv:1708.07747" in record["citation"]
    assert record["source_files"] == {
        name: sha256
        for name, (_, sha256) in fashion_mnist.FASHION_MNIST.files.items()
    }


def test_the_licence_stands_beside_the_data():
    text = " ".join(read_asset("data/LICENSES.md").decode().split())
    assert "2017 Zalando SE" in text
    assert "Permission is hereby granted, free of charge" in text
    assert "THE SOFTWARE IS PROVIDED" in text


def test_a_damaged_excerpt_is_refused(tmp_path, monkeypatch):
    content = bytearray(read_asset("data/fashion_mnist_excerpt.npz"))
    content[5000] ^= 1
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "fashion_mnist_excerpt.npz").write_bytes(content)
    monkeypatch.setenv("TUTORIAL_KERNELS_ASSETS", str(tmp_path))
    with pytest.raises(DataFileError, match="damaged archive"):
        fashion_mnist_excerpt()


@pytest.fixture(scope="session")
def maker(root):
    return module_of(root / "docs/assets/data/make_fashion_mnist_excerpt.py")


def test_the_script_makes_the_committed_excerpt(maker):
    full_set()
    committed = read_asset("data/fashion_mnist_excerpt.npz")
    record = json.loads(read_asset("data/fashion_mnist_excerpt.json"))
    arrays = maker.excerpt()
    here = read_npz(committed)
    assert here.keys() == arrays.keys()
    for name, array in arrays.items():
        assert array.dtype == here[name].dtype == np.uint8
        assert np.array_equal(array, here[name]), name
    packed = maker.packed(arrays)
    # Another zlib packs the same arrays into other bytes.
    if record["zlib"] == zlib.ZLIB_RUNTIME_VERSION:
        assert packed == committed
        assert maker.record().items() <= record.items()


def test_the_script_packs_and_chooses_the_same_way_without_the_full_set(maker):
    labels = np.arange(5000) % 10
    chosen = maker.choose(labels, 50)
    assert np.bincount(labels[chosen]).tolist() == [50] * 10
    assert chosen[:8] == FIRST_CHOSEN
    arrays = read_npz(read_asset("data/fashion_mnist_excerpt.npz"))
    again = read_npz(maker.packed(arrays))
    assert all(np.array_equal(again[name], arrays[name]) for name in arrays)


# The full set


def test_the_official_files():
    train, test = load_fashion_mnist(full_set())
    for part, count in ((train, 60_000), (test, 10_000)):
        assert part.images.shape == (count, 1, 28, 28)
        assert part.images.dtype == np.float32
        assert part.labels.dtype == np.int64
        assert np.bincount(part.labels).tolist() == [count // 10] * 10
    excerpt = fashion_mnist_excerpt()
    rows = [
        {image.tobytes() for image in part.images} for part in (train, test)
    ]
    for number, part in enumerate(excerpt):
        assert all(image.tobytes() in rows[number] for image in part.images)


def test_a_named_folder(small_set):
    train, test = load_fashion_mnist(small_set)
    assert train.images.shape == test.images.shape == (30, 1, 28, 28)
    packed = (small_set / f"{IMAGES}.gz").read_bytes()
    raw = np.frombuffer(gzip.decompress(packed), np.uint8, offset=16)
    assert np.array_equal(train.images.ravel(), raw.astype(np.float32) / 255)
    for path in list(small_set.iterdir()):  # unpacked files will do as well
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()
    again = load_fashion_mnist(str(small_set))
    assert np.array_equal(again[0].images, train.images)


@pytest.mark.parametrize(
    "place", ["variable", "variable/fashion-mnist", "system", "cache"]
)
def test_the_other_places(
    small_set, tmp_path, monkeypatch, change_full_set, place
):
    if place == "cache":
        target = tmp_path / "cache/tutorial-kernels/fashion-mnist"
    else:
        target = tmp_path / place
    shutil.copytree(small_set, target)
    if place.startswith("variable"):
        monkeypatch.setenv("TUTORIAL_KERNELS_DATA", str(tmp_path / "variable"))
    if place == "system":
        change_full_set(system_folder=target)
    assert fashion_mnist.FASHION_MNIST.find() == target
    # Also when a folder is named that lacks a file.
    (small_set / f"{IMAGES}.gz").unlink()
    assert load_fashion_mnist(small_set)[0].labels.shape == (30,)


def test_nowhere(small_set, tmp_path):
    shutil.rmtree(small_set)
    with pytest.raises(FileNotFoundError) as caught:
        load_fashion_mnist(tmp_path / "mine")
    sentence = str(caught.value)
    for part in (
        str(tmp_path / "mine"), "/nowhere/system", str(tmp_path / "cache"),
        "dataset-fashion-mnist", "download=True", "https://raw.githubusercontent.com/",
    ):  # fmt: skip
        assert part in sentence
    assert "\n" not in sentence
    assert not (tmp_path / "mine").exists()


def damaged(content):
    yield "flipped", content[:500] + bytes([content[500] ^ 255]) + content[501:]
    yield "short", content[:-1]
    yield "long", content + b"\0"
    yield "empty", b""
    yield "bomb", content + bytes(30_000_000)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("kind", ["flipped", "short", "long", "empty", "bomb"])
def test_a_file_that_is_not_the_official_one(small_set, kind, packed):
    path = small_set / f"{IMAGES}.gz"
    content = dict(damaged(gzip.decompress(path.read_bytes())))[kind]
    if packed:
        path.write_bytes(gzip.compress(content))
    else:
        path.unlink()
        path = path.with_suffix("")
        path.write_bytes(content)
    with pytest.raises(DataFileError) as caught:
        load_fashion_mnist(small_set)
    sentence = str(caught.value)
    size, expected = fashion_mnist.FASHION_MNIST.files[IMAGES]
    assert sentence.startswith(f"{path} is not the official {IMAGES}")
    assert expected in sentence
    assert str(size) in sentence
    if kind in ("flipped", "short"):
        assert hashlib.sha256(content).hexdigest() in sentence


@pytest.mark.parametrize("keep", [1, 2, 10, 100, -100])
def test_a_packed_file_cut_off(small_set, keep):
    path = small_set / f"{IMAGES}.gz"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DataFileError, match="is not the official"):
        load_fashion_mnist(small_set)


def test_packed_with_damage_inside(small_set):
    path = small_set / f"{IMAGES}.gz"
    content = bytearray(path.read_bytes())
    content[20:40] = b"\xff" * 20
    path.write_bytes(content)
    with pytest.raises(
        DataFileError, match=r"cannot be unpacked|not the official"
    ):
        load_fashion_mnist(small_set)


# The download, from a server of our own


@pytest.fixture
def server(small_set, change_full_set):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        asked = []  # noqa: RUF012

        def log_message(self, *_):
            pass

        def do_GET(self):
            Quiet.asked.append(self.path)
            if getattr(Quiet, "cut", False):
                self.send_response(200)
                self.send_header("Content-Length", "999999")
                self.end_headers()
                self.wfile.write(b"\x1f\x8b only the beginning")
            else:
                super().do_GET()

    handler = functools.partial(Quiet, directory=str(small_set))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        change_full_set(address=f"http://127.0.0.1:{httpd.server_port}/{{}}.gz")
        yield Quiet
        httpd.shutdown()


def test_download_into_the_named_folder(server, small_set, tmp_path, capsys):
    target = tmp_path / "new" / "folder"
    train, _ = load_fashion_mnist(target, download=True)
    assert np.array_equal(train.images, load_fashion_mnist(small_set)[0].images)
    assert len(server.asked) == 4
    assert len(list(target.iterdir())) == 4
    shown = capsys.readouterr().err
    assert f"{IMAGES}.gz: " in shown
    assert " MB" in shown
    load_fashion_mnist(target, download=True)  # now it is there
    assert len(server.asked) == 4


def test_download_into_the_cache_and_only_what_lacks(
    server, small_set, tmp_path
):
    cache = tmp_path / "cache/tutorial-kernels/fashion-mnist"
    cache.mkdir(parents=True)
    shutil.copy(small_set / f"{IMAGES}.gz", cache)
    load_fashion_mnist(download=True)
    assert len(server.asked) == 3
    load_fashion_mnist()
    assert len(server.asked) == 3


def test_a_wrong_file_is_not_kept(server, small_set, tmp_path):
    (small_set / f"{IMAGES}.gz").write_bytes(gzip.compress(b"something else"))
    with pytest.raises(
        DataFileError, match=rf"http://.*{IMAGES}.gz is not the official"
    ):
        load_fashion_mnist(tmp_path / "new", download=True)
    assert not list((tmp_path / "new").iterdir())


def test_a_download_that_breaks_off(server, tmp_path):
    server.cut = True
    with pytest.raises(OSError, match="broke off after 21 of 999999 bytes"):
        load_fashion_mnist(tmp_path / "new", download=True)
    assert not list((tmp_path / "new").iterdir())


def test_an_address_that_is_not_there(server, small_set, tmp_path):
    (small_set / f"{IMAGES}.gz").unlink()
    with pytest.raises(
        OSError, match=rf"{IMAGES}.gz cannot be downloaded: .*404"
    ):
        load_fashion_mnist(tmp_path / "new", download=True)


def test_a_file_too_large_is_given_up(server, small_set, tmp_path):
    (small_set / f"{IMAGES}.gz").write_bytes(bytes(2_000_000))
    with pytest.raises(OSError, match="has more than"):
        load_fashion_mnist(tmp_path / "new", download=True)
    assert not list((tmp_path / "new").iterdir())


def test_no_server_at_all(small_set, tmp_path, change_full_set):
    change_full_set(address="http://127.0.0.1:9/{}.gz")
    with pytest.raises(OSError, match="cannot be downloaded"):
        load_fashion_mnist(tmp_path / "new", download=True)
