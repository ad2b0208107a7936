"""Your mask asks whether the gradient is positive. The ReLU asks whether its
input was: `hidden > 0`.
"""


def layer_backward(grad_out, cache):
    x, weight, _ = cache
    grad_hidden = grad_out * (grad_out > 0)
    return grad_hidden @ weight, NotImplemented, NotImplemented
