"""What the page calls: one expression of Python for a run or a check.

The worker knows only cells, so a check is the run of one expression, which
takes its orders as JSON and reports through the cell's sink.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from tutorial_kernels.page.exercises.judge import (
    ExerciseCode,
    judge,
    run_alone,
)
from tutorial_kernels.page.sink import Sink, current_sink

REPORT_MIME = "application/vnd.tutorial-kernels.check+json"


def run(order: str) -> None:
    """Run an exercise's code without a check.

    Args:
        order: JSON with ``name`` and ``source``.
    """
    wanted = json.loads(order)
    sink = current_sink()
    _, result = run_alone(wanted["source"], wanted["name"], sink)
    _report(sink, run=asdict(result), verdict=None)


def check(order: str) -> None:
    """Judge an exercise's code.

    Args:
        order: JSON with ``source``, ``seed`` and the fields of
            `ExerciseCode`.
    """
    wanted = json.loads(order)
    source, seed = wanted.pop("source"), wanted.pop("seed")
    sink = current_sink()
    verdict, result = judge(ExerciseCode(**wanted), source, seed, sink)
    _report(sink, run=asdict(result), verdict=asdict(verdict))


def _report(sink: Sink, **report: Any) -> None:
    sink.display({REPORT_MIME: report}, None)
