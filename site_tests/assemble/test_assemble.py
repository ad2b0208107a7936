"""The whole of assemble on a checkout: what is there, and what is made anew."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from site_tests.assemble.checkouts import (
    LOCK,
    current_files,
    current_runtime,
    edit_kernel,
    lose_font,
    lose_lock,
    nothing_beside,
    own_wheel,
)
from tutorial_kernels.site.assemble import (
    AssembleError,
    AssembleReport,
    assemble,
    runtime,
)

NUMPY = "numpy-2.4.3-cp314-cp314-pyemscripten_2026_0_wasm32.whl"


def test_what_stands_there(assembled: AssembleReport, template: Path) -> None:
    folder = current_runtime(template)
    assert folder == assembled.path
    assert assembled.key == folder.name
    assert folder.name.startswith("314.0.4-")
    current = json.loads((folder.parent / "current.json").read_text())
    (on_demand,) = current["on_demand"]
    assert {p.name for p in folder.iterdir()} == {
        *on_demand["files"],
        "pyodide.mjs",
        "pyodide.asm.mjs",
        "pyodide.asm.wasm",
        "python_stdlib.zip",
        LOCK,
        NUMPY,
        own_wheel(folder).name,
    }
    assert current["pyodide"] == "314.0.4"
    assert current["packages"] == ["numpy", "tutorial-kernels"]
    assert current["path"] == f"{folder.name}/"
    nothing_beside(template)


def test_katex_has_woff2_alone(
    template: Path, assembled: AssembleReport
) -> None:
    katex = template / "docs/assets/katex"
    style = (katex / "katex.min.css").read_text()
    fonts = {path.name for path in (katex / "fonts").iterdir()}
    assert len(fonts) >= 20
    assert all(font.endswith(".woff2") for font in fonts)
    assert style.count("url(") == len(fonts)
    assert all(f'url(fonts/{font}) format("woff2")' in style for font in fonts)


def test_names_are_those_of_the_checkout(template: Path) -> None:
    text = (template / "docs/assets/names/names.json").read_text()
    assert len(gzip.compress(text.encode())) < 40_000
    names = json.loads(text)
    rows = {name: row for name, *row in names["modules"]["tutorial_kernels.nn"]}
    kind, signature, summary = rows["Linear"]
    assert kind == "class"
    assert signature.startswith("(in_features, out_features")
    assert summary
    assert ["import", "keyword", "", ""] in names["names"]
    modules = names["modules"]
    assert any(
        row[0] == "cross_entropy"
        for row in modules["tutorial_kernels.functional"]
    )
    assert not any("torch" in name or ".site" in name for name in modules)


def test_what_comes_on_demand_is_small_and_the_pages_say_how_small(
    root: Path, template: Path
) -> None:
    text = (template / "docs/assets/pyodide/current.json").read_text()
    current = json.loads(text)
    (package,) = current["on_demand"]
    assert package["name"] == "matplotlib"
    assert len(package["files"]) == 9
    assert not set(package["files"]) & {NUMPY, OWN}
    sizes = [current["files"][name]["bytes"] for name in package["files"]]
    assert package["bytes"] == sum(sizes)
    size = f"{sum(sizes) / 1e6:.1f} MB"
    about = root / "docs/about"
    for page in ("features", "authoring", "decisions/0012-packages-on-demand"):
        assert size in (about / f"{page}.md").read_text(), page


def test_second_call_is_quick_and_says_one_line(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {p: p.stat().st_mtime_ns for p in (checkout / "docs").rglob("*")}
    seconds = []
    for _ in range(3):
        report = assemble(checkout)
        assert report.rebuilt == ()
        seconds.append(report.seconds)
    assert min(seconds) < 0.3
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all("up to date" in line and report.key in line for line in lines)
    after = {p: p.stat().st_mtime_ns for p in (checkout / "docs").rglob("*")}
    assert after == before  # else `mkdocs serve` would build without end


def _edit_readme(root: Path) -> None:
    (root / "README.md").write_text("# Another name\n")


def _edit_what_no_page_has(root: Path) -> None:
    path = root / "src/tutorial_kernels/cli.py"
    path.write_text(path.read_text() + "\n# another line\n")


def _raise_version(root: Path) -> None:
    path = root / "pyproject.toml"
    text = path.read_text()
    assert 'version = "0.1.0"' in text
    path.write_text(text.replace('version = "0.1.0"', 'version = "0.1.1"'))


def _edit_engine(root: Path) -> None:
    path = root / "src/cell_engine/styles/cells.css"
    path.write_text(path.read_text() + "\n.another { color: red }\n")


def _lose_numpy(root: Path) -> None:
    (current_runtime(root) / NUMPY).unlink()


def _damage_core(root: Path) -> None:
    path = current_runtime(root) / "pyodide.asm.mjs"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _lose_bundle(root: Path) -> None:
    (root / "docs/assets/cells/cells.js").unlink()


def _add_stranger(root: Path) -> None:
    (root / "docs/assets/katex/stranger.css").write_text("")


OWN = "tutorial_kernels-0.1.0-py3-none-any.whl"
CASES = {
    "kernel edited": (edit_kernel, {OWN, LOCK, "names"}),
    "version raised": (
        _raise_version,
        {OWN.replace("0.1.0", "0.1.1"), LOCK, "names"},
    ),
    "read-me edited": (_edit_readme, set()),
    "command line edited": (_edit_what_no_page_has, set()),
    "style edited": (_edit_engine, {"cells"}),
    "NumPy lost": (_lose_numpy, {NUMPY, LOCK}),
    "core damaged": (_damage_core, {"pyodide.asm.mjs", LOCK}),
    "lock lost": (lose_lock, {LOCK}),
    "bundle lost": (_lose_bundle, {"cells"}),
    "font lost": (lose_font, {"katex"}),
    "stranger in a folder": (_add_stranger, {"katex"}),
}


@pytest.mark.parametrize("case", CASES)
def test_exactly_what_is_stale_is_made(case: str, checkout: Path) -> None:
    change, expected = CASES[case]
    key = current_runtime(checkout).name
    change(checkout)
    report = assemble(checkout, progress=False)
    assert set(report.rebuilt) == expected
    sources_of_pages_changed = case in ("kernel edited", "version raised")
    assert (report.key != key) is sources_of_pages_changed
    nothing_beside(checkout)
    assert assemble(checkout, progress=False).rebuilt == ()


def test_old_versions_go(checkout: Path) -> None:
    base = checkout / "docs/assets/pyodide"
    shutil.copytree(current_runtime(checkout), base / "314.0.3-000000000000")
    assert assemble(checkout, progress=False).rebuilt == ()
    nothing_beside(checkout)


def test_package_no_longer_wanted_goes(checkout: Path) -> None:
    key = current_runtime(checkout).name
    (current_files(checkout)[0].parent / "other.whl").write_bytes(b"")
    path = checkout / "docs/assets/pyodide/current.json"
    current = json.loads(path.read_text())
    empty = hashlib.sha256(b"").hexdigest()
    current["files"]["other.whl"] = {"bytes": 0, "sha256": empty}
    path.write_text(json.dumps(current))
    assert assemble(checkout, progress=False).key == key
    assert "other.whl" not in {p.name for p in current_files(checkout)}
    nothing_beside(checkout)


def test_package_that_ours_needs_must_be_there(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = current_runtime(checkout).name
    monkeypatch.setattr(runtime, "PACKAGES", ())
    with pytest.raises(AssembleError, match=r"tutorial_kernels.*numpy"):
        assemble(checkout, progress=False)
    assert current_runtime(checkout).name == key


def test_from_scratch_gives_the_same_key(
    assembled: AssembleReport,
    checkout: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for left in ("docs/assets", ".cache"):
        shutil.rmtree(checkout / left)
    report = assemble(checkout)
    assert report.key == assembled.key
    assert report.total_bytes == assembled.total_bytes
    assert {"cells", "katex", "names", NUMPY, OWN, LOCK} <= set(report.rebuilt)
    output = capsys.readouterr().out
    for done in ("standard library", "compile numpy", " MB)", report.key):
        assert done in output
    nothing_beside(checkout)
