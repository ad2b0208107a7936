"""The MkDocs plugin: a bare `mkdocs serve` or `build` just works.

It has no logic of its own. Whoever builds with something else than MkDocs
calls `assemble` first, as `make` does.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger

from tutorial_kernels.site.assemble import (
    AssembleError,
    assemble,
    watched_paths,
)
from tutorial_kernels.site.course_archive import write_course
from tutorial_kernels.site.deferred_search import SearchError, defer_search
from tutorial_kernels.site.downloads import write_downloads
from tutorial_kernels.site.offline import (
    OfflineError,
    write_build,
    write_retired,
)
from tutorial_kernels.site.policy import PolicyError, write_policy
from tutorial_kernels.site.reserved_heights import with_heights
from tutorial_kernels.site.served_archive import ServedArchive

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer

_log = get_plugin_logger(__name__)


# The base class is generic over options, and this plugin has none.
class AssemblePlugin(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """Calls `assemble` before every build, which costs nothing when fresh.

    A built site gets its policy and its service worker; the pages of
    `mkdocs serve` carry a script of its own that differs each time and are
    written anew under the reader's eyes, and go without either. There the
    whole course is packed when it is asked for. Without live reload MkDocs
    lets no plugin answer requests: it is packed with the only build.
    """

    _serves = False
    _reloads = False

    def __init__(self) -> None:
        super().__init__()
        self._archive = ServedArchive()

    def on_startup(
        self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool
    ) -> None:
        """Notes whether MkDocs serves the pages itself, and for how long."""
        self._serves = command == "serve"
        context = click.get_current_context(silent=True)
        options = {} if context is None else context.params
        self._reloads = bool(options.get("livereload", True))

    # After the other plugins: what they write belongs to the site, too.
    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Writes what is downloaded, the policy, and what works offline."""
        site = Path(config.site_dir)
        try:
            docs, url = Path(config.docs_dir), config.site_url or ""
            repository = str(config.extra.get("repository") or "")
            defer_search(site)
            write_downloads(docs, site, url, repository)
            if self._serves:
                write_retired(site)
                self._archive.end_build(site)
                if not self._reloads:
                    self._archive.pack()
                return
            write_policy(site)
            write_build(site)
            write_course(site)
        except (OfflineError, PolicyError, SearchError, ValueError) as error:
            raise PluginError(str(error)) from error

    def on_post_page(self, output: str, /, **_: object) -> str:
        """Says how high the listings and formulas of a page are."""
        return with_heights(output)

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Makes what is missing or stale before MkDocs lists the files."""
        self._archive.begin_build()
        try:
            assemble(_root(config), progress=_log.isEnabledFor(logging.INFO))
        except AssembleError as error:
            raise PluginError(str(error)) from error

    def on_serve(
        self, server: LiveReloadServer, /, *, config: MkDocsConfig, **_: object
    ) -> LiveReloadServer:
        """Rebuilds when the Python or the TypeScript of the pages changes."""
        url = config.site_url or ""
        server.set_app(self._archive.before(server.serve_request, url))
        for path in watched_paths(_root(config)):
            server.watch(str(path))
        return server


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).resolve().parent
