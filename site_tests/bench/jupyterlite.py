"""JupyterLite's REPL on the Pyodide that the course uses, nothing from abroad.

The core and NumPy are the very files of the plain page. IPython and what it
needs are the versions that Pyodide's lock names, taken from the Python index
and entered into the copy of the lock with their own hashes: Pyodide's own
rebuilds of these pure Python wheels are on its CDN alone.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

KERNEL = "@jupyterlite/pyodide-kernel-extension"
# What the kernel installs at its start and Pyodide's lock does not name.
UNLOCKED = ("comm", "ipython-pygments-lexers")
LOCKED = ("micropip", "ipython", "jedi")


class NoJupyterLiteError(RuntimeError):
    """JupyterLite is not installed here."""


def _needed(packages: dict[str, Any]) -> list[str]:
    """The names, and what they depend on by the lock."""
    needed: list[str] = []
    waiting = list(LOCKED)
    while waiting:
        name = waiting.pop().replace("_", "-")
        if name not in needed:
            needed.append(name)
            waiting += packages[name]["depends"]
    return sorted(needed)


def _download(requirements: list[str], folder: Path) -> None:
    """Pure wheels of exactly these, and nothing else."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    options = ["--disable-pip-version-check", "--only-binary", ":all:"]
    subprocess.run(
        [*command, *options, "--dest", str(folder), *requirements], check=True
    )


def _complete(pyodide: Path) -> None:
    """Add IPython's wheels to a folder with Pyodide, and enter their hashes."""
    lock = json.loads((pyodide / "pyodide-lock.json").read_text())
    packages = lock["packages"]
    names = _needed(packages)
    _download([f"{n}=={packages[n]['version']}" for n in names], pyodide)
    for name in names:
        wheel = pyodide / packages[name]["file_name"]
        packages[name]["sha256"] = hashlib.sha256(
            wheel.read_bytes()
        ).hexdigest()
    (pyodide / "pyodide-lock.json").write_text(json.dumps(lock))


def _configure(path: Path) -> None:
    """The kernel's extension alone, and nothing from the Python index."""
    config = json.loads(path.read_text())
    data = config["jupyter-config-data"]
    data["federated_extensions"] = [
        each for each in data["federated_extensions"] if each["name"] == KERNEL
    ]
    data["litePluginSettings"][f"{KERNEL}:kernel"]["disablePyPIFallback"] = True
    path.write_text(json.dumps(config, indent=1))


def build(folder: Path, plain: Path) -> None:
    """Build the REPL into a folder, with a copy of the plain page's Pyodide.

    Raises:
        NoJupyterLiteError: When the extra ``peers`` is not installed.
    """
    if importlib.util.find_spec("jupyterlite_pyodide_kernel") is None:
        raise NoJupyterLiteError(
            "JupyterLite is not installed: pip install -c constraints.txt "
            "-e '.[peers]'"
        )
    with tempfile.TemporaryDirectory() as name:
        sources = Path(name)
        # Where JupyterLite looks for a Pyodide and for wheels of one's own.
        pyodide = sources / "static" / "pyodide"
        shutil.copytree(plain, pyodide)
        _complete(pyodide)
        _download(list(UNLOCKED), sources / "pypi")
        command = [sys.executable, "-m", "jupyterlite_core", "build"]
        places = ["--lite-dir", name, "--output-dir", str(folder)]
        done = subprocess.run(
            [*command, "--apps", "repl", *places],
            cwd=name, check=False, capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"JupyterLite was not built:\n{done.stderr}")
    _configure(folder / "jupyter-lite.json")
