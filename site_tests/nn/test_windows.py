"""Convolutions and poolings as modules, beside torch's."""

import re
from typing import Any

import numpy as np
import pytest
import torch

import tutorial_kernels
from tutorial_kernels import Tensor, nn

PRINTED = [
    lambda nn: nn.Conv1d(1, 16, 3),
    lambda nn: nn.Conv1d(
        4, 8, (5,), stride=(2,), padding=1, dilation=2, groups=4, bias=False
    ),
    lambda nn: nn.Conv1d(1, 1, 3, padding="same", padding_mode="reflect"),
    lambda nn: nn.Conv1d(1, 1, 3, padding="valid"),
    lambda nn: nn.Conv2d(1, 1, 3, padding=(0, 1), padding_mode="circular"),
    lambda nn: nn.Conv2d(2, 2, 3, 1, 1, 1, 2, False, padding_mode="replicate"),
    lambda nn: nn.ConvTranspose1d(1, 2, 3),
    lambda nn: nn.ConvTranspose1d(2, 4, 3, 2, 1, 1, 2, False, 2),
    lambda nn: nn.ConvTranspose2d(1, 2, 3),
    lambda nn: nn.ConvTranspose2d(
        2, 4, (3, 2), (2, 1), 1, (1, 0), groups=2, bias=False, dilation=2
    ),
    lambda nn: nn.MaxPool1d(2),
    lambda nn: nn.MaxPool1d((3,), 1, 1, 2, True, True),
    lambda nn: nn.MaxPool2d(3, return_indices=True),
    lambda nn: nn.AvgPool1d(2),
    lambda nn: nn.AvgPool1d((3,), 1, 1, True, False),
    lambda nn: nn.AvgPool2d(2),
    lambda nn: nn.AvgPool2d((3, 2), 1, (1, 0), True, False, 5),
    lambda nn: nn.AdaptiveAvgPool1d(3),
    lambda nn: nn.AdaptiveAvgPool2d((1, None)),
    lambda nn: nn.AdaptiveMaxPool1d(3, return_indices=True),
    lambda nn: nn.AdaptiveMaxPool2d((2, 3)),
    lambda nn: nn.Upsample(5),
    lambda nn: nn.Upsample((5, 6)),
    lambda nn: nn.Upsample(scale_factor=2),
    lambda nn: nn.Upsample(scale_factor=(2, 1.5)),
]


@pytest.mark.parametrize("build", PRINTED)
def test_printed_as_in_torch(build: Any) -> None:
    ours, theirs = build(nn), build(torch.nn)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    assert [a.shape for a in ours.state_dict().values()] == [
        tuple(t.shape) for t in theirs.state_dict().values()
    ]


def compare(build: Any, *shape: int, **options: Any) -> None:
    """Values and gradients, with torch's weights carried over and back."""
    ours, theirs = build(nn).double(), build(torch.nn).double()
    ours.load_state_dict(theirs.state_dict())
    for key, array in ours.state_dict().items():
        np.testing.assert_array_equal(array, theirs.state_dict()[key].numpy())
    rng = np.random.default_rng(0)
    x = rng.standard_normal(shape)
    one, other = Tensor(x, True), torch.tensor(x, requires_grad=True)
    out, expected = ours(one, **options), theirs(other, **options)
    if isinstance(out, tuple):
        np.testing.assert_array_equal(out[1].data, expected[1].numpy())
        out, expected = out[0], expected[0]
    assert out.shape == tuple(expected.shape)
    np.testing.assert_allclose(out.data, expected.detach().numpy(), 1e-10)
    grad = rng.standard_normal(out.shape)
    out.backward(grad)
    expected.backward(torch.tensor(grad))
    np.testing.assert_allclose(one.grad, other.grad.numpy(), 1e-9, 1e-13)
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), 1e-9, 1e-13)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
@pytest.mark.parametrize("padding", [0, 2, "same", "valid"])
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_padding_modes(mode: str, padding: Any) -> None:
    compare(
        lambda nn: nn.Conv1d(2, 4, 4, 1, padding, 2, 2, padding_mode=mode),
        *(3, 2, 9),
    )
    frame = (1, 2) if padding == 2 else padding
    compare(
        lambda nn: nn.Conv2d(2, 3, (3, 2), 1, frame, padding_mode=mode),
        *(3, 2, 5, 6),
    )


