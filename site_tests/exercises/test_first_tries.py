"""First tries of a beginner: one mistake, the rest unfinished or right."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutorial_kernels.page.exercises import judge
from tutorial_kernels.site.cell_runs import OutputRecorder
from tutorial_kernels.site.exercise_package import read_exercise

EXERCISES = Path(__file__).resolve().parents[2] / "docs" / "exercises"

# What stands in the solution, what a beginner writes there, and what is said.
TRIES = {
    "architecture/count-parameters": [
        ({"inputs * outputs + outputs": "inputs * outputs"}, "linear_no_bias"),
        (
            {
                "inputs * outputs + outputs": "inputs * outputs",
                "outputs * (inputs * kernel * kernel) + outputs": "0",
                "4 * (hidden * inputs + hidden * hidden + 2 * hidden)": "0",
            },
            "linear_no_bias",
        ),
        (
            {
                "outputs * (inputs * kernel * kernel) + outputs": "outputs"
                " * kernel * kernel + outputs",
                "4 * (hidden * inputs + hidden * hidden + 2 * hidden)": "0",
            },
            "flat_filters",
        ),
        ({" + 2 * hidden": ""}, "lstm_no_bias"),
    ],
    "architecture/output-size": [
        (
            {"(length - span) // stride + 1": "n - kernel + 1"},
            "no_stride",
        ),
        (
            {"(length - span) // stride + 1": "(n - kernel + 1) // stride"},
            "places_divided",
        ),
        (
            {"length - span": "n + padding - kernel"},
            "one_side",
        ),
        ({"(length - span)": "(n - kernel)"}, "no_padding"),
        ({"dilation * (kernel - 1) + 1": "kernel * dilation"}, "long_window"),
    ],
    "architecture/gru-step": [
        ({"r * (U_n @ h)": "r * U_n * h"}, "number_by_number"),
        ({"r * (U_n @ h)": "r * U_n @ h"}, "reset_first"),
        ({"W_z @ x + U_z @ h": "W_r @ x + U_r @ h"}, "one_gate_twice"),
        ({"(1 - z) * n + z * h": "n"}, "nothing_kept"),
    ],
    "architecture/layer-backward": [
        ({"grad_out * (hidden > 0)": "grad_out"}, "no_relu"),
        (
            {
                "grad_out * (hidden > 0)": "grad_out",
                "grad_hidden.T @ x": "np.zeros_like(weight)",
            },
            "no_relu",
        ),
        (
            {"(hidden > 0)": "np.maximum(hidden, 0)"},
            "times_hidden",
        ),
        ({"grad_hidden.sum(axis=0)": "grad_hidden"}, "bias_for_each_row"),
        (
            {
                "grad_hidden.T @ x": "grad_hidden.T @ x / len(x)",
                "sum(axis=0)": "mean(axis=0)",
            },
            "mean_weight",
        ),
    ],
    "activation_functions/gelu": [
        ({"gate + x * bell": "gate * bell"}, "product_of_slopes"),
        ({"gate + x * bell": "x * bell"}, "no_gate_in_the_slope"),
        ({"out = x * gate": "out = gate"}, "gate_returned"),
        (
            {
                "(1 + erf(x / math.sqrt(2))) / 2": "erf(x / math.sqrt(2))",
                "gate + x * bell": "bell",
            },
            "plain_erf",
        ),
    ],
    "activation_functions/stable-cross-entropy": [
        ({"-log_p[rows, labels].mean()": "log_p[rows, labels].mean()"},
         "loss_below_zero"),
        ({".mean(), grad / len(labels)": ".mean(), grad"}, "no_mean"),
        ({"grad[rows, labels] -= 1": ""}, "nothing_taken_off"),
        (
            {
                "shifted - np.log(total)": "np.log(np.exp(logits)"
                " / np.exp(logits).sum(axis=1, keepdims=True))",
                "np.exp(log_p)\n": "np.exp(shifted) / total\n",
            },
            "no_shift",
        ),
    ],
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("place", "changes", "mistake"),
    [
        (place, changes, mistake)
        for place, tries in TRIES.items()
        for changes, mistake in tries
    ],
)
def test_what_a_beginner_writes_is_named(place, changes, mistake):
    exercise = read_exercise(EXERCISES / place)
    source = exercise.code.solution
    for right, written in changes.items():
        assert right in source
        source = source.replace(right, written)
    for seed in range(5):
        verdict, _ = judge(exercise.code, source, seed, OutputRecorder())
        assert (verdict.status, verdict.mistake) == ("failed", mistake)
