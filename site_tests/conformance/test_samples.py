"""Samples of PyTorch's operator database, here and in torch.

The samples are those PyTorch tests itself with: shapes, options and numbers
that nobody here thought of. Of a long list some are taken, evenly. Each is equal, values and gradients, or refused
with a sentence that the table of what is not supported lists.
"""

import warnings
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch.testing._internal.opinfo.core import UnaryUfuncInfo

from site_tests.conformance.comparison import DifferenceError, compare
from site_tests.conformance.exceptions import is_listed, is_no_call
from site_tests.conformance.operations import INFOS, OPERATIONS, PROMISED
from site_tests.counts import COUNTS

DTYPES = [
    torch.float64,
    torch.float32,
    torch.float16,
    torch.int64,
    torch.int32,
    torch.uint8,
    torch.bool,
]
PLAN = [
    pytest.param(info, dtype, id=f"{info.name}{info.variant_test_name and '-'}"
                 f"{info.variant_test_name}-{str(dtype).removeprefix('torch.')}")
    for info in INFOS
    for dtype in DTYPES
    if dtype in info.dtypes
]  # fmt: skip


@pytest.fixture(autouse=True)
def quiet_torch() -> Iterator[None]:
    """Torch warns of what it will change one day; that is not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        yield


ENOUGH = 20  # of a dtype; one operator has 1440
ENOUGH_FLOAT64 = 60  # of the long list
MOST = 2**17  # numbers in one array: a million take long and say no more


def spread(every: Iterable[Any], enough: int) -> list[Any]:
    """So many at most, evenly from the first to the last."""
    every = list(every)
    if len(every) <= enough:
        return every
    last = len(every) - 1
    return [every[n * last // (enough - 1)] for n in range(enough)]


def samples(info: Any, dtype: torch.dtype) -> list[Any]:
    """Float64 gets the long list, with extreme numbers among them."""
    grad = info.supports_autograd and dtype in info.backward_dtypes
    grad = grad and dtype.is_floating_point
    if dtype == torch.float64:
        long_list = info.reference_inputs("cpu", dtype, requires_grad=grad)
        small = (
            sample
            for sample in long_list
            if not torch.is_tensor(sample.input) or sample.input.numel() <= MOST
        )
        chosen = spread(small, ENOUGH_FLOAT64)
        return [in_whole_vectors(info, sample) for sample in chosen]
    every = info.sample_inputs("cpu", dtype, requires_grad=grad)
    return spread(every, ENOUGH)


def in_whole_vectors(info: Any, sample: Any) -> Any:
    """Each number sixteen times, where one of them is nan.

    What is left over of a vector takes another way through torch, and there
    some slopes at nan are other than everywhere else.
    """
    x = sample.input
    if isinstance(info, UnaryUfuncInfo) and x.ndim == 1 and x.isnan().any():
        grad, x = x.requires_grad, x.detach().repeat_interleave(16)
        sample.input = x.requires_grad_(grad)
    return sample


def outcome(info: Any, sample: Any, strided: bool) -> str:
    """Run one sample; say what became of it, or raise what is wrong."""
    if is_no_call(info.name, sample):
        return "no call"
    try:
        compare(OPERATIONS[info.name], info.op, sample, strided)
    except DifferenceError as error:
        raise DifferenceError(f"{error}\n{sample.summary()}") from None
    except Exception as error:
        if refused_by_torch(info, sample):
            return "refused by both"
        if is_listed(error):
            return "listed"
        raise
    return "equal"


def refused_by_torch(info: Any, sample: Any) -> bool:
    """Some samples are there to be refused."""
    try:
        info.op(sample.input, *sample.args, **sample.kwargs)
    except Exception:
        return True
    return False


@pytest.mark.parametrize(("info", "dtype"), PLAN)
def test_values_and_gradients_are_torchs(info: Any, dtype: torch.dtype) -> None:
    found = [outcome(info, s, strided=False) for s in samples(info, dtype)]
    assert found
    COUNTS["operator-database samples"] += found.count("equal")
    COUNTS["listed refusals"] += found.count("listed")


@pytest.mark.parametrize("info", INFOS, ids=lambda i: i.formatted_name)
def test_strides_do_not_matter(info: Any) -> None:
    dtype = torch.float64 if torch.float64 in info.dtypes else torch.int64
    every = info.sample_inputs("cpu", dtype, requires_grad=False)
    for sample in spread(every, ENOUGH):
        outcome(info, sample, strided=True)


def test_samples_are_spread_from_the_first_to_the_last() -> None:
    assert spread(range(20), 20) == list(range(20))
    chosen = spread(range(1440), 20)
    steps = {b - a for a, b in pairwise(chosen)}
    assert (len(chosen), chosen[0], chosen[-1]) == (20, 0, 1439)
    assert steps <= {75, 76}


def test_what_the_course_promises_is_compared() -> None:
    assert set(OPERATIONS) >= PROMISED
    assert {info.name for info in INFOS} >= PROMISED
