"""Activations, norms, dropout and embedding as modules, beside torch's."""

import copy
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import tutorial_kernels
from tutorial_kernels import Tensor, nn, no_grad
from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.gradcheck import check_gradients
from tutorial_kernels.parity import compare
from tutorial_kernels.weights import read_safetensors, write_safetensors

PRINTED = [
    *[
        lambda nn, name=name, options=options: getattr(nn, name)(**options)
        for name in ("ReLU", "LeakyReLU", "ELU", "SELU", "SiLU", "Mish", "Hardtanh", "ReLU6")
        for options in ({}, {"inplace": True})
    ],
    lambda nn: nn.LeakyReLU(0.2),
    lambda nn: nn.ELU(0.5, True),
    lambda nn: nn.Hardtanh(-2, 2.5),
    lambda nn: nn.GELU(),
    lambda nn: nn.GELU("tanh"),
    lambda nn: nn.Softplus(),
    lambda nn: nn.Softplus(2, 10),
    lambda nn: nn.Softmin(),
    lambda nn: nn.Softmin(dim=-1),
    lambda nn: nn.LogSoftmax(1),
    lambda nn: nn.BatchNorm1d(3),
    lambda nn: nn.BatchNorm1d(3, 1e-3, None, affine=False),
    lambda nn: nn.BatchNorm2d(4, momentum=0.5, track_running_stats=False),
    lambda nn: nn.BatchNorm2d(4, bias=False),
    lambda nn: nn.LayerNorm(5),
    lambda nn: nn.LayerNorm([2, 3], eps=1e-6, bias=False),
    lambda nn: nn.LayerNorm((2, 3), elementwise_affine=False),
    lambda nn: nn.GroupNorm(2, 6),
    lambda nn: nn.GroupNorm(3, 6, eps=0.1, affine=False),
    lambda nn: nn.GroupNorm(3, 6, bias=False),
    lambda nn: nn.RMSNorm(4),
    lambda nn: nn.RMSNorm((4, 2), eps=1e-6, elementwise_affine=False),
    lambda nn: nn.Dropout(),
    lambda nn: nn.Dropout(0.1, inplace=True),
    lambda nn: nn.Embedding(5, 3),
    lambda nn: nn.Embedding(5, 3, padding_idx=-1),
    lambda nn: nn.Embedding(5, 3, 0, norm_type=1.0, scale_grad_by_freq=True),
    lambda nn: nn.Identity(),
    lambda nn: nn.Identity(54, unused=True),
]  # fmt: skip


def both(build: Any) -> tuple[Any, Any]:
    return build(nn), build(torch.nn)


@pytest.mark.parametrize("build", PRINTED)
def test_printed_and_saved_as_in_torch(build: Any) -> None:
    ours, theirs = both(build)
    assert repr(ours) == repr(theirs)
    state, torch_state = ours.state_dict(), theirs.state_dict()
    assert list(state) == list(torch_state)
    for key, tensor in torch_state.items():
        assert state[key].shape == tuple(tensor.shape)
        assert f"torch.{state[key].dtype}" == str(tensor.dtype)
        if "weight" not in key or not isinstance(ours, nn.Embedding):
            np.testing.assert_array_equal(state[key], tensor.numpy())


