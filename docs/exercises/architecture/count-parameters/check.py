from tutorial_kernels.page.exercises import expect_close, expect_same

SIMPLE_NN = [("linear", 4, 8), ("linear", 8, 3)]
SIMPLE_CNN = [("conv2d", 1, 16, 3), ("linear", 2704, 10)]


def unseen(rng):
    def size():
        return int(rng.integers(1, 40))

    for _ in range(6):  # one layer alone says where a mistake is
        yield ([("linear", size(), size())],)
        yield ([("conv2d", size(), size(), size() % 7 + 1)],)
        yield ([("lstm", size(), size())],)
    kinds = [("linear", 2), ("conv2d", 3), ("lstm", 2)]
    for _ in range(6):
        chosen = [kinds[k] for k in rng.integers(0, 3, size=4)]
        yield ([(name, *(size() for _ in range(n))) for name, n in chosen],)


def check(answer, solution, rng):
    for inputs in unseen(rng):
        expect_same(answer.count_parameters, solution.count_parameters, *inputs)
    for name, layers, right in [
        ("SimpleNN", SIMPLE_NN, 67),
        ("SimpleCNN", SIMPLE_CNN, 27210),
    ]:
        got = answer.count_parameters(layers)
        expect_close(got, right, f"count_parameters of {name}")
    expect_close(answer.count_parameters([]), 0, "count_parameters of no layer")
