"""Where a page of the site stands, and where its data are."""

from __future__ import annotations

import json
import posixpath
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Place:
    """A page that is being made.

    Attributes:
        docs: The folder of all pages.
        page: The page itself, relative to that folder.
    """

    docs: Path
    page: str = "index.md"

    @property
    def assets(self) -> Path:
        """The folder of the data that the reference shows."""
        return self.docs / "assets" / "reference"

    def read_yaml(self, name: str) -> Any:
        """What a file of that folder holds."""
        return yaml.safe_load((self.assets / name).read_text(encoding="utf-8"))

    def read_json(self, name: str) -> Any:
        """What a file of that folder holds."""
        return json.loads((self.assets / name).read_text(encoding="utf-8"))

    def link(self, page: str) -> str:
        """From this page to another, relative to the folder of all pages."""
        return posixpath.relpath(page, posixpath.dirname(self.page) or ".")
