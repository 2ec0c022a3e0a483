"""A small service of stand-in processes under the real supervisor, run as a program by the tests.

`standin_service.py serve` is the whole of it; the other words are its processes.
"""

import os
import signal
import socket
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psycopg

from matching.local.console import run_or_refuse, say
from matching.local.endpoints import libpq_url
from matching.local.instance import Place
from matching.local.listening import Address
from matching.local.processes import Roster, answers
from matching.local.programs import Program
from matching.local.serving import serve

ROOT = Path(__file__).parents[2]


def program(word: str, *arguments: str, **more: object) -> Program:
    argv = (sys.executable, str(Path(__file__).resolve()), word, *arguments)
    return Program(name=word, argv=argv, environ={"PYTHONPATH": str(ROOT)}, cwd=ROOT, **more)


def roster() -> Roster:
    def keep(place: Place, where: Address, door: int) -> tuple[Program, ...]:
        web = program("web", str(door), ready=answers(where), pass_fds=(door,))
        others = [program(word, stop_seconds=1.0) for word in os.environ["STANDIN_KEEP"].split()]
        return (web, *others)

    return Roster(program("prepare"), keep)


def starts_so_far() -> int:
    with psycopg.connect(libpq_url(os.environ["DATABASE_URL"]), connect_timeout=5) as session:
        return session.execute("SELECT count(*) FROM starts").fetchone()[0]


def prepare() -> None:
    if os.environ.get("STANDIN_FAIL"):
        sys.exit("the preparation was told to fail")
    with psycopg.connect(libpq_url(os.environ["DATABASE_URL"])) as session:
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
    with psycopg.connect(libpq_url(os.environ["DATABASE_URL"])) as session:
        session.execute("SELECT count(*) FROM generate_series(1, 100000000000)")


def main(word: str, *arguments: str) -> None:
    if word == "serve":
        welcome = lambda url: say(f"ready: {url}")  # noqa: E731
        run_or_refuse(lambda: serve(os.environ, say, welcome, demo=False, roster=roster()))
    elif word == "web":
        web(int(arguments[0]))
    else:
        {"prepare": prepare, "worker": worker, "stubborn": stubborn, "busy": busy}[word]()


if __name__ == "__main__":
    main(*sys.argv[1:])
