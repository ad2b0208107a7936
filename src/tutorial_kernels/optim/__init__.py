"""Optimizers under torch.optim's names."""

from tutorial_kernels.optim import lr_scheduler
from tutorial_kernels.optim.adagrad import Adagrad
from tutorial_kernels.optim.adam import Adam, AdamW, NAdam, RAdam
from tutorial_kernels.optim.base import Optimizer
from tutorial_kernels.optim.rmsprop import RMSprop
from tutorial_kernels.optim.sgd import SGD

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "lr_scheduler",
]
