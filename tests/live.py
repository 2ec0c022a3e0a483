"""The whole service as real processes: two web processes, relay, worker; for journeys and races."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from bs4 import BeautifulSoup

import config as settings
from matching.local.processes import COMMANDS

START_SECONDS = 40.0


@dataclass(frozen=True)
class Live:
    """A running service: where its pages are, and the environment its processes have."""

    url: str
    environ: Mapping[str, str]


class Answer(NamedTuple):
    """What came back, after redirects."""

    status: int
    url: str
    text: str

    @property
    def page(self) -> BeautifulSoup:
        """The page as a tree."""
        return BeautifulSoup(self.text, "html.parser")


class Visitor:
    """Somebody with a browser that keeps cookies and follows redirects, and nothing else."""

    def __init__(self, url: str) -> None:
        self.url = url
        cookies = HTTPCookieProcessor()
        self.opener = build_opener(cookies)

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._open(Request(self.url + path))

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form."""
        return self._open(Request(self.url + path, data=urlencode(fields).encode()))

    def _open(self, asked: Request) -> Answer:
        try:
            with self.opener.open(asked, timeout=30) as answer:
                return Answer(answer.status, answer.url, answer.read().decode())
        except HTTPError as refused:
            return Answer(refused.code, refused.url or "", refused.read().decode())

    def token(self, path: str) -> str:
        """A CSRF token of this visitor's session."""
        return str(self.get(path).page.select_one("[name=csrf_token]")["value"])  # type: ignore[index]

    def sign_in(self, login: str, password: str) -> Answer:
        """Sign in through the form."""
        fields = {"login": login, "password": password, "csrf_token": self.token("/login")}
        return self.post("/login", fields)


def free_port() -> int:
    """A port of loopback that nobody holds at this moment."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def serve(environ: Mapping[str, str], log_dir: Path, *, worker: bool = True) -> Iterator[Live]:
    """Run web, and with `worker` also relay and worker, until the block ends."""
    port = free_port()
    told = dict(os.environ) | dict(environ) | {"PORT": str(port), "REMAP_SIGTERM": "SIGQUIT"}
    names = ("web", "relay", "worker") if worker else ("web",)
    with ExitStack() as stack:
        for name in names:
            more = ["--bind", f"127.0.0.1:{port}"] if name == "web" else []
            stack.enter_context(_process([*COMMANDS[name], *more], told, log_dir / f"{name}.log"))
        live = Live(f"http://127.0.0.1:{port}", told)
        _wait(live.url)
        yield live


@contextmanager
def _process(arguments: list[str], environ: Mapping[str, str], log: Path) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *arguments], env=dict(environ), cwd=settings.ROOT, stdout=out,
            stderr=out, start_new_session=True,
        )  # fmt: skip
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(5)


def _wait(url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if Visitor(url).get("/readyz").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not become ready in {START_SECONDS} s")
