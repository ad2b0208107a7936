"""Modules under torch.nn's names."""

from tutorial_kernels import functional
from tutorial_kernels.nn import init
from tutorial_kernels.nn.activations import ReLU, Sigmoid, Softmax, Tanh
from tutorial_kernels.nn.containers import Sequential
from tutorial_kernels.nn.layers import Conv2d, Flatten, Linear, MaxPool2d
from tutorial_kernels.nn.losses import CrossEntropyLoss, MSELoss
from tutorial_kernels.nn.module import Module
from tutorial_kernels.nn.parameter import Buffer, Parameter

__all__ = [
    "Buffer",
    "Conv2d",
    "CrossEntropyLoss",
    "Flatten",
    "Linear",
    "MSELoss",
    "MaxPool2d",
    "Module",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "functional",
    "init",
]
