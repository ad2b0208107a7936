"""You have a gradient of the bias for each row. There is one bias for all rows,
so what they send adds up: `sum(axis=0)`.
"""


def layer_backward(grad_out, cache):
    x, weight, hidden = cache
    grad_hidden = grad_out * (hidden > 0)
    return grad_hidden @ weight, grad_hidden.T @ x, grad_hidden
