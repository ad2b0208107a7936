"""What PyTorch's database of modules calls a mistake is one here as well."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.testing._internal.common_modules import ModuleErrorEnum

from site_tests.conformance.modules import INFOS, to_ours
from tutorial_kernels import nn

WRONG = [name for name, info in INFOS.items() if info.module_error_inputs_func]


def call(name: str, wrong: Any) -> None:
    given = wrong.module_error_input
    options = dict(given.constructor_input.kwargs)
    options.pop("device", None)
    module = getattr(nn, name)(
        *to_ours(tuple(given.constructor_input.args)),
        **{key: to_ours(value) for key, value in options.items()},
    )
    assert wrong.error_on == ModuleErrorEnum.FORWARD_ERROR
    inputs = given.forward_input
    module(
        *to_ours(tuple(inputs.args), wrap=True),
        **{k: to_ours(v, wrap=True) for k, v in inputs.kwargs.items()},
    )


@pytest.mark.parametrize("name", WRONG)
def test_mistakes_are_refused_in_one_sentence(name: str) -> None:
    wrongs = INFOS[name].module_error_inputs_func(
        INFOS[name],
        device="cpu",
        dtype=torch.float32,
        requires_grad=False,
        training=True,
    )
    assert wrongs
    for wrong in wrongs:
        with pytest.raises((ValueError, TypeError, IndexError)) as caught:
            call(name, wrong)
        sentence = str(caught.value)
        operation, colon, _ = sentence.partition(": ")
        own = name.lower().startswith(operation.replace("_", "").lower())
        assert own or operation == "Parameter", sentence
        assert colon, sentence
        assert "\n" not in sentence


def test_most_classes_have_mistakes() -> None:
    assert len(WRONG) >= 12
