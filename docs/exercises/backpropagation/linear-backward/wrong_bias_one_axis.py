"""You sum the gradient of the bias over the first axis only. It was added at
every step of every sequence: sum over B and over T.
"""


def linear_backward(grad_out, cache):
    x, weight = cache
    rows = x.reshape(-1, x.shape[-1])
    grad_rows = grad_out.reshape(-1, grad_out.shape[-1])
    grad_x = grad_out @ weight
    grad_weight = grad_rows.T @ rows
    grad_bias = grad_out.sum(axis=0)
    return grad_x, grad_weight, grad_bias
