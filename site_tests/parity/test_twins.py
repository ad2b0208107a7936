"""Every model and its twin in torch, read side by side."""

import ast
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

from site_tests.parity.twins import OURS, THEIRS
from tutorial_kernels import models, torch_models

# What a twin may import. The package's name stands for torch's.
TENSORS = r"from torch import [\w, ]+"
FUNCTIONS = "from torch.nn import functional as F"
NAMES = {"Tensor", "cat", "nn", "no_grad"}

FILES = sorted(
    path.stem
    for path in Path(torch_models.__path__[0]).glob("*.py")
    if path.name != "__init__.py"
)


def tree(package: ModuleType, name: str) -> ast.Module:
    return ast.parse(source(package, name))


def source(package: ModuleType, name: str) -> str:
    return Path(package.__path__[0], f"{name}.py").read_text()


def definitions(package: ModuleType, name: str) -> dict[str, str]:
    """Every class, function and constant as it is written."""
    text = source(package, name)
    written = {}
    for node in ast.parse(text).body:
        segment = ast.get_source_segment(text, node) or ""
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            decorators = [ast.unparse(d) for d in node.decorator_list]
            written[node.name] = "\n".join([*decorators, segment])
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.TypeAlias):
            written[segment.split("=")[0]] = segment
    return written


def imports(package: ModuleType, name: str) -> list[str]:
    """The imports, as they would be over torch; without our kernels."""
    lines = [
        ast.unparse(node)
        for node in tree(package, name).body
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    lines = [line for line in lines if not re.search(OWN, line)]
    ours = "from tutorial_kernels import functional as F"
    lines = [line.replace(ours, FUNCTIONS) for line in lines]
    return [line.replace("tutorial_kernels", "torch") for line in lines]


# What only going through a model by hand needs.
OWN = r"^from tutorial_kernels\.(kernels|models\.by_layer) |^import numpy as np"


def test_every_model_has_its_twin() -> None:
    assert list(OURS) == list(THEIRS)
    assert {"fnn.SimpleNN", "cnn.SimpleCNN", "lstm.SimpleLSTM"} <= set(OURS)


@pytest.mark.parametrize("name", OURS)
def test_the_twins_read_alike(name: str) -> None:
    ours, theirs = (inspect.getsource(kind[name]) for kind in (OURS, THEIRS))
    assert ours == theirs
    assert "def forward(" in ours


@pytest.mark.parametrize("name", FILES)
def test_so_does_everything_else_in_the_file(name: str) -> None:
    ours, theirs = (definitions(k, name) for k in (models, torch_models))
    by_hand = {
        key
        for key in ours
        if key.endswith("_loss_and_gradients") or key.startswith("_")
    }
    assert theirs == {k: v for k, v in ours.items() if k not in by_hand}
    assert ast.get_docstring(tree(models, name)) == ast.get_docstring(
        tree(torch_models, name)
    )


@pytest.mark.parametrize("name", FILES)
def test_they_import_the_same_under_two_names(name: str) -> None:
    theirs = imports(torch_models, name)
    ours = imports(models, name)
    if "from typing import Any" not in theirs:  # only the way by hand needs it
        ours = [line for line in ours if line != "from typing import Any"]
    assert ours == theirs
    first = [line for line in theirs if re.fullmatch(TENSORS, line)]
    assert len(first) == 1
    assert set(re.findall(r"\w+", first[0])[3:]) <= NAMES
    allowed = {first[0], FUNCTIONS}
    others = set(theirs) - allowed
    assert all(
        re.match(r"(from|import) (math|typing|itertools|collections)\b", o)
        for o in others
    )


def test_a_twin_that_differs_is_seen() -> None:
    one, other = (definitions(models, name) for name in ("rnn", "gru"))
    assert set(one.values()).isdisjoint(other.values())
    assert imports(models, "gan") != imports(models, "rnn")
