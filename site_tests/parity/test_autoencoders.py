"""Autoencoders and the VAE: hand = tape = torch, and what they promise."""

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
from tutorial_kernels import Tensor, manual_seed, optim
from tutorial_kernels.gradcheck import check_gradients
from tutorial_kernels.models import autoencoder, vae
from tutorial_kernels.torch_models import autoencoder as torch_autoencoder
from tutorial_kernels.torch_models import vae as torch_vae


def pixels(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).random(shape)


def draws(*shape: int) -> np.ndarray:
    return np.random.default_rng(2).standard_normal(shape)


@settings(deadline=None, max_examples=15)
@given(
    batch=st.integers(1, 5),
    sizes=st.tuples(*[st.integers(1, 6)] * 3),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_autoencoder_by_hand(
    batch: int, sizes: tuple[int, int, int], dtype: type
) -> None:
    tolerance = 1e-10 if dtype == np.float64 else 1e-4
    model, twin = twins("autoencoder.Autoencoder", dtype, *sizes)
    x = pixels(batch, sizes[0]).astype(dtype)
    loss, gradients = autoencoder.autoencoder_loss_and_gradients(
        model.state_dict(), x
    )
    tape = autoencoder.reconstruction_loss(model(Tensor(x)), Tensor(x))
    tape.backward()
    referee = torch_autoencoder.reconstruction_loss(
        twin(torch.tensor(x)), torch.tensor(x)
    )
    referee.backward()
    assert loss.dtype == tape.dtype == dtype
    assert_close(tape, referee, tolerance)
    assert_close(loss, referee, tolerance)
    assert_same_gradients(gradients, model, twin, tolerance)


@settings(deadline=None, max_examples=15)
@given(
    batch=st.integers(1, 5),
    sizes=st.tuples(*[st.integers(1, 6)] * 3),
    beta=st.sampled_from([0.0, 0.1, 1.0, 4.0]),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_vae_by_hand(
    batch: int, sizes: tuple[int, int, int], beta: float, dtype: type
) -> None:
    tolerance = 1e-10 if dtype == np.float64 else 1e-4
    model, twin = twins("vae.VAE", dtype, *sizes)
    x = pixels(batch, sizes[0]).astype(dtype)
    noise = draws(batch, sizes[2]).astype(dtype)
    loss, gradients = vae.vae_loss_and_gradients(
        model.state_dict(), x, noise, beta
    )
    logits, *others = model(Tensor(x), Tensor(noise))
    tape = vae.vae_loss(logits, Tensor(x), *others, beta)
    tape.backward()
    x, noise = torch.tensor(x), torch.tensor(noise)
    logits, *others = twin(x, noise)
    referee = torch_vae.vae_loss(logits, x, *others, beta)
    referee.backward()
    assert loss.dtype == tape.dtype == dtype
    assert_close(tape, referee, tolerance)
    assert_close(loss, referee, tolerance)
    assert_same_gradients(gradients, model, twin, tolerance)


def test_the_kl_is_the_mean_of_many_draws() -> None:
    mean, log_variance = np.array([[0.7, -0.2]]), np.array([[-1.0, 0.4]])
    z = mean + np.exp(log_variance / 2) * draws(200_000, 2)
    log_q = -0.5 * ((z - mean) ** 2 / np.exp(log_variance) + log_variance)
    log_p = -0.5 * z**2
    estimate = (log_q - log_p).sum(1).mean()
    kl = vae.kl_divergence(Tensor(mean), Tensor(log_variance))
    assert kl.shape == (1,)
    assert kl.item() == pytest.approx(estimate, rel=0.01)
    zero = np.zeros((1, 2))
    assert vae.kl_divergence(Tensor(zero), Tensor(zero)).item() == 0


def test_the_loss_sums_over_an_example_and_averages_over_the_batch() -> None:
    """A logit of 0 is a coin: ln 2 a pixel; a mean of 2 costs 2 a latent."""
    zeros = np.zeros
    loss = vae.vae_loss(
        Tensor(zeros((3, 64))), Tensor(pixels(3, 64)),
        Tensor(zeros((3, 5)) + 2), Tensor(zeros((3, 5))), beta=0.5,
    )  # fmt: skip
    assert loss.item() == pytest.approx(64 * np.log(2) + 0.5 * 5 * 2)
    rebuilt = autoencoder.reconstruction_loss(
        Tensor(zeros((3, 1, 28, 28)) + 0.5), Tensor(zeros((3, 1, 28, 28)))
    )
    assert rebuilt.item() == pytest.approx(784 * 0.25)


def test_the_same_noise_gives_the_same_code() -> None:
    model, _ = twins("vae.VAE")
    x, noise = Tensor(pixels(2, 64)), Tensor(draws(2, 2))
    one, other = model(x, noise), model(x, noise)
    np.testing.assert_array_equal(one[0].data, other[0].data)
    mean, log_variance = model.encode(x)
    np.testing.assert_array_equal(one[1].data, mean.data)
    still = model.reparameterize(mean, log_variance, Tensor(np.zeros((2, 2))))
    np.testing.assert_array_equal(still.data, mean.data)


@pytest.mark.parametrize("name", ["Autoencoder", "ConvAutoencoder"])
@pytest.mark.parametrize("batch", [0, 1, 3])
def test_encode_and_decode_are_the_halves(name: str, batch: int) -> None:
    model, twin = twins(f"autoencoder.{name}")
    shape = (64,) if name == "Autoencoder" else (1, 28, 28)
    x = pixels(batch, *shape)
    code = model.encode(Tensor(x))
    assert code.shape == (batch, 2 if name == "Autoencoder" else 16)
    assert_close(code, twin.encode(torch.tensor(x)))
    rebuilt = model.decode(code)
    assert rebuilt.shape == x.shape
    np.testing.assert_array_equal(rebuilt.data, model(Tensor(x)).data)


def test_gradients_by_moving_every_parameter() -> None:
    rng = np.random.default_rng(0)
    small = OURS["autoencoder.Autoencoder"](5, 4, 2)
    assert check_gradients(small, rng.random((3, 5))).largest < 1e-6
    small = OURS["autoencoder.ConvAutoencoder"](3, 1)
    assert check_gradients(small, rng.random((1, 1, 28, 28))).largest < 1e-6
    small = OURS["vae.VAE"](5, 4, 2)
    x, noise = rng.random((3, 5)), rng.standard_normal((3, 2))
    assert check_gradients(small, x, noise).largest < 1e-6


def test_a_code_of_two_finds_a_plane() -> None:
    """Pictures of rank 2: no code of one number can hold them, two can.

    The best rank-1 picture leaves what the second singular value holds.
    """
    manual_seed(0)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((32, 2)) @ rng.standard_normal((2, 16)) / 4
    bound = np.linalg.svd(x - x.mean(0), compute_uv=False)[1] ** 2 / len(x)
    model = autoencoder.Autoencoder(16, 16, 2).double()
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    for _ in range(300):
        loss = autoencoder.reconstruction_loss(model(Tensor(x)), Tensor(x))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.1 * bound


def test_the_vae_beats_the_best_constant_picture() -> None:
    """Four patterns: a constant picture costs their entropy in every pixel."""
    manual_seed(0)
    rng = np.random.default_rng(0)
    patterns = (rng.random((4, 16)) < 0.5).astype(np.float64)
    x = patterns[np.arange(32) % 4]
    share = x.mean(0)
    with np.errstate(all="ignore"):
        entropy = -share * np.log(share) - (1 - share) * np.log(1 - share)
    constant = np.nan_to_num(entropy).sum()
    model = vae.VAE(16, 16, 2).double()
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(300):
        logits, mean, log_variance = model(
            Tensor(x), Tensor(rng.standard_normal((32, 2)))
        )
        loss = vae.vae_loss(logits, Tensor(x), mean, log_variance)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    # The ELBO cannot beat the entropy of the data, ln 4.
    assert np.log(4) < np.mean(losses[-20:]) < 0.75 * constant