LAYERS: list[tuple[Any, tuple[int, ...]]] = [
    (lambda nn: nn.LeakyReLU(0.2), (3, 4)),
    (lambda nn: nn.ELU(0.5), (3, 4)),
    (lambda nn: nn.SELU(), (3, 4)),
    (lambda nn: nn.SiLU(), (3, 4)),
    (lambda nn: nn.Mish(), (3, 4)),
    (lambda nn: nn.Hardtanh(-0.5, 2.5), (3, 4)),
    (lambda nn: nn.ReLU6(), (3, 4)),
    (lambda nn: nn.GELU(), (3, 4)),
    (lambda nn: nn.GELU("tanh"), (3, 4)),
    (lambda nn: nn.Softplus(2, 1), (3, 4)),
    (lambda nn: nn.Softmin(dim=-1), (3, 4)),
    (lambda nn: nn.LogSoftmax(0), (3, 4)),
    (lambda nn: nn.LayerNorm(4), (2, 3, 4)),
    (lambda nn: nn.LayerNorm([3, 4], 1e-3, bias=False), (2, 3, 4)),
    (lambda nn: nn.LayerNorm((3, 4), elementwise_affine=False), (2, 3, 4)),
    (lambda nn: nn.GroupNorm(2, 6), (2, 6, 3)),
    (lambda nn: nn.GroupNorm(3, 6, 0.1, affine=False), (2, 6, 2, 2)),
    (lambda nn: nn.GroupNorm(3, 6, bias=False), (2, 6, 3)),
    (lambda nn: nn.RMSNorm(4), (2, 3, 4)),
    (lambda nn: nn.RMSNorm((3, 4), 0.1, elementwise_affine=False), (2, 3, 4)),
    (lambda nn: nn.Identity(), (3, 4)),
]


def close(ours: Any, theirs: Any) -> None:
    theirs = theirs.detach().numpy()
    assert ours.dtype == theirs.dtype
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


def random_state(module: Any, rng: np.random.Generator) -> dict[str, Any]:
    """Random numbers for all floating-point entries of a state."""
    return {
        key: abs(rng.standard_normal(array.shape)) if array.ndim else array
        for key, array in module.state_dict().items()
    }


def assert_same_step(
    ours: Any, theirs: Any, x: np.ndarray, rng: np.random.Generator
) -> None:
    """One forward and backward: output, gradients, buffers."""
    leaf, twin = Tensor(x, True), torch.tensor(x, requires_grad=True)
    out, expected = ours(leaf), theirs(twin)
    close(out.data, expected)
    grad = rng.standard_normal(out.shape)
    ours.zero_grad()
    theirs.zero_grad()
    out.backward(grad)
    expected.backward(torch.tensor(grad))
    close(leaf.grad, twin.grad)
    for one, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        close(one.grad, other.grad)
    for key, tensor in theirs.state_dict().items():
        close(ours.state_dict()[key], tensor)


@pytest.mark.parametrize(("build", "shape"), LAYERS)
def test_values_and_gradients_are_torchs(build: Any, shape: Any) -> None:
    rng = np.random.default_rng(0)
    ours, theirs = (module.double() for module in both(build))
    ours.load_state_dict(random_state(ours, rng))
    theirs.load_state_dict(
        {k: torch.from_numpy(a) for k, a in ours.state_dict().items()}
    )
    for mode in (True, False):
        x = 4 * rng.standard_normal(shape)
        assert_same_step(ours.train(mode), theirs.train(mode), x, rng)


BATCH_NORMS: list[tuple[Any, tuple[int, ...]]] = [
    (lambda nn: nn.BatchNorm1d(3), (5, 3)),
    (lambda nn: nn.BatchNorm1d(3, momentum=None), (5, 3, 2)),
    (lambda nn: nn.BatchNorm1d(3, 0.1, 0.7, affine=False), (2, 3, 4)),
    (lambda nn: nn.BatchNorm2d(2, track_running_stats=False), (2, 2, 3, 4)),
    (lambda nn: nn.BatchNorm2d(2, bias=False), (2, 2, 3, 4)),
]


@pytest.mark.parametrize(("build", "shape"), BATCH_NORMS)
def test_batch_norm_over_batches_and_modes(build: Any, shape: Any) -> None:
    rng = np.random.default_rng(0)
    ours, theirs = (module.double() for module in both(build))
    for mode in (False, True, True, True, False, True, False):
        x = 1 + 3 * rng.standard_normal(shape)
        assert_same_step(ours.train(mode), theirs.train(mode), x, rng)
    ours.reset_running_stats()
    theirs.reset_running_stats()
    for key, tensor in theirs.state_dict().items():
        close(ours.state_dict()[key], tensor)


