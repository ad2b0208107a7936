"""Small data sets and networks for the tests of the training."""

import numpy as np
import pytest
import torch

from site_tests.training.nursery import Nursery
from tutorial_kernels.data import Examples


@pytest.fixture(autouse=True)
def one_thread():
    """Sums in one order, and room for the tests beside this one."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def bright_or_dark():
    """Images whose class is how bright they are: easy, but not at once."""

    def make(count: int, seed: int = 0) -> Examples:
        rng = np.random.default_rng(seed)
        labels = rng.integers(0, 3, count)
        images = rng.random((count, 1, 6, 6)) + labels[:, None, None, None] / 2
        return Examples(images.astype(np.float32), labels.astype(np.int64))

    return make


@pytest.fixture
def small_network():
    """A classifier of 6 x 6 images with fixed first weights."""

    def make() -> torch.nn.Module:
        torch.manual_seed(0)
        return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(36, 3))

    return make


@pytest.fixture(scope="session")
def nursery(tmp_path_factory):
    """Where processes that train come from."""
    nursery = Nursery(tmp_path_factory.mktemp("nursery"))
    yield nursery
    nursery.close()
