"""Pages as notebooks and programs, and the course as one file."""

import os
import re
import subprocess
import sys
import zipfile

import nbformat
import pytest
from nbclient import NotebookClient

from tutorial_kernels.site.course_archive import write_course
from tutorial_kernels.site.downloads import as_notebook, as_program
from tutorial_kernels.site.notebook_cells import notebook_cells

URL = "https://course.example/"
MARKDOWN = """\
---
title: T
---

# T { #t }

Text with \\(x^2\\), `\\(code\\)` and [a link](../about/data.md#sizes).
{ .lead }

=== "NumPy"

    ``` {.source}
    tutorial_kernels.models.fnn.SimpleNN
    ```

!!! note "Mind"

    Quoted.

``` {.quiz #q}
What is it?

- [x] This
  : Because.
- [ ] That
  : Because not.
```

``` {.cell #fails seconds=1 raises=ValueError}
raise ValueError("no")
```

``` {.output}
ValueError: no
```
"""


def program(root, page):
    cells = notebook_cells(root / "docs" / page, root / "docs", URL)
    return as_program(cells, "pip install it")


def run(root, code, folder):
    file = folder / "page.py"
    file.write_text(code)
    variables = {"TUTORIAL_KERNELS_ASSETS": str(root / "docs/assets")}
    return subprocess.run(
        [sys.executable, str(file)], capture_output=True, text=True,
        cwd=folder, env={**os.environ, **variables}, timeout=300,
    )  # fmt: skip


def test_a_page_becomes_plain_markdown(tmp_path):
    page = tmp_path / "chapters" / "t.md"
    page.parent.mkdir()
    page.write_text(MARKDOWN)
    text, cell = notebook_cells(page, tmp_path, URL)
    assert text.source.startswith(
        "# T\n\nText with $x^2$, `\\(code\\)` and "
        f"[a link]({URL}about/data/#sizes).\n"
    )
    for part in (
        "**NumPy**", "```python\nclass SimpleNN", "> **Mind**", "> Quoted.",
        "- This\n- That", "<details><summary>Answer", "This. Because.",
    ):  # fmt: skip
        assert part in text.source
    assert ".lead" not in text.source
    assert (cell.name, cell.raises) == ("fails", "ValueError")
    assert cell.outputs == [("text", "ValueError: no")]
    done = run(tmp_path, as_program([text, cell], "pip"), tmp_path)
    assert done.stdout == "ValueError: no\n"


def test_every_page_is_a_valid_notebook_and_a_program(root):
    docs = root / "docs"
    found = 0
    for page in sorted(docs.rglob("*.md")):
        cells = notebook_cells(page, docs, URL)
        if not cells:
            continue
        found += 1
        text = as_notebook(cells, docs, "pip install it")
        notebook = nbformat.reads(text, as_version=4)
        nbformat.validate(notebook)
        names = [cell.id for cell in notebook.cells]
        assert len(set(names)) == len(names), page
        compile(program(root, page.relative_to(docs)), str(page), "exec")
        prose = "\n".join(c.source for c in cells if not c.is_code)
        for sign in ("{.", "--8<--", "!!! ", "\\("):
            outside = re.sub(
                r"(`+)(?!`).*?(?<!`)\1(?!`)", "", prose, flags=re.S
            )
            assert sign not in outside, (page, sign)
    assert found > 3


def test_a_notebook_runs_and_gives_its_golden_outputs(root):
    docs = root / "docs"
    cells = notebook_cells(docs / "index.md", docs, URL)
    notebook = nbformat.reads(as_notebook(cells, docs, "pip"), as_version=4)
    recorded = [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    ]
    notebook.cells = [c for c in notebook.cells if c.id != "install"]
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    printed = "".join(
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    )
    assert recorded
    for text in recorded:
        assert text.split()[:2] == printed.strip().split("\n")[-1].split()[:2]


@pytest.mark.parametrize("page", ["chapters/architecture.md"])
def test_the_combined_listing_of_a_chapter_runs(root, page, tmp_path):
    done = run(root, program(root, page), tmp_path)
    assert done.returncode == 0, done.stderr
    assert "neuron: 0.076" in done.stdout


def test_the_archive_is_the_same_for_the_same_site(tmp_path):
    archives = []
    for name in ("one", "two"):
        site = tmp_path / name
        site.mkdir()
        (site / "index.html").write_text("<html></html>")
        (site / "data.png").write_bytes(b"png")
        archives.append(write_course(site).read_bytes())
        assert write_course(site).read_bytes() == archives[-1]
    assert archives[0] == archives[1]
    with zipfile.ZipFile(tmp_path / "one/course.zip") as archive:
        assert archive.namelist() == [
            "course/README.txt", "course/data.png", "course/index.html",
        ]  # fmt: skip
        assert b"http.server" in archive.read("course/README.txt")
