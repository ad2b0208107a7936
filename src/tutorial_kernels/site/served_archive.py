"""The whole course as one file, from a site that `mkdocs serve` shows.

To pack it costs seconds, so it is packed when somebody asks for it, and a
rebuild stays as quick as it was. Where nothing is built anew, it is packed
once.
"""

from __future__ import annotations

import logging
import posixpath
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Condition
from typing import Any
from urllib.parse import urlsplit

from tutorial_kernels.site.course_archive import ARCHIVE, write_course
from tutorial_kernels.site.offline import OfflineError, write_build
from tutorial_kernels.site.policy import PolicyError, write_policy

_log = logging.getLogger(f"mkdocs.plugins.{__name__}")

SECONDS_TO_WAIT = 120.0

type App = Callable[[dict[str, Any], Any], Iterable[bytes]]


class ServedArchive:
    """Packs the served site between two builds, once for each."""

    def __init__(self) -> None:
        self._free = Condition()
        self._site: Path | None = None  # a whole one

    def begin_build(self) -> None:
        """The site is about to be written; waits for a pack under way."""
        with self._free:
            self._site = None

    def end_build(self, site: Path) -> None:
        """The site is whole again, and what was packed of it is old."""
        with self._free:
            (site / ARCHIVE).unlink(missing_ok=True)
            self._site = site
            self._free.notify_all()

    def pack(self) -> None:
        """Put `course.zip` into the site, unless it is there.

        It holds what `mkdocs build` would have written: each page with its
        policy, and the service worker.
        """
        with self._free:
            self._free.wait_for(lambda: self._site, SECONDS_TO_WAIT)
            if self._site is None or (self._site / ARCHIVE).exists():
                return
            with tempfile.TemporaryDirectory() as aside:
                copy = Path(aside) / "site"
                shutil.copytree(self._site, copy)
                write_policy(copy)
                write_build(copy)
                shutil.move(write_course(copy), self._site / ARCHIVE)

    def before(self, app: App, site_url: str) -> App:
        """An app that packs before it hands on a request for the file.

        When that fails, the log has the reason and the file is not found.

        Args:
            app: What answers every request.
            site_url: The address under which the site is served.
        """
        wanted = posixpath.join(urlsplit(site_url).path or "/", ARCHIVE)

        def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            if environ["PATH_INFO"] == wanted:
                try:
                    self.pack()
                except (OfflineError, OSError, PolicyError) as error:
                    _log.error("%s could not be packed: %s", ARCHIVE, error)
            return app(environ, start)

        return answer
