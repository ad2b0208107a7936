"""The Transformer and its layers beside torch's: form, keys, mistakes."""

import re
import warnings
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.kernels.case import assert_close
from site_tests.nn.twins import assert_same, in_double, outputs, shake
from tutorial_kernels import Tensor, functional, manual_seed, nn, optim
from tutorial_kernels.gradcheck import check_gradients
from tutorial_kernels.randomness import generator

pytestmark = [
    pytest.mark.filterwarnings("ignore:enable_nested_tensor is True"),
    pytest.mark.filterwarnings("ignore:Support for mismatched"),
]
small = settings(deadline=None, max_examples=40, derandomize=True)
LAYERS = ["TransformerEncoderLayer", "TransformerDecoderLayer"]
PRINTED: list[Any] = [
    lambda nn: nn.TransformerEncoderLayer(8, 2),
    lambda nn: nn.TransformerDecoderLayer(8, 2, 16, 0.0, bias=False),
    lambda nn: nn.TransformerEncoderLayer(8, 2, 16, 0.5, nn.GELU(), 1e-3),
    lambda nn: nn.TransformerDecoderLayer(8, 4, activation=nn.GELU()),
    lambda nn: nn.TransformerDecoderLayer(8, 4, activation="gelu"),
    lambda nn: nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2), 3),
    lambda nn: nn.TransformerEncoder(
        nn.TransformerEncoderLayer(8, 2), 1, nn.LayerNorm(8)
    ),
    lambda nn: nn.TransformerDecoder(
        nn.TransformerDecoderLayer(8, 2), 2, nn.LayerNorm(8)
    ),
    lambda nn: nn.Transformer(8, 2, 2, 1, 16),
    lambda nn: nn.Transformer(8, 2, 1, 3, 16, batch_first=True, bias=False),
    lambda nn: nn.Transformer(8, 2, 1, 1, 16, custom_encoder=nn.Identity()),
]


@pytest.mark.parametrize("build", PRINTED)
def test_printed_form_keys_and_weights_both_ways(build: Any) -> None:
    ours, theirs = build(nn), build(torch.nn)
    assert repr(ours) == repr(theirs)
    state = ours.state_dict()
    assert list(state) == list(theirs.state_dict())
    theirs.load_state_dict({k: torch.from_numpy(v) for k, v in state.items()})
    for key, tensor in theirs.state_dict().items():
        np.testing.assert_array_equal(state[key], tensor.numpy())
    shake(theirs)
    ours.load_state_dict(theirs.state_dict())
    for key, tensor in theirs.state_dict().items():
        np.testing.assert_array_equal(ours.state_dict()[key], tensor.numpy())


def test_the_layers_of_a_stack_begin_alike_and_part() -> None:
    layer = nn.TransformerEncoderLayer(8, 2, 16)
    stack = nn.TransformerEncoder(layer, 2)
    first, second = stack.layers
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        np.testing.assert_array_equal(one.data, other.data)
        assert one is not other
        assert not np.shares_memory(one.data, other.data)
    assert len(list(stack.parameters())) == 2 * len(list(layer.parameters()))
    manual_seed(0)
    whole = nn.Transformer(8, 2, 2, 2, 16)
    a, b = (part.linear1.weight.data for part in whole.encoder.layers)
    assert np.abs(a - b).max() > 0.1


def test_first_values_are_spread_as_in_torch() -> None:
    manual_seed(0)
    torch.manual_seed(0)
    build: Any = lambda nn: nn.Transformer(32, 4, 1, 1, 64)  # noqa: E731
    ours, theirs = build(nn).state_dict(), build(torch.nn).state_dict()
    for key, values in ours.items():
        expected = theirs[key].numpy()
        assert values.std() == pytest.approx(expected.std(), rel=0.25, abs=0)
        assert abs(values).max() == pytest.approx(abs(expected).max(), rel=0.1)


