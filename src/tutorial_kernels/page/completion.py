"""What the editor can offer at a place in the code, without running any.

Names are looked up as they lie in the dictionaries of objects and classes: no
property runs for it, no ``__getattr__``, no ``__dir__`` and no ``__repr__``.
What can only be known by a call is not offered.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import json
import keyword
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from types import GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import Any

from tutorial_kernels.page.describing import Word, describe, kind_of

MOST_NAMES = 300

type _Names = Mapping[str, object]

_NO_WORDS = {"signature": "", "summary": ""}

# The interpreter's own: a class cannot put code of its reader in their place.
_bases_of = type.__dict__["__mro__"].__get__
_dict_of = type.__dict__["__dict__"].__get__
_STORED = (GetSetDescriptorType, MemberDescriptorType)


def answer(question: str, namespace: _Names) -> str:
    """Answer what the editor asks; both are JSON.

    Args:
        question: An object with ``place``: ``"name"``, ``"attribute"`` (of
            the expression ``of``), ``"module"`` or ``"member"`` (of the
            module ``of``); and either ``prefix``, for the names that begin
            so, or ``name``, for words about one.
        namespace: The variables of the page.

    Returns:
        ``{"names": [[name, kind], ...], "more": ...}``, at most
        `MOST_NAMES`; or ``{"signature": ..., "summary": ...}``.
    """
    asked = json.loads(question)
    found = _found(asked["place"], asked["of"], namespace)
    if "name" in asked:
        name = asked["name"]
        words = describe(found[name]) if name in found else _NO_WORDS
        return json.dumps(words)
    return json.dumps(_listed(found, asked["prefix"]))


def _found(place: str, of: str, namespace: _Names) -> _Names:
    try:
        if place == "attribute":
            return attributes(_value(of, namespace))
        if place == "module":
            return _modules(of)
        if place == "member":
            return {**_modules(of), **attributes(sys.modules[of])}
    except (LookupError, SyntaxError, ValueError, RecursionError):
        return {}
    return {**WORDS, **vars(builtins), **namespace}


def _listed(found: _Names, prefix: str) -> dict[str, object]:
    names = sorted(
        name
        for name in found
        if name.startswith(prefix)
        and name.isidentifier()
        and (prefix.startswith("_") or not name.startswith("_"))
    )
    kept = names[:MOST_NAMES]
    return {
        "names": [[name, kind_of(found[name])] for name in kept],
        "more": len(names) > MOST_NAMES,
    }


def attributes(value: object) -> dict[str, object]:
    """What stands behind the dot of a value, as it is stored."""
    found: dict[str, object] = {}
    kind = type(value)
    owners = _bases_of(value) if issubclass(kind, type) else _bases_of(kind)
    for owner in reversed(owners):
        found.update(_dict_of(owner))
    found.update(_own(value, kind))
    return {name: item for name, item in found.items() if type(name) is str}


def _own(value: object, kind: type) -> Mapping[str, object]:
    """The attributes that an instance or a module has for itself."""
    if issubclass(kind, type):
        return {}
    for owner in _bases_of(kind):
        place = _dict_of(owner).get("__dict__")
        if place is not None:
            own = place.__get__(value) if type(place) in _STORED else None
            return dict(own) if type(own) is dict else {}
    return {}


def _value(expression: str, namespace: _Names) -> object:
    """What an expression stands for, if reading alone can tell.

    Raises:
        LookupError: Only running it could tell.
    """
    return _read(ast.parse(expression.strip(), mode="eval").body, namespace)


def _read(node: ast.expr, namespace: _Names) -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.JoinedStr():
            return ""
        case ast.Name(id=name):
            return {**vars(builtins), **namespace}[name]
        case ast.Attribute(value=owner, attr=name):
            return _attribute(_read(owner, namespace), name)
        case ast.Subscript(value=owner, slice=place):
            return _item(_read(owner, namespace), ast.literal_eval(place))
    raise LookupError(ast.unparse(node))


def _attribute(owner: object, name: str) -> object:
    if type(owner) is ModuleType:
        return attributes(owner)[name]
    found = inspect.getattr_static(owner, name, _MISSING)
    if found is _MISSING or isinstance(found, property):
        raise LookupError(name)
    if type(found) in _STORED and not issubclass(type(owner), type):
        try:
            return found.__get__(owner)
        except (AttributeError, TypeError, ValueError) as error:
            raise LookupError(name) from error
    return found


_MISSING: Any = object()


def _item(owner: object, place: object) -> object:
    if type(owner) in (list, tuple) and type(place) is int:
        return owner[place]  # type: ignore[index]
    if type(owner) is dict and type(place) in (int, str):
        # A look-up could ask the keys of a reader's own class.
        for key, value in owner.items():
            if type(key) is type(place) and key == place:
                return value
    raise LookupError(str(place))


def _modules(package: str) -> dict[str, object]:
    """The modules of a package, or of the first level; none is imported."""
    if package == "":
        known = {*sys.stdlib_module_names, *_top_level()}
        return dict.fromkeys(known, _MODULE)
    loaded = sys.modules.get(package)
    found: dict[str, object] = {}
    for info in pkgutil.iter_modules(getattr(loaded, "__path__", ())):
        module = sys.modules.get(f"{package}.{info.name}")
        found[info.name] = _MODULE if module is None else module
    return found


def _top_level() -> Iterator[str]:
    """The packages that are installed beside the standard library."""
    folders = [path for path in sys.path if path.endswith("site-packages")]
    return (info.name for info in pkgutil.iter_modules(folders))


_MODULE = ModuleType("module")


WORDS = dict.fromkeys(
    (*keyword.kwlist, *(w for w in keyword.softkwlist if w != "_")), Word()
)
