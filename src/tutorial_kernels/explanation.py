"""What the tape has recorded, as a list to read."""

from tutorial_kernels.autograd import Call, Tensor


def explain(tensor: Tensor) -> None:
    """Print the recorded calls that made a tensor, in the order they ran."""
    if not isinstance(tensor, Tensor):
        raise TypeError(
            f"explain: expected a tensor, got a {type(tensor).__name__}"
        )
    results: dict[int, tuple[Call, Tensor]] = {}
    found = [tensor]
    while found:
        x = found.pop()
        if x.call is not None and x.call.number not in results:
            results[x.call.number] = x.call, x
            found += [x for x in x.call.inputs if x is not None]
    names = {number: f"#{n}" for n, number in enumerate(sorted(results), 1)}
    for number, name in names.items():
        call, result = results[number]
        inputs = [
            names[x.call.number] if x.call else _leaf(x)
            for x in call.inputs
            if x is not None
        ]
        shapes = [shape for shape, _ in call.several] or [result.shape]
        outputs = ", ".join(map(str, shapes))
        print(f"{name} {call.pair.name}({', '.join(inputs)}) -> {outputs}")


def _leaf(tensor: Tensor) -> str:
    return f"{'leaf' if tensor.requires_grad else 'data'} {tensor.shape}"
