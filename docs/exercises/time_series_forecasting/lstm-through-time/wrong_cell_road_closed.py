"""The gradient of the cell state is not handed on, so the straight road along
the forget gates is closed. `back[2]` goes to the step before.
"""

import numpy as np

from tutorial_kernels.kernels import lstm_cell_backward


def back_through_time(grad_output, caches):
    grad_h = grad_c = np.zeros_like(grad_output[0])
    total = 0
    for t in reversed(range(len(caches))):
        grad_h = grad_h + grad_output[t]
        back = lstm_cell_backward(grad_h, grad_c, caches[t])
        grad_h, grad_c = back[1], np.zeros_like(back[2])
        total = total + back[4]
    return total
