"""Modules beside torch's: printed form, keys, initial values, results."""

import re
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest
import torch

from site_tests.nn.twins import both, make
from tutorial_kernels import Tensor, nn, optim


class Block:
    """A model that is written once and built from either nn."""

    @staticmethod
    def build(nn: Any) -> Any:
        class Inner(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.scale = nn.Parameter(make(nn, 2))
                self.act = nn.Tanh()

        class Outer(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.first = nn.Linear(2, 3)
                self.inner = Inner()
                self.layers = nn.Sequential(
                    nn.Linear(3, 2),
                    nn.Sequential(nn.ReLU(), nn.Linear(2, 2, bias=False)),
                )
                self.own = nn.Parameter(make(nn, 1))
                self.nothing = None

            def extra_repr(self) -> str:
                return "a note\nin two lines"

        return Outer()


PRINTED = [
    lambda nn: nn.Linear(4, 8),
    lambda nn: nn.Linear(4, 8, bias=False),
    lambda nn: nn.Linear(4, 8, False),
    lambda nn: nn.Conv2d(1, 16, 3),
    lambda nn: nn.Conv2d(
        4, 8, (3, 5), stride=(1, 2), padding=1, dilation=2, groups=4, bias=False
    ),
    lambda nn: nn.Conv2d(1, 1, 3, 1, (0, 1)),
    lambda nn: nn.Conv2d(1, 1, 3, padding="same"),
    lambda nn: nn.Conv2d(1, 1, 3, padding="valid"),
    lambda nn: nn.MaxPool2d(2),
    lambda nn: nn.MaxPool2d(
        (2, 3), stride=1, padding=(1, 0), dilation=2, ceil_mode=True
    ),
    lambda nn: nn.Flatten(),
    lambda nn: nn.Flatten(0, 2),
    lambda nn: nn.ReLU(),
    lambda nn: nn.ReLU(inplace=True),
    lambda nn: nn.Sigmoid(),
    lambda nn: nn.Tanh(),
    lambda nn: nn.Softmax(),
    lambda nn: nn.Softmax(dim=-1),
    lambda nn: nn.CrossEntropyLoss(label_smoothing=0.1),
    lambda nn: nn.MSELoss(reduction="sum"),
    lambda nn: nn.Module(),
    lambda nn: nn.Sequential(),
    lambda nn: nn.Sequential(nn.Linear(1, 2), nn.ReLU()),
    lambda nn: nn.Sequential(
        nn.Sequential(nn.Sequential(nn.ReLU())), nn.Tanh()
    ),
    lambda nn: nn.Sequential(OrderedDict(a=nn.Linear(1, 2), b=nn.ReLU())),
    Block.build,
]


@pytest.mark.parametrize("build", PRINTED)
def test_printed_as_in_torch(build: Any) -> None:
    ours, theirs = both(build)
    assert repr(ours) == repr(theirs)
    assert str(ours) == str(theirs)


def test_names_order_and_numbers_of_the_parts() -> None:
    ours, theirs = both(Block.build)
    for listing in ("named_parameters", "named_children", "named_modules"):
        one, other = (
            list(getattr(ours, listing)()),
            list(getattr(theirs, listing)()),
        )
        assert [n for n, _ in one] == [n for n, _ in other]
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert len(list(ours.parameters())) == len(list(theirs.parameters()))
    assert len(list(ours.modules())) == len(list(theirs.modules()))
    assert len(list(ours.children())) == len(list(theirs.children()))


def test_shared_parts_count_once_but_keep_both_keys() -> None:
    def build(nn: Any) -> Any:
        linear = nn.Linear(2, 2)
        return nn.Sequential(linear, nn.ReLU(), linear)

    ours, theirs = both(build)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert len(list(ours.parameters())) == len(list(theirs.parameters())) == 2
    assert [n for n, _ in ours.named_modules()] == [
        n for n, _ in theirs.named_modules()
    ]
    assert repr(ours) == repr(theirs)
    assert len(ours) == len(theirs) == 3


def test_parameters_are_found_when_they_are_set_later() -> None:
    model = nn.Module()
    model.weight = nn.Parameter(np.ones(2))
    model.plain = Tensor(np.ones(2))
    model.listed = [nn.Linear(1, 1)]  # a list hides its modules, as in torch
    assert list(model.state_dict()) == ["weight"]
    del model.weight
    assert list(model.state_dict()) == []


def test_train_and_eval_reach_every_part() -> None:
    model = Block.build(nn)
    assert all(m.training for m in model.modules())
    assert model.eval() is model
    assert not any(m.training for m in model.modules())
    model.train()
    assert all(m.training for m in model.modules())


def test_apply_goes_from_the_leaves_to_the_root() -> None:
    ours, theirs = both(Block.build)
    seen: list[list[str]] = [[], []]
    ours.apply(lambda m: seen[0].append(type(m).__name__))
    theirs.apply(lambda m: seen[1].append(type(m).__name__))
    assert seen[0] == seen[1]


def test_zero_grad_freezing_and_conversion() -> None:
    model = nn.Linear(2, 3)
    x = Tensor(np.ones((1, 2), np.float32))
    model(x).sum().backward()
    assert model.weight.grad is not None
    model.zero_grad()
    assert model.weight.grad is None
    model.requires_grad_(False)
    assert not model(x).requires_grad
    model.requires_grad_()
    assert model.double() is model
    assert {a.dtype for a in model.state_dict().values()} == {
        np.dtype(np.float64)
    }
    assert model.float().weight.dtype == np.float32
    assert nn.Linear(2, 3, dtype=np.float64).bias.dtype == np.float64


def test_state_dict_gives_copies() -> None:
    model = nn.Linear(2, 3)
    state = model.state_dict()
    state["weight"][...] = 7
    assert not (model.weight.data == 7).any()
    model.load_state_dict(state)
    state["weight"][...] = 8
    assert (model.weight.data == 7).all()


def test_state_dict_moves_both_ways_bit_for_bit() -> None:
    ours, theirs = both(
        lambda nn: nn.Sequential(
            nn.Conv2d(2, 4, 3, groups=2), nn.Linear(3, 2, bias=False)
        )
    )
    assert (
        repr(ours.load_state_dict(theirs.state_dict()))
        == "<All keys matched successfully>"
    )
    for key, array in ours.state_dict().items():
        np.testing.assert_array_equal(array, theirs.state_dict()[key].numpy())
    fresh = nn.Sequential(
        nn.Conv2d(2, 4, 3, groups=2), nn.Linear(3, 2, bias=False)
    )
    theirs.load_state_dict(
        {k: torch.from_numpy(v) for k, v in fresh.state_dict().items()}
    )
    for key, tensor in theirs.state_dict().items():
        np.testing.assert_array_equal(fresh.state_dict()[key], tensor.numpy())


def test_floats_of_another_size_are_converted() -> None:
    model = nn.Linear(2, 2)
    state = {k: v.astype(np.float16) for k, v in model.state_dict().items()}
    model.load_state_dict(state)
    assert model.weight.dtype == np.float32
    np.testing.assert_array_equal(
        model.weight.data, state["weight"].astype(np.float32)
    )


GOOD = {"weight": np.ones((2, 3), np.float32), "bias": np.ones(2, np.float32)}
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"weight": GOOD["weight"]}, "missing keys: bias"),
    ({}, "missing keys: weight, bias"),
    ({**GOOD, "extra": 1, "more": 2}, "unexpected keys: extra, more"),
    ({**GOOD, "weight": np.ones((3, 2), np.float32)}, "weight: expected shape (2, 3), got (3, 2)"),
    ({**GOOD, "bias": np.ones((), np.float32)}, "bias: expected shape (2,), got ()"),
    ({**GOOD, "bias": np.ones(1, np.float32)}, "bias: expected shape (2,), got (1,)"),
    ({**GOOD, "bias": np.ones(2, np.int64)}, "bias: expected floating-point numbers, got int64"),
    ({**GOOD, "bias": np.ones(2, np.complex64)}, "bias: expected floating-point numbers, got complex64"),
    ({**GOOD, "bias": np.array([None, 1])}, "bias: expected floating-point numbers, got object"),
    ({**GOOD, "bias": "text"}, "bias: expected floating-point numbers, got <U4"),
    ({"weight": np.ones((9, 9), np.float32), "b": 1},
     "missing keys: bias; unexpected keys: b; weight: expected shape (2, 3), got (9, 9)"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "problem"), REFUSED)
