"""Containers beside torch's: what they hold, how they print, mistakes."""

import operator
import re
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.nn.twins import both, make
from tutorial_kernels import Tensor, nn

small = settings(deadline=None, max_examples=100, derandomize=True)


def layer(module: Any, size: int) -> Any:
    return module.Linear(size, size) if size else module.ReLU()


def assert_alike(ours: Any, theirs: Any) -> None:
    """The same parts, under the same names, printed the same way."""
    assert repr(ours) == repr(theirs)
    assert len(ours) == len(theirs)
    assert [n for n, _ in ours.named_children()] == [
        n for n, _ in theirs.named_children()
    ]
    assert list(ours.state_dict()) == list(theirs.state_dict())
    if len(ours):
        assert repr(list(ours)) == repr(list(theirs))


sizes = st.integers(0, 3)
indices = st.integers(-3, 3)
slices = st.builds(slice, indices, indices, st.sampled_from([None, 1, 2]))
STEPS = st.one_of(
    st.tuples(st.just("append"), sizes),
    st.tuples(st.just("extend"), st.lists(sizes, max_size=3)),
    st.tuples(st.just("+="), st.lists(sizes, max_size=2)),
    st.tuples(st.just("+"), st.lists(sizes, max_size=2)),
    st.tuples(st.just("insert"), indices, sizes),
    st.tuples(st.just("set"), indices, sizes),
    st.tuples(st.just("del"), st.one_of(indices, slices)),
    st.tuples(st.just("pop"), st.one_of(indices, slices)),
    st.tuples(st.just("slice"), slices),
)


def step(module: Any, box: Any, name: str, *args: Any) -> Any:
    """Do one thing to a container; give what becomes of it."""
    if name in ("append", "insert"):
        getattr(box, name)(*args[:-1], layer(module, args[-1]))
    elif name in ("extend", "+=", "+"):
        more = type(box)(*_given(module, type(box), args[0]))
        if name == "extend":
            box.extend(list(more))
        elif name == "+=":
            box += more
        else:
            box = box + more
    elif name == "set":
        box[args[0]] = layer(module, args[1])
    elif name == "del":
        del box[args[0]]
    elif name == "pop":
        box.pop(args[0])
    else:
        box = box[args[0]]
    return box


def _given(module: Any, kind: type, sizes: list[int]) -> list[Any]:
    layers = [layer(module, size) for size in sizes]
    return [layers] if kind.__name__ == "ModuleList" else layers


@small
@given(
    st.sampled_from(["ModuleList", "Sequential"]),
    st.lists(sizes, max_size=4),
    st.lists(STEPS, max_size=6),
)
def test_lists_change_as_in_torch(
    name: str, first: list[int], steps: list[Any]
) -> None:
    ours, theirs = (
        getattr(module, name)(*_given(module, getattr(module, name), first))
        for module in (nn, torch.nn)
    )
    for what, *args in steps:
        try:
            theirs = step(torch.nn, theirs, what, *args)
        except (IndexError, KeyError):
            outside = what == "insert" and name == "ModuleList"
            if not (outside and -len(ours) <= args[0] < 0):
                with pytest.raises(IndexError, match="out of range"):
                    step(nn, ours, what, *args)
            return
        outside = what == "insert" and not abs(args[0]) <= len(ours)
        if outside and name == "ModuleList":
            return  # torch leaves a hole
        ours = step(nn, ours, what, *args)
        if (what == "slice" and name == "ModuleList") or len(theirs) == 0:
            assert len(ours) == len(theirs)
            continue
        assert_alike(ours, theirs)


def test_insert_from_the_end_in_a_list() -> None:
    """Where torch's ModuleList gives up."""
    box = nn.ModuleList([nn.Linear(1, 1), nn.Linear(2, 2)])
    assert box.insert(-1, nn.ReLU()) is box
    assert [type(m).__name__ for m in box] == ["Linear", "ReLU", "Linear"]
    assert list(box.state_dict()) == [
        "0.weight", "0.bias", "2.weight", "2.bias",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "build",
    [
        lambda nn: nn.Sequential(nn.Linear(1, 2), nn.ReLU()) * 2,
        lambda nn: 3 * nn.Sequential(nn.Linear(2, 2)),
        lambda nn: nn.Sequential(OrderedDict(a=nn.ReLU(), b=nn.Tanh()))[1:],
        lambda nn: nn.Sequential(OrderedDict(a=nn.ReLU())).append(nn.Tanh()),
        lambda nn: nn.ModuleList([nn.ModuleList([nn.ReLU(), nn.ReLU()])] * 2),
        lambda nn: nn.ModuleList(nn.Linear(n, 1) for n in (1, 1, 2)),
        lambda nn: nn.ModuleList(),
        lambda nn: nn.ModuleDict(),
        lambda nn: nn.ModuleDict({"b": nn.ReLU(), "a": nn.Linear(1, 2)}),
        lambda nn: nn.ModuleDict([("x", nn.ReLU()), ["y", nn.Tanh()]]),
        lambda nn: nn.Sequential(nn.Unflatten(1, (2, -1)), nn.Flatten(0)),
    ],
)
def test_printed_form_and_keys(build: Any) -> None:
    ours, theirs = both(build)
    assert_alike(ours, theirs)


