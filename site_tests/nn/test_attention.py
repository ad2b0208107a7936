"""MultiheadAttention beside torch's: form, keys, options, mistakes."""

import re
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.kernels.case import assert_close
from tutorial_kernels import Tensor, manual_seed, nn
from tutorial_kernels.gradcheck import check_gradients
from tutorial_kernels.randomness import generator

small = settings(deadline=None, max_examples=60, derandomize=True)
PRINTED: list[dict[str, Any]] = [
    {},
    {"bias": False},
    {"add_bias_kv": True, "add_zero_attn": True},
    {"kdim": 3},
    {"vdim": 5, "dropout": 0.5, "batch_first": True},
    {"kdim": 8, "vdim": 8},
    {"kdim": 3, "vdim": 5, "bias": False, "add_bias_kv": True},
]


def both(*args: Any, **options: Any) -> tuple[Any, Any]:
    """Our module and torch's in float64, with torch's first values."""
    theirs = torch.nn.MultiheadAttention(*args, **options).double()
    ours = nn.MultiheadAttention(*args, **options).double()
    with torch.no_grad():  # zeros would hide a bias that is not there
        for parameter in theirs.parameters():
            parameter.copy_(torch.randn(parameter.shape) / 2)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


@pytest.mark.parametrize("options", PRINTED, ids=str)
def test_printed_form_and_keys(options: dict[str, Any]) -> None:
    ours = nn.MultiheadAttention(8, 2, **options)
    theirs = torch.nn.MultiheadAttention(8, 2, **options)
    assert repr(ours) == repr(theirs)
    state = theirs.state_dict()
    assert list(ours.state_dict()) == list(state)
    assert [n for n, _ in ours.named_parameters()] == [
        n for n, _ in theirs.named_parameters()
    ]
    for key, value in ours.state_dict().items():
        assert value.dtype == np.float32
        theirs.load_state_dict({**state, key: torch.from_numpy(value)})
        np.testing.assert_array_equal(theirs.state_dict()[key], value)
    ours.load_state_dict(state)
    for key, value in ours.state_dict().items():
        np.testing.assert_array_equal(value, state[key].numpy())


@pytest.mark.parametrize("sizes", [{}, {"kdim": 48, "vdim": 80}], ids=str)
def test_first_values_are_spread_as_in_torch(sizes: dict[str, int]) -> None:
    manual_seed(0)
    torch.manual_seed(0)
    options = {"add_bias_kv": True, **sizes}
    ours = nn.MultiheadAttention(64, 4, **options).state_dict()
    theirs = torch.nn.MultiheadAttention(64, 4, **options).state_dict()
    for key, values in ours.items():
        expected = theirs[key].numpy()
        assert values.std() == pytest.approx(expected.std(), rel=0.25)
        assert abs(values).max() == pytest.approx(
            abs(expected).max(), rel=0.02 if "weight" in key else 0.4
        )
        assert abs(values.mean()) <= 0.03 + 2 * expected.std() / 8


def make_masks(
    data: st.DataObject, rng: Any, batch: int | None, heads: int, sizes: Any
) -> dict[str, Any]:
    """Masks that leave every query at least one key to look at."""
    queries, keys = sizes
    shapes = {
        "key_padding_mask": [None, (keys,) if batch is None else (batch, keys)],
        "attn_mask": [
            None,
            (queries, keys),
            ((batch or 1) * heads, queries, keys),
        ],
    }
    floating = data.draw(st.booleans())
    masks: dict[str, Any] = {}
    for name, allowed in shapes.items():
        shape = data.draw(st.sampled_from(allowed))
        if shape is None:
            continue
        hidden = rng.random(shape) < 0.4
        hidden[..., 0] = False
        masks[name] = hidden
        if floating:
            numbers = rng.standard_normal(shape)
            masks[name] = np.where(hidden, -np.inf, numbers)
    return masks


