"""What the loss sends to an output joins one step too late, behind the backward
of its own step. Add `grad_output[t]` before that backward runs.
"""

import numpy as np

from tutorial_kernels.kernels import lstm_cell_backward


def back_through_time(grad_output, caches):
    grad_h = grad_c = np.zeros_like(grad_output[0])
    total = 0
    for t in reversed(range(len(caches))):
        back = lstm_cell_backward(grad_h, grad_c, caches[t])
        grad_h, grad_c = back[1], back[2]
        total = total + back[4]
        grad_h = grad_h + grad_output[t]
    return total