def test_a_wrong_state_dict_changes_nothing(state: Any, problem: str) -> None:
    model = nn.Linear(3, 2)
    before = model.state_dict()
    with pytest.raises(RuntimeError) as caught:
        model.load_state_dict(state)
    assert str(caught.value) == f"Linear.load_state_dict: {problem}"
    for key, array in model.state_dict().items():
        np.testing.assert_array_equal(array, before[key])


def test_ragged_lists_and_non_mappings_are_refused() -> None:
    model = nn.Linear(3, 2)
    with pytest.raises(
        TypeError,
        match=r"Linear\.load_state_dict: expected a mapping, got list",
    ):
        model.load_state_dict([1, 2])
    with pytest.raises(
        RuntimeError, match="bias: expected floating-point numbers, got a list"
    ):
        model.load_state_dict({**GOOD, "bias": [[1.0], [1.0, 2.0]]})


def test_not_strict_passes_over_keys_but_not_shapes() -> None:
    model = nn.Linear(3, 2)
    result = model.load_state_dict(
        {"weight": GOOD["weight"], "extra": 1}, strict=False
    )
    assert result.missing_keys == ["bias"]
    assert result.unexpected_keys == ["extra"]
    assert (
        repr(result)
        == "IncompatibleKeys(missing_keys=['bias'], unexpected_keys=['extra'])"
    )
    assert (model.weight.data == 1).all()
    with pytest.raises(
        RuntimeError, match=re.escape("expected shape (2, 3), got (2, 2)")
    ):
        model.load_state_dict({"weight": np.ones((2, 2))}, strict=False)


