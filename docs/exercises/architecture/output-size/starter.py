def output_size(n, kernel, stride, padding, dilation):
    return n