@small
@given(st.data())
def test_values_and_gradients_are_torchs(data: st.DataObject) -> None:
    draw = data.draw
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    torch.manual_seed(draw(st.integers(0, 2**32 - 1)))
    heads = draw(st.sampled_from([1, 2, 4]))
    options = {
        "bias": draw(st.booleans()),
        "add_bias_kv": draw(st.booleans()),
        "add_zero_attn": draw(st.booleans()),
        "kdim": draw(st.sampled_from([None, 3])),
        "vdim": draw(st.sampled_from([None, 5])),
        "batch_first": draw(st.booleans()),
    }
    ours, theirs = both(4, heads, **options)
    mode = draw(st.booleans())
    ours.train(mode)
    theirs.train(mode)
    batch = draw(st.sampled_from([None, 1, 3]))
    queries, keys = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    call = {
        "need_weights": draw(st.booleans()),
        "average_attn_weights": draw(st.booleans()),
    }
    masks = make_masks(data, rng, batch, heads, (queries, keys))
    if np.ndim(masks.get("attn_mask")) == 2 and draw(st.booleans()):
        boolean = masks["attn_mask"].dtype.kind == "b"
        hidden = np.triu(np.ones((queries, keys), bool), 1)
        numbers = np.where(hidden, -np.inf, 0.0)
        masks["attn_mask"] = hidden if boolean else numbers
        call["is_causal"] = True
    arrays = []
    for length, size in (
        (queries, 4),
        (keys, options["kdim"] or 4),
        (keys, options["vdim"] or 4),
    ):
        shape: tuple[int, ...] = (length, size)
        if batch is not None:
            shape = (
                (batch, *shape) if ours.batch_first else (length, batch, size)
            )
        arrays.append(rng.standard_normal(shape))
    inputs = [Tensor(a, requires_grad=True) for a in arrays]
    leaves = [torch.tensor(a, requires_grad=True) for a in arrays]
    out, weights = ours(*inputs, **call, **masks)
    expected, torch_weights = theirs(
        *leaves, **call, **{k: torch.tensor(v) for k, v in masks.items()}
    )
    assert_close(out.data, expected.detach().numpy(), 1e-10)
    ends, torch_ends = [out], [expected]
    if call["need_weights"]:
        assert_close(weights.data, torch_weights.detach().numpy(), 1e-10)
        ends.append(weights)
        torch_ends.append(torch_weights)
    else:
        assert weights is None
        assert torch_weights is None
    grads = [rng.standard_normal(end.shape) for end in ends]
    torch.autograd.backward(torch_ends, [torch.tensor(g) for g in grads])
    for end, grad in zip(ends, grads, strict=True):
        end.backward(grad, retain_graph=True)
    for one, other in zip(
        [*inputs, *ours.parameters()],
        [*leaves, *theirs.parameters()],
        strict=True,
    ):
        assert_close(one.grad, other.grad.numpy(), 1e-10)


@pytest.mark.parametrize("need_weights", [True, False])
def test_a_mask_can_be_learned(need_weights: bool) -> None:
    ours, theirs = both(4, 2, add_zero_attn=True)
    rng = np.random.default_rng(0)
    x, bias = rng.standard_normal((3, 2, 4)), rng.standard_normal((4, 3, 3))
    grad = rng.standard_normal((3, 2, 4))
    mask = Tensor(bias, requires_grad=True)
    leaf = torch.tensor(bias, requires_grad=True)
    t = torch.tensor(x)
    out, _ = ours(x, x, x, attn_mask=mask, need_weights=need_weights)
    out.backward(grad)
    expected, _ = theirs(t, t, t, attn_mask=leaf, need_weights=need_weights)
    expected.backward(torch.tensor(grad))
    assert_close(mask.grad, leaf.grad.numpy(), 1e-10)


