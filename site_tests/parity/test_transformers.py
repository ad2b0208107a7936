"""The GPT and the classifier: hand = tape = torch, and the cache."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.parity.twins import (
    OURS,
    assert_close,
    assert_same_gradients,
    twins,
)
from tutorial_kernels import Tensor, manual_seed, nn, optim
from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.gradcheck import check_gradients
from tutorial_kernels.models import transformer
from tutorial_kernels.models.transformer_by_hand import gpt_loss_and_gradients
from tutorial_kernels.parity import compare, load_into_torch
from tutorial_kernels.torch_models import transformer as torch_transformer

SMALL = {"vocab_size": 7, "context_length": 6, "d_model": 8, "nhead": 2}


def small(name: str, dtype: Any = np.float64, **options: Any) -> Any:
    """A small model and its twin, far from their first values."""
    model, twin = twins(f"transformer.{name}", dtype, **{**SMALL, **options})
    rng = np.random.default_rng(5)
    for parameter in model.parameters():
        parameter.data += 0.4 * rng.standard_normal(parameter.shape)
    load_into_torch(model, twin)
    return model, twin


def texts(batch: int, length: int, seed: int = 0, vocab: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, vocab, (batch, length))


@settings(deadline=None, max_examples=12)
@given(
    batch=st.integers(1, 3),
    length=st.integers(1, 6),
    heads=st.sampled_from([1, 2, 4]),
    num_layers=st.integers(1, 3),
    token_type=st.sampled_from([np.int32, np.int64]),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_gpt_by_hand(
    batch: int,
    length: int,
    heads: int,
    num_layers: int,
    token_type: Any,
    dtype: Any,
) -> None:
    model, twin = small("GPT", dtype, nhead=heads, num_layers=num_layers)
    tolerance = 1e-10 if dtype == np.float64 else 1e-4
    tokens = texts(batch, length).astype(token_type)
    targets = texts(batch, length, 1).astype(token_type)
    loss, gradients = gpt_loss_and_gradients(
        model.state_dict(), tokens, targets, heads
    )
    tape = transformer.gpt_loss(model(Tensor(tokens)), targets)
    tape.backward()
    referee = torch_transformer.gpt_loss(
        twin(torch.tensor(tokens)), torch.tensor(targets).long()
    )
    referee.backward()
    assert loss.dtype == tape.dtype == dtype
    assert_close(loss, referee, tolerance)
    assert_close(tape, referee, tolerance)
    assert_same_gradients(gradients, model, twin, tolerance)


@pytest.mark.parametrize("name", ["GPT", "TransformerClassifier"])
def test_gradients_by_moving_every_parameter(name: str) -> None:
    model, _ = small(name, d_model=4, num_layers=1)
    assert check_gradients(model, texts(2, 3)).largest < 1e-6


def test_a_target_of_minus_100_does_not_count() -> None:
    model, twin = small("GPT")
    tokens, targets = texts(2, 5), texts(2, 5, 1)
    targets[0, 2:] = -100
    loss, _ = gpt_loss_and_gradients(model.state_dict(), tokens, targets, 2)
    logits = twin(torch.tensor(tokens))
    assert_close(
        loss, torch_transformer.gpt_loss(logits, torch.tensor(targets))
    )


def test_ten_blocks_are_taken_in_their_order() -> None:
    """`blocks.10` comes after `blocks.2`."""
    model, _ = small("GPT", num_layers=11)
    tokens, targets = texts(1, 3), texts(1, 3, 1)
    loss, _ = gpt_loss_and_gradients(model.state_dict(), tokens, targets, 2)
    tape = transformer.gpt_loss(model(Tensor(tokens)), targets)
    assert loss == pytest.approx(tape.item(), rel=1e-12)


def test_no_token_sees_what_follows() -> None:
    model, _ = small("GPT")
    tokens = texts(2, 6)
    before = model(tokens).data
    tokens[:, 4] = (tokens[:, 4] + 1) % 7
    after = model(tokens).data
    np.testing.assert_array_equal(before[:, :4], after[:, :4])
    assert np.abs(before[:, 4:] - after[:, 4:]).min() > 0


def test_the_first_loss_is_that_of_guessing() -> None:
    manual_seed(0)
    model = transformer.GPT()
    tokens = texts(8, 32, vocab=65)
    loss = transformer.gpt_loss(model(tokens), texts(8, 32, 1, 65))
    assert loss.item() == pytest.approx(np.log(65), rel=0.01)
    ends = [model.blocks[n].attention.projection for n in range(2)]
    ends += [model.blocks[n].mlp[2] for n in range(2)]
    for layer in ends:
        assert layer.weight.data.std() == pytest.approx(0.01, rel=0.1)
    assert not any(layer.bias.data.any() for layer in ends)


def test_what_the_past_gives_is_what_all_give() -> None:
    model, twin = small("GPT")
    tokens = texts(3, 6)
    whole = model(tokens).data
    for first in (1, 3, 5):
        logits, past = model.extend(tokens[:, :first])
        assert_close(logits, torch.tensor(whole[:, :first]))
        for place in range(first, 6):
            logits, past = model.extend(tokens[:, place : place + 1], past)
            assert_close(logits[:, 0], torch.tensor(whole[:, place]))
        assert past[0][0].shape == (3, 2, 6, 4)
    logits, past = twin.extend(torch.tensor(tokens[:, :5]))
    logits, _ = twin.extend(torch.tensor(tokens[:, 5:]), past)
    assert_close(whole[:, 5], logits[:, 0])


@settings(deadline=None, max_examples=20)
@given(
    batch=st.integers(1, 3),
    prompt=st.integers(1, 9),
    steps=st.integers(0, 8),
    temperature=st.sampled_from([0, 0.5, 1.0, 2.0]),
    top_k=st.sampled_from([None, 1, 3, 50]),
    token_type=st.sampled_from([np.int32, np.int64]),
)
def test_generation_with_the_cache_without_it_and_in_torch(
    batch: int,
    prompt: int,
    steps: int,
    temperature: float,
    top_k: int | None,
    token_type: Any,
) -> None:
    """Also with prompts longer than the context of 6, or growing beyond."""
    model, twin = small("GPT")
    tokens = texts(batch, prompt).astype(token_type)
    uniform = np.random.default_rng(2).random((batch, steps))
    options = {"temperature": temperature, "top_k": top_k}
    cached = model.generate(Tensor(tokens), Tensor(uniform), **options)
    anew = model.generate(tokens, uniform, **options, use_cache=False)
    referee = twin.generate(
        torch.tensor(tokens), torch.tensor(uniform), **options
    )
    cached, anew = np.asarray(cached), np.asarray(anew)
    assert cached.shape == (batch, prompt + steps)
    np.testing.assert_array_equal(cached, anew)
    np.testing.assert_array_equal(cached, referee.numpy())
    np.testing.assert_array_equal(cached[:, :prompt], tokens)
    assert all(p.grad is None for p in model.parameters())


def test_the_cache_computes_one_token_a_step(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model, _ = small("GPT")
    lengths: list[int] = []
    extend = model.extend

    def counted(tokens: Any, past: Any = None) -> Any:
        lengths.append(tokens.shape[1])
        return extend(tokens, past)

    monkeypatch.setattr(model, "extend", counted)
    model.generate(texts(1, 2), np.zeros((1, 7)))
    assert lengths == [2, 1, 1, 1, 1, 6, 6]  # 6 is the context
    lengths.clear()
    model.generate(texts(1, 2), np.zeros((1, 4)), use_cache=False)
    assert lengths == [2, 3, 4, 5]


def test_sampling_follows_the_probabilities() -> None:
    logits = np.log(np.array([[0.1, 0.2, 0.3, 0.4]])).repeat(1000, 0)
    uniform = (np.arange(1000) + 0.5) / 1000

    def shares(**options: Any) -> list[float]:
        chosen = transformer.sample(Tensor(logits), uniform, **options)
        assert chosen.shape == (1000, 1)
        return (np.bincount(chosen[:, 0], minlength=4) / 1000).tolist()

    assert shares() == pytest.approx([0.1, 0.2, 0.3, 0.4], abs=0.002)
    assert shares(top_k=2) == pytest.approx([0, 0, 3 / 7, 4 / 7], abs=0.002)
    assert shares(temperature=0) == [0, 0, 0, 1]
    squares = np.array([1, 4, 9, 16]) / 30
    assert shares(temperature=0.5) == pytest.approx(squares, abs=0.002)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sampling_never_takes_what_is_impossible(dtype: Any) -> None:
    logits = np.array([[-np.inf, 1, 2, -np.inf, 0, -np.inf]], dtype)
    for number in (0.0, 0.5, np.nextafter(dtype(1), dtype(0))):
        uniform = np.array([number], dtype)
        for top_k in (None, 1, 2, 3):
            chosen = transformer.sample(Tensor(logits), uniform, 1.0, top_k)
            assert chosen.item() in {1, 2, 4}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda m: m(texts(1, 7)), "context_length is 6, got 7 tokens after 0"),
        (lambda m: m(texts(1, 0)), "context_length is 6, got 0 tokens after 0"),
        (
            lambda m: m.generate(texts(1, 0), np.zeros((1, 1))),
            "context_length is 6, got 0 tokens after 0",
        ),
        (
            lambda m: m.extend(texts(1, 2), m.extend(texts(1, 2))[1]),
            "a past goes on with one token at a time, got 2",
        ),
        (
            lambda m: m.extend(texts(1, 1), m.extend(texts(1, 6))[1]),
            "context_length is 6, got 1 tokens after 6",
        ),
        (
            lambda m: m.generate(texts(1, 1), np.zeros((1, 1)), -1),
            "temperature must not be negative and top_k at least 1, got -1",
        ),
        (
            lambda m: m.generate(texts(1, 1), np.zeros((1, 1)), top_k=0),
            "top_k at least 1, got 1.0 and 0",
        ),
        (lambda m: type(m)(d_model=5), "d_model 5 cannot be shared among 4"),
    ],
)
def test_mistakes_get_a_sentence(call: Any, sentence: str) -> None:
    model, _ = small("GPT")
    with pytest.raises(ValueError, match=sentence):
        call(model)


@pytest.mark.parametrize("token_type", [np.int32, np.int64])
@pytest.mark.parametrize("with_padding", [False, True])
@pytest.mark.parametrize("training", [True, False])
def test_classifier_beside_torch(
    token_type: Any, with_padding: bool, training: bool
) -> None:
    model, twin = small("TransformerClassifier", num_classes=3)
    model.train(training)
    twin.train(training)
    tokens = texts(4, 6).astype(token_type)
    lengths = np.array([6, 1, 4, 3])
    padding = np.arange(6) >= lengths[:, None] if with_padding else None
    labels = np.array([0, 2, 1, 1]).astype(token_type)
    given = () if padding is None else (Tensor(padding),)
    loss = F.cross_entropy(model(Tensor(tokens), *given), labels)
    loss.backward()
    given = () if padding is None else (torch.tensor(padding),)
    logits = twin(torch.tensor(tokens), *given)
    referee = torch.nn.functional.cross_entropy(
        logits, torch.tensor(labels).long()
    )
    referee.backward()
    assert_close(loss, referee)
    tape = {name: p.grad for name, p in model.named_parameters()}
    assert_same_gradients(tape, model, twin, 1e-9)


def test_padding_changes_nothing() -> None:
    """A text by itself, and the same one filled up with any tokens."""
    model, _ = small("TransformerClassifier")
    alone = model(texts(2, 3)).data
    padding = np.zeros((2, 6), bool)
    padding[:, 3:] = True
    for seed in (1, 2):
        filled = np.concatenate([texts(2, 3), texts(2, 3, seed)], 1)
        assert_close(model(filled, padding), torch.tensor(alone))
    with pytest.raises(ValueError, match="context_length is 6, got 7 tokens"):
        model(texts(1, 7))


def test_dropout_is_in_training_only() -> None:
    for name in ("GPT", "TransformerClassifier"):
        model, twin = small(name, dropout=0.5)
        tokens = texts(2, 4)
        assert repr(model) == repr(twin)
        one, other = model(tokens).data, model(tokens).data
        assert np.abs(one - other).max() > 0
        model.eval()
        twin.eval()
        assert_close(model(tokens), twin(torch.tensor(tokens)))


def test_a_gpt_remembers_sixteen_characters() -> None:
    """Guessing costs ln 13. What follows l, o or r depends on the place."""
    text = "hello, transform"
    letters = sorted(set(text))
    assert (len(text), len(letters)) == (16, 13)
    tokens = np.array([[letters.index(letter) for letter in text]])
    manual_seed(0)
    model = transformer.GPT(13, 16, 16, 2, 1).double()
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    for _ in range(120):
        loss = transformer.gpt_loss(model(tokens[:, :-1]), tokens[:, 1:])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1 * np.log(13)
    said = model.generate(tokens[:, :1], np.zeros((1, 15)), temperature=0)
    assert "".join(letters[n] for n in said.data[0]) == text


def test_a_classifier_finds_a_word() -> None:
    """Whether token 3 occurs anywhere: guessing costs ln 2."""
    manual_seed(0)
    rng = np.random.default_rng(0)
    tokens = rng.integers(4, 8, (32, 6))
    labels = np.arange(32) % 2
    tokens[np.arange(1, 32, 2), rng.integers(0, 6, 16)] = 3
    model = transformer.TransformerClassifier(8, 6, 8, 2, 1)
    optimizer = optim.Adam(model.parameters(), lr=0.02)
    for _ in range(80):
        logits = model(tokens)
        loss = F.cross_entropy(logits, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1 * np.log(2)
    assert (logits.argmax(1) == labels).all()


def test_compare_takes_tokens_and_a_mask() -> None:
    model, twin = small("TransformerClassifier")
    padding = np.zeros((2, 5), bool)
    padding[1, 3:] = True
    result = compare(
        model, twin, (texts(2, 5).astype(np.int32), padding),
        np.array([0, 1], np.int32), steps=3, optimizer="Adam", lr=0.01,
    )  # fmt: skip
    assert result.largest.relative < 1e-8
    assert isinstance(model, nn.Module)
    assert set(OURS) >= {"transformer.GPT", "transformer.Block"}
