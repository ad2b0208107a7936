import numpy as np


def layer_forward(x, weight, bias):
    hidden = x @ weight.T + bias  # (B, in) -> (B, out)
    return np.maximum(hidden, 0), (x, weight, hidden)


def layer_backward(grad_out, cache):
    x, weight, hidden = cache
    grad_hidden = grad_out * (hidden > 0)  # (B, out)
    grad_x = grad_hidden @ weight  # (B, in)
    grad_weight = grad_hidden.T @ x  # (out, in)
    grad_bias = grad_hidden.sum(axis=0)  # (out,)
    return grad_x, grad_weight, grad_bias