def hidden_keys(
    data: st.DataObject, rng: Any, shapes: dict[str, list[Any]]
) -> dict[str, Any]:
    """Masks that leave the first key in sight; numbers or booleans."""
    numbers = data.draw(st.booleans())
    masks = {}
    for name, allowed in shapes.items():
        shape = data.draw(st.sampled_from([None, *allowed]))
        if shape is not None:
            hidden = rng.random(shape) < 0.4
            hidden[..., 0] = False
            masks[name] = np.where(hidden, -np.inf, 0.3) if numbers else hidden
    return masks


def options_of(data: st.DataObject) -> dict[str, Any]:
    draw = data.draw
    return {
        "activation": draw(st.sampled_from(["relu", "gelu"])),
        "layer_norm_eps": draw(st.sampled_from([1e-5, 0.1])),
        "batch_first": draw(st.booleans()),
        "norm_first": draw(st.booleans()),
        "bias": draw(st.booleans()),
    }


def sequence(rng: Any, length: int, batch: Any, batch_first: bool) -> Any:
    if batch is None:
        return rng.standard_normal((length, 4))
    sizes = (batch, length) if batch_first else (length, batch)
    return rng.standard_normal((*sizes, 4))


@small
@given(st.data(), st.sampled_from(["layer", "stack", "whole"]))
def test_values_and_gradients_are_torchs(
    data: st.DataObject, what: str
) -> None:
    draw = data.draw
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    torch.manual_seed(draw(st.integers(0, 2**32 - 1)))
    options = options_of(data)
    sizes = (4, 2, 6, 0.0)
    norm = draw(st.booleans())

    def build(nn: Any) -> Any:
        if what == "whole":
            return nn.Transformer(4, 2, 2, 2, 6, 0.0, **options)
        layer = nn.TransformerDecoderLayer(*sizes, **options)
        if what == "layer":
            return layer
        return nn.TransformerDecoder(
            layer, 2, nn.LayerNorm(4) if norm else None
        )

    ours, theirs = in_double(build)
    mode = draw(st.booleans())
    ours.train(mode)
    theirs.train(mode)
    batch = draw(st.sampled_from([None, 1, 3]))
    short, long = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    first = options["batch_first"]
    tgt, memory = (sequence(rng, n, batch, first) for n in (short, long))
    rows = 2 * (batch or 1)
    padding = (lambda n: (n,)) if batch is None else lambda n: (batch, n)
    shapes: dict[str, list[Any]] = {
        "tgt_mask": [(short, short), (rows, short, short)],
        "memory_mask": [(short, long), (rows, short, long)],
        "tgt_key_padding_mask": [padding(short)],
        "memory_key_padding_mask": [padding(long)],
    }
    if what == "whole":
        shapes["src_mask"] = [(long, long), (rows, long, long)]
        shapes["src_key_padding_mask"] = [padding(long)]
    masks = hidden_keys(data, rng, shapes)
    if draw(st.booleans()):
        masks["tgt_mask"] = np.triu(np.full((short, short), -np.inf), 1)
        masks["tgt_is_causal"] = draw(st.sampled_from([True, False]))
    inputs = [memory, tgt] if what == "whole" else [tgt, memory]
    assert_same(ours, theirs, inputs, masks)


@small
@given(st.data(), st.booleans())
def test_the_encoder_is_torchs(data: st.DataObject, stacked: bool) -> None:
    draw = data.draw
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    torch.manual_seed(draw(st.integers(0, 2**32 - 1)))
    options = options_of(data)

    def build(nn: Any) -> Any:
        layer = nn.TransformerEncoderLayer(4, 2, 6, 0.0, **options)
        return nn.TransformerEncoder(layer, 2) if stacked else layer

    ours, theirs = in_double(build)
    mode = draw(st.booleans())
    ours.train(mode)
    theirs.train(mode)
    batch = draw(st.sampled_from([None, 1, 3]))
    length = draw(st.integers(1, 4))
    src = sequence(rng, length, batch, options["batch_first"])
    shapes: dict[str, list[Any]] = {
        "src_key_padding_mask": [
            (length,) if batch is None else (batch, length)
        ],
        "mask" if stacked else "src_mask": [
            (length, length),
            (2 * (batch or 1), length, length),
        ],
    }
    assert_same(ours, theirs, [src], hidden_keys(data, rng, shapes))


