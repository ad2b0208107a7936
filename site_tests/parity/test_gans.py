"""The GANs: both moves equal torch's, and nothing moves that should not."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from site_tests.parity.twins import (
    THEIRS,
    assert_close,
    assert_same_gradients,
    twins,
)
from tutorial_kernels import Tensor, manual_seed, nn, optim
from tutorial_kernels.models import gan
from tutorial_kernels.torch_models import gan as torch_gan

PLAYERS = {
    "dense": ("gan.Generator", "gan.Discriminator", (2,), 2),
    "DCGAN": ("gan.DCGANGenerator", "gan.DCGANDiscriminator", (1, 28, 28), 32),
}
both_kinds = pytest.mark.parametrize("kind", PLAYERS)


def players(kind: str) -> tuple[Any, ...]:
    """Generator and discriminator, their twins, real examples and noise."""
    generator, discriminator, shape, latent_size = PLAYERS[kind]
    ours, theirs = zip(twins(generator), twins(discriminator), strict=True)
    rng = np.random.default_rng(0)
    real = np.tanh(rng.standard_normal((3, *shape)))
    return ours, theirs, real, rng.standard_normal((3, latent_size))


def gradients(model: Any) -> dict[str, Any]:
    return {name: p.grad for name, p in model.named_parameters()}


@both_kinds
def test_the_discriminators_move(kind: str) -> None:
    ours, theirs, real, noise = players(kind)
    before = ours[0].state_dict()
    for module, pair, tensor, library in (
        (gan, ours, Tensor, optim),
        (torch_gan, theirs, torch.tensor, torch.optim),
    ):
        optimizer = library.SGD(pair[1].parameters(), lr=0.1)
        loss = module.discriminator_step(
            *pair, optimizer, tensor(real), tensor(noise)
        )
        assert loss.item() > 0
    # No gradient came near the generator, and no parameter of it moved.
    assert set(map(type, gradients(ours[0]).values())) == {type(None)}
    for name, parameter in ours[0].named_parameters():
        np.testing.assert_array_equal(parameter.data, before[name])
    assert_same_gradients(gradients(ours[1]), ours[1], theirs[1], 1e-8)
    for name, value in theirs[1].state_dict().items():
        assert_close(ours[1].state_dict()[name], value, 1e-8)


@both_kinds
def test_the_generators_move(kind: str) -> None:
    ours, theirs, _, noise = players(kind)
    before = ours[1].state_dict()
    for module, pair, tensor, library in (
        (gan, ours, Tensor, optim),
        (torch_gan, theirs, torch.tensor, torch.optim),
    ):
        optimizer = library.SGD(pair[0].parameters(), lr=0.1)
        loss = module.generator_step(*pair, optimizer, tensor(noise))
        assert loss.item() > 0
        # The judge was frozen: no gradients, and free again afterwards.
        assert set(map(type, gradients(pair[1]).values())) == {type(None)}
        assert all(p.requires_grad for p in pair[1].parameters())
    for name, parameter in ours[1].named_parameters():
        assert parameter.data.tobytes() == before[name].tobytes()
    assert_same_gradients(gradients(ours[0]), ours[0], theirs[0], 1e-8)
    assert all(np.abs(g).max() > 0 for g in gradients(ours[0]).values())


@settings(deadline=None, max_examples=15)
@given(
    sizes=st.tuples(*[st.integers(1, 5)] * 3),
    batches=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    dtype=st.sampled_from([np.float32, np.float64]),
)
def test_both_moves_by_hand(
    sizes: tuple[int, int, int], batches: tuple[int, int], dtype: Any
) -> None:
    """Hand = tape = torch, with as many fakes as real examples or not."""
    tolerance = 1e-10 if dtype == np.float64 else 1e-4
    latent_size, hidden_size, size = sizes
    generator, its_twin = twins("gan.Generator", dtype, *sizes)
    judge, judge_twin = twins("gan.Discriminator", dtype, size, hidden_size)
    rng = np.random.default_rng(0)
    real = rng.standard_normal((batches[0], size)).astype(dtype)
    noise = rng.standard_normal((batches[1], latent_size)).astype(dtype)
    fake = generator(Tensor(noise)).detach()

    loss, by_hand = gan.discriminator_loss_and_gradients(
        judge.state_dict(), real, fake.data
    )
    tape = gan.discriminator_loss(judge(Tensor(real)), judge(fake))
    tape.backward()
    referee = torch_gan.discriminator_loss(
        judge_twin(torch.tensor(real)), judge_twin(torch.tensor(fake.data))
    )
    referee.backward()
    assert loss.dtype == tape.dtype == dtype
    assert_close(loss, referee, tolerance)
    assert_close(tape, referee, tolerance)
    assert_same_gradients(by_hand, judge, judge_twin, tolerance)

    loss, by_hand = gan.generator_loss_and_gradients(
        generator.state_dict(), judge.state_dict(), noise
    )
    tape = gan.generator_loss(judge(generator(Tensor(noise))))
    tape.backward()
    referee = torch_gan.generator_loss(
        judge_twin(its_twin(torch.tensor(noise)))
    )
    referee.backward()
    assert_close(loss, referee, tolerance)
    assert_same_gradients(by_hand, generator, its_twin, tolerance)


def test_the_losses_at_known_logits() -> None:
    zeros = Tensor(np.zeros((4, 1)))
    assert gan.discriminator_loss(zeros, zeros).item() == pytest.approx(
        2 * np.log(2)
    )
    assert gan.generator_loss(zeros).item() == pytest.approx(np.log(2))
    far = np.array([[-800.0], [800.0]])
    for logits in (Tensor(far), Tensor(-far)):
        assert gan.generator_loss(logits).item() == 400
        assert gan.discriminator_loss(logits, logits).item() == 800


def test_the_generators_loss_does_not_saturate() -> None:
    """A fake that is seen through still gets a slope of nearly 1."""
    logits = Tensor(np.array([[-10.0]]), requires_grad=True)
    gan.generator_loss(logits).backward()
    assert logits.grad is not None
    assert logits.grad.item() == pytest.approx(-1, abs=1e-4)


def test_the_first_values_of_a_dcgan() -> None:
    """N(0, 0.02), batch norm N(1, 0.02), biases 0: here as in torch."""
    manual_seed(0)
    torch.manual_seed(0)
    for name in ("DCGANGenerator", "DCGANDiscriminator"):
        model, twin = getattr(gan, name)(), THEIRS[f"gan.{name}"]()
        values = {k: v.numpy() for k, v in twin.state_dict().items()}
        for weights in (model.state_dict(), values):
            draw = np.concatenate([
                w.ravel() for k, w in weights.items()
                if k.endswith("weight") and w.ndim > 1
            ])  # fmt: skip
            assert abs(draw.mean()) < 6 * 0.02 / np.sqrt(draw.size)
            assert draw.std() == pytest.approx(0.02, rel=0.04)
            for key, value in weights.items():
                if key.endswith("bias"):
                    assert not value.any()
                if key.endswith("weight") and value.ndim == 1:
                    assert value.mean() == pytest.approx(1, abs=0.03)
                    assert value.std() == pytest.approx(0.02, rel=0.8)


def test_dcgan_init_takes_layers_without_parameters() -> None:
    gan.dcgan_init(nn.BatchNorm2d(3, affine=False))
    gan.dcgan_init(nn.Tanh())
    layer = nn.Linear(2, 2)
    before = layer.state_dict()
    gan.dcgan_init(layer)
    np.testing.assert_array_equal(layer.weight.data, before["weight"])


def test_batch_norm_in_training_and_in_evaluation() -> None:
    (generator, judge), (its_twin, judge_twin), real, noise = players("DCGAN")
    for _ in range(2):
        assert_close(generator(Tensor(noise)), its_twin(torch.tensor(noise)))
        assert_close(judge(Tensor(real)), judge_twin(torch.tensor(real)))
    for model, twin, x in (
        (generator, its_twin, noise),
        (judge, judge_twin, real),
    ):
        training = model(Tensor(x)).data
        twin(torch.tensor(x))
        model.eval()
        twin.eval()
        alone = model(Tensor(x[:1])).data
        assert_close(alone, twin(torch.tensor(x[:1])))
        assert_close(model(Tensor(x)), twin(torch.tensor(x)))
        assert_close(model(Tensor(x)).data[:1], torch.tensor(alone), 1e-8)
        assert np.abs(model(Tensor(x)).data - training).max() > 1e-3


def test_an_image_is_28_by_28_and_between_minus_1_and_1() -> None:
    manual_seed(0)
    for sizes in ((), (5, 3)):
        model = gan.DCGANGenerator(*sizes)
        noise = np.random.default_rng(0).standard_normal((2, (*sizes, 32)[0]))
        image = model(Tensor(noise.astype(np.float32))).data
        assert image.shape == (2, 1, 28, 28)
        assert np.abs(image).max() <= 1
        logits = gan.DCGANDiscriminator(3)(Tensor(image))
        assert logits.shape == (2, 1)


def test_the_game_reaches_one_cloud() -> None:
    """Real points around (2, -1): the fakes get there from the origin."""
    manual_seed(0)
    rng = np.random.default_rng(0)
    center = np.array([2.0, -1.0])
    generator = gan.Generator(2, 16).double()
    judge = gan.Discriminator(2, 16).double()
    options = {"lr": 0.005, "betas": (0.5, 0.999)}
    own = optim.Adam(generator.parameters(), **options)
    others = optim.Adam(judge.parameters(), **options)
    noise = rng.standard_normal((64, 2))
    start = generator(Tensor(noise)).data.mean(0)
    for _ in range(200):
        real = Tensor(center + 0.3 * rng.standard_normal((64, 2)))
        draw = Tensor(rng.standard_normal((64, 2)))
        gan.discriminator_step(generator, judge, others, real, draw)
        gan.generator_step(generator, judge, own, draw)
    end = generator(Tensor(noise)).data.mean(0)
    distance = np.linalg.norm(end - center), np.linalg.norm(start - center)
    assert distance[0] < 0.25 * distance[1]
