"""The fences of the reference: a pair as one section, and its tables."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
import yaml

from tutorial_kernels.site.pair_page import (
    calls,
    compared,
    entry_of,
    gradients,
    pair_sections,
)
from tutorial_kernels.site.pair_tables import differences_table, pair_index
from tutorial_kernels.site.pairs import Pair, pairs_of
from tutorial_kernels.site.place import Place

DOCS = Path(__file__).resolve().parents[2] / "docs"
KERNELS = "tutorial_kernels.kernels"
SEEN = {
    "cases": 1234,
    "float64": {"values": 1e-15, "gradients": 1e-14},
    "float32": {"values": 1e-6, "gradients": 1e-5},
}


def pair(module: str, name: str) -> Pair:
    found = {pair.name: pair for pair in pairs_of(f"{KERNELS}.{module}")}
    return found[name]


def test_a_pair_is_read_from_its_file() -> None:
    lstm = pair("recurrent", "lstm")
    assert lstm.forward.summary.startswith("Read a sequence with an LSTM")
    assert lstm.grads_out == ["grad_output", "grad_h", "grad_c"]
    assert lstm.raises[0][0] == "ValueError"
    assert lstm.forward.sources[0].startswith("Hochreiter and Schmidhuber")
    shapes = {a.name: a.kind for a in lstm.arguments}
    assert shapes["weight_ih"] == "(4 * H, C)"
    assert shapes["reverse"] == "bool"
    loss = pair("classification_losses", "cross_entropy")
    assert loss.notes[0].startswith("Further axes may follow")
    assert [a.name for a in loss.arguments if a.keyword_only] == [
        "ignore_index",
        "reduction",
        "label_smoothing",
    ]


def test_a_type_is_written_out() -> None:
    kinds = {a.name: a.kind for a in pair("convolution", "conv2d").arguments}
    assert kinds["stride"] == "int | tuple[int, int]"
    assert kinds["padding"] == "int | tuple[int, int] | str"


def test_a_formula_on_its_own_is_left_to_the_typeset_one() -> None:
    assert pair("linear", "linear").forward.text == []
    (text,) = pair("linear", "linear").backward.text
    assert "the last two over all leading axes." in text


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        (
            "linear",
            "linear",
            [
                "out, cache = linear_forward(x, weight, bias=None)",
                "grad_x, grad_weight, grad_bias = linear_backward(grad_out, cache)",
            ],
        ),
        (
            "joining",
            "cat",
            [
                "out, cache = cat_forward(*arrays, dim=0)",
                "grads = cat_backward(grad_out, cache)",
            ],
        ),
        (
            "recurrent",
            "rnn",
            [
                "(output, h), cache = rnn_forward(",
                "    x, h0, weight_ih, weight_hh, bias_ih=None, bias_hh=None,",
                "    nonlinearity='tanh', reverse=False",
                ")",
                "(",
                "    grad_x, grad_h0, grad_weight_ih, grad_weight_hh, grad_bias_ih,",
                "    grad_bias_hh",
                ") = rnn_backward(grad_output, grad_h, cache)",
            ],
        ),
    ],
)
def test_the_call_is_written_out(
    module: str, name: str, expected: list[str]
) -> None:
    lines = calls(pair(module, name))
    assert lines == expected
    ast.parse("\n".join(lines))


def test_gradients_that_never_come_have_no_name() -> None:
    assert gradients(pair("classification_losses", "nll_loss")) == [
        "grad_log_probs",
        "_",
    ]


def test_every_page_of_pairs_is_whole() -> None:
    lines = pair_sections(f"{KERNELS}.linear", Place(DOCS))
    assert "## linear { #linear }" in lines
    assert any('<span id="linear_backward"></span>' in line for line in lines)
    assert f"{KERNELS}.linear.linear_forward" in lines
    assert f"{KERNELS}.linear._check_linear" in lines
    assert ":   `torch.nn.functional.linear`" in lines


def test_the_difference_is_one_sentence() -> None:
    assert compared(SEEN) == (
        "to PyTorch, the largest that the tests saw in at least 1,234 cases: "
        "values below 1e-15, gradients below 1e-14 in float64; values below 1e-6, "
        "gradients below 1e-5 in float32."
    )


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (None, "has no formulas of the pair 'linear'"),
        ({"forward": "x", "torch": "y"}, "linear needs texts as backward"),
        (
            {"forward": "x", "backward": " ", "torch": "y"},
            "linear needs texts as backward",
        ),
    ],
)
def test_missing_formulas_are_loud(entry: object, reason: str) -> None:
    with pytest.raises(LookupError, match=reason):
        entry_of("linear", {"linear": entry} if entry else {})


@pytest.mark.parametrize(
    ("body", "error", "reason"),
    [
        ("", ValueError, "holds dotted names"),
        (f"{KERNELS}.contract", LookupError, "holds no public pair"),
        (f"{KERNELS}.linaer", LookupError, "has no 'linaer'"),
    ],
)
def test_a_wrong_module_is_loud(
    body: str, error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        pair_sections(body, Place(DOCS))


@pytest.fixture
def small_docs(tmp_path: Path) -> Path:
    assets = tmp_path / "assets" / "reference"
    assets.mkdir(parents=True)
    (tmp_path / "reference").mkdir()
    text = f"# Layers\n\n``` {{.pairs}}\n{KERNELS}.linear\n```\n"
    (tmp_path / "reference" / "layers.md").write_text(text)
    (assets / "differences.json").write_text(json.dumps({"linear": SEEN}))
    return tmp_path


def test_tables_link_to_the_pairs(small_docs: Path) -> None:
    index = pair_index("layers.md", Place(small_docs, "reference/kernels.md"))
    assert "## [Layers](layers.md)" in index
    assert (
        "| [`linear`](layers.md#linear) "
        "| Multiply by the weights and add the bias. |"
    ) in index
    table = differences_table("", Place(small_docs, "about/how_we_check.md"))
    assert table[0] == "1 pairs, at least 1,234 cases in one run of the tests:"
    assert table[-1] == (
        "| [`linear`](../reference/layers.md#linear) | 1,234 "
        "| 1e-15 | 1e-14 | 1e-6 | 1e-5 |"
    )


def test_a_table_that_would_leave_something_out_is_loud(
    small_docs: Path,
) -> None:
    place = Place(small_docs)
    with pytest.raises(LookupError, match=r"does not name layers\.md"):
        pair_index("", place)
    (small_docs / "reference" / "other.md").write_text("# Other\n")
    with pytest.raises(ValueError, match=r"reference/other\.md has no pairs"):
        pair_index("layers.md other.md", place)
    with pytest.raises(ValueError, match="a differences fence is empty"):
        differences_table("linear", place)
    text = json.dumps({"linear": SEEN, "bilinear": SEEN})
    (place.assets / "differences.json").write_text(text)
    with pytest.raises(LookupError, match="shows the pair 'bilinear'"):
        differences_table("", place)


def test_a_wrong_formula_stops_the_build_with_its_page(small_site) -> None:
    assets = small_site.docs / "assets" / "reference"
    assets.mkdir(parents=True)
    entry = {"forward": "o = x", "backward": r"\frac{1}", "torch": "torch.x"}
    (assets / "pairs.yml").write_text(yaml.safe_dump({"linear": entry}))
    (assets / "differences.json").write_text(json.dumps({"linear": SEEN}))
    page = small_site.page(
        "index.md", f"# Home\n\n``` {{.pairs}}\n{KERNELS}.linear\n```\n"
    )
    done = small_site.build()
    assert done.returncode != 0
    assert f"{page}: KaTeX cannot read the formula" in done.stderr