def test_dropout_stands_in_torchs_places() -> None:
    """The same draws in both, in the order in which they are drawn."""

    def drop(x: Any, p: float, training: bool = True, inplace: bool = False):
        keep = generator.random(tuple(x.shape)) >= p
        return x * torch.tensor(keep / (1 - p)) if training else x

    def attend(q: Any, k: Any, v: Any, mask: Any, p: float, causal: bool):
        keep = generator.random((*q.shape[:-1], k.shape[-2])) >= p
        scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
        return torch.softmax(scores, -1) * torch.tensor(keep / (1 - p)) @ v

    build: Any = lambda nn: nn.TransformerDecoderLayer(4, 2, 6, 0.5)  # noqa: E731
    ours, theirs = in_double(build)
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal((3, 2, 4)) for _ in range(2)]
    manual_seed(5)
    out, _ = outputs(ours, arrays, {})
    manual_seed(5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(torch.nn.functional, "dropout", drop)
        patch.setattr(
            torch.nn.functional, "scaled_dot_product_attention", attend
        )
        expected, _ = outputs(theirs, arrays, {})
    assert_close(out.data, expected.detach().numpy(), 1e-10)
    ours.eval()
    theirs.eval()
    calm, _ = outputs(ours, arrays, {})
    expected, _ = outputs(theirs, arrays, {})
    assert_close(calm.data, expected.detach().numpy(), 1e-10)
    assert np.abs(calm.data - out.data).max() > 0.1


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("activation", ["relu", "gelu"])
def test_an_activation_by_name_or_as_a_function(
    name: str, activation: str
) -> None:
    function = getattr(functional, activation)
    module: Any = {"relu": nn.ReLU, "gelu": nn.GELU}[activation]()
    x = np.random.default_rng(0).standard_normal((3, 2, 4)).astype(np.float32)
    results = []
    for given_as in (activation, function, module):
        manual_seed(1)
        layer = getattr(nn, name)(4, 2, 6, 0.0, activation=given_as)
        results.append(layer(*[Tensor(x)] * (1 + ("Decoder" in name))).data)
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


def test_padding_is_computed_where_torch_leaves_it_out() -> None:
    """torch's faster way through the encoder gives zeros for padding."""
    build: Any = lambda nn: nn.TransformerEncoder(  # noqa: E731
        nn.TransformerEncoderLayer(4, 2, 6, batch_first=True), 2
    )
    ours, theirs = in_double(build)
    ours.eval()
    theirs.eval()
    src = np.random.default_rng(0).standard_normal((2, 3, 4))
    padding = np.array([[False, False, True], [False, False, False]])
    out = ours(src, src_key_padding_mask=padding).data
    arguments = (torch.tensor(src), None, torch.tensor(padding))
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fast = theirs(*arguments).numpy()
    slow = theirs(*arguments).detach().numpy()
    assert_close(out, slow, 1e-10)
    assert_close(out[~padding], fast[~padding], 1e-10)
    np.testing.assert_array_equal(fast[padding], 0)


def test_the_causal_mask() -> None:
    ours = nn.Transformer.generate_square_subsequent_mask(4)
    theirs = torch.nn.Transformer.generate_square_subsequent_mask(4)
    assert ours.dtype == np.float32
    np.testing.assert_array_equal(ours.data, theirs.numpy())
    mask = nn.Transformer.generate_square_subsequent_mask(2, dtype=np.float64)
    assert mask.dtype == np.float64
    layer = nn.TransformerEncoderLayer(4, 2, 6, 0.0)
    x = np.random.default_rng(0).standard_normal((4, 1, 4)).astype(np.float32)
    before = layer(Tensor(x), ours).data
    hinted = layer(Tensor(x), ours, is_causal=True).data
    np.testing.assert_allclose(hinted, before, rtol=1e-5, atol=1e-6)
    x[2:] += 1
    after = layer(Tensor(x), ours).data
    np.testing.assert_array_equal(before[:2], after[:2])
    assert np.abs(before[2:] - after[2:]).max() > 0.01


def test_training_goes_the_same_way() -> None:
    build: Any = lambda nn: nn.Transformer(  # noqa: E731
        4, 2, 1, 1, 6, 0.0, batch_first=True
    )
    ours, theirs = in_double(build)
    ours_optimizer = optim.Adam(ours.parameters(), lr=1e-2)
    optimizer = torch.optim.Adam(theirs.parameters(), lr=1e-2)
    rng = np.random.default_rng(0)
    src, tgt, goal = (rng.standard_normal((2, 3, 4)) for _ in range(3))
    mask = nn.Transformer.generate_square_subsequent_mask(3)
    theirs_mask = torch.tensor(mask.data)
    losses = []
    for _ in range(20):
        loss = functional.mse_loss(ours(src, tgt, tgt_mask=mask), goal)
        ours_optimizer.zero_grad()
        loss.backward()
        ours_optimizer.step()
        expected = torch.nn.functional.mse_loss(
            theirs(*map(torch.tensor, (src, tgt)), tgt_mask=theirs_mask),
            torch.tensor(goal),
        )
        optimizer.zero_grad()
        expected.backward()
        optimizer.step()
        losses.append(loss.item())
        assert loss.item() == pytest.approx(expected.item(), rel=1e-8)
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_by_moving_every_parameter(name: str) -> None:
    manual_seed(0)
    layer = getattr(nn, name)(4, 2, 2, 0.0, "gelu", norm_first=True).double()
    rng = np.random.default_rng(0)
    inputs = [rng.standard_normal((2, 1, 4)) for _ in range(2)]
    check = check_gradients(layer, *inputs[: 1 + ("Decoder" in name)])
    assert check.largest < 1e-6


def zeros(*shape: int) -> Tensor:
    return Tensor(np.zeros(shape, np.float32))


WHOLE = nn.Transformer(8, 2, 1, 1, 16)
FIRST = nn.Transformer(8, 2, 1, 1, 16, batch_first=True)
MISTAKES: list[tuple[Any, str]] = [
    (lambda: nn.TransformerEncoderLayer(8, 3),
     "MultiheadAttention: embed_dim must be divisible by num_heads, got 8 and 3"),
    (lambda: nn.TransformerDecoderLayer(8, 2, activation="tanh"),
     "TransformerDecoderLayer: activation must be 'relu', 'gelu' or a "
     "function, got 'tanh'"),
    (lambda: nn.TransformerEncoderLayer(8, 2, dropout=1.5),
     "MultiheadAttention: p must be from 0 to 1, got 1.5"),
    (lambda: WHOLE(zeros(3, 2, 8), zeros(3, 4, 8)),
     "Transformer: src has a batch of 2, tgt one of 4"),
    (lambda: FIRST(zeros(3, 2, 8), zeros(2, 2, 8)),
     "Transformer: src has a batch of 3, tgt one of 2"),
    (lambda: WHOLE(zeros(3, 2, 8), zeros(3, 2, 7)),
     "Transformer: d_model is 8, tgt has shape (3, 2, 7)"),
    (lambda: WHOLE(zeros(1, 3, 2, 8), zeros(3, 2, 8)),
     "Transformer: d_model is 8, src has shape (1, 3, 2, 8)"),
    (lambda: WHOLE(zeros(3, 8), zeros(3, 2, 8)),
     "Transformer: src has shape (3, 8), tgt has shape (3, 2, 8)"),
    (lambda: WHOLE(zeros(3, 2, 8), zeros(4, 2, 8), tgt_is_causal=True),
     "MultiheadAttention: is_causal is a hint about attn_mask, which is missing"),
    (lambda: WHOLE(zeros(3, 2, 8), zeros(4, 2, 8), tgt_mask=zeros(3, 3)),
     "MultiheadAttention: attn_mask must have shape (4, 4) or (4, 4, 4), "
     "got (3, 3)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    MISTAKES,
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_the_sentence(mistake: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        mistake()
    assert str(caught.value) == sentence
