import numpy as np


def layer_forward(x, weight, bias):
    hidden = x @ weight.T + bias  # (B, in) -> (B, out)
    return np.maximum(hidden, 0), (x, weight, hidden)


def layer_backward(grad_out, cache):
    x, weight, hidden = cache
    grad_x = np.zeros_like(x)
    grad_weight = np.zeros_like(weight)
    grad_bias = np.zeros(len(weight), weight.dtype)
    return grad_x, grad_weight, grad_bias