def test_batch_norm_counts_without_a_tape_and_converts() -> None:
    norm = nn.BatchNorm1d(2)
    with no_grad():
        norm(Tensor(np.ones((3, 2), np.float32)))
    assert norm.num_batches_tracked.item() == 1
    np.testing.assert_array_equal(
        norm.running_mean.data, np.full(2, 0.1, np.float32)
    )
    norm.double()
    assert norm.running_mean.dtype == np.float64
    assert norm.num_batches_tracked.dtype == np.int64
    other = copy.deepcopy(norm)
    other(Tensor(np.zeros((3, 2))))
    assert norm.num_batches_tracked.item() == 1
    assert [n for n, _ in norm.named_parameters()] == ["weight", "bias"]


def test_states_move_both_ways_bit_for_bit(tmp_path: Path) -> None:
    def build(nn: Any) -> Any:
        return nn.Sequential(
            nn.Embedding(7, 4, padding_idx=0), nn.LayerNorm(4), nn.RMSNorm(4),
            nn.BatchNorm1d(5), nn.GroupNorm(5, 5), nn.Dropout(),
        )  # fmt: skip

    ours, theirs = both(build)
    for _ in range(3):
        theirs(torch.randint(0, 7, (6, 5)))
    ours.load_state_dict(theirs.state_dict())
    assert ours[3].num_batches_tracked.item() == 3
    path = tmp_path / "elements.safetensors"
    write_safetensors(path, ours.state_dict())
    again, torch_again = both(build)
    again.load_state_dict(read_safetensors(path))
    torch_again.load_state_dict(
        {k: torch.from_numpy(a) for k, a in again.state_dict().items()}
    )
    for key, tensor in theirs.state_dict().items():
        for state in (ours.state_dict(), again.state_dict()):
            assert f"torch.{state[key].dtype}" == str(tensor.dtype)
            np.testing.assert_array_equal(state[key], tensor.numpy())
        assert torch.equal(torch_again.state_dict()[key], tensor)


WRONG_COUNTS = [
    (np.float32(3), "expected integers, got float32"),
    (np.array([3]), "expected shape (), got (1,)"),
    ("three", "expected integers, got <U5"),
    ([[1], [2, 3]], "expected integers, got a list"),
]


@pytest.mark.parametrize(("value", "problem"), WRONG_COUNTS)
def test_a_count_of_batches_is_an_integer(value: Any, problem: str) -> None:
    norm = nn.BatchNorm1d(2)
    state = {**norm.state_dict(), "num_batches_tracked": value}
    state["weight"] = np.zeros(2)
    with pytest.raises(RuntimeError) as caught:
        norm.load_state_dict(state)
    sentence = f"BatchNorm1d.load_state_dict: num_batches_tracked: {problem}"
    assert str(caught.value) == sentence
    np.testing.assert_array_equal(norm.weight.data, [1, 1])
    state["num_batches_tracked"] = np.int32(4)
    norm.load_state_dict(state)
    assert norm.num_batches_tracked.data.dtype == np.int64
    assert norm.num_batches_tracked.item() == 4


def test_dropout_draws_keeps_the_mean_and_sleeps_in_evaluation() -> None:
    tutorial_kernels.manual_seed(0)
    drop, x = nn.Dropout(0.2), Tensor(np.ones((200, 100)), True)
    out = drop(x)
    assert set(np.unique(out.data)) == {0.0, 1 / 0.8}
    assert out.data.mean() == pytest.approx(1, abs=0.02)
    grad = np.random.default_rng(0).standard_normal(x.shape)
    out.backward(grad)
    np.testing.assert_array_equal(x.grad, grad * out.data)
    assert not np.array_equal(drop(x).data, out.data)
    tutorial_kernels.manual_seed(0)
    np.testing.assert_array_equal(drop(x).data, out.data)
    assert drop.eval()(x) is x
    assert F.dropout(x, 0.9, training=False) is x
    np.testing.assert_array_equal(nn.Dropout(0.0)(x).data, x.data)
    np.testing.assert_array_equal(nn.Dropout(1.0)(x).data, 0 * x.data)


