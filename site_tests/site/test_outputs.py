"""rewrite_outputs() writes what cells give, and nothing when one fails."""

import json

import numpy as np
import pytest

from tutorial_kernels.page.png import encode_png
from tutorial_kernels.site.outputs import OutputsError, rewrite_outputs
from tutorial_kernels.site.png_reader import decode_png


@pytest.fixture
def write(tmp_path):
    def page(text, name="chapters/a.md"):
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    return page


def cell(source, header="#one seconds=1"):
    return f"``` {{.cell {header}}}\n{source}\n```\n"


def out(body, kind=""):
    return f"``` {{.output{kind}}}\n{body}\n```\n"


def test_text_is_written_behind_its_cell(write, tmp_path):
    path = write("# T\n\n" + cell("x = 2\nprint('hi')\nx + 1") + "\nText\n")
    assert rewrite_outputs(tmp_path) == [path]
    assert path.read_text() == (
        "# T\n\n"
        + cell("x = 2\nprint('hi')\nx + 1")
        + "\n"
        + out("hi\n3")
        + "\nText\n"
    )
    assert rewrite_outputs(tmp_path) == []


def test_old_outputs_are_replaced_and_removed(write, tmp_path):
    path = write(
        cell("print(1)") + "\n" + out("0") + out("{}", " .plot") + "\nText\n\n"
        + cell("y = 1", "#two seconds=1") + "\n\n" + out("gone") + "End"
    )  # fmt: skip
    rewrite_outputs(tmp_path)
    assert path.read_text() == (
        cell("print(1)") + "\n" + out("1") + "\nText\n\n"
        + cell("y = 1", "#two seconds=1") + "End"
    )  # fmt: skip


def test_everything_else_stays_byte_for_byte(write, tmp_path):
    odd = (
        "---\r\ntitle: x\r\n---\r\n\tText  \r\n\r\n\x0c~~~\n{.cell}\n~~~\n\n\n"
    )
    path = write(odd + cell("print(1)").replace("\n", "\r\n") + "End  \n\n\n")
    rewrite_outputs(tmp_path)
    assert path.read_bytes().decode() == (
        odd
        + (cell("print(1)") + "\n" + out("1") + "\n").replace("\n", "\r\n")
        + "End  \n\n\n"
    )


def test_the_namespace_is_the_pages_own(write, tmp_path):
    first = write(cell("x = 5") + cell("print(x)", "#two seconds=1"))
    second = write(cell("print('x' in globals())"), "b.md")
    rewrite_outputs(tmp_path)
    assert out("5") in first.read_text()
    assert out("False") in second.read_text()


def test_plots_and_pictures(write, tmp_path):
    source = (
        "from tutorial_kernels.page import plot, show, track\nimport numpy as np\n"
        "print('before')\n"
        "for i in track(range(300)): plot(i, loss=1 / (i + 1), title='Loss')\n"
        "show(np.eye(4), labels=['eye'])\nshow(np.ones((2, 4, 4)))\nprint('after')"
    )
    path = write(cell(source))
    changed = rewrite_outputs(tmp_path)
    folder = tmp_path / "docs/assets/outputs/chapters/a"
    assert changed == [folder / "one-1.png", folder / "one-2.png", path]
    blocks = [
        block.split("\n```")[0] for block in path.read_text().split("``` {")
    ][2:]
    kinds = [block.split("}\n")[0] for block in blocks]
    assert kinds == [
        ".output", ".output .plot", ".output .image", ".output .image", ".output",
    ]  # fmt: skip
    bodies = [block.split("}\n", 1)[1] for block in blocks]
    assert (bodies[0], bodies[4]) == ("before", "after")
    plot = json.loads(bodies[1])
    assert plot["title"] == "Loss"
    assert len(plot["series"][0]["x"]) <= 60
    assert plot["series"][0]["y"][-1] == 0.003333
    image = json.loads(bodies[2])
    assert image["src"] == "assets/outputs/chapters/a/one-1.png"
    assert image["labels"] == ["eye"]
    pixels = decode_png((folder / "one-1.png").read_bytes())
    assert pixels.shape[:2] == (image["height"], image["width"])
    assert rewrite_outputs(tmp_path) == []


