"""What the tape has recorded, as a list to read."""

from tutorial_kernels.autograd import Call, Tensor


def explain(tensor: Tensor) -> None:
    """Print the recorded calls that made a tensor, in the order they ran."""
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"explain: expected a tensor, got a {type(tensor).__name__}"
        )
    calls: dict[int, Call] = {}
    found = [tensor.call]
    while found:
        call = found.pop()
        if call is not None and call.number not in calls:
            calls[call.number] = call
            found += [x.call for x in call.inputs if x is not None]
    names = {number: f"#{n}" for n, number in enumerate(sorted(calls), 1)}
    for number in sorted(calls):
        call = calls[number]
        inputs = [
            names[x.call.number] if x.call else _leaf(x)
            for x in call.inputs
            if x is not None
        ]
        outputs = ", ".join(str(shape) for shape, _ in call.outputs)
        print(f"{names[number]} {call.name}({', '.join(inputs)}) -> {outputs}")


def _leaf(tensor: Tensor) -> str:
    return f"{'leaf' if tensor.requires_grad else 'data'} {tensor.shape}"
