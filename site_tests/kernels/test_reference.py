"""What the reference says about a pair is what the pair does."""

import ast
import functools
import inspect
from typing import Any

import numpy as np
import pytest
import torch

from site_tests.kernels.cases import CASES, Case, as_tuple
from tutorial_kernels import kernels
from tutorial_kernels.site.fences import DOCS
from tutorial_kernels.site.pair_page import (
    FORMULAS,
    calls,
    entry_of,
    gradients,
    results,
)
from tutorial_kernels.site.pairs import KERNELS, Pair, exported, pairs_of
from tutorial_kernels.site.place import Place

MODULES = {
    getattr(kernels, name).__module__
    for name in exported()
    if "_forward" in name
}
PAIRS = {
    pair.name: pair for module in sorted(MODULES) for pair in pairs_of(module)
}
ENTRIES = Place(DOCS).read_yaml(FORMULAS)


def test_every_pair_is_read() -> None:
    assert {f"{name}_forward" for name in PAIRS} == {
        name for name in exported() if name.endswith("_forward")
    }
    assert all(module.startswith(KERNELS) for module in MODULES)


# The cases of batch_norm call it with fewer arrays: it has its own test.
DIRECT = [case for case in CASES if case.pair != "batch_norm"]


def test_batch_norm_names_all_of_its_arrays() -> None:
    x, one = np.ones((2, 3)), np.ones(3)
    _, cache = kernels.batch_norm_forward(x, one, one, one, one)
    grads = kernels.batch_norm_backward(x, cache)
    names = gradients(PAIRS["batch_norm"])
    assert names == ["grad_x", "_", "_", "grad_weight", "grad_bias"]
    assert [grad is None for grad in grads] == [n == "_" for n in names]


@pytest.mark.parametrize("case", DIRECT, ids=str)
def test_a_gradient_has_a_name_for_each_that_comes_out(case: Case) -> None:
    pair = PAIRS[case.pair]
    out, cache = case.forward(*case.arrays(), **case.options)
    outs = as_tuple(out)
    if "return_indices" not in case.options and "dim" not in case.options:
        assert len(results(pair)) == len(outs)
    floating = [np.asarray(o) for o in outs if np.asarray(o).dtype.kind == "f"]
    grads = as_tuple(case.backward(*floating, cache))
    names = gradients(pair)
    if names != ["grads"]:
        assert len(names) == len(grads)
        assert all(
            grad is None
            for name, grad in zip(names, grads, strict=True)
            if name == "_"
        )
        assert [n for n in names if n != "_"] == [
            f"grad_{argument.name}"
            for argument, name in zip(pair.arguments, names, strict=False)
            if name != "_"
        ]


@pytest.mark.parametrize("pair", PAIRS.values(), ids=lambda pair: pair.name)
def test_the_call_is_python(pair: Pair) -> None:
    forward, backward = ast.parse("\n".join(calls(pair))).body
    for statement, half in ((forward, "forward"), (backward, "backward")):
        assert isinstance(statement, ast.Assign)
        call = statement.value
        assert isinstance(call, ast.Call)
        function = getattr(kernels, f"{pair.name}_{half}")
        words = {word.arg or "": None for word in call.keywords}
        inspect.signature(function).bind(*call.args, **words)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=lambda pair: pair.name)
def test_its_name_in_torch_is_there(pair: Pair) -> None:
    entry = entry_of(pair.name, ENTRIES)
    first, *rest = entry["torch"].split(".")
    assert first == "torch"
    found: Any = functools.reduce(getattr, rest, torch)
    assert callable(found)


def test_the_formulas_stand_in_the_order_of_their_names() -> None:
    assert list(ENTRIES) == sorted(PAIRS)
