"""read_asset: the checkout, a named folder, and the page's worker."""

import ast
import subprocess
import sys
import types

import pytest

from tutorial_kernels.data import assets, read_asset


def test_from_the_checkout(root):
    for name in ("data/fashion_mnist_excerpt.json", "results/mnist1d.json"):
        expected = (root / "docs/assets" / name).read_bytes()
        assert read_asset(name) == expected


def test_from_a_named_folder(tmp_path, monkeypatch):
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "a.json").write_bytes(b"{}")
    monkeypatch.setenv("TUTORIAL_KERNELS_ASSETS", str(tmp_path))
    assert read_asset("weights/a.json") == b"{}"
    with pytest.raises(
        FileNotFoundError, match="TUTORIAL_KERNELS_ASSETS"
    ) as caught:
        read_asset("data/fashion_mnist_excerpt.npz")
    assert str(tmp_path) in str(caught.value)
    assert "data/fashion_mnist_excerpt.npz" in str(caught.value)


def test_an_empty_variable_is_none(monkeypatch):
    monkeypatch.setenv("TUTORIAL_KERNELS_ASSETS", "")
    assert read_asset("data/fashion_mnist_excerpt.json")


@pytest.mark.parametrize(
    "name",
    [
        "", "data", "data/", "/etc/passwd", "../secret", "data/../../secret",
        "data/..", "data/.hidden", "cells/cells.js", "data\\x", "data//x",
        "https://example.org/x", "data/x\n", "data/x y", "data/%2e%2e/x",
    ],
)  # fmt: skip
def test_names_outside_are_refused(name):
    with pytest.raises(ValueError, match="read_asset: name is"):
        read_asset(name)


class JsException(Exception):  # noqa: N818
    pass


@pytest.fixture
def in_the_page(monkeypatch):
    """A worker as Pyodide shows it: promises are functions to be called."""
    sizes = {"data/a.bin": b"\0\1\2"}

    def read(name):
        if name not in sizes:
            raise JsException(f"Error: {name}: 404")
        return types.SimpleNamespace(to_bytes=lambda: sizes[name])

    engine = types.ModuleType("_cell_engine")
    engine.read_asset = lambda name: lambda: read(name)
    engine.read_asset_now = read
    ffi = types.ModuleType("pyodide.ffi")
    ffi.JsException = JsException
    ffi.run_sync = lambda promise: promise()
    ffi.can_run_sync = lambda: True
    monkeypatch.setitem(sys.modules, "_cell_engine", engine)
    monkeypatch.setitem(sys.modules, "pyodide", types.ModuleType("pyodide"))
    monkeypatch.setitem(sys.modules, "pyodide.ffi", ffi)
    monkeypatch.setattr(assets.sys, "platform", "emscripten")
    return ffi


@pytest.mark.parametrize("suspending", [True, False])
def test_in_the_page(in_the_page, suspending):
    in_the_page.can_run_sync = lambda: suspending
    assert read_asset("data/a.bin") == b"\0\1\2"
    with pytest.raises(FileNotFoundError, match=r"fetch 'data/b.bin' .*404"):
        read_asset("data/b.bin")
    with pytest.raises(ValueError, match="name is"):
        read_asset("../a.bin")


HEAVY = {"torch", "urllib.request", "ssl", "tempfile", "subprocess"}


def test_the_page_imports_nothing_heavy():
    def imported(modules):
        program = f"import sys, {modules}; print({HEAVY} & set(sys.modules))"
        command = [sys.executable, "-c", program]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True
        )
        return ast.literal_eval(done.stdout.replace("set()", "[]"))

    ours = imported("tutorial_kernels.data, tutorial_kernels.weights")
    assert set(ours) == set(imported("numpy"))
