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
from tutorial_kernels.site.downloads import (
    as_notebook,
    as_program,
    write_downloads,
)
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
        "\n- This\n", "\n- That\n", "<details><summary>Answer", "This. Because.",
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


TORCH = """\
# T

=== "NumPy"

    ``` {.source}
    tutorial_kernels.models.fnn.SimpleNN
    ```

=== "PyTorch"

    Before.

    ``` {.source}
    tutorial_kernels.torch_models.fnn.SimpleNN
    ```

    After.

Outside.

``` {.cell #one seconds=1}
from tutorial_kernels import nn
from tutorial_kernels.models.fnn import SimpleNN
mine = SimpleNN()
print(sum(p.data.size for p in mine.parameters()))
```

``` {.output}
67
```
"""
CHECK = """
import torch
assert issubclass(pytorch.SimpleNN, torch.nn.Module)
assert not issubclass(SimpleNN, torch.nn.Module)
for name in ("SimpleNN", "SimpleCNN"):
    if hasattr(pytorch, name):
        theirs = sum(p.numel() for p in getattr(pytorch, name)().parameters())
        print(name, theirs)
"""


def test_the_pytorch_side_of_a_page_runs_in_its_notebook(tmp_path):
    page = tmp_path / "t.md"
    page.write_text(TORCH)
    cells = notebook_cells(page, tmp_path, URL)
    text = as_notebook(cells, tmp_path, "pip")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    before, _, sides, torch_cell, after, *_ = notebook.cells
    assert before.source.endswith("**PyTorch**\n\nBefore.")
    assert 'SIDE = "PyTorch"' in sides.source
    assert torch_cell.source.startswith(
        "%%pytorch\nfrom torch import Tensor, nn\n\n\nclass SimpleNN("
    )
    assert after.source == "After.\n\nOutside."
    assert "# class SimpleNN(nn.Module)" in as_program(cells, "pip")

    def run(notebook):
        notebook.cells = [c for c in notebook.cells if c.id != "install"]
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
        return [
            "".join(o.get("text", "") for o in c.get("outputs", []))
            for c in notebook.cells
        ]

    notebook.cells.append(nbformat.v4.new_code_cell(CHECK))
    assert run(notebook)[-2:] == ["67\n", "SimpleNN 67\n"]
    without = nbformat.reads(text, as_version=4)
    without.cells[2].source = sides.source.replace('= "PyTorch"', '= "NumPy"')
    assert run(without)[-3:] == ['Left out: SIDE is "NumPy".\n', "", "67\n"]


def test_every_pytorch_tab_is_a_cell_that_runs(root):
    docs = root / "docs"
    found = []
    for page in sorted(docs.glob("chapters/*.md")):
        tabs = page.read_text().count('\n=== "PyTorch"')
        cells = [c for c in notebook_cells(page, docs, URL) if c.side]
        assert len(cells) >= tabs, page
        namespace = {"__name__": "pytorch"}
        for cell in cells:
            exec(compile(cell.source, page, "exec"), namespace)
        found += cells
    assert len(found) >= 10


@pytest.mark.parametrize("repository", ["someone/course", ""])
def test_the_link_to_colab_leads_to_the_notebook_beside_its_page(
    root, small_site, repository
):
    cell = "``` {.cell #%s seconds=1}\nprint(1)\n```\n"
    small_site.page("index.md", "# Home\n\n" + cell % "first")
    small_site.page("chapters/one.md", "# One\n\n" + cell % "second")
    small_site.page("plain.md", "# Plain\n")
    config = small_site.folder / "mkdocs.yml"
    theme = (
        f"{{name: material, font: false, custom_dir: {root}/docs/overrides}}"
    )
    config.write_text(
        re.sub(r"theme: .*", f"theme: {theme}", config.read_text())
        + f"extra: {{repository: '{repository}', pages_branch: pages}}\n"
        + "nav: [index.md, chapters/one.md, plain.md]\n"
    )
    small_site.html("index.html")
    site = small_site.folder / "site"
    write_downloads(small_site.docs, site, URL, repository)
    start = (
        "https://colab.research.google.com/github/someone/course/blob/pages/"
    )
    pages = {"": "index", "chapters/one/": "one"}
    for place, name in pages.items():
        html = (site / place / "index.html").read_text()
        links = re.findall(r'href="(https://colab[^"]*)"', html)
        file = f"{place}{name}.ipynb"
        assert (site / file).is_file()
        assert links == ([f"{start}{file}"] if repository else [])
        source = nbformat.read(site / file, as_version=4).cells[1].source
        assert ("git+https://github.com/someone/course" in source) == bool(
            repository
        )
        assert '%pip install "tutorial-kernels[jupyter] @ ' in source
    assert "colab" not in (site / "plain/index.html").read_text()
