"""Every pair, and every option of it, is drawn and compared with torch."""

import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.kernels import grids
from site_tests.kernels.case import Case, assert_as_torch
from site_tests.kernels.cases import CASES
from site_tests.kernels.differences import FILE, SEEN
from site_tests.kernels.grids import CLAIMS, PAIRS, REFUSED, held_to, options_of

ROOM = Path(__file__).parent
PAGE = ROOM.parents[1] / "docs/about/how_we_check.md"


@pytest.fixture(scope="module", autouse=True)
def every_claim() -> None:
    """The claims are made where the tests are defined."""
    for path in ROOM.glob("test_*.py"):
        if "\n@grid(" in path.read_text():
            importlib.import_module(f"site_tests.kernels.{path.stem}")


@pytest.mark.parametrize("pair", PAIRS)
def test_every_option_of_every_pair_is_drawn(pair: str) -> None:
    assert pair in CLAIMS, f"no grid compares {pair} with torch"
    assert CLAIMS[pair] == options_of(pair)


@pytest.mark.parametrize(("pair", "option"), REFUSED)
def test_the_other_value_is_refused(pair: str, option: str) -> None:
    case = next(case for case in CASES if case.pair == pair)
    parameters = inspect.signature(case.forward).parameters
    assert REFUSED[pair, option] != parameters[option].default
    given = case.options | {option: REFUSED[pair, option]}
    with pytest.raises((ValueError, NotImplementedError), match=f"^{pair}: "):
        case.forward(*case.arrays(), **given)


def calls(**drawn: Any) -> Any:
    """A small grid, of which a claim may be false."""
    import torch.nn.functional as F  # noqa: N812

    dtypes = drawn.pop("dtype", st.sampled_from([np.float32, np.float64]))
    case = Case("leaky_relu", lambda r: (), F.leaky_relu)

    @settings(max_examples=20, derandomize=True, database=None, deadline=None)
    @given(dtypes, st.fixed_dictionaries(drawn))
    def run(dtype: Any, options: dict[str, Any]) -> None:
        assert_as_torch(case, [np.linspace(-2, 2, 5, dtype=dtype)], options, 1)

    return run


SLOPES = st.sampled_from([0.1, 0.2])


def test_a_false_claim_fails() -> None:
    claim = {"leaky_relu": {"negative_slope"}}
    forward = grids.kernels.leaky_relu_forward
    with held_to(claim):
        calls(negative_slope=SLOPES)()
    with pytest.raises(AssertionError, match=r"most of \['neg"), held_to(claim):
        calls(negative_slope=st.just(0.1))()
    with pytest.raises(AssertionError, match="leaky_relu"), held_to(claim):
        calls(negative_slope=SLOPES, dtype=st.just(np.float64))()
    with pytest.raises(AssertionError, match="never compared"), held_to(claim):
        pass
    assert grids.kernels.leaky_relu_forward is forward
    assert "leaky_relu" in SEEN.generated


def test_the_page_says_how_many() -> None:
    entries = json.loads(FILE.read_text())
    text = PAGE.read_text()
    found = re.search(r"(\d+) pairs, at least ([\d,]+) cases", text)
    assert found is not None
    assert int(found[1]) == len(PAIRS) == len(entries)
    cases = sum(entry["cases"] for entry in entries.values())
    assert int(found[2].replace(",", "")) == cases // 1000 * 1000
