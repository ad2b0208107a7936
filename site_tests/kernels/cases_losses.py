"""The losses, with inputs to try them on and torch's functions beside them."""

from typing import Any

import numpy as np
import torch.nn.functional as F  # noqa: N812

from site_tests.kernels.case import Case, normal, positive

REDUCTIONS = ("mean", "sum", "none")


def probabilities(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(rng.uniform(0.05, 0.95, shape))


def distribution(rng: np.random.Generator, *shape: int) -> np.ndarray:
    """Probabilities that add up to one along axis 1, or the only axis."""
    scores = np.exp(rng.standard_normal(shape))
    axis = min(1, len(shape) - 1)
    return np.asarray(scores / scores.sum(axis=axis, keepdims=True))


def labels(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return np.asarray(rng.integers(0, 5, shape))


def each_reduction(
    pair: str, reference: Any, make: Any, **options: Any
) -> list[Case]:
    return [
        Case(pair, make, reference, {"reduction": how, **options}, how)
        for how in REDUCTIONS
    ]


LOSSES: list[Case] = [
    *[
        case
        for pair in ("l1_loss", "smooth_l1_loss", "huber_loss")
        for case in each_reduction(
            pair,
            getattr(F, pair),
            lambda r: (2 * normal(r, 3, 4), normal(r, 3, 4)),
        )
    ],
    Case(
        "smooth_l1_loss",
        lambda r: (normal(r, 3, 4), normal(r, 3, 4)),
        F.smooth_l1_loss,
        {"beta": 0.3},
        "beta",
    ),
    Case(
        "smooth_l1_loss",
        lambda r: (normal(r, 3, 4), normal(r, 3, 4)),
        F.smooth_l1_loss,
        {"beta": 0.0},
        "beta 0",
    ),
    Case(
        "huber_loss",
        lambda r: (normal(r, 3, 4), normal(r, 3, 4)),
        F.huber_loss,
        {"delta": 0.3},
        "delta",
    ),
    *each_reduction(
        "gaussian_nll_loss",
        F.gaussian_nll_loss,
        lambda r: (normal(r, 3, 4), normal(r, 3, 4), positive(r, 3, 4)),
    ),
    Case(
        "gaussian_nll_loss",
        lambda r: (normal(r, 3, 4), normal(r, 3, 4), positive(r, 3, 1)),
        F.gaussian_nll_loss,
        {"full": True},
        "rows",
    ),
    *each_reduction(
        "binary_cross_entropy",
        F.binary_cross_entropy,
        lambda r: (probabilities(r, 3, 4), probabilities(r, 3, 4)),
    ),
    *each_reduction(
        "binary_cross_entropy_with_logits",
        F.binary_cross_entropy_with_logits,
        lambda r: (3 * normal(r, 3, 4), probabilities(r, 3, 4)),
    ),
    *[
        Case(
            "kl_div",
            lambda r: (normal(r, 3, 4), distribution(r, 3, 4)),
            F.kl_div,
            {"reduction": how},
            how,
        )
        for how in (*REDUCTIONS, "batchmean")
    ],
    Case(
        "kl_div",
        lambda r: (normal(r, 3, 4), normal(r, 3, 4)),
        F.kl_div,
        {"reduction": "batchmean", "log_target": True},
        "log_target",
    ),
    *each_reduction(
        "nll_loss", F.nll_loss, lambda r: (normal(r, 4, 5), labels(r, 4))
    ),
    Case(
        "nll_loss",
        lambda r: (normal(r, 4, 5, 3), labels(r, 4, 3)),
        F.nll_loss,
        {"ignore_index": 1},
        "options",
    ),
    Case(
        "nll_loss", lambda r: (normal(r, 5), labels(r)), F.nll_loss, {}, "one"
    ),
    *[
        Case(
            "cross_entropy",
            lambda r: (normal(r, 4, 5), distribution(r, 4, 5)),
            F.cross_entropy,
            {"reduction": how, "label_smoothing": 0.1},
            f"probabilities {how}",
        )
        for how in REDUCTIONS
    ],
]