def test_a_sequential_in_place_and_shared() -> None:
    def build(nn: Any) -> Any:
        model = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
        model *= 2
        model += nn.Sequential(nn.Linear(2, 1))
        return model

    ours, theirs = both(build)
    assert_alike(ours, theirs)
    assert ours[0] is ours[2]
    assert len(list(ours.parameters())) == len(list(theirs.parameters())) == 4
    ours.load_state_dict(theirs.state_dict())
    x = np.float32(np.random.default_rng(0).standard_normal((3, 2)))
    np.testing.assert_allclose(
        ours(Tensor(x)).data, theirs(torch.tensor(x)).detach(), rtol=1e-5
    )
    ours[1] = nn.ReLU()
    assert repr(ours[1]) == "ReLU()"
    assert ours.pop(-1) not in list(ours)


def test_a_list_of_layers_learns_with_its_model() -> None:
    class Tower(nn.Module):
        def __init__(self) -> None:
            self.layers = nn.ModuleList(nn.Linear(2, 2) for _ in range(3))
            self.heads = nn.ModuleDict({"a": nn.Linear(2, 1)})

        def forward(self, x: Tensor) -> Any:
            for one in self.layers:
                x = one(x)
            return self.heads["a"](x)

    tower = Tower()
    assert len(list(tower.parameters())) == 8
    tower(Tensor(np.ones((4, 2), np.float32))).backward(np.ones((4, 1)))
    assert all(p.grad is not None for p in tower.parameters())
    tower.eval()
    assert not any(module.training for module in tower.modules())
    assert "layers.2.bias" in tower.state_dict()
    with pytest.raises(NotImplementedError, match="ModuleList: "):
        tower.layers(Tensor(np.ones(2)))


def test_a_dict_of_modules_is_a_dict() -> None:
    for module in (nn, torch.nn):
        box: Any = module.ModuleDict({"b": module.ReLU(), "a": module.Tanh()})
        assert list(box) == list(box.keys()) == ["b", "a"]
        assert [repr(m) for m in box.values()] == ["ReLU()", "Tanh()"]
        assert [k for k, _ in box.items()] == ["b", "a"]
        assert "a" in box
        assert "c" not in box
        box["c"] = module.ELU()
        box["a"] = module.SiLU()
        box.update({"d": module.ReLU()})
        box.update(module.ModuleDict({"e": module.ReLU()}))
        assert list(box) == ["b", "a", "c", "d", "e"]
        assert repr(box.pop("a")) == "SiLU()"
        del box["b"]
        with pytest.raises(KeyError):
            del box["b"]
        with pytest.raises(KeyError):
            box["b"]
        assert len(box) == 3
        box.clear()
        assert len(box) == 0


def fill(module: Any, box: Any) -> Any:
    box.append(make(module, 3))
    box.extend([make(module, 1), module.Parameter(make(module, 2, 2)), "word"])
    box += [make(module, 1)]
    box[1] = make(module, 5)
    return box


def test_a_list_of_parameters() -> None:
    ours = fill(nn, nn.ParameterList([np.zeros((2, 3), np.float32)]))
    theirs = fill(torch.nn, torch.nn.ParameterList([torch.zeros(2, 3)]))
    # torch makes parameters of tensors; we, of arrays and tensors
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert len(ours) == len(theirs) == 6
    assert ours[4] == "word"
    assert repr(ours[1:3]) == repr(theirs[1:3])
    assert repr(ours[:1]) == repr(theirs[:1])
    assert repr(nn.ParameterList()) == repr(torch.nn.ParameterList())
    assert ours[-1] is list(ours)[5]
    assert len(list(ours.parameters())) == 5


