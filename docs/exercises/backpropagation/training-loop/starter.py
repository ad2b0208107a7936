from tutorial_kernels import Tensor, optim
from tutorial_kernels import functional as F


def train(x, labels, start, steps):
    return start
