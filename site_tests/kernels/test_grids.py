"""Every pair is compared with torch over a grid that hypothesis draws."""

from pathlib import Path

import pytest

from site_tests.kernels.differences import SEEN
from tutorial_kernels import kernels

ROOM = Path(__file__).parent


def test_every_pair_has_a_grid(request: pytest.FixtureRequest) -> None:
    files = {item.path for item in request.session.items}
    option = request.config.option
    missing = set(ROOM.glob("test_options*.py")) - files
    if missing or option.keyword or option.markexpr:
        pytest.skip("the pairs are counted in a run of all tests of this room")
    pairs = {
        name.removesuffix("_forward")
        for name in kernels.__all__
        if name.endswith("_forward")
    }
    assert pairs - set(SEEN.generated) == set()
