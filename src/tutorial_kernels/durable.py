"""Files that are whole at every moment, whatever stops the writer.

A file rewritten in place is half a file for a while: a kill, a full disk
or a reader at that moment meets the half. Here the new bytes are written
aside, in the same folder, forced to the disk, and only then renamed over
the old file, which is one step for the file system.
"""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path


def write_whole(path: str | os.PathLike[str], chunks: Iterable[bytes]) -> None:
    """Replaces the file ``path`` by the given bytes, or leaves it as it was.

    Any failure on the way (a full disk, an exception out of ``chunks``, an
    interrupt) removes what was written aside and is raised again. After a
    power cut or ``kill -9`` the old or the new file stands there, whole;
    a kill may leave a hidden ``.<token>.writing`` file beside it.

    Args:
        path: The file to write. A symbolic link keeps pointing where it
            does; the file it points to is replaced.
        chunks: The content, in order.

    Raises:
        OSError: The folder is missing or closed to us, or the disk is full.
    """
    target = Path(path).resolve()
    aside = target.with_name(f".{os.urandom(8).hex()}.writing")
    try:
        # "x": the name is ours alone, so two writers never share a file;
        # the permissions are what the umask gives, unlike tempfile's.
        with aside.open("xb") as stream:
            for chunk in chunks:
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(target)
    except BaseException as error:
        with contextlib.suppress(OSError):  # most often: never made
            aside.unlink()
        if isinstance(error, OSError) and error.errno:
            # Name the file that was asked for, not the hidden one.
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Makes the rename itself survive a power cut, where that exists."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders; the file is whole anyway
        return
    try:
        os.fsync(descriptor)
    except OSError:  # some network and in-memory file systems refuse
        return
    finally:
        os.close(descriptor)
