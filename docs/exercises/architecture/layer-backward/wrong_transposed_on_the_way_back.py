"""You transpose the weight on the way back as on the way forward. With as many
inputs as outputs nothing complains, but `grad_hidden` (B, out) meets `weight`
(out, in) as it is.
"""


def layer_backward(grad_out, cache):
    x, weight, hidden = cache
    grad_hidden = grad_out * (hidden > 0)
    return grad_hidden @ weight.T, NotImplemented, NotImplemented
