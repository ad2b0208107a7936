"""The small data sets: their records, their shapes, and what is known of them.

The figures are baselines that a network has to beat. They were computed from
the same files by other programs, or published, and are computed here again.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from tutorial_kernels import data
from tutorial_kernels.data import DataFileError, read_asset, texts

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "assets" / "data"
RECORDS = sorted(path.name for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", RECORDS)
def test_every_file_is_the_one_on_record(name):
    record = json.loads((FOLDER / name).read_text())
    content = (FOLDER / record["file"]).read_bytes()
    assert len(content) == record["bytes"]
    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert (FOLDER / Path(record["made_by"]).name).is_file()
    assert {
        "title", "rows", "source", "source_version", "source_sha256",
        "changes", "license", "license_url", "license_file", "citation",
    } <= record.keys()  # fmt: skip
    licenses = (FOLDER / "LICENSES.md").read_text()
    assert f"`{record['file']}`" in licenses
    page = (FOLDER.parents[1] / "about" / "data.md").read_text()
    assert f"assets/data/{name}" in page


def test_every_data_file_has_a_record():
    known = {json.loads((FOLDER / n).read_text())["file"] for n in RECORDS}
    others = {
        path.name
        for path in FOLDER.iterdir()
        if path.suffix not in (".py", ".json", ".md") and path.is_file()
    }
    assert others == known
    assert len(known) == 9


def nearest_neighbor(train, test):
    """The share of test images whose nearest training image has their class."""
    a, b = (part.images.reshape(len(part.images), -1) for part in (train, test))
    distances = (b**2).sum(1)[:, None] - 2 * b @ a.T + (a**2).sum(1)
    return float((train.labels[distances.argmin(1)] == test.labels).mean())


def test_digits():
    train, test = data.digits()
    assert train.images.shape == (898, 1, 8, 8)
    assert test.images.shape == (899, 1, 8, 8)
    assert train.images.dtype == np.float32
    assert test.labels.dtype == np.int64
    assert train.images.max() == 1
    assert nearest_neighbor(train, test) == pytest.approx(0.9611, abs=1e-4)
    both = np.concatenate([train.images, test.images]).reshape(1797, -1)
    mean = train.images.reshape(898, -1).mean(0)
    error = ((both[898:] - mean) ** 2).mean()
    assert error == pytest.approx(0.0750, abs=1e-4)


def test_electricity_and_its_baselines():
    train, validation, test = data.electricity()
    load = np.concatenate([train.values, validation.values, test.values])
    times = np.concatenate([train.times, validation.times, test.times])
    assert len(load) == 26_304
    assert (np.diff(times) == np.timedelta64(1, "h")).all()
    assert len(test.values) == 8_760
    assert str(validation.times[0]) == "2013-10-01T00"
    low = [str(hour) for hour in times[load < 700]]
    assert low == ["2012-03-25T01", "2013-03-31T01", "2014-03-30T01"]

    start = len(load) - len(test.values)
    yesterday = np.abs(load[start:] - load[start - 24 : -24])
    assert yesterday.mean() == pytest.approx(84.47, abs=0.05)
    assert (yesterday**2).mean() ** 0.5 == pytest.approx(153.0, abs=0.1)
    last_week = np.abs(load[start:] - load[start - 168 : -168])
    assert last_week.mean() == pytest.approx(142.1, abs=0.1)
    hour_before = np.abs(load[start:] - load[start - 1 : -1])
    assert hour_before.mean() == pytest.approx(188.54, abs=0.05)


def test_airline():
    train, test = data.airline_passengers()
    assert len(train.values) == 108
    assert len(test.values) == 36
    assert [str(train.times[0]), str(test.times[-1])] == ["1949-01", "1960-12"]
    assert train.values[0] == 112
    values = np.concatenate([train.values, test.values])
    last_year = np.abs(values[-12:] - values[-24:-12]) / values[-12:]
    assert last_year.mean() == pytest.approx(0.0999, abs=1e-4)


def test_mnist1d():
    train, test = data.mnist1d()
    assert train.signals.shape == (4000, 40)
    assert test.signals.shape == (1000, 40)
    assert train.signals.dtype == np.float32
    both = np.concatenate([train.signals, test.signals])
    assert both.mean() == pytest.approx(0, abs=1e-3)
    assert both.std() == pytest.approx(1, abs=1e-3)
    assert np.bincount([*train.labels, *test.labels]).tolist() == [500] * 10


def test_shuffled_positions_keep_every_value():
    train, test = data.mnist1d()
    for part in (train, test):
        shuffled = data.shuffled_positions(part)
        assert np.array_equal(shuffled.labels, part.labels)
        assert not np.array_equal(shuffled.signals, part.signals)
        assert np.array_equal(np.sort(shuffled.signals), np.sort(part.signals))
    # one order for all of them, the same in both parts
    order = [
        int(np.flatnonzero((test.signals == column[:, None]).all(0))[0])
        for column in data.shuffled_positions(test).signals.T
    ]
    assert sorted(order) == list(range(40))
    again = data.shuffled_positions(train).signals
    assert np.array_equal(again, train.signals[:, order])
    other = data.shuffled_positions(train, seed=1).signals
    assert not np.array_equal(other, again)


def test_romeo_and_juliet():
    train, test = data.romeo_and_juliet()
    whole = train + test
    assert len(whole) == 141_753
    assert len(train) == int(0.9 * len(whole))
    assert len(set(whole)) == 69
    assert "wherefore art thou Romeo" in whole


def test_first_names():
    names = data.first_names()
    assert len(names) == len(set(names)) == 5_163
    assert names == sorted(names)
    assert set("".join(names)) <= set("abcdefghijklmnopqrstuvwxyz")


def test_movie_reviews():
    train, test = data.movie_reviews()
    ratings = np.concatenate([train.ratings, test.ratings])
    assert len(train.texts) + len(test.texts) == len(ratings) == 10_568
    assert (ratings > 0).sum() == 5_242
    assert (ratings < 0).sum() == 5_326
    assert np.abs(ratings).max() <= 4
    assert set(train.labels.tolist()) == {0, 1}
    for part in (train, test):
        assert all(text.strip() == text and text for text in part.texts)
        assert 0.4 < part.labels.mean() < 0.6


def test_a_damaged_set_is_refused(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    content = bytearray(read_asset("data/digits.npz"))
    content[3000:3100] = bytes(100)
    (tmp_path / "data" / "digits.npz").write_bytes(content)
    monkeypatch.setenv("TUTORIAL_KERNELS_ASSETS", str(tmp_path))
    with pytest.raises(DataFileError, match="npz: "):
        data.digits()
    with pytest.raises(FileNotFoundError, match="electricity"):
        data.electricity()


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("TUTORIAL_KERNELS_DATA", raising=False)
    return tmp_path


def test_tiny_shakespeare_is_missing(nowhere):
    with pytest.raises(FileNotFoundError) as caught:
        data.load_tiny_shakespeare(nowhere)
    assert str(caught.value) == (
        f"Tiny Shakespeare is in none of {nowhere}, "
        f"{nowhere}/cache/tutorial-kernels/tinyshakespeare: allow the "
        "download (download=True) from https://raw.githubusercontent.com/"
        "karpathy/char-rnn/master/data/tinyshakespeare/"
    )


def test_tiny_shakespeare_is_another_text(nowhere):
    path = nowhere / "tinyshakespeare.txt"
    path.write_bytes(b"To be, or not to be")
    with pytest.raises(DataFileError, match="is not the official tinyshakes"):
        data.load_tiny_shakespeare(nowhere)


def test_tiny_shakespeare_is_cut_in_two(nowhere, monkeypatch):
    text = b"abcdefghij" * 7
    changed = texts.TINY_SHAKESPEARE
    files = {
        "tinyshakespeare.txt": (len(text), hashlib.sha256(text).hexdigest())
    }
    monkeypatch.setattr(
        texts, "TINY_SHAKESPEARE", type(changed)("T", "t", files, "{}")
    )
    (nowhere / "tinyshakespeare.txt").write_bytes(text)
    train, test = data.load_tiny_shakespeare(nowhere)
    assert (train + test).encode() == text
    assert len(train) == 63
