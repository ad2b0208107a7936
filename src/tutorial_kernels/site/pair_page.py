"""A pair as Markdown: what it computes, how it is called, and its code.

The formulas, as TeX, and PyTorch's name stand in `pairs.yml`, so that the
docstrings stay readable in a terminal; how far the pair is from PyTorch was
written down by the tests, in `differences.json`.
"""

from __future__ import annotations

from typing import Any

from tutorial_kernels.site.pairs import (
    Argument,
    Half,
    Pair,
    inner_names,
    pairs_of,
)
from tutorial_kernels.site.place import Place

FORMULAS = "pairs.yml"
DIFFERENCES = "differences.json"
WIDTH = 76  # characters of a call that a page shows without scrolling


def pair_sections(body: str, place: Place) -> list[str]:
    """Markdown of every pair of the modules that the fence names.

    Raises:
        LookupError: There is no such module, or a pair has no formulas.
        ValueError: The fence names no module.
    """
    modules = body.split()
    if not modules:
        raise ValueError("a pairs fence holds dotted names, got none")
    formulas = place.read_yaml(FORMULAS)
    differences = place.read_json(DIFFERENCES)
    lines: list[str] = []
    for module in modules:
        for pair in pairs_of(module):
            entry = entry_of(pair.name, formulas)
            lines += _section(pair, entry, differences.get(pair.name))
        lines += _rest(module)
    return lines


def entry_of(name: str, formulas: Any) -> dict[str, str]:
    """The formulas of a pair, and its name in PyTorch.

    Raises:
        LookupError: A pair, or one of its fields, is missing.
    """
    entry = (formulas or {}).get(name)
    if not isinstance(entry, dict):
        raise LookupError(f"{FORMULAS} has no formulas of the pair {name!r}")
    fields = {"forward", "backward", "torch"}
    if set(entry) != fields or not all(
        isinstance(value, str) and value.strip() for value in entry.values()
    ):
        raise LookupError(
            f"{FORMULAS}: {name} needs texts as {', '.join(sorted(fields))}"
        )
    return {key: value.strip() for key, value in entry.items()}


def _section(pair: Pair, entry: dict[str, str], seen: Any) -> list[str]:
    return [
        f"## {pair.name} {{ #{pair.name} }}",
        "",
        f'<span id="{pair.forward.name}"></span>'
        f'<span id="{pair.backward.name}"></span>{pair.forward.summary}',
        "",
        '<div class="pair-ways" markdown="1">',
        "",
        *_way("Forward", pair.forward.text, entry["forward"]),
        *_way("Backward", _back(pair.backward), entry["backward"]),
        "</div>",
        "",
        "``` python",
        *calls(pair),
        "```",
        "",
        *_arguments(pair),
        *pair.notes,
        "",
        *_facts(pair, entry["torch"], seen),
        '<div class="pair-code" markdown="1">',
        "",
        *_source(f"{pair.module}.{pair.forward.name}", "hide"),
        *_source(f"{pair.module}.{pair.backward.name}", "hide"),
        "</div>",
        "",
    ]


def _back(backward: Half) -> list[str]:
    return [backward.summary, *backward.text]


def _way(title: str, text: list[str], tex: str) -> list[str]:
    """One direction: its formula, and what the docstring says about it."""
    return [
        '<div markdown="1">',
        "",
        f"**{title}**",
        "",
        f"\\[ {' '.join(tex.split())} \\]",
        "",
        *[line for paragraph in text for line in (paragraph, "")],
        "</div>",
        "",
    ]


def calls(pair: Pair) -> list[str]:
    """How both are called: the names of what goes in and of what comes out."""
    taken = []
    for argument in pair.arguments:
        value = argument.default
        if argument.keyword_only:
            value = value or argument.name
        taken.append(f"{argument.name}={value}" if value else argument.name)
    back = [*pair.grads_out, "cache"]
    names = results(pair)
    out = names[0] if len(names) == 1 else f"({', '.join(names)})"
    return [
        *_call([out, "cache"], pair.forward.name, taken),
        *_call(gradients(pair), pair.backward.name, back),
    ]


def results(pair: Pair) -> list[str]:
    """Names for what the forward returns beside the cache."""
    if pair.out.count("(") < 2:
        return ["out"]
    return [grad.removeprefix("grad_") for grad in pair.grads_out]


