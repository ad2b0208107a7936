"""An LSTM has four sets of weights, for i, f, g and o; you count one."""


def count_parameters(layers):
    total = 0
    for kind, *sizes in layers:
        if kind == "linear":
            inputs, outputs = sizes
            total += inputs * outputs + outputs
        elif kind == "conv2d":
            inputs, outputs, kernel = sizes
            total += outputs * inputs * kernel * kernel + outputs
        elif kind == "lstm":
            inputs, hidden = sizes
            total += hidden * inputs + hidden * hidden + 2 * hidden
    return total
