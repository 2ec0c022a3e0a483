"""The processes of the stand-in service: `standin_process.py WORD ARG…`, quick to start."""

import os
import signal
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer


def connected():
    import psycopg

    address = os.environ["DATABASE_URL"].replace("+psycopg", "")
    return psycopg.connect(address, connect_timeout=5)


def starts_so_far() -> int:
    with connected() as session:
        return session.execute("SELECT count(*) FROM starts").fetchone()[0]


def prepare() -> None:
    if os.environ.get("STANDIN_FAIL"):
        sys.exit("the preparation was told to fail")
    with connected() as session:
        session.execute("CREATE TABLE IF NOT EXISTS starts (note text)")
        session.execute("INSERT INTO starts VALUES ('日本語')")


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"ready" if self.path == "/readyz" else str(starts_so_far()).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)


def web(door: int) -> None:
    bear_children_that_outlive_a_parent()
    server = HTTPServer(("127.0.0.1", 0), Page, bind_and_activate=False)
    server.socket.close()
    server.socket = socket.socket(fileno=door)
    server.serve_forever()


def bear_children_that_outlive_a_parent() -> None:
    for _ in range(2):
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(600)
            os._exit(0)


def worker() -> None:
    bear_children_that_outlive_a_parent()
    time.sleep(600)


def stubborn() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    time.sleep(600)


def busy() -> None:
    """Keep the database computing for minutes, without ever waiting for anything."""
    with connected() as session:
        session.execute("SELECT count(*) FROM generate_series(1, 100000000000)")


PROCESSES = {"prepare": prepare, "worker": worker, "stubborn": stubborn, "busy": busy}

if __name__ == "__main__":
    word, *arguments = sys.argv[1:]
    if word == "web":
        web(int(arguments[0]))
    else:
        PROCESSES[word]()
