"""The engine's scripts, KaTeX's style, the editor's names: whole folders."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tutorial_kernels.site.assemble.errors import AssembleError
from tutorial_kernels.site.assemble.fingerprint import (
    combined,
    file_sha256,
    folder_sha256,
    has_exactly,
    sources_sha256,
)
from tutorial_kernels.site.assemble.layout import Layout, replace_folder
from tutorial_kernels.site.assemble.names import make_names, names_inputs
from tutorial_kernels.site.assemble.nodejs import installed_version, run_npm
from tutorial_kernels.site.assemble.record import Made, Record
from tutorial_kernels.site.assemble.reporting import Reporter

# Every browser that runs WebAssembly reads woff2; the rest is dead weight.
_OTHER_FONTS = re.compile(r",\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)")
_FONT = re.compile(r"url\((fonts/[^)]+)\)")


@dataclass(frozen=True)
class Folder:
    """A folder of the site that is made as a whole.

    Attributes:
        name: Its name in `docs/assets`.
        label: What making it is called on the terminal.
        inputs: One hash over all that it is made from.
        make: Fills the empty folder given.
    """

    name: str
    label: str
    inputs: str
    make: Callable[[Path], None]


def frontend_folders(layout: Layout) -> list[Folder]:
    """Returns the folders of the front end."""
    engine = sources_sha256(layout.engine, _is_not_engine_source)
    version = installed_version(layout, "katex")
    return [
        Folder(
            "cells",
            "bundle the cell engine",
            combined(engine),
            partial(_bundle, layout),
        ),
        Folder(
            "katex",
            "copy KaTeX's style and fonts",
            combined(version, file_sha256(Path(__file__))),
            partial(_copy_katex, layout.engine / "node_modules" / "katex"),
        ),
        Folder(
            "names",
            "list the names for the editor",
            names_inputs(layout),
            partial(make_names, layout),
        ),
    ]


def stale_folders(
    layout: Layout, record: Record, folders: list[Folder]
) -> list[Folder]:
    """Returns the folders that are missing, changed or out of date."""
    return [
        folder
        for folder in folders
        if record.made(folder.name).inputs != folder.inputs
        or not has_exactly(
            layout.assets / folder.name, record.made(folder.name).outputs
        )
    ]


def build_folder(
    layout: Layout,
    record: Record,
    folder: Folder,
    aside: Path,
    report: Reporter,
) -> None:
    """Makes a folder aside and moves it to its place.

    Raises:
        AssembleError: It could not be made; the old one stands then.
    """
    new = aside / folder.name
    new.mkdir()
    with report.task(folder.label) as on_bytes:
        folder.make(new)
        files = [path for path in new.rglob("*") if path.is_file()]
        on_bytes(sum(path.stat().st_size for path in files))
    if not files:
        raise AssembleError(
            f"{folder.label}: wrote no file; expected some in {new}"
        )
    outputs = folder_sha256(new)
    replace_folder(new, layout.assets / folder.name)
    record.note({folder.name: Made(folder.inputs, outputs)})


def _bundle(layout: Layout, target: Path) -> None:
    environment = {"CELL_ENGINE_OUT": str(target)}
    run_npm(layout, ["run", "--silent", "build"], environment=environment)


def _is_not_engine_source(path: str) -> bool:
    return path.split("/")[0] in ("node_modules", "dist")


def _copy_katex(katex: Path, target: Path) -> None:
    style = (katex / "dist" / "katex.min.css").read_text(encoding="utf-8")
    style = _OTHER_FONTS.sub("", style)
    fonts = sorted(set(_FONT.findall(style)))
    wrong = [font for font in fonts if not font.endswith(".woff2")]
    if wrong or not fonts:
        raise AssembleError(
            f"katex.min.css: names the fonts {wrong}; expected woff2 alone"
        )
    (target / "fonts").mkdir()
    for font in fonts:
        shutil.copyfile(katex / "dist" / font, target / font)
    shutil.copyfile(katex / "LICENSE", target / "LICENSE")
    (target / "katex.min.css").write_text(style, encoding="utf-8")
