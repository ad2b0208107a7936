"""What PyTorch refuses is refused here, with a sentence that says why."""

import re
from typing import Any

import pytest
import torch

from site_tests.conformance.comparison import Twin
from site_tests.conformance.operations import INFOS, OPERATIONS

# The operation, and what about it: an argument, a shape, or what came.
VERBS = "got|has|have|must|need|expects|cannot|names|is|do not fill"
SENTENCE = re.compile(rf"\w+(\(\))?[: ].*({VERBS}) .+")
MOST_AXES = 64  # of a NumPy array
MISTAKES = [
    pytest.param(info, error.sample_input, id=f"{info.formatted_name}-{k}")
    for info in INFOS
    if info.error_inputs_func is not None
    for k, error in enumerate(info.error_inputs("cpu"))
    if isinstance(error.sample_input.input, torch.Tensor | list | tuple)
    and getattr(error.sample_input.input, "ndim", 0) <= MOST_AXES
]


def test_there_are_many() -> None:
    """Those left out begin with a number: an operator takes it on the left."""
    assert len(MISTAKES) >= 115


@pytest.mark.parametrize(("info", "sample"), MISTAKES)
def test_both_refuse(info: Any, sample: Any) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011
        info.op(sample.input, *sample.args, **sample.kwargs)
    _, (first, args, kwargs) = Twin().both(
        (sample.input, sample.args, sample.kwargs)
    )
    with pytest.raises((ValueError, TypeError, IndexError)) as caught:
        OPERATIONS[info.name](first, *args, **kwargs)
    assert SENTENCE.match(str(caught.value)), str(caught.value)
