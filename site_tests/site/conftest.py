"""Markdown as mkdocs.yml sets it up, and small sites of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from markdown import Markdown

from tutorial_kernels.site import fences, practice

ROOT = Path(__file__).resolve().parents[2]


def extension_configs():
    def fence(kind, shown, module=fences):
        return {
            "name": kind,
            "class": shown,
            "validator": getattr(module, f"{kind}_validator"),
            "format": getattr(module, f"{kind}_formatter"),
        }

    return {
        "attr_list": {},
        "def_list": {},
        "md_in_html": {},
        "toc": {"permalink": True},
        "pymdownx.arithmatex": {"generic": True},
        "pymdownx.highlight": {},
        "pymdownx.superfences": {
            "preserve_tabs": True,
            "custom_fences": [
                fence("cell", "cell"),
                fence("output", "cell-output"),
                fence("source", "source"),
                fence("exercise", "exercise", practice),
                fence("quiz", "quiz", practice),
                fence("predict", "predict", practice),
            ],
        },
        "tables": {},
        "pymdownx.tabbed": {"alternate_style": True},
        "tutorial_kernels.site.markdown": {},
    }


@pytest.fixture
def convert():
    """Markdown to HTML, with every extension of the course."""

    def to_html(text):
        configs = extension_configs()
        md = Markdown(extensions=list(configs), extension_configs=configs)
        return md.convert(text)

    return to_html


_LOADER = """
site_name: A small site
theme: {name: material, font: false}
plugins: []
markdown_extensions: %s
"""


class SmallSite:
    """A MkDocs site in a folder of its own, with the course's extensions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.docs = folder / "docs"
        self.docs.mkdir()
        extensions = yaml.dump(
            [{name: options} for name, options in extension_configs().items()],
            default_flow_style=False,
        )
        indented = "\n" + "\n".join(
            f"  {line}" for line in extensions.splitlines()
        )
        (folder / "mkdocs.yml").write_text(_LOADER % indented)

    def page(self, name: str, text: str) -> Path:
        path = self.docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        return path

    def build(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--strict"],
            cwd=self.folder,
            capture_output=True,
            text=True,
        )

    def html(self, url: str) -> str:
        done = self.build()
        assert done.returncode == 0, done.stderr
        return (self.folder / "site" / url).read_text(encoding="utf-8")


@pytest.fixture
def small_site(tmp_path):
    return SmallSite(tmp_path)
