"""docs/assets/weights/cnn.safetensors: what its record says is so."""

import hashlib
import json
import subprocess
import sys

import numpy as np
import pytest
import safetensors.numpy

from tutorial_kernels import Tensor
from tutorial_kernels.data import (
    fashion_mnist,
    fashion_mnist_excerpt,
    load_fashion_mnist,
    read_asset,
)
from tutorial_kernels.models.cnn import SimpleCNN
from tutorial_kernels.weights import read_safetensors


@pytest.fixture(scope="module")
def record():
    return json.loads(read_asset("weights/cnn.json"))


def accuracy_with_numpy(examples):
    model = SimpleCNN()
    model.load_state_dict(
        read_safetensors(read_asset("weights/cnn.safetensors"))
    )
    right = 0
    for start in range(0, len(examples.labels), 250):
        images = examples.images[start : start + 250]
        logits = np.asarray(model(Tensor(images)).data)
        right += int(
            (logits.argmax(1) == examples.labels[start : start + 250]).sum()
        )
    return right / len(examples.labels)


def test_the_record_names_this_file(record):
    content = read_asset("weights/cnn.safetensors")
    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert len(content) == record["bytes"] <= 120_000
    assert record["parameters"] == 27_210
    assert record["training_examples"] == 55_000
    assert record["test_examples"] == 10_000
    assert record["test_accuracy"] > 0.895
    weights = read_safetensors(content)
    assert {name: w.shape for name, w in weights.items()} == {
        "conv1.bias": (16,),
        "conv1.weight": (16, 1, 3, 3),
        "fc1.bias": (10,),
        "fc1.weight": (10, 2704),
    }
    theirs = safetensors.numpy.load(content)
    assert all(np.array_equal(weights[name], theirs[name]) for name in theirs)
    best = max(epoch["validation_accuracy"] for epoch in record["epochs"])
    assert best > 0.9


def test_numpy_gets_the_recorded_accuracy_on_the_excerpt(record):
    accuracy = accuracy_with_numpy(fashion_mnist_excerpt()[1])
    assert accuracy == record["excerpt_test_accuracy"]


def test_numpy_gets_the_recorded_accuracy_on_the_full_test_set(record):
    if fashion_mnist.FASHION_MNIST.find() is None:
        pytest.skip(
            "the full Fashion-MNIST is not on this machine: install the "
            f"Debian package {fashion_mnist.FASHION_MNIST.package}"
        )
    _, test = load_fashion_mnist()
    assert accuracy_with_numpy(test) == record["test_accuracy"]


def test_it_takes_no_torch():
    program = (
        "import sys\n"
        "sys.modules['torch'] = sys.modules['safetensors'] = None\n"
        "from tutorial_kernels.data import read_asset\n"
        "from tutorial_kernels.models.cnn import SimpleCNN\n"
        "from tutorial_kernels.weights import read_safetensors\n"
        "weights = read_safetensors(read_asset('weights/cnn.safetensors'))\n"
        "SimpleCNN().load_state_dict(weights)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
