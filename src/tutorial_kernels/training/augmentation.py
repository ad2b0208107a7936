"""Augmentation: other images of the same things, by each example's noise."""

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

NOISE_SIZE = 3
FARTHEST = 1


def mirrored_and_shifted(images: Tensor, noise: Tensor) -> Tensor:
    """Mirrors every other image, and shifts every other by a pixel.

    What happens to an image is a matter of its own noise. So neither the
    number of ranks nor a break in the run changes what is learned from.

    Shapes:
        images: (B, C, height, width), black outside
        noise: (B, 3), standard normal
        result: (B, C, height, width)
    """
    mirrored = noise[:, 0] > 0
    images = torch.where(mirrored[:, None, None, None], images.flip(3), images)
    height, width = images.shape[2:]
    # Every shift of every image, as windows into one padded copy.
    padded = F.pad(images, (FARTHEST,) * 4)
    windows = padded.unfold(2, height, 1).unfold(3, width, 1)
    # Of both ways, two thirds stay where they are: |noise| < 1.
    steps = (noise[:, 1:] / 2).round().clamp(-FARTHEST, FARTHEST)
    shifts = steps.long() + FARTHEST
    rows, columns = shifts.unbind(1)
    return windows[torch.arange(len(images)), :, rows, columns]
