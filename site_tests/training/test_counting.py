"""Language models that count, by hand and on a play."""

import numpy as np
import pytest

from tutorial_kernels.data import romeo_and_juliet
from tutorial_kernels.training import ngram_nats


def test_counting_by_hand():
    # Known "aab": p0 = 1/2; p1(a) = (2 + 2/2) / (3 + 2) = 3/5, p1(b) = 2/5;
    # after a, seen are a and b, once each: p2(a|a) = (1 + 2 * 3/5) / 4.
    first, second = ngram_nats("aab", "aa", 2)
    assert first == pytest.approx(-np.log(3 / 5))
    expected = -(np.log(3 / 5) + np.log((1 + 2 * 3 / 5) / 4)) / 2
    assert second == pytest.approx(expected)


def test_the_play():
    """As another program counted it, to three digits."""
    found = ngram_nats(*romeo_and_juliet(), 5)
    assert [round(nats, 3) for nats in found] == [
        3.231, 2.422, 1.956, 1.702, 1.669,
    ]  # fmt: skip
