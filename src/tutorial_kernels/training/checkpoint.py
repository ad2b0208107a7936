"""Checkpoints: a run that is killed at any moment goes on from the last.

A checkpoint is a folder, ``step_000500``, with ``model.safetensors``,
``optimizer.pt`` and ``state.json``. It is written under a hidden name, its
files forced to the disk, and then renamed, which is one step for the file
system: a folder with that name is whole.
"""

import hashlib
import io
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import torch

from tutorial_kernels.durable import sync_folder, write_whole
from tutorial_kernels.training.state import (
    Progress,
    Snapshot,
    TrainingState,
)
from tutorial_kernels.weights import read_safetensors, write_safetensors

WEIGHTS, TENSORS, STATE = "model.safetensors", "optimizer.pt", "state.json"
_NAME = re.compile(r"step_(\d{6,})")
_HIDDEN = ".checkpoint."


def save_checkpoint(
    folder: Path, kept: Snapshot, origin: dict[str, Any], keep: int
) -> Path:
    """Writes a checkpoint, whole or not at all, then removes old ones.

    Args:
        folder: The run's folder.
        kept: What is kept.
        origin: What a run that goes on must have in common with this one.
        keep: How many checkpoints stay.

    Returns:
        The checkpoint's folder.

    Raises:
        OSError: It cannot be written; the last one is still there.
    """
    target = folder / f"step_{kept.progress.step:06}"
    aside = folder / f"{_HIDDEN}{os.urandom(8).hex()}"
    try:
        aside.mkdir()
        _write_files(aside, kept, origin)
        if target.exists():  # only a damaged one can be here: see latest
            _remove(target)
        aside.rename(target)
        sync_folder(folder)
    except BaseException as error:
        shutil.rmtree(aside, ignore_errors=True)
        if isinstance(error, OSError):
            raise OSError(
                f"checkpoint {target} cannot be written ({error.strerror}); "
                f"{_last_words(folder)}"
            ) from error
        raise
    for path in checkpoints(folder)[:-keep]:
        _remove(path)
    return target


def load_checkpoint(path: Path, state: TrainingState) -> None:
    """Brings a run's state back to what it was, to the same bits.

    Args:
        path: The checkpoint's folder.
        state: The state of a run with the same settings; changed in place.

    Raises:
        OSError: A file cannot be read.
        ValueError: A file is damaged, or of another network.
    """
    weights = {
        name: torch.from_numpy(weight)
        for name, weight in read_safetensors(path / WEIGHTS).items()
    }
    tensors = torch.load(path / TENSORS, map_location="cpu", weights_only=True)
    progress = Progress.from_record(read_state(path)["progress"])
    try:
        state.restore(Snapshot(weights, tensors, progress))
    except (KeyError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"{path} is of another network ({reason})") from None


def best_weights(path: Path) -> dict[str, torch.Tensor]:
    """Reads the best weights of a checkpoint, on the CPU."""
    tensors = torch.load(path / TENSORS, map_location="cpu", weights_only=True)
    weights: dict[str, torch.Tensor] = tensors["best_weights"]
    return weights


def judged_weights(path: Path) -> dict[str, torch.Tensor]:
    """Reads the weights that were evaluated at a checkpoint, on the CPU.

    These are the averaged ones, if the run averages.
    """
    tensors = torch.load(path / TENSORS, map_location="cpu", weights_only=True)
    if tensors["average"] is None:
        arrays = read_safetensors(path / WEIGHTS)
        return {name: torch.from_numpy(part) for name, part in arrays.items()}
    return {
        name.removeprefix("module."): part
        for name, part in tensors["average"].items()
        if name.startswith("module.")
    }


def read_state(path: Path) -> dict[str, Any]:
    """Reads what a checkpoint's ``state.json`` says."""
    state: dict[str, Any] = json.loads((path / STATE).read_bytes())
    return state


def checkpoints(folder: Path) -> list[Path]:
    """Lists a run's checkpoints, the oldest first."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: int(path.name.partition("_")[2]))


def latest(folder: Path) -> Path | None:
    """Finds the last checkpoint that is whole, or none.

    Whole is one whose files have the hashes that its ``state.json`` names;
    one that a disk or a person has damaged is passed over.
    """
    for path in reversed(checkpoints(folder)):
        if _is_whole(path):
            return path
    return None


def clear_leftovers(folder: Path) -> None:
    """Removes what a killed run has left half written, or half removed."""
    for path in folder.glob(f"{_HIDDEN}*"):
        shutil.rmtree(path, ignore_errors=True)


def _write_files(folder: Path, kept: Snapshot, origin: dict[str, Any]) -> None:
    arrays = {name: part.cpu().numpy() for name, part in kept.weights.items()}
    write_safetensors(folder / WEIGHTS, arrays)
    stream = io.BytesIO()
    torch.save(kept.tensors, stream)
    write_whole(folder / TENSORS, [stream.getvalue()])
    record = {
        "origin": origin,
        "progress": kept.progress.as_record(),
        "sha256": {name: _hash(folder / name) for name in (WEIGHTS, TENSORS)},
    }
    write_whole(folder / STATE, [json.dumps(record, indent=2).encode()])


def _is_whole(path: Path) -> bool:
    try:
        hashes = read_state(path)["sha256"]
        return all(_hash(path / name) == hashes[name] for name in hashes)
    except (OSError, ValueError, KeyError):
        return False


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _remove(path: Path) -> None:
    """Removes a folder under a hidden name: never half a checkpoint."""
    aside = path.with_name(f"{_HIDDEN}{os.urandom(8).hex()}")
    path.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _last_words(folder: Path) -> str:
    last = latest(folder)
    return f"the last whole one is {last.name}" if last else "there is none yet"
