"""Torch on one thread: the arrays are small, and waiting threads cost more."""

import torch

torch.set_num_threads(1)
