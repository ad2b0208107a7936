import numpy as np

from tutorial_kernels.kernels import lstm_cell_backward


def back_through_time(grad_output, caches):
    return np.zeros_like(grad_output[0])