def test_embedding_starts_as_in_torch() -> None:
    tutorial_kernels.manual_seed(0)
    table = nn.Embedding(300, 100, padding_idx=-1)
    np.testing.assert_array_equal(table.weight.data[299], np.zeros(100))
    drawn = table.weight.data[:299]
    assert drawn.mean() == pytest.approx(0, abs=0.02)
    assert drawn.std() == pytest.approx(1, rel=0.02)
    assert nn.Embedding(2, 3, dtype=np.float64).weight.dtype == np.float64


@pytest.mark.parametrize(
    "options", [{}, {"padding_idx": 2}, {"scale_grad_by_freq": True}]
)
def test_embedding_looks_up_what_torch_does(options: dict[str, Any]) -> None:
    ours, theirs = (
        m.double() for m in both(lambda nn: nn.Embedding(5, 3, **options))
    )
    ours.load_state_dict(theirs.state_dict())
    x = np.array([[2, 0, 2], [4, 2, 0]])
    grad = np.random.default_rng(0).standard_normal((2, 3, 3))
    for words in (x, Tensor(x), x.tolist()):
        ours.zero_grad()
        out = ours(words)
        out.backward(grad)
    expected = theirs(torch.tensor(x))
    expected.backward(torch.tensor(grad))
    close(out.data, expected)
    close(ours.weight.grad, theirs.weight.grad)


def test_embedding_of_a_table_that_is_there() -> None:
    table = np.arange(6, dtype=np.float64).reshape(3, 2)
    fixed = nn.Embedding.from_pretrained(table, padding_idx=-3)
    assert repr(fixed) == "Embedding(3, 2, padding_idx=0)"
    assert not fixed.weight.requires_grad
    np.testing.assert_array_equal(fixed(np.array([2])).data, [[4, 5]])
    free = nn.Embedding.from_pretrained(Tensor(table), freeze=False)
    assert free.weight.requires_grad
    assert not np.shares_memory(free.weight.data, table)


def as_torch(value: Any) -> Any:
    return torch.tensor(value) if isinstance(value, np.ndarray) else value


def test_functional_has_torchs_order_of_arguments() -> None:
    rng = np.random.default_rng(0)
    x, weight, bias = (rng.standard_normal(s) for s in ((2, 4, 3), 4, 4))
    mean, var = rng.standard_normal(4), rng.uniform(1, 2, 4)
    calls: list[tuple[str, tuple[Any, ...]]] = [
        ("layer_norm", (x[:, :, 0], (4,), weight, bias, 1e-3)),
        ("rms_norm", (x[:, :, 0], (4,), weight, 1e-3)),
        ("group_norm", (x, 2, weight, bias, 1e-3)),
        ("batch_norm", (x, mean, var, weight, bias, False, 0.1, 1e-3)),
        ("batch_norm", (x, None, None, None, bias, True)),
    ]
    for name, args in calls:
        expected = getattr(torch.nn.functional, name)(*map(as_torch, args))
        before = copy.deepcopy(args)
        close(getattr(F, name)(*args).data, expected)
        np.testing.assert_equal(args, before)  # evaluation moves nothing


def test_functional_batch_norm_moves_the_running_statistics() -> None:
    x = np.random.default_rng(0).standard_normal((2, 4, 3))
    for make in (np.array, Tensor):
        ours = make(np.zeros(4)), make(np.ones(4))
        theirs = torch.zeros(4).double(), torch.ones(4).double()
        F.batch_norm(Tensor(x), *ours, training=True, momentum=0.3)
        torch.nn.functional.batch_norm(
            torch.tensor(x), *theirs, training=True, momentum=0.3
        )
        for one, other in zip(ours, theirs, strict=True):
            close(Tensor(one).data, other)


@pytest.mark.parametrize("name", ["Softmin", "LogSoftmax"])
def test_a_missing_dim_is_guessed_aloud(name: str) -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 4))
    ours, theirs = both(lambda nn: getattr(nn, name)())
    with pytest.warns(UserWarning, match="no dim given, taking dim=0"):
        out = ours(Tensor(x))
    with pytest.warns(UserWarning, match="Implicit dimension"):
        close(out.data, theirs(torch.tensor(x)))


