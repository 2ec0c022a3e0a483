"""The door stays open while all hands are busy and while callers say nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest

from matching.local.doorkeeper import PATIENCE_SECONDS, Doorkeeper
from matching.local.processes import COMMANDS
from tests.live import free_port

DOOR = "matching.local.doorkeeper.Doorkeeper"
BRISK_SECONDS = 2  # what the tests call a while
PAGES = f"""
import time
from matching.local.doorkeeper import Doorkeeper

class Brisk(Doorkeeper):
    patience_seconds = {BRISK_SECONDS}

def app(environ, answer):
    if environ["PATH_INFO"] == "/slow":
        time.sleep(4)
    answer("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]
"""


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """One process with one thread."""
    (tmp_path / "pages.py").write_text(PAGES)
    port = free_port()
    arguments = ["--workers", "1", "--threads", "1", "-k", "pages.Brisk", "--no-control-socket"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *arguments, "-b", f"127.0.0.1:{port}",
             "--chdir", str(tmp_path), "pages:app"],
            stdout=log, stderr=log,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])},
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while ask(port, "/") is None and time.monotonic() < deadline:
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def ask(port: int, path: str) -> int | None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def test_the_service_runs_behind_this_door() -> None:
    assert DOOR in COMMANDS["web"]
    assert Doorkeeper.patience_seconds == PATIENCE_SECONDS == 10


def test_life_is_confirmed_while_every_thread_waits(port: int) -> None:
    with ThreadPoolExecutor() as callers:
        slow = [callers.submit(ask, port, "/slow") for _ in range(2)]
        time.sleep(0.5)
        assert [ask(port, "/healthz") for _ in range(3)] == [200] * 3
        assert not any(call.done() for call in slow)
        assert [call.result() for call in slow] == [200, 200]
    assert ask(port, "/") == 200


def test_callers_who_say_nothing_hold_no_thread(port: int) -> None:
    with ExitStack() as silent:
        for _ in range(20):
            silent.enter_context(socket.create_connection(("127.0.0.1", port)))
        began = time.monotonic()
        assert ask(port, "/") == 200
        assert time.monotonic() - began < 4


def test_who_stops_half_way_holds_a_thread_for_a_while_only(port: int) -> None:
    with ExitStack() as halves:
        for words in (b"GET / HTTP/1.1\r\nHost: loc", b"POST / HTTP/1.1\r\nContent-Le"):
            caller = socket.create_connection(("127.0.0.1", port))
            halves.enter_context(caller)
            caller.sendall(words)
        began = time.monotonic()
        assert ask(port, "/") == 200
        assert time.monotonic() - began < 3 * BRISK_SECONDS
