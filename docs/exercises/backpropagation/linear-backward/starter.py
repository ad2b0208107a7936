def linear_forward(x, weight, bias):
    return x @ weight.T + bias, (x, weight)  # (B, T, in) -> (B, T, out)


def linear_backward(grad_out, cache):
    x, weight = cache
    rows = x.reshape(-1, x.shape[-1])  # (B * T, in)
    grad_rows = grad_out.reshape(-1, grad_out.shape[-1])  # (B * T, out)
    grad_x = ...  # (B, T, in)
    grad_weight = ...  # (out, in)
    grad_bias = ...  # (out,)
    return grad_x, grad_weight, grad_bias
