"""A service under the real supervisor, as its own process, seen from outside."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import psutil

ROOT = Path(__file__).parents[2]
STANDIN = (sys.executable, str(Path(__file__).with_name("standin_service.py")))
MUSUBI = str(Path(sys.executable).with_name("musubi"))
SECONDS = 30.0


def eventually(true: Callable[[], bool], seconds: float = SECONDS) -> bool:
    """Wait until something holds; False when it does not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder where pytest has its own, gone at once: the servers write through all the time."""
    root = os.environ.get("PYTEST_DEBUG_TEMPROOT")
    with tempfile.TemporaryDirectory(
        prefix="musubi-test-", dir=root, ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


class Service:
    """One started service: its folder, its port, its processes."""

    def __init__(self, data: Path, port: int, argv: Sequence[str], **environ: str) -> None:
        self.data = data
        self.port = port
        self.output = data.with_name(f"{data.name}-{port}-{time.monotonic_ns()}.out")
        told = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        told |= {"MUSUBI_DATA": str(data), "PORT": str(port), "PYTHONPATH": str(ROOT), **environ}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                argv,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=told,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self) -> Service:
        assert eventually(lambda: "ready:" in self.said or self.ended), self.said
        assert not self.ended, self.said
        return self

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    def tree(self) -> list[psutil.Process]:
        """Every process of the service: the supervisor and all its descendants."""
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def find(self, *words: str) -> psutil.Process | None:
        """The direct child whose command line has all the words."""
        for child in psutil.Process(self.process.pid).children():
            try:
                line = child.cmdline()
            except psutil.NoSuchProcess:
                continue
            if all(any(word in part for part in line) for word in words):
                return child
        return None

    def get(self, path: str) -> str:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=SECONDS) as answer:
            return answer.read().decode()

    def try_get(self, path: str) -> str | None:
        """As get, but None where there is no answer."""
        try:
            return self.get(path)
        except OSError:
            return None

    def record(self) -> dict[str, object]:
        return json.loads((self.data / "run" / "instance.json").read_text())

    def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to stop and wait; returns the seconds it took."""
        asked = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(SECONDS)
        return time.monotonic() - asked

    def finish(self) -> None:
        """Stop it and see that nothing is left."""
        left = self.tree()
        self.stop()
        assert gone(left) == []


def gone(processes: list[psutil.Process], seconds: float = 5.0) -> list[psutil.Process]:
    """Wait for processes to end; returns those that have not."""
    return psutil.wait_procs(processes, timeout=seconds)[1]


def gone_ids(ids: list[int]) -> bool:
    """Whether no process of these ids lives (one that waits to be buried does not)."""
    return not any(
        psutil.pid_exists(one) and psutil.Process(one).status() != psutil.STATUS_ZOMBIE
        for one in ids
    )


Start = Callable[..., Service]
