"""The networks of the benchmark are the same in every way of writing."""

import json
import sys

import numpy as np
import pytest

from site_tests.bench import training

sys.path.insert(0, str(training.BENCHMARK))

import networks
import textbook

from site_tests.bench import torch_networks

STEPS = 3


@pytest.mark.parametrize("name", networks.NAMES)
def test_all_ways_have_the_same_losses(name):
    ours, plain, torchs = (
        [step() for _ in range(STEPS)]
        for step in (networks.course(name), textbook.textbook(name), torch_networks.step(name))
    )  # fmt: skip
    assert ours[0] != ours[-1]
    assert np.allclose(ours, plain, rtol=1e-5)
    assert np.allclose(ours, torchs, rtol=1e-5)


def test_random_numbers_are_those_of_mulberry32():
    """Against the formula, one number at a time in Python's integers."""
    whole = 2**32
    state, expected = 7, []
    for _ in range(100):
        state = (state + 0x6D2B79F5) % whole
        mixed = (state ^ state >> 15) * (state | 1) % whole
        mixed ^= (mixed + (mixed ^ mixed >> 7) * (mixed | 61) % whole) % whole
        expected.append((mixed ^ mixed >> 14) / whole)
    assert networks.random_numbers(7, 100).tolist() == expected


def test_the_table_shows_the_last_record():
    history = json.loads(training.RECORD.read_text())
    shown = training.TABLE.read_text(encoding="utf-8")
    assert shown == training.table(history[-1])


def test_an_aim_that_was_met_and_is_lost_is_a_failure():
    name = "a @ b, float32 512"
    met, near, far = ({name: ratio} for ratio in (32.0, 24.0, 12.0))
    assert training.lost(near, met) == []
    assert training.lost(far, far) == []
    assert training.lost(far, met) == [f"{name}: 12.00, the aim is 30"]


def test_ratios_of_the_tape_and_of_the_peak():
    entry = {
        "products": {"float32 256": {"ratio": 20.0, "gflops": 45.0}},
        "peak_gflops": 60.0,
        "steps_ms": {
            "mlp": {
                "textbook": 10.0, "course": 10.0, "course with loops": 1.0,
                "on the tape": 0.9, "by hand": 0.81,
            }
        },
    }  # fmt: skip
    found = training.ratios(entry)
    peak = "a @ b, float32 256, of the peak"
    tape = "MLP, on the tape, against its kernels by hand"
    modules = "MLP, in modules on the tape, against its kernels by hand"
    expected = {peak: 0.75, tape: 0.9, modules: 0.81}
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert {peak, tape} <= set(training.AIMS)


def test_a_worse_ratio_is_pointed_out():
    lines = training.compare(
        {"a": 2.0, "b": 9.0, "c": 1.0}, {"a": 4.0, "b": 10.0}
    )
    assert [line.endswith("worse") for line in lines] == [True, False, False]
