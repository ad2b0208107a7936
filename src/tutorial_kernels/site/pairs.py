"""A pair as its readers see it: read from the files and never imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import griffe

from tutorial_kernels.site.source import source_of

KERNELS = "tutorial_kernels.kernels"
type Facts = list[tuple[str, str]]
_FORMULA = re.compile(r"(`[^`]+`(,|\.|:| and)?\s*)+\Z")


@dataclass(frozen=True)
class Argument:
    """One argument of a forward.

    Attributes:
        name: Its name, with the star of an argument that takes any number.
        kind: The shape of an array, the type of an option.
        default: What it is when it is left out, as it is written.
        meaning: What the docstring says about it.
        keyword_only: Whether it has to be named.
    """

    name: str
    kind: str
    default: str
    meaning: str
    keyword_only: bool


@dataclass(frozen=True)
class Half:
    """A forward or a backward.

    Attributes:
        name: The name of the function.
        summary: The first sentence of its docstring.
        text: The paragraphs after it, formulas on their own left out.
        sources: Who published it.
        returns: The annotation of what it returns.
    """

    name: str
    summary: str
    text: list[str]
    sources: list[str]
    returns: str


@dataclass(frozen=True)
class Pair:
    """A forward and its backward.

    Attributes:
        name: What both names begin with.
        module: The dotted name of the file.
        forward: The way there.
        backward: The way back.
        arguments: What the forward takes.
        grads_out: What the backward takes, except the cache.
        out: The shape of the result.
        sizes: Equations between the letters of the shapes.
        notes: The text behind the shapes.
        raises: The errors: their type, and when.
    """

    name: str
    module: str
    forward: Half
    backward: Half
    arguments: list[Argument]
    grads_out: list[str]
    out: str
    sizes: list[str]
    notes: list[str]
    raises: Facts


def pairs_of(module: str) -> list[Pair]:
    """The public pairs of one file, in its order.

    Raises:
        LookupError: There is no such module, or it holds no pair.
    """
    code = source_of(module)
    tree = griffe.visit(module, filepath=None, code=code)  # type: ignore[arg-type]
    public = exported()
    pairs = [
        _pair(name.removesuffix("_forward"), module, tree)
        for name in tree.functions
        if name.endswith("_forward") and name in public
    ]
    if not pairs:
        raise LookupError(f"{module} holds no public pair")
    return pairs


def exported() -> list[str]:
    """The names that `tutorial_kernels.kernels` exports."""
    listed = source_of(f"{KERNELS}.__all__")
    names: list[str] = ast.literal_eval(listed.partition("=")[2].strip())
    return names


def inner_names(module: str) -> list[str]:
    """What stands in the file of a pair beside the public pairs."""
    public = set(exported())
    return [
        node.name
        for node in ast.parse(source_of(module)).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and node.name not in public
    ]


def _pair(name: str, module: str, tree: griffe.Module) -> Pair:
    forward = tree.functions[f"{name}_forward"]
    if f"{name}_backward" not in tree.functions:
        raise LookupError(f"{module} has {name}_forward, but no backward")
    backward = tree.functions[f"{name}_backward"]
    sections = _sections(forward)
    shapes, sizes = _shapes(sections)
    meanings: dict[str, str] = {}
    raises: Facts = []
    for section in sections:
        if isinstance(section, griffe.DocstringSectionParameters):
            meanings = {p.name: p.description for p in section.value}
        elif isinstance(section, griffe.DocstringSectionRaises):
            raises = [(str(r.annotation), r.description) for r in section.value]
    taken = [parameter.name for parameter in backward.parameters]
    grads_out = taken[: taken.index("cache")]
    half, notes = _half(forward)
    return Pair(
        name,
        module,
        half,
        _half(backward)[0],
        [_argument(p, tree, shapes, meanings) for p in forward.parameters],
        grads_out,
        shapes.get("out", ""),
        sizes,
        notes,
        raises,
    )


def _sections(function: griffe.Function) -> list[griffe.DocstringSection]:
    if function.docstring is None:
        raise LookupError(f"{function.path} has no docstring")
    return griffe.parse_google(function.docstring, warnings=False)


def _half(function: griffe.Function) -> tuple[Half, list[str]]:
    """A function, and the paragraphs behind its shapes."""
    before: list[str] = []
    behind: list[str] = []
    sources: list[str] = []
    texts = before
    for section in _sections(function):
        if isinstance(section, griffe.DocstringSectionAdmonition):
            texts = behind
        if not isinstance(section, griffe.DocstringSectionText):
            continue
        for paragraph in _paragraphs(section.value):
            head, colon, tail = paragraph.partition("Source: ")
            if colon and not head:
                sources.append(tail)
            else:
                texts.append(paragraph)
    summary, *text = before
    text = [part for part in text if not _FORMULA.match(part)]
    returns = str(function.returns or "")
    return Half(function.name, summary, text, sources, returns), behind


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs on one line each; lists and code keep their lines."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        if re.match(r"[-*] |\d+\. |    ", paragraph):
            yield paragraph
        else:
            yield " ".join(paragraph.split())


def _shapes(
    sections: list[griffe.DocstringSection],
) -> tuple[dict[str, str], list[str]]:
    """What the Shapes section says: name and shape, and equations."""
    shapes: dict[str, str] = {}
    sizes: list[str] = []
    for section in sections:
        if not isinstance(section, griffe.DocstringSectionAdmonition):
            continue
        if section.value.kind != "shapes":
            continue
        joined = re.sub(r"\n +", " ", str(section.value.contents))
        for line in joined.splitlines():
            name, colon, shape = line.partition(": ")
            if colon:
                shapes[name] = shape
            elif line.strip():
                sizes.append(line.strip())
    return shapes, sizes


def _argument(
    parameter: griffe.Parameter,
    tree: griffe.Module,
    shapes: dict[str, str],
    meanings: dict[str, str],
) -> Argument:
    name = parameter.name
    star = "*" * (parameter.kind == griffe.ParameterKind.var_positional)
    return Argument(
        star + name,
        shapes.get(name) or _spelled(str(parameter.annotation or ""), tree),
        "" if parameter.default is None or star else str(parameter.default),
        " ".join(meanings.get(name, "").split()),
        parameter.kind == griffe.ParameterKind.keyword_only,
    )


def _spelled(annotation: str, tree: griffe.Module) -> str:
    """An annotation with our own aliases, such as `Pair`, written out."""

    def spell(match: re.Match[str]) -> str:
        member = tree.members.get(match[0])
        path = f"{tree.path}.{match[0]}"
        if isinstance(member, griffe.Alias):
            path = member.target_path
        if member is None or not path.startswith(KERNELS):
            return match[0]
        text = source_of(path)
        if not text.startswith("type "):
            return match[0]
        return " ".join(text.partition(" = ")[2].split())

    return re.sub(r"\b[A-Z]\w+\b", spell, annotation)