@pytest.mark.parametrize("need_weights", [True, False])
def test_a_query_that_may_look_nowhere(need_weights: bool) -> None:
    """As in torch: nan beside the weights, zeros without them."""
    ours, theirs = both(4, 2, batch_first=True)
    x = np.random.default_rng(0).standard_normal((2, 3, 4))
    padding = np.array([[False, False, True], [True, True, True]])
    t = torch.tensor(x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        out, _ = ours(x, x, x, padding, need_weights)
    expected, _ = theirs(t, t, t, torch.tensor(padding), need_weights)
    assert np.isnan(out.data[1]).all() == need_weights
    np.testing.assert_allclose(
        out.data, expected.detach().numpy(), rtol=1e-10, atol=1e-12
    )


@pytest.mark.parametrize("need_weights", [True, False])
def test_dropout_acts_on_the_weights_while_training(
    need_weights: bool,
) -> None:
    ours, theirs = both(4, 2, dropout=0.5, batch_first=True)
    x = np.random.default_rng(0).standard_normal((2, 3, 4))
    manual_seed(5)
    out, weights = ours(x, x, x, None, need_weights, None, False)
    manual_seed(5)
    keep = generator.random((2, 2, 3, 3)) >= 0.5
    theirs.eval()
    ours.eval()
    t = torch.tensor(x)
    calm, full = theirs(t, t, t, average_attn_weights=False)
    kept = full * torch.tensor(keep) * 2
    value = torch.nn.functional.linear(
        t, theirs.in_proj_weight[8:], theirs.in_proj_bias[8:]
    )
    found = kept @ value.unflatten(-1, (2, 2)).transpose(1, 2)
    expected = theirs.out_proj(found.transpose(1, 2).flatten(2))
    assert_close(out.data, expected.detach().numpy(), 1e-10)
    if need_weights:
        assert_close(weights.data, kept.detach().numpy(), 1e-10)
    out, _ = ours(x, x, x, need_weights=need_weights)
    assert_close(out.data, calm.detach().numpy(), 1e-10)


def test_gradients_by_moving_every_parameter() -> None:
    layer = nn.MultiheadAttention(4, 2, add_bias_kv=True, kdim=3).double()
    rng = np.random.default_rng(0)
    shapes = ((3, 2, 4), (5, 2, 3), (5, 2, 4))
    check = check_gradients(layer, *(rng.standard_normal(s) for s in shapes))
    assert check.largest < 1e-6


def test_the_type_of_the_parameters() -> None:
    layer = nn.MultiheadAttention(4, 2, add_bias_kv=True, dtype=np.float64)
    assert {p.dtype for p in layer.parameters()} == {np.dtype(np.float64)}
    half = nn.MultiheadAttention(4, 2).half()
    x = np.ones((3, 2, 4), np.float16)
    for need_weights in (True, False):
        assert half(x, x, x, need_weights=need_weights)[0].dtype == np.float16


def zeros(*shape: int, dtype: Any = np.float32) -> Any:
    return np.zeros(shape, dtype)


def attend(*arrays: Any, batch_first: bool = False, **options: Any) -> Any:
    sizes = options.pop("sizes", {})
    layer = nn.MultiheadAttention(8, 2, batch_first=batch_first, **sizes)
    return lambda: layer(*arrays, **options)


X = zeros(3, 2, 8)
MISTAKES: list[tuple[Any, type, str]] = [
    (lambda: nn.MultiheadAttention(8, 3), ValueError,
     "embed_dim must be divisible by num_heads, got 8 and 3"),
    (lambda: nn.MultiheadAttention(0, 1), ValueError,
     "embed_dim must be an integer, at least 1, got 0"),
    (lambda: nn.MultiheadAttention(8, -2), ValueError,
     "num_heads must be an integer, at least 1, got -2"),
    (lambda: nn.MultiheadAttention(8, 2, dropout=2), ValueError,
     "p must be from 0 to 1, got 2"),
    (attend(zeros(1, 2, 3, 8), X, X), ValueError,
     "query must be (L, B, E) or (L, E), got shape (1, 2, 3, 8)"),
    (attend(zeros(8), X, X, batch_first=True), ValueError,
     "query must be (B, L, E) or (L, E), got shape (8,)"),
    (attend(X, zeros(3, 8), X), ValueError,
     "key must have 3 dimensions like query, got shape (3, 8)"),
    (attend(X, X, zeros(3, 2, 7)), ValueError,
     "vdim is 8, value has shape (3, 2, 7)"),
    (attend(X, X, X, sizes={"kdim": 5}), ValueError,
     "kdim is 5, key has shape (3, 2, 8)"),
    (attend(zeros(3, 2, 6), X, X), ValueError,
     "embed_dim is 8, query has shape (3, 2, 6)"),
    (attend(X, zeros(5, 2, 8), zeros(4, 2, 8)), ValueError,
     "every key needs its value, got shapes (5, 2, 8) and (4, 2, 8)"),
    (attend(X, zeros(3, 4, 8), zeros(3, 4, 8)), ValueError,
     "query has a batch of 2, key one of 4"),
    (attend(X, X, X, attn_mask=zeros(2, 3, dtype=bool)), ValueError,
     "attn_mask must have shape (3, 3) or (4, 3, 3), got (2, 3)"),
    (attend(X, X, X, attn_mask=zeros(2, 3, 3)), ValueError,
     "attn_mask must have shape (3, 3) or (4, 3, 3), got (2, 3, 3)"),
    (attend(X, X, X, zeros(3, 2, dtype=bool)), ValueError,
     "key_padding_mask must have shape (2, 3), got (3, 2)"),
    (attend(X[0], X[0], X[0], zeros(1, 2, dtype=bool)), ValueError,
     "key_padding_mask must have shape (2,), got (1, 2)"),
    (attend(X, X, X, attn_mask=zeros(3, 3, dtype=int)), TypeError,
     "attn_mask must be boolean or of the type of query, float32, got int64"),
    (attend(X, X, X, zeros(2, 3, dtype=np.float64)), TypeError,
     "key_padding_mask must be boolean or of the type of query, float32, "
     "got float64"),
    (attend(X, X, X, is_causal=True), ValueError,
     "is_causal is a hint about attn_mask, which is missing"),
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
    assert str(caught.value) == f"MultiheadAttention: {sentence}"


def test_another_dtype_is_refused() -> None:
    x = zeros(3, 2, 8, dtype=np.float64)
    sentence = "linear: weight is float32, x is float64"
    with pytest.raises(TypeError, match=sentence):
        nn.MultiheadAttention(8, 2)(x, x, x)
