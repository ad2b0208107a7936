"""The list of a build's files, and the service worker that holds its name."""

import hashlib
import json

import pytest

from tutorial_kernels.site.offline import OfflineError, write_build

PAGE = "<html><head><title>t</title></head><body></body></html>"


def make_site(folder, style="a{}"):
    (folder / "assets/cells").mkdir(parents=True)
    (folder / "assets/cells/service_worker.js").write_text("run();")
    (folder / "assets/style.css").write_text(style)
    (folder / "index.html").write_text(PAGE)
    (folder / "sitemap.xml").write_text("today")
    return folder


def test_every_file_is_listed_with_the_hash_it_ends_up_with(tmp_path):
    site = make_site(tmp_path)
    build = write_build(site)
    manifest = (site / "build.json").read_bytes()
    files = json.loads(manifest)["files"]
    assert set(files) == {
        "assets/cells/service_worker.js", "assets/style.css", "index.html",
    }  # fmt: skip
    for name, sha256 in files.items():
        content = (site / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256
    assert (
        f'<meta name="build" content="{build}">'
        in (site / "index.html").read_text()
    )
    head, rest = (site / "service_worker.js").read_text().split(";\n", 1)
    assert rest == "run();"
    assert json.loads(head.removeprefix("self.COURSE_BUILD=")) == {
        "id": build,
        "manifest": hashlib.sha256(manifest).hexdigest(),
    }


def test_the_name_is_that_of_the_content(tmp_path):
    first = write_build(make_site(tmp_path / "first"))
    assert write_build(make_site(tmp_path / "second")) == first
    assert write_build(make_site(tmp_path / "third", "b{}")) != first


def test_a_site_without_the_engine_is_refused(tmp_path):
    (tmp_path / "index.html").write_text(PAGE)
    with pytest.raises(OfflineError, match="run assemble first"):
        write_build(tmp_path)
