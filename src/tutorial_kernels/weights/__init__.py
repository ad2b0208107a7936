"""Weights in safetensors files, read and written with NumPy alone.

The format (https://huggingface.co/docs/safetensors): eight bytes give the
length of a header; the header is JSON that names every tensor with its
dtype, shape and place; then come the tensors' bytes, side by side.

    write_safetensors("cnn.safetensors", model.state_dict())
    model.load_state_dict(read_safetensors("cnn.safetensors"))

Reading runs no code, maps no memory and trusts nothing: a file that is
not exactly what the format says is refused with one sentence, before
memory is taken for its tensors.
"""

from tutorial_kernels.weights.fitting import first_misfit
from tutorial_kernels.weights.format import SafetensorsError
from tutorial_kernels.weights.reading import (
    read_safetensors,
    read_safetensors_metadata,
)
from tutorial_kernels.weights.writing import write_safetensors

__all__ = [
    "SafetensorsError",
    "first_misfit",
    "read_safetensors",
    "read_safetensors_metadata",
    "write_safetensors",
]
