"""You average the gradient of the bias. The bias was added at every place,
and at a fork gradients add: the loss has divided already, if it wants to.
"""


def linear_backward(grad_out, cache):
    x, weight = cache
    rows = x.reshape(-1, x.shape[-1])
    grad_rows = grad_out.reshape(-1, grad_out.shape[-1])
    grad_x = grad_out @ weight
    grad_weight = grad_rows.T @ rows
    grad_bias = grad_rows.mean(axis=0)
    return grad_x, grad_weight, grad_bias
