"""The wheel of this package, as pages get it."""

import os
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tutorial_kernels.site.assemble.errors import AssembleError
from tutorial_kernels.site.assemble.fingerprint import (
    combined,
    sources_sha256,
)
from tutorial_kernels.site.assemble.guard import shared_lock
from tutorial_kernels.site.assemble.layout import Layout

# What works offline or makes the site; a page imports none of it.
NOT_IN_PAGES = (
    "__main__.py",
    "cli.py",
    "parity",
    "site",
    "torch_models",
    "training",
)


def page_wheel_name(layout: Layout) -> str:
    """Returns the file name of our wheel, from pyproject.toml."""
    project = _pyproject(layout).get("project", {})
    try:
        name = str(project["name"]).replace("-", "_")
        return f"{name}-{project['version']}-py3-none-any.whl"
    except KeyError as error:
        raise AssembleError(
            f"assemble: {layout.root / 'pyproject.toml'} has no "
            f"project.{error.args[0]}; expected it to be written there"
        ) from error


def page_wheel_drops(layout: Layout) -> tuple[str, ...]:
    """Returns the patterns of what a page's copy of the wheel lacks."""
    package = layout.package.name
    parts = [f"{package}/{name}" for name in NOT_IN_PAGES]
    folders = [f"{part}/*" for part in parts if not part.endswith(".py")]
    files = [part for part in parts if part.endswith(".py")]
    return (*files, *folders, "*.dist-info/entry_points.txt")


def page_sources_sha256(layout: Layout) -> str:
    """Returns one hash over all that the page's wheel is made from."""
    pyproject = _pyproject(layout)
    settings = {
        "project": pyproject.get("project"),
        "build-system": pyproject.get("build-system"),
        "hatch": pyproject.get("tool", {}).get("hatch"),
    }
    sources = sources_sha256(layout.package, _is_not_in_pages)
    return combined(settings, sources)


def build_wheel(layout: Layout, folder: Path) -> Path:
    """Lets the package's own build backend make its whole wheel.

    Args:
        layout: The checkout.
        folder: Where the wheel goes.

    Returns:
        The wheel's path.

    Raises:
        AssembleError: The backend failed.
    """
    from build import BuildBackendException, BuildException, ProjectBuilder

    try:
        builder = ProjectBuilder(layout.root, runner=_run_backend)
        wheel = Path(builder.build("wheel", folder))
    except (BuildBackendException, BuildException) as error:
        raise AssembleError(
            f"our own wheel: its build failed: {error}{_last_lines(error)}"
        ) from error
    if wheel.name != page_wheel_name(layout):
        raise AssembleError(
            f"our own wheel: built as {wheel.name}, "
            f"expected {page_wheel_name(layout)}"
        )
    return wheel


def _run_backend(
    cmd: Sequence[str],
    cwd: str | None = None,
    extra_environ: Mapping[str, str] | None = None,
) -> None:
    """Runs the build backend as `build` wants it run, and quietly."""
    subprocess.run(
        cmd,
        check=True,
        cwd=cwd,
        env=dict(os.environ) | dict(extra_environ or {}),
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        **shared_lock(),
    )


def _last_lines(error: Exception) -> str:
    """Returns what the build backend said at the end, if it ran at all."""
    cause = getattr(error, "exception", None)
    if not isinstance(cause, subprocess.CalledProcessError):
        return ""
    lines = (cause.output or b"").decode(errors="replace").splitlines()
    return "\n" + "\n".join(lines[-15:])


def _is_not_in_pages(path: str) -> bool:
    return path.split("/")[0] in NOT_IN_PAGES or path.endswith(
        ("__pycache__", ".pyc")
    )


def _pyproject(layout: Layout) -> dict[str, Any]:
    path = layout.root / "pyproject.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise AssembleError(f"assemble: {path}: {error}") from error