def test_a_dict_of_parameters() -> None:
    for module in (nn, torch.nn):
        box: Any = module.ParameterDict(
            {"b": make(module, 2), "a": make(module, 3)}
        )
        assert list(box) == ["a", "b"]  # a plain dict is sorted
        assert list(reversed(box)) == ["b", "a"]
        box.update(OrderedDict(d=make(module, 1), c=make(module)))
        assert list(box.keys()) == ["a", "b", "d", "c"]
        assert [k for k, _ in box.items()] == list(box)
        assert [tuple(v.shape) for v in box.values()] == [(3,), (2,), (1,), ()]
        assert box.get("z") is None
        assert box.setdefault("z", 3) == 3
        assert box.popitem() == ("z", 3)
        assert tuple(box.pop("a").shape) == (3,)
        other = box.copy()
        del other["b"]
        assert list(box | other.fromkeys(["x", "y"], 1)) == [
            "b", "d", "c", "x", "y",
        ]  # fmt: skip
        box |= {"e": make(module, 4)}
        assert "e" in box
        assert len(list(box.parameters())) == len(box) == 4
        with pytest.raises(KeyError):
            del box["nothing"]
        other.clear()
        assert len(other) == 0


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_printed_form_of_a_dict_of_parameters(dtype: Any) -> None:
    zeros = np.zeros((2, 3), dtype)
    ours = nn.ParameterDict({"weight": zeros, "n": 3})
    theirs = torch.nn.ParameterDict({"weight": torch.tensor(zeros), "n": 3})
    assert repr(ours) == repr(theirs)
    assert repr(nn.ParameterDict()) == repr(torch.nn.ParameterDict())


def test_unflatten_is_the_way_back_from_flatten() -> None:
    x = np.float32(np.random.default_rng(0).standard_normal((2, 3, 4)))
    model = nn.Sequential(nn.Flatten(), nn.Unflatten(1, (3, 4)))
    np.testing.assert_array_equal(model(Tensor(x)).data, x)


PAIR = nn.Sequential(nn.ReLU(), nn.Tanh())
MISTAKES: list[tuple[Any, type, str]] = [
    (lambda: nn.ModuleList([nn.ReLU(), None]), TypeError,
     "ModuleList: 1 must be a Module, got NoneType"),
    (lambda: nn.ModuleList([nn.ReLU(), 3]), TypeError,
     "ModuleList: 1 must be a Module, got int"),
    (lambda: nn.ModuleList(3), TypeError,
     "ModuleList.extend: expected several modules, got int"),
    (lambda: nn.ModuleList([nn.ReLU()])[1], IndexError,
     "ModuleList: index 1 is out of range for 1 modules"),
    (lambda: PAIR[-3], IndexError,
     "Sequential: index -3 is out of range for 2 modules"),
    (lambda: PAIR[:].insert(4, nn.ReLU()), IndexError,
     "Sequential: index 4 is out of range for 2 modules"),
    (lambda: operator.add(PAIR, [nn.ReLU()]), TypeError,
     "Sequential: only another Sequential can be added, got list"),
    (lambda: PAIR * 0, ValueError,
     "Sequential: it can be repeated an integer number of times, at least 1, "
     "got 0"),
    (lambda: nn.ModuleDict({"keys": nn.ReLU()}), KeyError,
     "ModuleDict: there is already an attribute keys"),
    (lambda: nn.ModuleDict({"a.b": nn.ReLU()}), KeyError,
     "ModuleDict: the name of a Module must not be empty and have no dot, "
     "got 'a.b'"),
    (lambda: nn.ModuleDict({3: nn.ReLU()}), TypeError,
     "ModuleDict: a name must be a string, got int"),
    (lambda: nn.ModuleDict(3), TypeError,
     "ModuleDict.update: expected names and modules, got int"),
    (lambda: nn.ParameterList([1])[1], IndexError,
     "ParameterList: index 1 is out of range for 1 values"),
    (lambda: nn.ParameterList(Tensor([1.0])), TypeError,
     "ParameterList.extend: expected several values, got Tensor"),
    (lambda: nn.ParameterDict({3: Tensor([1.0])}), TypeError,
     "ParameterDict: a name must be a string, got int"),
    (lambda: nn.ParameterDict({"keys": Tensor([1.0])}), KeyError,
     "ParameterDict: there is already an attribute keys"),
    (lambda: nn.ParameterDict(3), TypeError,
     "ParameterDict.update: expected names and values, got int"),
    (lambda: nn.Unflatten(1, 3), TypeError,
     "Unflatten: unflattened_size must be a tuple of integers, got 3"),
    (lambda: nn.Unflatten(1, (2, 3))(Tensor(np.zeros((2, 5)))), ValueError,
     "unflatten: sizes (2, 3) do not multiply to the size 5 of dim 1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mistake", "error", "sentence"),
    MISTAKES,
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_the_sentence(
    mistake: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        mistake()
    assert caught.value.args[0] == sentence