def gradients(pair: Pair) -> list[str]:
    """Names for what the backward returns, one for each array."""
    arrays = [a.name for a in pair.arguments if _is_array(a)]
    if arrays[0].startswith("*"):
        return ["grads"]
    returns = pair.backward.returns
    if not returns.startswith("tuple["):
        return [f"grad_{arrays[0]}"]
    parts = returns.removeprefix("tuple[").removesuffix("]").split(", ")
    if parts[-1] == "...":
        return [f"grad_{name}" for name in arrays]
    names = [a.name for a in pair.arguments]
    return [
        "_" if part == "None" else f"grad_{name}"
        for name, part in zip(names, parts, strict=False)
    ]


def _is_array(argument: Argument) -> bool:
    return argument.kind.startswith("(") or argument.kind in ("any", "Array")


def _call(results: list[str], name: str, arguments: list[str]) -> list[str]:
    """One call, on several lines where it would be too long for one."""
    start = f"{', '.join(results)} = {name}("
    lines: list[str] = []
    if len(start) > WIDTH:
        lines = ["(", *_filled(results)]
        start = f") = {name}("
    whole = f"{start}{', '.join(arguments)})"
    if len(whole) <= WIDTH:
        return [*lines, whole]
    return [*lines, start, *_filled(arguments), ")"]


def _filled(words: list[str]) -> list[str]:
    """Words behind each other, as many to a line as there is room for."""
    lines = ["   "]
    for word in words:
        if len(lines[-1]) + len(word) + 2 > WIDTH:
            lines.append("   ")
        lines[-1] += f" {word},"
    lines[-1] = lines[-1].removesuffix(",")
    return lines


def _arguments(pair: Pair) -> list[str]:
    """A table of what goes in, and the shape of what comes out."""
    rows = [
        [
            f"`{a.name}`",
            f"`{a.kind}`",
            f"`{a.default}`" if a.default else "",
            a.meaning,
        ]
        for a in pair.arguments
    ]
    rows.append([f"`{', '.join(results(pair))}`", f"`{pair.out}`", "", ""])
    head = ["Name", "Shape or type", "Default", "Meaning"]
    used = [any(row[k] for row in rows) for k in range(len(head))]
    table = [head, ["---"] * len(head), *rows]
    lines = []
    for row in table:
        cells = [
            cell.replace("|", r"\|") if "`" not in cell else cell
            for cell, use in zip(row, used, strict=True)
            if use
        ]
        lines.append(f"| {' | '.join(cells)} |")
    sizes = [f"- `{size}`" for size in pair.sizes]
    return [*lines, "", *sizes, ""]


def _facts(pair: Pair, torch: str, seen: Any) -> list[str]:
    """Errors, papers, PyTorch's name and the difference to it."""
    facts = [
        (f"`{kind}`", " ".join(when.split())) for kind, when in pair.raises
    ]
    sources = dict.fromkeys(pair.forward.sources + pair.backward.sources)
    facts += [("Paper", source) for source in sources]
    facts.append(("In PyTorch", f"`{torch}`"))
    if seen is not None:
        facts.append(("Difference", compared(seen)))
    lines = ['<div class="pair-facts" markdown="1">', ""]
    for term, text in facts:
        lines += [term, f":   {text}", ""]
    return [*lines, "</div>", ""]


def compared(seen: Any) -> str:
    """One sentence: how far from PyTorch, in how many cases."""
    parts = [
        f"values {distance(seen[dtype]['values'])}, "
        f"gradients {distance(seen[dtype]['gradients'])} in {dtype}"
        for dtype in ("float64", "float32")
    ]
    return (
        f"to PyTorch, the largest that the tests saw in at least "
        f"{seen['cases']:,} cases: {'; '.join(parts)}."
    )


def distance(bound: float) -> str:
    """A bound in words: below 1e-6."""
    return f"below {bound:.0e}".replace("e-0", "e-")


def _rest(module: str) -> list[str]:
    """What the pairs of a file use beside them, folded away."""
    names = inner_names(module)
    if not names:
        return []
    file = module.rpartition(".")[2]
    sources = [
        line for name in names for line in _source(f"{module}.{name}", "")
    ]
    return [
        '<details class="pair-rest" markdown="1">',
        f"<summary>What these pairs share: the rest of <code>{file}.py"
        "</code></summary>",
        "",
        *sources,
        "</details>",
        "",
    ]


def _source(name: str, docstring: str) -> list[str]:
    option = f" docstring={docstring}" if docstring else ""
    return [f"``` {{.source{option}}}", name, "```", ""]
