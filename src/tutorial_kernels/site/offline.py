"""What the service worker of a built site needs to know about its build.

``build.json`` has the hash of every file. ``service_worker.js`` begins with the
name of the build and the hash of ``build.json``, so a single changed byte
anywhere makes another service worker, and a page is never put together from
files of two builds.
"""

from __future__ import annotations

import json
from pathlib import Path

from tutorial_kernels.durable import write_whole
from tutorial_kernels.site.assemble.fingerprint import (
    combined,
    file_sha256,
    folder_sha256,
)
from tutorial_kernels.site.course_archive import ARCHIVE

MANIFEST = "build.json"
SERVICE_WORKER = "service_worker.js"
_RETIRED = "service_worker_retired.js"
_SCRIPTS = Path("assets", "cells")
_ID_DIGITS = 16
# Nothing that a page asks for.
_LEFT_OUT = {
    ARCHIVE,
    MANIFEST,
    SERVICE_WORKER,
    "sitemap.xml",
    "sitemap.xml.gz",
}


class OfflineError(RuntimeError):
    """A built site that cannot be made to work offline."""


def write_build(site: Path) -> str:
    """Name the build in every page, list its files, place the service worker.

    Args:
        site: The folder of the built site, complete but for this.

    Returns:
        The name of the build: a hash over its files.

    Raises:
        OfflineError: The engine's service worker is not among the assets.
    """
    script = _script(site, SERVICE_WORKER)
    build = combined(_files(site))[:_ID_DIGITS]
    for page in sorted(site.rglob("*.html")):
        html = page.read_text(encoding="utf-8")
        mark = f'<meta name="build" content="{build}">'
        write_whole(page, [html.replace("</head>", f"{mark}</head>").encode()])
    manifest = json.dumps({"build": build, "files": _files(site)}, indent=0)
    write_whole(site / MANIFEST, [manifest.encode()])
    name = {"id": build, "manifest": file_sha256(site / MANIFEST)}
    head = f"self.COURSE_BUILD={json.dumps(name)};\n"
    write_whole(site / SERVICE_WORKER, [head.encode(), script.encode()])
    return build


def write_retired(site: Path) -> None:
    """Place the script that ends the service worker of an earlier visit.

    Args:
        site: A site that is served while its pages are being written.
    """
    script = _script(site, _RETIRED)
    head = 'self.COURSE_BUILD={"id":"","manifest":""};\n'
    write_whole(site / SERVICE_WORKER, [head.encode(), script.encode()])


def _script(site: Path, name: str) -> str:
    path = site / _SCRIPTS / name
    if not path.is_file():
        raise OfflineError(f"offline: {path} is missing; run assemble first")
    return path.read_text(encoding="utf-8")


def _files(site: Path) -> dict[str, str]:
    """The hash of every file that a page may ask for."""
    return {
        name: sha256
        for name, sha256 in folder_sha256(site).items()
        if name not in _LEFT_OUT and not name.endswith(".map")
    }
