"""Optimizers under torch.optim's names."""

from tutorial_kernels.optim.adam import Adam
from tutorial_kernels.optim.base import Optimizer
from tutorial_kernels.optim.sgd import SGD

__all__ = ["SGD", "Adam", "Optimizer"]