def test_loading_keeps_the_arrays_an_optimizer_writes_to() -> None:
    model = nn.Linear(3, 2)
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    model.load_state_dict(GOOD)
    model(Tensor(np.ones((1, 3), np.float32))).sum().backward()
    optimizer.step()
    np.testing.assert_array_equal(model.bias.data, [0, 0])


def test_sequential_is_a_list_of_modules() -> None:
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
    twin = torch.nn.Sequential(
        torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1)
    )
    assert len(model) == 3
    assert [type(m).__name__ for m in model] == ["Linear", "ReLU", "Linear"]
    assert model[-1] is model[2]
    assert isinstance(model[1:], nn.Sequential)
    assert list(model[1:].state_dict()) == list(twin[1:].state_dict())
    assert repr(model[::2]) == repr(twin[::2])
    with pytest.raises(
        IndexError, match="Sequential: index 3 is out of range for 3 modules"
    ):
        model[3]
    with pytest.raises(
        TypeError, match="Sequential: 1 must be a Module, got int"
    ):
        nn.Sequential(nn.ReLU(), 3)
    assert list(
        nn.Sequential(model[:2], nn.Tanh()).append(nn.ReLU()).state_dict()
    ) == ["0.0.weight", "0.0.bias"]


def test_layers_compute_what_torch_computes() -> None:
    def build(nn: Any) -> Any:
        return nn.Sequential(
            nn.Conv2d(2, 4, 3, padding="same", groups=2), nn.Tanh(), nn.MaxPool2d(3, 2, 1, ceil_mode=True),
            nn.Conv2d(4, 3, (2, 3), (2, 1), (1, 0), bias=False), nn.Sigmoid(), nn.Flatten(),
            nn.Linear(48, 5), nn.ReLU(), nn.Softmax(dim=1),
        )  # fmt: skip

    ours, theirs = both(build)
    ours, theirs = ours.double(), theirs.double()
    ours.load_state_dict(theirs.state_dict())
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((3, 2, 10, 11)), rng.standard_normal((3, 5))
    out, expected = ours(Tensor(x)), theirs(torch.tensor(x))
    np.testing.assert_allclose(out.data, expected.detach().numpy(), rtol=1e-12)
    out.backward(weight)
    expected.backward(torch.tensor(weight))
    for (name, p), q in zip(
        ours.named_parameters(), theirs.parameters(), strict=True
    ):
        np.testing.assert_allclose(
            p.grad, q.grad.numpy(), rtol=1e-9, atol=1e-14, err_msg=name
        )


def test_losses_take_their_options() -> None:
    rng = np.random.default_rng(0)
    logits, weight = rng.standard_normal((6, 4)), rng.uniform(size=4)
    labels = np.array([0, 1, 2, 3, -1, 2])
    ours = nn.CrossEntropyLoss(weight, ignore_index=-1, label_smoothing=0.1)
    theirs = torch.nn.CrossEntropyLoss(
        torch.tensor(weight), ignore_index=-1, label_smoothing=0.1
    )
    expected = theirs(torch.tensor(logits), torch.tensor(labels)).item()
    assert ours(Tensor(logits), labels).item() == pytest.approx(
        expected, rel=1e-12
    )
    assert nn.MSELoss(reduction="sum")(
        Tensor(logits), logits + 1
    ).item() == pytest.approx(24)
    for loss in (nn.MSELoss, nn.CrossEntropyLoss):
        with pytest.raises(
            ValueError,
            match="reduction must be 'mean', 'sum' or 'none', got 'all'",
        ):
            loss(reduction="all")


MISTAKES = [
    (lambda: nn.Conv2d(3, 4, 3, groups=2), "Conv2d: groups must divide in_channels 3, got 2"),
    (lambda: nn.Conv2d(4, 3, 3, groups=2), "Conv2d: groups must divide out_channels 3, got 2"),
    (lambda: nn.Conv2d(1, 1, 0), "Conv2d: kernel_size must be an integer or a pair of integers, at least 1, got 0"),
    (lambda: nn.Conv2d(1, 1, 3, padding="big"), "Conv2d: padding must be 'same', 'valid' or integers, got 'big'"),
    (lambda: nn.Conv2d(1, 1, 3, 2, "same"), "Conv2d: padding 'same' needs stride 1, got (2, 2)"),
    (lambda: nn.Conv2d(1, 1, 3, padding_mode="mirror"),
     "Conv2d: padding_mode must be 'zeros', 'reflect', 'replicate' or 'circular', got 'mirror'"),
    (lambda: nn.Linear(4, 2)(Tensor(np.ones((1, 3), np.float32))), "linear: weight has 4 input features, x has 3"),
    (lambda: nn.Conv2d(3, 2, 3)(Tensor(np.ones((1, 1, 5, 5), np.float32))),
     "conv2d: weight has 3 input channels, x has 1"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "sentence"), MISTAKES)
def test_mistakes(call: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        call()
