def output_size(n, kernel, stride, padding, dilation):
    length = n + 2 * padding
    span = dilation * (kernel - 1) + 1
    return (length - span) // stride + 1
