"""You transpose the weight on the way back as on the way forward. With a
square weight nothing complains: `grad_out` (B, T, out) meets `weight` (out,
in) as it is.
"""


def linear_backward(grad_out, cache):
    x, weight = cache
    rows = x.reshape(-1, x.shape[-1])
    grad_rows = grad_out.reshape(-1, grad_out.shape[-1])
    grad_x = grad_out @ weight.T
    grad_weight = grad_rows.T @ rows
    grad_bias = grad_rows.sum(axis=0)
    return grad_x, grad_weight, grad_bias
