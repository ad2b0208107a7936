"""The cross-entropy of a reader of text, from what NumPy computes."""

import torch

from tutorial_kernels import no_grad
from tutorial_kernels.training.language import nats_per_character

WINDOWS = 100  # at a time


def nats_of(model, x, target):
    """The mean over windows, (n, T) each, from NumPy's logits."""
    total = 0.0
    for start in range(0, len(x), WINDOWS):
        part = slice(start, start + WINDOWS)
        with no_grad():
            logits = torch.from_numpy(model(x[part].numpy()).data)
        values = nats_per_character(lambda _, out=logits: out, x, target[part])
        total += float(values.sum())
    return total / len(x)