COMPUTED = [
    (lambda nn: nn.Conv1d(2, 4, 3, 2, 1), (3, 2, 9)),
    (lambda nn: nn.ConvTranspose1d(4, 6, 3, 2, 1, 1, 2), (3, 4, 5)),
    (lambda nn: nn.ConvTranspose2d(4, 2, (3, 2), 2, 1, dilation=2), (4, 5, 6)),
    (lambda nn: nn.MaxPool1d(3, 2, 1, ceil_mode=True), (2, 3, 8)),
    (lambda nn: nn.MaxPool2d(2, return_indices=True), (2, 3, 6, 8)),
    (lambda nn: nn.AvgPool1d(3, 2, 1, True, False), (2, 3, 8)),
    (lambda nn: nn.AvgPool2d(3, 2, 1, True, False), (2, 3, 8, 7)),
    (lambda nn: nn.AvgPool2d(2, divisor_override=3), (2, 3, 8, 7)),
    (lambda nn: nn.AdaptiveAvgPool1d(3), (2, 3, 7)),
    (lambda nn: nn.AdaptiveAvgPool2d((None, 3)), (2, 3, 6, 7)),
    (lambda nn: nn.AdaptiveMaxPool1d(3, return_indices=True), (2, 3, 7)),
    (lambda nn: nn.AdaptiveMaxPool2d(3), (2, 3, 6, 7)),
    (lambda nn: nn.Upsample((5, 9)), (2, 3, 4, 6)),
    (lambda nn: nn.Upsample(scale_factor=2), (2, 3, 4)),
]


@pytest.mark.parametrize(("build", "shape"), COMPUTED)
def test_computes_what_torch_computes(build: Any, shape: Any) -> None:
    compare(build, *shape)


@pytest.mark.parametrize("size", [9, 10])
def test_output_size_chooses_among_those_that_shrink_to_one(size: int) -> None:
    def build(nn: Any) -> Any:
        return nn.ConvTranspose2d(2, 3, 3, (2, 1), 1)

    compare(build, 1, 2, 5, 6, output_size=[size, 6])
    compare(build, 1, 2, 5, 6, output_size=[1, 3, size, 6])
    compare(build, 2, 5, 6, output_size=(3, size, 6))


@pytest.mark.parametrize(
    "build",
    [
        lambda nn: nn.Conv1d(8, 300, 9, groups=2),
        lambda nn: nn.ConvTranspose1d(40, 300, 9, groups=2),
        lambda nn: nn.ConvTranspose2d(8, 300, 3),
    ],
)
def test_first_values_are_spread_as_in_torch(build: Any) -> None:
    tutorial_kernels.manual_seed(0)
    torch.manual_seed(0)
    ours, theirs = build(nn), build(torch.nn)
    for key, tensor in theirs.state_dict().items():
        one, other = ours.state_dict()[key], tensor.numpy()
        assert one.dtype == other.dtype == np.float32
        for values in (one, other):
            bound = 1 / np.sqrt(np.prod(ours.weight.shape[1:]))
            assert np.abs(values).max() <= bound
            assert np.abs(values).max() > 0.97 * bound
            assert values.std() == pytest.approx(bound / np.sqrt(3), rel=0.08)


MISTAKES = [
    (lambda: nn.Conv1d(3, 4, 3, groups=2), "Conv1d: groups must divide in_channels 3, got 2"),
    (lambda: nn.Conv1d(1, 1, (3, 3)), "Conv1d: kernel_size must be an integer, at least 1, got (3, 3)"),
    (lambda: nn.Conv1d(1, 1, 3, padding_mode="edge"),
     "Conv1d: padding_mode must be 'zeros', 'reflect', 'replicate' or 'circular', got 'edge'"),
    (lambda: nn.ConvTranspose2d(1, 1, 3, padding_mode="reflect"),
     "ConvTranspose2d: padding_mode must be 'zeros', got 'reflect'"),
    (lambda: nn.ConvTranspose2d(1, 1, 3, padding="same"), "ConvTranspose2d: padding must be integers, got 'same'"),
    (lambda: nn.ConvTranspose1d(1, 1, 3, 2)(Tensor(np.ones((1, 1, 4))), [11]),
     "ConvTranspose1d: output_size must be from (9,) to (10,), got (11,)"),
    (lambda: nn.ConvTranspose2d(1, 1, 3)(Tensor(np.ones((1, 1, 4, 4))), [6]),
     "ConvTranspose2d: output_size must have 2 or 4 numbers, got (6,)"),
    (lambda: nn.Upsample(2, mode="bicubic"),
     "Upsample: mode must be 'nearest', the only one there is here, got 'bicubic'"),
    (lambda: nn.AvgPool1d(0), "AvgPool1d: kernel_size must be an integer, at least 1, got 0"),
    (lambda: nn.AdaptiveAvgPool2d(None)(Tensor(np.ones((1, 1, 4, 4)))),
     "adaptive_avg_pool2d: output_size must be an integer or a pair of integers, at least 0, got None"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "sentence"), MISTAKES)
def test_mistakes(call: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)) as caught:
        call()
    assert str(caught.value) == sentence
