def count_parameters(layers):
    total = 0
    for kind, *sizes in layers:
        if kind == "linear":
            inputs, outputs = sizes
            total += inputs * outputs + outputs
        elif kind == "conv2d":
            inputs, outputs, kernel = sizes
            total += outputs * (inputs * kernel * kernel) + outputs
        elif kind == "lstm":
            inputs, hidden = sizes
            total += 4 * (hidden * inputs + hidden * hidden + 2 * hidden)
    return total
