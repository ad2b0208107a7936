"""One line about a name: its signature, or what it holds; and what it does.

As in `completion`, nothing of the reader's runs for it: a default is shown only
if it is a plain value, and no annotation is evaluated.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any

import numpy as np

from tutorial_kernels.autograd import Tensor

LONGEST_SIGNATURE = 120
LONGEST_SUMMARY = 160
LONGEST_VALUE = 40

# NumPy's own kinds of functions
_DISPATCHED = type(np.linspace)
_COMPILED = type(np.random.default_rng)
_FUNCTIONS: tuple[type, ...] = (
    FunctionType,
    BuiltinFunctionType,
    MethodDescriptorType,
    MethodType,
    WrapperDescriptorType,
    _COMPILED,
    _DISPATCHED,
    classmethod,
    np.ufunc,
    staticmethod,
)
_STORED = (
    GetSetDescriptorType,
    MemberDescriptorType,
    cached_property,
    property,
)
_PLAIN = (bool, bytes, complex, float, int, str, type(...), type(None))
_SIZED = (dict, frozenset, list, set, tuple)
# `zeros(shape, dtype=None) -> ndarray` as a line of a docstring
_DOCUMENTED = re.compile(r"[\w.]+(\(.*\))(?:\s*-+>\s*(.*))?")
_OWN_FIRST = re.compile(r"\(\$\w+(?:, /)?(?:, )?")

_bases_of = type.__dict__["__mro__"].__get__
_dict_of = type.__dict__["__dict__"].__get__
_text_signature_of = type.__dict__["__text_signature__"].__get__


class Word:
    """A keyword of the language."""


def kind_of(value: object) -> str:
    """What kind of thing a name stands for, in the editor's words."""
    kind = type(value)
    if kind is Word:
        return "keyword"
    if issubclass(kind, type):
        return "class"
    if issubclass(kind, ModuleType):
        return "namespace"
    if issubclass(kind, _FUNCTIONS):
        return "function"
    return "property" if issubclass(kind, _STORED) else "variable"


def describe(value: object) -> dict[str, str]:
    """A signature, or what a variable holds, and the docstring's beginning.

    Args:
        value: What the name stands for, as it is stored.

    Returns:
        ``signature`` and ``summary``; either may be empty.
    """
    if type(value) in (classmethod, staticmethod):
        value = value.__func__  # type: ignore[attr-defined]
    documented, summary = _read_doc(inspect.cleandoc(_doc(value)))
    return {
        "signature": _cut(_signature(value) or documented, LONGEST_SIGNATURE),
        "summary": _cut(summary, LONGEST_SUMMARY),
    }


def _read_doc(doc: str) -> tuple[str, str]:
    """The signature that a docstring begins with, and its first paragraph."""
    signature, gives = "", ""
    lines = doc.splitlines()
    while lines and (line := _DOCUMENTED.fullmatch(lines[0])) is not None:
        signature, gives = signature or line[1], gives or line[2] or ""
        del lines[0]
    lines = [line for line in lines if not line or line.strip("=-")]
    paragraph = "\n".join(lines).strip().partition("\n\n")[0]
    summary = gives or " ".join(paragraph.split())
    return signature, summary.replace("``", "")


def _signature(value: object) -> str:
    kind = kind_of(value)
    if kind == "function":
        return _of_function(value)
    if kind == "class":
        return _of_class(value)
    return _content(value) if kind == "variable" else ""


def _content(value: object) -> str:
    """What a variable holds: for an array its shape, else its type."""
    kind = type(value)
    if kind is Tensor:
        value = value.data  # type: ignore[attr-defined]
    if type(value) is np.ndarray:
        return f"{kind.__name__} of shape {value.shape}, {value.dtype}"
    if kind in _PLAIN:
        return _cut(repr(value), LONGEST_VALUE)
    if kind in _SIZED:
        return f"{kind.__name__} of {len(value)}"  # type: ignore[arg-type]
    return kind.__name__


def _of_function(value: object) -> str:
    if type(value) is MethodType:
        value = value.__func__
    # A wrapper of a library shows what it wraps.
    while type(value) in (FunctionType, _DISPATCHED):
        inner = value.__dict__.get("__wrapped__")
        if type(inner) is not FunctionType:
            break
        value = inner
    if type(value) is FunctionType:
        return f"({', '.join(_parameters(value))})"
    if type(value) is np.ufunc:
        return ""
    return _plain_text(getattr(value, "__text_signature__", None))


def _of_class(value: object) -> str:
    for name in ("__init__", "__new__"):
        for owner in _bases_of(value):
            maker = _dict_of(owner).get(name)
            if type(maker) is staticmethod:
                maker = maker.__func__
            if type(maker) is FunctionType:
                return f"({', '.join(_parameters(maker))})"
            if maker is not None:
                break
    return _plain_text(_text_signature_of(value))


def _plain_text(signature: object) -> str:
    """``($self, /, x)`` as ``(x)``."""
    text = signature if isinstance(signature, str) else ""
    return _OWN_FIRST.sub("(", text)


def _parameters(function: FunctionType) -> Iterator[str]:
    """The parameters as written, ``self`` left out.

    `inspect.signature` would evaluate the annotations.
    """
    code = function.__code__
    names = code.co_varnames
    count, keyword_count = code.co_argcount, code.co_kwonlyargcount
    defaults = function.__defaults__ or ()
    values: Mapping[str, Any] = {
        **dict(zip(names[count - len(defaults) :], defaults, strict=False)),
        **(function.__kwdefaults__ or {}),
    }
    rest = list(names[count + keyword_count :])
    star = ""
    if code.co_flags & inspect.CO_VARARGS:
        star = f"*{rest.pop(0)}"
    elif keyword_count:
        star = "*"
    positional = [_with_default(name, values) for name in names[:count]]
    if code.co_posonlyargcount:
        positional.insert(code.co_posonlyargcount, "/")
    if names[:1] in (("self",), ("cls",)) and count:
        del positional[0]
    keywords = names[count : count + keyword_count]
    yield from positional
    yield from [star] if star else []
    yield from (_with_default(name, values) for name in keywords)
    if code.co_flags & inspect.CO_VARKEYWORDS:
        yield f"**{rest.pop(0)}"


def _with_default(name: str, values: Mapping[str, Any]) -> str:
    if name not in values:
        return name
    value = values[name]
    shown = "..."
    parts = value if type(value) is tuple else (value,)
    if all(type(part) in _PLAIN for part in parts):
        shown = _cut(repr(value), LONGEST_VALUE)
    return f"{name}={shown}"


def _doc(value: object) -> str:
    kind = type(value)
    doc: object = None
    if kind in _FUNCTIONS or kind in _STORED:
        doc = value.__doc__
    elif issubclass(kind, type):
        doc = _dict_of(value).get("__doc__")
    elif kind is ModuleType:
        doc = value.__dict__.get("__doc__")
    return doc if isinstance(doc, str) else ""


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
