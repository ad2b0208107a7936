"""The gradient of the bias is the sum over the rows of the batch, not their
mean: the loss divides by B already, if it wants to.
"""


def layer_backward(grad_out, cache):
    x, weight, hidden = cache
    grad_hidden = grad_out * (hidden > 0)
    return grad_hidden @ weight, grad_hidden.T @ x, grad_hidden.mean(axis=0)
