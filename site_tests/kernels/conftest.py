"""Torch on one thread: the arrays are small, and waiting threads cost more."""

from collections.abc import Iterator

import pytest
import torch

from site_tests.kernels import differences
from site_tests.kernels.grids import held_to

torch.set_num_threads(1)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make differences` gives this option."""
    parser.addoption(
        "--record-differences",
        action="store_true",
        help="write down how far the pairs are from torch",
    )


def pytest_configure(config: pytest.Config) -> None:
    """While it records, no bound holds."""
    differences.SEEN.recording = recording(config)


@pytest.fixture(autouse=True)
def _true_claims(request: pytest.FixtureRequest) -> Iterator[None]:
    """A grid that has run has drawn what it claims to draw."""
    with held_to(getattr(request.function, "claims", {})):
        yield


def recording(config: pytest.Config) -> bool:
    return bool(config.getoption("--record-differences", default=False))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of the counts come when all comparisons have been made."""
    counts = ("test_differences.py", "test_grids.py")
    items.sort(key=lambda item: item.path.name in counts)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write what a whole run saw, if that is what it was for."""
    if recording(session.config) and exitstatus == 0:
        differences.write(differences.SEEN.summary())
