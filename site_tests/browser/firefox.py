"""Starts the system's Firefox, and lets Playwright drive it.

Playwright speaks WebDriver BiDi with a Firefox as Mozilla ships it, and asks
every one for the color scheme, in a command that the ESR does not know yet.
So Playwright is given this file as its Firefox: it starts the real one, passes
every message on, and answers that command itself. What it then cannot do is
to emulate media; a test that needs paper or darkness is not for Firefox.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

from playwright.sync_api import Browser, Playwright
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection, serve

UNKNOWN = "emulation.setMediaFeaturesOverride"
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


def find_firefox() -> str | None:
    """The path of a Firefox; the system's own, installed or not at all."""
    return shutil.which("firefox") or shutil.which("firefox-esr")


def launch(playwright: Playwright, firefox: str, folder: Path) -> Browser:
    """Start a Firefox with a profile that ends with it."""
    door = folder / "firefox"
    words = shlex.join([sys.executable, __file__, firefox])
    door.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    door.chmod(0o755)
    return playwright.firefox.launch(
        executable_path=str(door),
        channel="moz-firefox",
        headless=True,
        timeout=120_000,  # a new profile on a busy machine
    )


def _pass_back(source: object, target: ServerConnection) -> None:
    try:
        for message in source:  # type: ignore[attr-defined]
            target.send(message)
    except ConnectionClosed:
        pass
    target.close()


def _stand_between(client: ServerConnection, address: str) -> None:
    """Pass on what comes from either side, but for the unknown command."""
    with connect(address, max_size=None, compression=None) as firefox:
        threading.Thread(
            target=_pass_back, args=(firefox, client), daemon=True
        ).start()
        for message in client:
            asked = json.loads(message)
            if asked["method"] == UNKNOWN:
                answer = {"type": "success", "id": asked["id"], "result": {}}
                client.send(json.dumps(answer))
            else:
                firefox.send(message)


def main() -> None:
    """Be the Firefox that Playwright started."""
    with subprocess.Popen(
        sys.argv[1:], stderr=subprocess.PIPE, text=True
    ) as firefox:
        signal.signal(signal.SIGTERM, lambda *_: firefox.terminate())
        found = None
        for line in firefox.stderr or ():
            if found := LISTENING.search(line):
                break
        if found is None:
            sys.exit("Firefox ended before it listened")
        threading.Thread(
            target=lambda: list(firefox.stderr or ()), daemon=True
        ).start()
        address = f"{found[1]}/session"
        with serve(
            lambda client: _stand_between(client, address),
            "127.0.0.1", 0, max_size=None, compression=None,
        ) as server:  # fmt: skip
            threading.Thread(target=server.serve_forever, daemon=True).start()
            port = server.socket.getsockname()[1]
            print(
                f"WebDriver BiDi listening on ws://127.0.0.1:{port}",
                file=sys.stderr,
                flush=True,
            )
            sys.exit(firefox.wait())


if __name__ == "__main__":
    main()
