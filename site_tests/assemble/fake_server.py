"""A web server on this machine that behaves as badly as a test wants."""

from __future__ import annotations

import http.server
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class FakeServer:
    """Serves what `answers` says, by path, and remembers what was asked."""

    url: str = ""
    answers: dict[str, Callable[[http.server.BaseHTTPRequestHandler], None]] = (
        field(default_factory=dict)
    )
    asked: list[str] = field(default_factory=list)
    sent: int = 0

    def serve(
        self, path: str, content: bytes, kind: str = "application/octet-stream"
    ) -> None:
        """Serve a file as it is, ranges included."""

        def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
            wanted = handler.headers.get("Range")
            body, status = content, 200
            if wanted:
                first, last = wanted.removeprefix("bytes=").split("-")
                start = (
                    int(first) if first else max(0, len(content) - int(last))
                )
                end = int(last) if first and last else len(content) - 1
                end = min(end, len(content) - 1)
                body, status = content[start : end + 1], 206
            handler.send_response(status)
            if wanted:
                handler.send_header(
                    "Content-Range", f"bytes {start}-{end}/{len(content)}"
                )
            handler.send_header("Content-Type", kind)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            self.sent += len(body)
            handler.wfile.write(body)

        self.answers[path] = answer

    def serve_half(self, path: str, content: bytes, pause: float = 0.0) -> None:
        """Promise the whole file, send half of it, and hang up."""

        def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content[: len(content) // 2])
            handler.wfile.flush()
            time.sleep(pause)
            handler.close_connection = True

        self.answers[path] = answer

    def hang(self, path: str, seconds: float) -> None:
        """Take the question and say nothing."""
        self.answers[path] = lambda handler: time.sleep(seconds)
