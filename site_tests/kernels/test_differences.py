"""The differences to torch that the site shows are those the tests see.

That no comparison exceeds them is checked where it is made.
"""

import math
from pathlib import Path

import numpy as np
import pytest

from site_tests.kernels import differences
from site_tests.kernels.case import Case, assert_as_torch
from site_tests.kernels.differences import SEEN, Differences, at_least, bound
from tutorial_kernels import kernels

ROOM = Path(__file__).parent


def test_the_page_lists_every_pair_and_no_other() -> None:
    pairs = {
        name.removesuffix("_forward")
        for name in kernels.__all__
        if name.endswith("_forward")
    }
    assert set(SEEN.bounds or SEEN.cases) == pairs


def test_the_page_counts_no_case_that_did_not_run(
    request: pytest.FixtureRequest,
) -> None:
    files = {item.path for item in request.session.items}
    option = request.config.option
    missing = set(ROOM.glob("test_*.py")) - files
    if missing or option.keyword or option.markexpr or SEEN.recording:
        pytest.skip("the cases are counted in a run of all tests of this room")
    counted = {pair: entry["cases"] for pair, entry in SEEN.bounds.items()}
    assert {
        pair: (SEEN.cases[pair], cases)
        for pair, cases in counted.items()
        if SEEN.cases[pair] < cases
    } == {}


@pytest.mark.parametrize(
    ("difference", "expected"),
    [(0, 1e-11), (9e-13, 1e-11), (2e-12, 1e-10), (5e-9, 1e-7), (1.0, 10.0)],
)
def test_bounds_leave_room_for_ten_times(
    difference: float, expected: float
) -> None:
    assert bound(difference, "float64") == expected
    assert bound(difference, "float32") == max(expected, 1e-5)


@pytest.mark.parametrize(
    ("cases", "expected"), [(1, 1), (12, 6), (29, 10), (57, 20), (522, 200)]
)
def test_half_of_the_cases_are_promised(cases: int, expected: int) -> None:
    assert at_least(cases) == expected


def test_what_was_seen_goes_through_the_file(tmp_path: Path) -> None:
    seen = Differences({})
    seen.count("relu", np.dtype("float64"))
    seen.count("relu", np.dtype("float16"))
    seen.note("relu", "float64", "values", 3e-11)
    seen.note("relu", "float64", "values", 2e-13)
    seen.note("relu", "float16", "values", 1e-3)
    differences.write(seen.summary(), tmp_path / "d.json")
    assert differences.read(tmp_path / "d.json") == {
        "relu": {
            "cases": 1,
            "float64": {"values": 1e-9, "gradients": 1e-11},
            "float32": {"values": 1e-5, "gradients": 1e-5},
        }
    }
    assert differences.read(tmp_path / "none.json") == {}


def test_a_larger_difference_than_the_page_says_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch

    entry = {
        dtype: {"values": 0.0, "gradients": 0.0} for dtype in differences.DTYPES
    }
    strict = Differences({"exp": entry})
    monkeypatch.setattr("site_tests.kernels.case.SEEN", strict)
    case = Case("exp", lambda r: (), torch.exp)
    nearly = Case("exp", lambda r: (), lambda x: torch.exp(x) * (1 + 1e-14))
    assert_as_torch(nearly, [np.zeros(2, np.float16)], {}, 1e-2)
    assert_as_torch(case, [np.zeros(2)], {}, 0)
    with pytest.raises(AssertionError, match="exp: the values in float64"):
        assert_as_torch(nearly, [np.ones(2)], {}, 1e-10)
    strict.recording = True
    assert_as_torch(nearly, [np.ones(2)], {}, 1e-10)
    assert math.isclose(
        strict.largest["exp", "float64", "values"], 1e-14, rel_tol=0.2
    )
