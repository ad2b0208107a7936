"""Rewrites a zip of Python sources as a zip of bytecode.

This file runs inside Pyodide, so that the bytecode is that of the page's
own Python, and the bytes are those of one zlib on every machine. It knows
the standard library alone and imports nothing of this package.

The `.pyc` files are of the unchecked, hash-based kind (PEP 552): the page
never looks for a source to compare with.
"""

import base64
import csv
import fnmatch
import hashlib
import importlib.util
import io
import json
import marshal
import zipfile
from typing import Any

# A date in every member would make equal contents differ.
_DATE = (1980, 1, 1, 0, 0, 0)
_UNCHECKED_HASH = 0b01


def repack(archive: bytes, rules_json: str) -> bytes:
    """Returns the archive with its modules compiled, the same every time.

    Args:
        archive: A zip file or a wheel.
        rules_json: A JSON object. `folder`: where the archive is unpacked
            or mounted in the page. `drop`: patterns of members to leave
            out. `keep_source`: whether the `.py` files stay, their bytecode
            then in `__pycache__`. `short_metadata`: whether the long
            description is cut from a wheel's METADATA.

    Returns:
        The new archive; a wheel's RECORD lists what is in it.
    """
    rules = json.loads(rules_json)
    members: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as old:
        for name in sorted(set(old.namelist())):
            if not name.endswith("/") and not _dropped(name, rules["drop"]):
                _take(members, name, old.read(name), rules)
    return _write(members)


def _dropped(name: str, patterns: list[str]) -> bool:
    # What a wheel says about itself stays: its licenses must travel along.
    if ".dist-info/" in name and not name.endswith("/entry_points.txt"):
        return False
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _take(
    members: dict[str, bytes], name: str, content: bytes, rules: dict[str, Any]
) -> None:
    if name.endswith(".dist-info/METADATA") and rules["short_metadata"]:
        content = content.split(b"\n\n")[0] + b"\n"
    if not name.endswith(".py"):
        members[name] = content
        return
    path = f"{rules['folder']}/{name}"
    try:
        bytecode = _bytecode(content, path)
    except SyntaxError:  # a template or a test of the parser, not a module
        members[name] = content
        return
    if rules["keep_source"]:
        members[name] = content
        cached = importlib.util.cache_from_source(path, optimization="")
        members[cached.removeprefix(f"{rules['folder']}/")] = bytecode
    else:
        members[f"{name}c"] = bytecode


def _bytecode(source: bytes, path: str) -> bytes:
    # As importlib lays it out: magic number, flags, hash of the source, code.
    code = compile(source, path, "exec", dont_inherit=True, optimize=0)
    return b"".join(
        (
            importlib.util.MAGIC_NUMBER,
            _UNCHECKED_HASH.to_bytes(4, "little"),
            importlib.util.source_hash(source),
            marshal.dumps(code),
        )
    )


def _write(members: dict[str, bytes]) -> bytes:
    records = [name for name in members if name.endswith(".dist-info/RECORD")]
    for name in records:
        members[name] = b""
        members[name] = _record(members, name)
    # A wheel's own description goes last, as wheels have it.
    order = sorted(members, key=lambda name: (".dist-info/" in name, name))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as new:
        for name in order:
            member = zipfile.ZipInfo(name, _DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # permissions as Unix has them
            member.external_attr = 0o644 << 16
            new.writestr(member, members[name], compresslevel=9)
    return buffer.getvalue()


def _record(members: dict[str, bytes], own_name: str) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    for name, content in sorted(members.items()):
        if name == own_name:
            continue
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
        rows.writerow(
            (name, f"sha256={digest.rstrip(b'=').decode()}", len(content))
        )
    rows.writerow((own_name, "", ""))
    return text.getvalue().encode()
