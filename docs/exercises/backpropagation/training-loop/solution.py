from tutorial_kernels import Tensor, optim
from tutorial_kernels import functional as F


def train(x, labels, start, steps):
    weight = Tensor(start, requires_grad=True)
    optimizer = optim.SGD([weight], lr=0.5)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(F.linear(Tensor(x), weight), labels)
        loss.backward()
        optimizer.step()
    return weight.data
