"""Servers that behave like LINE and like a gateway for short messages, told what to answer."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from matching.messaging.settings import HttpGateway

TOKEN, SECRET = "t" * 40, "s" * 32


class Service:
    """Remembers every retry key, so that one message counts once; `script` is what goes wrong.

    An entry of the script is (status, headers) or the word "drop": the request is taken, and the
    connection cut before the answer.
    """

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.accepted: dict[str, dict[str, Any]] = {}
        self.script: list[tuple[int, dict[str, str]] | str] = []

    def answer(self, path: str, key: str, body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        step = self.script.pop(0) if self.script else None
        if isinstance(step, tuple):
            return step[0], step[1], {"message": "no"}
        if key in self.accepted:
            kept = self.accepted[key]["id"]
            return 409, {"X-Line-Accepted-Request-Id": kept}, {"id": kept}
        kept = str(uuid.uuid4())
        self.accepted[key] = {"id": kept, "path": path, "body": body}
        if step == "drop":
            return 0, {}, None
        return 200, {"X-Line-Request-Id": kept}, {"id": kept}


def _handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers.get("X-Line-Retry-Key") or self.headers.get("Idempotency-Key")
            service.calls.append({"path": self.path, "key": key, "body": body})
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self._send(401, {}, {"message": "Authentication failed"})
                return
            status, headers, told = service.answer(self.path, str(key), body)
            if status == 0:
                self.close_connection = True
                self.connection.close()
                return
            self._send(status, headers, told)

        def _send(self, status: int, headers: dict[str, str], told: Any) -> None:
            data = json.dumps(told).encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(data))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A connection that we cut ourselves is no surprise."""


@contextmanager
def running() -> Iterator[tuple[Service, HttpGateway]]:
    """Give a service that listens, and how to reach it."""
    service = Service()
    server = _Server(("127.0.0.1", 0), _handler(service))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield (
            service,
            HttpGateway(f"http://127.0.0.1:{server.server_port}", TOKEN, SECRET, "MUSUBI"),
        )
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
