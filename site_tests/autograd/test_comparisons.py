"""Comparisons of tensors: element by element, as plain arrays."""

from __future__ import annotations

import operator
import re
from typing import Any

import numpy as np
import pytest
import torch

from tutorial_kernels import Tensor

OPERATORS = [
    operator.eq,
    operator.ne,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
]
each_operator = pytest.mark.parametrize("compare", OPERATORS)
X = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, np.nan]])
OTHERS: list[Any] = [2, 2.5, np.ones(1), X[0], X[::-1], X[:, :1]]


@each_operator
@pytest.mark.parametrize("other", OTHERS, ids=repr)
def test_elements_are_compared_as_in_torch(compare: Any, other: Any) -> None:
    array = isinstance(other, np.ndarray)
    twin = torch.tensor(other.copy()) if array else other
    expected = compare(torch.tensor(X), twin).numpy()
    reversed_ = compare(twin, torch.tensor(X)).numpy()
    for right in (other, Tensor(other) if array else other):
        ours = compare(Tensor(X), right)
        assert type(ours) is np.ndarray
        np.testing.assert_array_equal(ours, expected)
        np.testing.assert_array_equal(compare(right, Tensor(X)), reversed_)


def test_labels_are_counted() -> None:
    labels = np.array([0, 2, 1, 1])
    predicted = Tensor(np.array([0, 1, 1, 1]))
    assert (predicted == labels).mean() == 0.75
    assert (labels == predicted).sum() == 3
    assert (Tensor(labels) != predicted).sum() == 1


def test_nothing_equals_none_or_a_text() -> None:
    x, twin = Tensor(X), torch.tensor(X)
    for other in (None, "1"):
        assert (x == other) is (twin == other) is False
        assert (x != other) is (twin != other) is True
    with pytest.raises(TypeError, match="not supported between instances"):
        _ = x < None


def test_a_tensor_is_its_own_key() -> None:
    one, same = Tensor(np.ones(3)), Tensor(np.ones(3))
    many = [Tensor(np.ones(3)) for _ in range(2000)]
    table = {tensor: number for number, tensor in enumerate(many)}
    assert table[many[1234]] == 1234
    assert one not in table
    assert len({one, same, one}) == 2
    many[0].data[...] = 7  # its numbers do not matter
    assert table[many[0]] == 0


@each_operator
def test_shapes_that_do_not_fit(compare: Any) -> None:
    sentence = "shapes (2, 3) and (2,) cannot be broadcast together"
    with pytest.raises(ValueError, match=re.escape(sentence)):
        compare(Tensor(X), np.ones(2))


def test_one_element_is_true_or_false() -> None:
    for value in (0, 1, 0.0, 2.5, True, False):
        assert bool(Tensor(value)) is bool(torch.tensor(value))
        assert bool(Tensor([value])) is bool(torch.tensor([value]))
    for shape in ((2,), (0,), (1, 2)):
        with pytest.raises(ValueError, match="of one element") as caught:
            bool(Tensor(np.ones(shape)))
        assert str(caught.value) == (
            "bool: only a tensor of one element is true or false, this one "
            f"has shape {shape}; ask its .data for any() or all()"
        )
