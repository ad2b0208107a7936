"""You sum over rows and outputs. Each output has a bias of its own, so sum over
the rows only: `sum(axis=0)`.
"""


def layer_backward(grad_out, cache):
    x, weight, hidden = cache
    grad_hidden = grad_out * (hidden > 0)
    return grad_hidden @ weight, grad_hidden.T @ x, grad_hidden.sum()
