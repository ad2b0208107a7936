"""What the editor is told about names, and that nothing runs for it."""

import functools
import json
import keyword

import numpy as np
import pytest

from tutorial_kernels import functional, nn
from tutorial_kernels.page.completion import MOST_NAMES, answer


class Ran(BaseException):
    """Code of the reader's ran for a completion."""


def _refuse(*_args, **_options):
    raise Ran


# pytest looks at what stands in a module.
TRAP = """
class Meta(type):
    __dir__ = __getattr__ = __instancecheck__ = refuse


class Trap(metaclass=Meta):
    kept = 3
    __dir__ = __getattr__ = __repr__ = __eq__ = __bool__ = __len__ = refuse
    __hash__ = None
    wrong = property(refuse)
    __class__ = property(refuse)
    __getattribute__ = refuse

    def method(self, x=2, *, trap=None):
        'Do it.'


trap = Trap()
Trap.method.__kwdefaults__ = {"trap": trap}
"""


class Slotted:
    __slots__ = ("cell",)

    def __init__(self):
        self.cell = "text"


class Keys(dict):
    items = keys = __iter__ = _refuse


@functools.cache
def namespace():
    variables = {
        "F": functional,
        "_hidden": 1,
        "deep": [{"layer": nn.Linear(2, 3)}],
        "images": np.zeros((3, 28), np.float32),
        "keys": Keys(),
        "nn": nn,
        "np": np,
        "refuse": _refuse,
        "slotted": Slotted(),
    }
    exec(TRAP, variables)
    return variables


def ask(place, of="", **question):
    asked = {"place": place, "of": of, **question}
    return json.loads(answer(json.dumps(asked), namespace()))


def names(place, of="", prefix=""):
    found = ask(place, of, prefix=prefix)["names"]
    return [name for name, _kind in found]


def test_a_name_is_a_variable_a_builtin_or_a_word():
    assert ["images", "variable"] in ask("name", prefix="im")["names"]
    assert ["import", "keyword"] in ask("name", prefix="im")["names"]
    assert ["print", "function"] in ask("name", prefix="pr")["names"]
    assert ["np", "namespace"] in ask("name", prefix="np")["names"]
    assert set(keyword.kwlist) < {*names("name"), "__debug__"}
    assert "_hidden" not in names("name")
    assert "_hidden" in names("name", prefix="_h")


def test_nothing_of_the_readers_runs():
    assert names("attribute", "trap") == ["kept", "method", "wrong"]
    assert names("attribute", "trap.wrong") == []
    assert names("attribute", "trap.nothing") == []
    assert names("attribute", "trap()") == []
    assert names("attribute", "trap[0]") == []
    assert names("attribute", "keys['a']") == []
    assert "clear" in names("attribute", "keys")
    assert "bit_count" in names("attribute", "trap.kept")
    assert ask("name", name="trap")["signature"] == "Trap"
    told = ask("attribute", "trap", name="method")
    assert told == {"signature": "(x=2, *, trap=...)", "summary": "Do it."}
    assert ask("attribute", "trap", name="wrong")["signature"] == ""


@pytest.mark.parametrize(
    ("expression", "name"),
    [
        ("deep[0]['layer']", "weight"),
        ("deep[-1]['layer'].weight", "grad"),
        ("deep[0]['layer'].weight.data", "shape"),
        ("images.T", "reshape"),
        ("images.shape", "index"),
        ("slotted.cell", "upper"),
        ("'text'", "join"),
        ("f'{images}'", "join"),
        ("np.random", "default_rng"),
        ("nn.Linear", "forward"),
    ],
)
def test_expressions_are_followed_as_far_as_reading_goes(expression, name):
    assert name in names("attribute", expression)


@pytest.mark.parametrize(
    "expression", ["", "1 +", "deep[0", "deep[7]", "deep[{}]", "gone", "a\0"]
)
def test_what_cannot_be_read_has_no_names(expression):
    assert names("attribute", expression) == []


def test_imports_offer_modules_and_their_names():
    assert "numpy" in names("module", "", "num")
    assert "optim" in names("module", "tutorial_kernels")
    assert "Linear" in names("member", "tutorial_kernels.nn", "Lin")
    assert names("member", "no.such.module") == []


def test_words_are_the_signature_and_the_docstrings_beginning():
    told = ask("attribute", "np", name="linspace")
    assert told["signature"].startswith("(start, stop, num=50, endpoint=True")
    assert told["summary"].startswith("Return evenly spaced numbers")
    told = ask("attribute", "np", name="zeros")
    assert told["signature"].startswith("(shape, dtype=None, order='C'")
    told = ask("attribute", "F", name="cross_entropy")
    assert told["signature"].startswith("(logits, labels, weight=None, *")
    told = ask("attribute", "nn", name="Linear")
    assert told["signature"].startswith("(in_features, out_features, bias")
    assert ask("name", name="images")["signature"] == (
        "ndarray of shape (3, 28), float32"
    )
    assert ask("name", name="gone") == {"signature": "", "summary": ""}


def test_a_long_list_is_cut_and_says_so():
    found = ask("attribute", "np", prefix="")
    assert len(found["names"]) == MOST_NAMES
    assert found["more"]
    assert not ask("attribute", "np", prefix="lins")["more"]
