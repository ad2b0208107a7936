"""You have the slope of the logarithm of the sum. The other part of the loss,
minus the logit of the right class, adds -1 there.
"""


def cross_entropy_backward(grad_out, cache):
    p, labels = cache
    return grad_out * p / len(labels)
