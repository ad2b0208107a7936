"""Downloads a file, with a sign of life."""

import sys

_PIECE = 2**18
_SECONDS = 30


def download_file(address: str, limit: int) -> bytes:
    """Downloads a file into memory and shows how far it has come.

    Args:
        address: Its URL.
        limit: How many bytes it may have at most.

    Returns:
        The file's content; whether it is the right one is not checked.

    Raises:
        OSError: There is no way to the address, or the file is too large.
    """
    import urllib.request  # slow to import, and of no use in the page

    content = bytearray()
    try:
        with urllib.request.urlopen(address, timeout=_SECONDS) as response:
            total = int(response.headers.get("Content-Length") or 0)
            while piece := response.read(_PIECE):
                content += piece
                _show(address, len(content), total)
                if len(content) > limit:
                    raise OSError(f"it has more than {limit} bytes")
    except OSError as error:
        raise OSError(f"{address} cannot be downloaded: {error}") from error
    if len(content) < total:
        raise OSError(
            f"{address} broke off after {len(content)} of {total} bytes"
        )
    print(file=sys.stderr)
    return bytes(content)


def _show(address: str, received: int, total: int) -> None:
    """Rewrites one line of the terminal."""
    name = address.rsplit("/", 1)[-1]
    of_all = f" of {total / 1e6:.1f}" if total else ""
    line = f"\r{name}: {received / 1e6:.1f}{of_all} MB"
    print(line, end="", file=sys.stderr, flush=True)
