"""The biases are missing: one for each output, and two for each of the LSTM's
gates and hidden units.
"""


def count_parameters(layers):
    total = 0
    for kind, *sizes in layers:
        if kind == "linear":
            inputs, outputs = sizes
            total += inputs * outputs
        elif kind == "conv2d":
            inputs, outputs, kernel = sizes
            total += outputs * inputs * kernel * kernel
        elif kind == "lstm":
            inputs, hidden = sizes
            total += 4 * (hidden * inputs + hidden * hidden)
    return total
