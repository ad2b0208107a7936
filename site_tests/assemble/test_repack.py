"""Rewriting an archive as bytecode: the rules, and the same bytes each time.

The program runs inside Pyodide; its logic is the same under CPython.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import marshal
import zipfile

import pytest

from tutorial_kernels.site.assemble.repack import repack

INFO = "thing-1.0.dist-info"
RULES = {
    "folder": "/lib/site",
    "drop": [],
    "keep_source": False,
    "short_metadata": False,
}
MEMBERS = {
    "thing/__init__.py": b"'''Doc.'''\nvalue = 1\n",
    "thing/part.py": b"def double(x):\n    return 2 * x\n",
    "thing/part.pyi": b"def double(x: int) -> int: ...\n",
    "thing/tests/test_part.py": b"assert True\n",
    "thing/template.py": b"this is {{ no }} Python\n",
    "thing/data.bin": bytes(range(256)),
    f"{INFO}/METADATA": b"Name: thing\nVersion: 1.0\n\nA long story.\n\nIts end.\n",
    f"{INFO}/licenses/LICENSE.md": b"You may.\n",
    f"{INFO}/entry_points.txt": b"[console_scripts]\nthing=thing:main\n",
    f"{INFO}/RECORD": b"old,,\n",
}


def _zip(
    members: dict[str, bytes], date: tuple[int, ...] = (2020, 1, 1, 0, 0, 0)
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("thing/", b"")
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, date), content)
    return buffer.getvalue()


def _repacked(**rules: object) -> zipfile.ZipFile:
    content = repack(_zip(MEMBERS), json.dumps(RULES | rules))
    return zipfile.ZipFile(io.BytesIO(content))


def test_modules_become_unchecked_bytecode() -> None:
    with _repacked() as archive:
        assert "thing/part.py" not in archive.namelist()
        content = archive.read("thing/part.pyc")
    # PEP 552: the second field has bit 0 for "by hash", bit 1 for "check it".
    assert int.from_bytes(content[4:8], "little") == 0b01
    names: dict[str, object] = {}
    code = marshal.loads(content[16:])
    exec(code, names)
    assert names["double"](21) == 42  # type: ignore[operator]
    assert code.co_filename == "/lib/site/thing/part.py"


def test_kept_sources_have_their_bytecode_in_pycache() -> None:
    with _repacked(keep_source=True) as archive:
        names = archive.namelist()
        assert archive.read("thing/part.py") == MEMBERS["thing/part.py"]
    cached = [n for n in names if n.startswith("thing/__pycache__/part.")]
    assert len(cached) == 1
    assert "thing/part.pyc" not in names


def test_what_does_not_compile_stays_as_it_is() -> None:
    with _repacked() as archive:
        assert archive.read("thing/template.py") == MEMBERS["thing/template.py"]
        assert archive.read("thing/data.bin") == MEMBERS["thing/data.bin"]


def test_drops_but_never_a_license() -> None:
    with _repacked(
        drop=["*.pyi", "*/tests/*", "*.md", "*/entry_points.txt"]
    ) as archive:
        names = archive.namelist()
    assert not [n for n in names if n.endswith(".pyi") or "/tests/" in n]
    assert f"{INFO}/licenses/LICENSE.md" in names
    assert f"{INFO}/entry_points.txt" not in names


@pytest.mark.parametrize("short", [True, False])
def test_long_description(short: bool) -> None:
    with _repacked(short_metadata=short) as archive:
        metadata = archive.read(f"{INFO}/METADATA")
    assert metadata.startswith(b"Name: thing\nVersion: 1.0\n")
    assert (b"story" in metadata) is not short


def test_record_lists_what_is_there() -> None:
    with _repacked() as archive:
        names = archive.namelist()
        rows = list(
            csv.reader(io.StringIO(archive.read(f"{INFO}/RECORD").decode()))
        )
        assert sorted(row[0] for row in rows) == sorted(names)
        for name, digest, size in rows:
            if name == f"{INFO}/RECORD":
                assert (digest, size) == ("", "")
                continue
            content = archive.read(name)
            expected = base64.urlsafe_b64encode(
                hashlib.sha256(content).digest()
            )
            assert digest == f"sha256={expected.decode().rstrip('=')}"
            assert int(size) == len(content)
    assert names[-1].startswith(INFO)


def test_order_and_dates_of_the_input_do_not_matter() -> None:
    backwards = dict(reversed(MEMBERS.items()))
    one = repack(_zip(MEMBERS), json.dumps(RULES))
    two = repack(_zip(backwards, (1999, 5, 4, 3, 2, 1)), json.dumps(RULES))
    assert one == two
