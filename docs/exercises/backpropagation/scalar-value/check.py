from tutorial_kernels.page.exercises import expect_close, expect_same

STEP = 1e-5
LONG = 600  # steps of two values each


class Graph:
    """A function of values, and how the reader would write it."""

    def __init__(self, words, function):
        self.words, self.function = words, function

    def __call__(self, *values):
        return self.function(*values)

    def __repr__(self):
        return self.words

    def __deepcopy__(self, _memo):
        return self  # no call changes it


def diamond(a, b):
    top = a * b
    left, right = top.tanh(), top * top + a
    return left * right + top


def long_and_short(a, b):
    near = a + b
    far = (near * b + a).tanh() ** 3 + b
    return far * near * near


def chain(a, b):
    x = a
    for _ in range(LONG):
        x = x * b + a
    return x


SHALLOW = (
    Graph("a * a + a", lambda a, b: a * a + a),
    Graph("a.tanh() * b + b", lambda a, b: a.tanh() * b + b),
    Graph("a ** 3 + b ** -2", lambda a, b: a**3 + b**-2),
    Graph("(a * b) ** 1.5", lambda a, b: (a * b) ** 1.5),
    Graph("top = a * b; top.tanh() * (top * top + a) + top", diamond),
    Graph(
        "near = a + b; far = (near * b + a).tanh() ** 3 + b; far * near * near",
        long_and_short,
    ),
)
CHAIN = Graph(f"x = a; {LONG} times x = x * b + a; x", chain)


def unseen(rng):
    for graph in SHALLOW:
        yield graph, *rng.uniform(0.4, 1.4, size=2).tolist()
    yield CHAIN, *rng.uniform(0.4, 0.9, size=2).tolist()


def nudged(gradients, graph, numbers):
    """The slopes by central differences, of the answer's own values."""
    slopes = []
    for place in range(len(numbers)):
        ends = []
        for step in (STEP, -STEP):
            moved = list(numbers)
            moved[place] += step
            ends.append(gradients(graph, *moved)[0])
        slopes.append((ends[0] - ends[1]) / (2 * STEP))
    return slopes


def check(answer, solution, rng):
    cases = list(unseen(rng))
    for graph, *numbers in cases:
        expect_same(answer.gradients, solution.gradients, graph, *numbers)
    for graph, *numbers in cases[:-1]:  # without the chain
        _, slopes = answer.gradients(graph, *numbers)
        expect_close(
            slopes,
            nudged(answer.gradients, graph, numbers),
            f"Beside its nudges, the gradient of {graph}",
            tolerance=1e-5,
        )
        _, twice = answer.gradients(graph, *numbers, backwards=2)
        expect_close(
            twice,
            [2 * slope for slope in slopes],
            "A second backward must add the same gradients once more: what the "
            "first left in `.grad` stays, and is not handed on again. Yours",
        )
