"""The sizes of the tasks: what their networks and runs are made with.

``page`` is what a page can hold, ``small`` takes minutes on a CPU, ``medium``
half an hour, ``full`` is for a GPU.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tutorial_kernels.training.config import EXCERPT


@dataclass(frozen=True)
class Preset:
    """A size of a task.

    Attributes:
        settings: What of ``TrainConfig`` is not as by default.
        arguments: What the network and its data are made with.
    """

    settings: Mapping[str, Any]
    arguments: Mapping[str, Any] = field(default_factory=dict)


_FNN = {
    "page": Preset({"epochs": 40, "batch_size": 32}),
    "small": Preset(
        {
            "epochs": 150,
            "batch_size": 100,
            "learning_rate": 1e-2,
            "optimizer": "adamw",
            "weight_decay": 0.5,
            "evaluate_every": 180,
        },
        {"examples": "signals", "sizes": (40, 100, 100, 10)},
    ),
    "full": Preset(
        {"epochs": 60, "batch_size": 256, "ema": 0.999},
        {"examples": "clothing", "sizes": (784, 256, 128, 100, 10)},
    ),
}

_CNN = {
    "page": Preset({"epochs": 3, "data": EXCERPT}),
    "small": Preset(
        {"epochs": 25, "batch_size": 128, "ema": 0.999},
        {"channels": 16, "hidden_size": 64},
    ),
    "full": Preset(
        {"epochs": 100, "batch_size": 256, "warmup": 500, "ema": 0.999},
        {"channels": 64, "hidden_size": 512},
    ),
}

_ELECTRICITY = {
    "page": Preset(
        {"steps": 300, "evaluate_every": 100, "learning_rate": 1e-2},
        {"hours": 24, "hidden_size": 16},
    ),
    "small": Preset(
        {"steps": 4_000, "evaluate_every": 500, "clip_grad_norm": 1.0},
        {"hours": 48, "hidden_size": 32},
    ),
    "full": Preset(
        {
            "steps": 20_000,
            "batch_size": 256,
            "evaluate_every": 1_000,
            "clip_grad_norm": 1.0,
            "warmup": 500,
            "ema": 0.999,
        },
        {"hours": 168, "hidden_size": 128},
    ),
}

_DAY_AHEAD = {
    "page": Preset(
        {"steps": 300, "evaluate_every": 100, "learning_rate": 1e-2},
        {"days": 7, "input_size": 24, "hidden_size": 16, "output_size": 24},
    ),
    "small": Preset(
        {
            "steps": 1_500,
            "evaluate_every": 100,
            "learning_rate": 5e-3,
            "clip_grad_norm": 1.0,
        },
        {"days": 7, "input_size": 24, "hidden_size": 32, "output_size": 24},
    ),
    "full": Preset(
        {
            "steps": 10_000,
            "batch_size": 256,
            "evaluate_every": 250,
            "learning_rate": 2e-3,
            "clip_grad_norm": 1.0,
            "warmup": 250,
            "ema": 0.999,
            "patience": 8,
        },
        {"days": 28, "input_size": 24, "hidden_size": 128, "output_size": 24},
    ),
}

_LANGUAGE = {
    "evaluate_every": 500,
    "warmup": 100,
    "optimizer": "adamw",
    "beta2": 0.99,
    "weight_decay": 0.1,
    "clip_grad_norm": 1.0,
}
# What nanoGPT spends on a processor: 2,000 steps of 12 windows of 64.
_BUDGET = {**_LANGUAGE, "steps": 2_000, "batch_size": 12}
_PAGE = {"steps": 300, "evaluate_every": 100, "data": EXCERPT}

_BIGRAM = {
    "page": Preset(_PAGE, {"context_length": 32}),
    "small": Preset(
        {**_BUDGET, "learning_rate": 1e-2, "weight_decay": 0.0},
        {"context_length": 64},
    ),
    "full": Preset(
        {
            **_LANGUAGE,
            "steps": 5_000,
            "batch_size": 256,
            "learning_rate": 1e-2,
            "weight_decay": 0.0,
        },
        {"context_length": 64},
    ),
}

_TRANSFORMER = {
    "page": Preset(
        _PAGE,
        {"context_length": 32, "d_model": 32, "nhead": 4, "num_layers": 2},
    ),
    "small": Preset(
        {**_BUDGET, "learning_rate": 3e-3},
        {"context_length": 64, "d_model": 128, "nhead": 4, "num_layers": 4},
    ),
    "medium": Preset(
        {
            **_LANGUAGE,
            "steps": 4_000,
            "batch_size": 16,
            "learning_rate": 3e-3,
        },
        {"context_length": 128, "d_model": 128, "nhead": 4, "num_layers": 3},
    ),
    "full": Preset(
        {"steps": 5_000, "learning_rate": 1e-3, "ema": 0.999, **_LANGUAGE},
        {
            "context_length": 256,
            "d_model": 384,
            "nhead": 6,
            "num_layers": 6,
            "dropout": 0.2,
        },
    ),
}


def _recurrent_language(cell: str) -> dict[str, Preset]:
    """The sizes of a recurrent language model."""
    return {
        "page": Preset(_PAGE, {"context_length": 32, "cell": cell}),
        "small": Preset(
            _BUDGET,
            {
                "context_length": 64,
                "cell": cell,
                "embedding_size": 64,
                "hidden_size": 256,
            },
        ),
        "full": Preset(
            {**_LANGUAGE, "steps": 10_000, "batch_size": 100},
            {
                "context_length": 128,
                "cell": cell,
                "embedding_size": 128,
                "hidden_size": 512,
                "num_layers": 2,
                "dropout": 0.2,
            },
        ),
    }


_AUTOENCODER = {
    "page": Preset({"epochs": 20}, {"images": "digits", "code_size": 2}),
    "small": Preset(
        {"epochs": 30, "batch_size": 128},
        {"images": "fashion", "hidden_size": 96, "code_size": 2},
    ),
    "full": Preset(
        {"epochs": 100, "batch_size": 256, "learning_rate": 1e-3},
        {"images": "fashion", "code_size": 32, "channels": 32},
    ),
}

_VAE = {
    "page": Preset({"epochs": 20}, {"images": "digits", "latent_size": 2}),
    "small": Preset(
        {"epochs": 30, "batch_size": 128},
        {"images": "fashion", "hidden_size": 96, "latent_size": 2},
    ),
    "full": Preset(
        {"epochs": 100, "batch_size": 256, "learning_rate": 1e-3},
        {"images": "fashion", "hidden_size": 400, "latent_size": 20},
    ),
}

_GAN = {
    "page": Preset(
        {
            "steps": 2_000,
            "batch_size": 128,
            "evaluate_every": 250,
            "learning_rate": 1e-3,
            "beta1": 0.5,
            "ema": 0.99,
        },
        {"latent_size": 2, "hidden_size": 64},
    ),
    "small": Preset(
        {
            "epochs": 4,
            "evaluate_every": 860,
            "checkpoint_every": 430,
            "keep": 8,
            "learning_rate": 5e-4,
            "schedule": "constant",
            "beta1": 0.5,
            "ema": 0.999,
        },
        {"latent_size": 32, "channels": 16},
    ),
    "full": Preset(
        {
            "epochs": 100,
            "batch_size": 256,
            "learning_rate": 2e-4,
            "schedule": "constant",
            "beta1": 0.5,
            "ema": 0.9995,
        },
        {"latent_size": 100, "channels": 64},
    ),
}

PRESETS: dict[str, dict[str, Preset]] = {
    "fnn": _FNN,
    "cnn": _CNN,
    "rnn": _ELECTRICITY,
    "lstm": _ELECTRICITY,
    "gru": _ELECTRICITY,
    "electricity_lstm": _DAY_AHEAD,
    "electricity_gru": _DAY_AHEAD,
    "bigram": _BIGRAM,
    "char_rnn": _recurrent_language("rnn"),
    "char_lstm": _recurrent_language("lstm"),
    "char_gru": _recurrent_language("gru"),
    "transformer": _TRANSFORMER,
    "autoencoder": _AUTOENCODER,
    "vae": _VAE,
    "gan": _GAN,
}