def deep(nn: Any) -> Any:
    return nn.Sequential(
        nn.Linear(4, 6, bias=False), nn.BatchNorm1d(6), nn.GELU(), nn.Linear(6, 6),
        nn.LayerNorm(6), nn.Mish(), nn.RMSNorm(6), nn.GroupNorm(2, 6),
        nn.Softplus(), nn.Identity(), nn.Linear(6, 3),
    )  # fmt: skip


def test_a_deep_model_trains_as_in_torch() -> None:
    rng = np.random.default_rng(0)
    ours, theirs = (model.double() for model in both(deep))
    x, labels = rng.standard_normal((8, 4)), rng.integers(0, 3, 8)
    comparison = compare(ours, theirs, x, labels, steps=20)
    assert comparison.largest.relative < 1e-8, comparison.largest
    for key, tensor in theirs.state_dict().items():
        np.testing.assert_allclose(ours.state_dict()[key], tensor, rtol=1e-8)


def test_the_tape_finds_every_gradient_of_a_deep_model() -> None:
    x = np.random.default_rng(0).standard_normal((5, 4))
    for mode in (True, False):
        assert check_gradients(deep(nn).train(mode), x).largest < 1e-6


def zeros(*shape: int) -> Tensor:
    return Tensor(np.zeros(shape, np.float32))


MISTAKES: list[tuple[Any, type[Exception], str]] = [
    (lambda: nn.BatchNorm1d(3)(zeros(3)), ValueError, "BatchNorm1d: x must have 2 or 3 dimensions, got shape (3,)"),
    (lambda: nn.BatchNorm2d(3)(zeros(2, 3)), ValueError, "BatchNorm2d: x must have 4 dimensions, got shape (2, 3)"),
    (lambda: nn.BatchNorm1d(3)(zeros(2, 4)), ValueError, "batch_norm: running_mean must have shape (4,), got (3,)"),
    (lambda: nn.BatchNorm1d(3)(zeros(1, 3)), ValueError,
     "batch_norm: a channel in training needs more than one number, x has shape (1, 3)"),
    (lambda: nn.LayerNorm(3)(zeros(2, 4)), ValueError,
     "layer_norm: x must end in normalized_shape (3,), got shape (2, 4)"),
    (lambda: nn.LayerNorm(2.5), ValueError, "LayerNorm: normalized_shape must be an integer or several, got 2.5"),
    (lambda: nn.GroupNorm(2, 3), ValueError, "GroupNorm: num_groups must divide the 3 channels, got 2"),
    (lambda: nn.Dropout(-0.1), ValueError, "Dropout: p must be from 0 to 1, got -0.1"),
    (lambda: F.dropout(zeros(2), 2, training=False), ValueError, "dropout: p must be from 0 to 1, got 2"),
    (lambda: nn.Hardtanh(1, 1), ValueError, "Hardtanh: min_val must be smaller than max_val, got 1 and 1"),
    (lambda: nn.Embedding(3, 2, padding_idx=3), ValueError,
     "Embedding: padding_idx must be from -3 to 2 for a table of 3 rows, got 3"),
    (lambda: nn.Embedding(3, 2, max_norm=1), ValueError,
     "Embedding: max_norm must be None, because a forward does not change its weight here, got 1"),
    (lambda: nn.Embedding(3, 2, sparse=True), ValueError,
     "Embedding: sparse must be False, because every gradient is a full array here"),
    (lambda: nn.Embedding(3, 2)(zeros(2)), TypeError, "embedding: x must hold integers, got float32"),
    (lambda: nn.Embedding(3, 2)([3]), IndexError, "embedding: 3 is not one of the 3 rows 0 to 2"),
    (lambda: nn.Embedding.from_pretrained(np.zeros(3)), ValueError,
     "Embedding.from_pretrained: embeddings must be (V, C), got shape (3,)"),
    (lambda: F.batch_norm(zeros(2, 3), zeros(3), zeros(3), training=True, momentum=None), TypeError,
     "batch_norm: momentum must be a number, got None"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "sentence"), MISTAKES)
def test_mistakes(call: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=re.escape(sentence)) as caught:
        call()
    assert str(caught.value) == sentence