def test_pictures_change_with_their_pixels_only(write, tmp_path):
    from PIL import Image

    path = write(
        cell("from tutorial_kernels.page import show\nshow([[0, 1], [1, 0]])")
    )
    rewrite_outputs(tmp_path)
    picture = tmp_path / "docs/assets/outputs/chapters/a/one-1.png"
    Image.open(picture).save(
        picture, compress_level=0
    )  # other bytes, same pixels
    assert rewrite_outputs(tmp_path) == []
    picture.write_bytes(encode_png(np.zeros((2, 2), np.uint8)))
    assert rewrite_outputs(tmp_path) == [picture]
    path.write_text(
        path.read_text().replace("show([", "print([").replace("]])", "]])")
    )
    assert rewrite_outputs(tmp_path) == [picture, path]
    assert not picture.exists()


def test_cells_that_are_meant_to_raise(write, tmp_path):
    path = write(
        cell(
            "print('a')\nraise ValueError('no')",
            "#one seconds=1 raises=ValueError",
        )
    )
    rewrite_outputs(tmp_path)
    assert path.read_text().endswith(out("a\nValueError: no"))


@pytest.mark.parametrize(
    ("source", "header", "line", "reason"),
    [
        ("x = 1\n1 / 0", "#one seconds=1", 5, "cell one failed:\nTraceback"),
        ("x = (", "#one seconds=1", 4, "SyntaxError"),
        (
            "x = 1",
            "#one seconds=1 raises=OSError",
            3,
            "cell one was meant to raise OSError",
        ),
        (
            "raise OSError",
            "#one seconds=1 raises=ValueError",
            4,
            "failed (meant to raise ValueError)",
        ),
        (
            "print('\\r50 %')",
            "#one seconds=1",
            3,
            "prints the control character '\\r'",
        ),
        (
            "import os; os._exit(3)",
            "#one seconds=1",
            None,
            "Python ended with code 3",
        ),
        ("x = 1", "#one", 3, "cell 'one' needs seconds"),
        ("x = 1", "one seconds=1", 3, "cannot read 'one'"),
    ],
)
def test_a_failure_stops_and_changes_nothing(
    write, tmp_path, source, header, line, reason
):
    good = write(cell("print(1)"), "a.md")
    bad = write("# T\n\n" + cell(source, header) + "\n" + out("old"), "b.md")
    before = good.read_bytes(), bad.read_bytes()
    with pytest.raises(OutputsError) as caught:
        rewrite_outputs(tmp_path)
    place = f"{bad}:{line}: " if line else f"{bad}: "
    assert str(caught.value).startswith(place)
    assert reason in str(caught.value)
    assert (good.read_bytes(), bad.read_bytes()) == before
    assert not (tmp_path / "docs/assets").exists()


def test_text_with_backticks_gets_a_longer_fence(write, tmp_path):
    path = write(cell("print('```\\nin\\n````')"))
    rewrite_outputs(tmp_path)
    assert path.read_text().endswith(
        "\n````` {.output}\n```\nin\n````\n`````\n"
    )
    assert rewrite_outputs(tmp_path) == []


def test_only_the_pages_asked_for(write, tmp_path):
    first, second = write(cell("1"), "a.md"), write(cell("2"), "b.md")
    assert rewrite_outputs(tmp_path, [second]) == [second]
    assert rewrite_outputs(tmp_path, [first.relative_to(tmp_path)]) == [first]
    with pytest.raises(OutputsError, match="there is no page"):
        rewrite_outputs(tmp_path, [tmp_path / "docs" / "c.md"])


def test_stderr_and_silence_leave_no_output(write, tmp_path):
    path = write(cell("import sys\nprint('w', file=sys.stderr)\nprint()"))
    assert rewrite_outputs(tmp_path) == []
    assert ".output" not in path.read_text()


def test_blank_lines_of_a_text_are_kept(write, tmp_path):
    path = write(cell("print('\\n  a\\n\\n')"))
    rewrite_outputs(tmp_path)
    assert path.read_text().endswith(out("\n  a\n\n"))
