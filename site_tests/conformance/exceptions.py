"""Where we differ from torch on purpose: each with its reason.

What PyTorch has and the course has not stands in one file, which the page
"Not supported" shows and whose sentences a test tries out. Here is only what
is no call a reader could write.
"""

from pathlib import Path
from typing import Any

import torch

from tutorial_kernels.site.place import Place
from tutorial_kernels.site.unsupported import read_refusals

ROOT = Path(__file__).resolve().parents[2]
REFUSALS = read_refusals(Place(ROOT / "docs"))


def is_listed(error: Exception) -> bool:
    """Whether the sentence is one of those in the table, but for a value."""
    return _stem(str(error)) in {_stem(entry.message) for entry in REFUSALS}


def _stem(sentence: str) -> str:
    """The part of a sentence that does not depend on what came."""
    return sentence.split(", got")[0].split(" in mode")[0]


def is_no_call(name: str, sample: Any) -> bool:
    """Whether a sample asks nothing of a tensor.

    An operator between two plain numbers is Python's own, and so is a method
    such as `__rsub__` of a number.
    """
    if isinstance(sample.input, list | tuple | torch.Tensor):
        return False
    tensors = [part for part in sample.args if isinstance(part, torch.Tensor)]
    return not tensors or name.startswith("__r")
