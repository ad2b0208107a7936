"""Trained weights on their way out: a safetensors file and its record."""

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tutorial_kernels.durable import write_whole
from tutorial_kernels.training.config import TrainConfig
from tutorial_kernels.training.state import Report
from tutorial_kernels.training.world import choose_device
from tutorial_kernels.weights import write_safetensors


def prepare_folder(folder: str | os.PathLike[str]) -> Path:
    """Makes the folder for a run's files and tries to write into it.

    Before the training rather than after it: a run should not be lost to
    a folder that was closed from the start.

    Args:
        folder: The folder; made, with those above it, if needed.

    Returns:
        The folder as a path.

    Raises:
        OSError: It cannot be made or written into.
    """
    path, probe = Path(folder), Path(folder) / ".probe"
    try:
        path.mkdir(parents=True, exist_ok=True)
        write_whole(probe, [b"can this be written?"])
        probe.unlink()
    except OSError as error:
        raise OSError(
            f"out is {str(folder)!r}, which cannot be written "
            f"({error.strerror})"
        ) from None
    return path


def export_weights(
    model: nn.Module,
    folder: str | os.PathLike[str],
    name: str,
    config: TrainConfig,
    reports: Sequence[Report],
    half: bool = False,
    **results: object,
) -> Path:
    """Writes ``<name>.safetensors`` and ``<name>.json``.

    The record says how the weights came about (settings, versions, commit,
    date), how good they are and, by their sha256, which file is meant.
    Settings that name folders of this machine stay out of it.

    Args:
        model: The trained model; the file has its ``state_dict``'s keys.
        folder: Where to write; see ``prepare_folder``.
        name: The files' name, without an ending.
        config: The settings it was trained with.
        reports: What ``train`` returned.
        half: Writes float16, half the size, instead of float32.
        **results: What was measured, and what with; into the record.

    Returns:
        The path of the safetensors file.

    Raises:
        OSError: A file cannot be written.
    """
    weights = arrays_of(model, torch.float16 if half else torch.float32)
    path = Path(folder) / f"{name}.safetensors"
    write_safetensors(path, weights)
    content = path.read_bytes()
    settings = asdict(config)
    for of_this_machine in ("data", "out", "resume"):
        del settings[of_this_machine]
    record = {
        "file": path.name,
        "model": type(model).__name__,
        "parameters": sum(weight.numel() for weight in model.parameters()),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **results,
        "config": settings,
        "epochs": [report.as_record() for report in reports],
        "device": _device_name(choose_device(config.device)),
        "threads": torch.get_num_threads(),  # sums depend on how many
        "versions": {
            "python": platform.python_version(),
            "torch": str(torch.__version__),
            "numpy": np.__version__,
        },
        "commit": _commit(),
        "date": datetime.now(UTC).date().isoformat(),
    }
    text = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    write_whole(path.with_suffix(".json"), [text.encode()])
    return path


def arrays_of(
    model: nn.Module, dtype: torch.dtype
) -> dict[str, NDArray[np.generic]]:
    """A network's state on the CPU: floats in one dtype, counts as counts."""
    return {
        name: (part.to(dtype) if part.is_floating_point() else part)
        .cpu()
        .numpy()
        for name, part in model.state_dict().items()
    }


def round_to_half(model: nn.Module) -> None:
    """Rounds a network's weights to float16, so that it is what is exported.

    Before its test, not after: the record is about the file's weights.
    """
    with torch.no_grad():
        for part in model.state_dict().values():
            if part.is_floating_point():
                part.copy_(part.half())


def _device_name(device: torch.device) -> str:
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    return device.type


def _commit() -> str | None:
    """Finds the checkout's commit, marked when files differ from it."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=40"]
    folder = Path(__file__).parent
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):  # no git here
        return None
    return done.stdout.strip() or None
