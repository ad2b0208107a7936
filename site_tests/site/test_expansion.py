"""Fences that become Markdown: in place, and loud when they are wrong."""

from pathlib import Path

import pytest

from tutorial_kernels.site.expansion import expand
from tutorial_kernels.site.headers import FenceError
from tutorial_kernels.site.place import Place

DOCS = Path(__file__).resolve().parents[2] / "docs"
FENCE = ["``` {.unsupported}", "```"]


def test_lines_remember_where_they_come_from() -> None:
    page = ["# Title", "", *FENCE, "", "The end."]
    expansion = expand(page, Place(DOCS))
    assert len(expansion.lines) == len(expansion.origins) > 12
    assert expansion.lines[0] == "# Title"
    assert expansion.origins[:2] == [0, 1]
    assert set(expansion.origins[2:-2]) == {2}
    assert expansion.lines[-1] == "The end."
    assert expansion.origins[-2:] == [4, 5]


def test_other_pages_stay_as_they_are() -> None:
    page = ["``` {.source}", "a.b", "```", "````", *FENCE, "````"]
    expansion = expand(page, Place(DOCS))
    assert expansion.lines == page
    assert expansion.origins == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "opener",
    [
        "  ``` {.unsupported}",
        "``` {.unsupported #here}",
        "``` {.unsupported .wide}",
        "``` {.unsupported wide=1}",
    ],
)
def test_a_fence_with_more_than_its_name_is_loud(opener: str) -> None:
    indent = opener[: opener.index("`")]
    with pytest.raises(FenceError, match="the fence unsupported") as caught:
        expand(["", opener, f"{indent}```"], Place(DOCS))
    assert caught.value.line == 1


def test_missing_data_are_loud(tmp_path: Path) -> None:
    with pytest.raises(FenceError, match=r"unsupported\.yml"):
        expand(FENCE, Place(tmp_path))


def test_a_problem_behind_the_fence_names_its_own_line(small_site) -> None:
    assets = small_site.docs / "assets" / "reference"
    assets.mkdir(parents=True)
    data = (DOCS / "assets/reference/unsupported.yml").read_text()
    (assets / "unsupported.yml").write_text(data)
    page = small_site.page(
        "index.md", "# Home\n\n``` {.unsupported}\n```\n\n``` {.cell id}\n```\n"
    )
    done = small_site.build()
    assert done.returncode != 0
    assert f"{page}:6: cannot read 'id' in {{.cell id}}" in done.stderr
