"""The processes of the service as data: how each is started, known to be ready and stopped."""

import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from matching.local.instance import Place
from matching.local.listening import Address
from matching.local.programs import Program


@dataclass(frozen=True)
class Roster:
    """Who is on duty: the task before opening, and the processes kept while it is open.

    The first of them serves the pages; the others start once those are ready.
    """

    prepare: Program
    keep: Callable[[Place, Address, int], tuple[Program, ...]]


ROOT = Path(__file__).resolve().parents[2]
_READY_SECONDS = 1.0  # a caller may be kept waiting at the door, we may not

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "web": (
        *("-m", "gunicorn", "--workers", "2", "--threads", "4", "--graceful-timeout", "3"),
        *("--worker-class", "matching.local.doorkeeper.Doorkeeper"),
        *("--timeout", "60", "--no-control-socket", "wsgi:app"),
    ),
    "worker": ("-m", "celery", "-A", "worker.app", "worker", "--concurrency", "2"),
    "beat": ("-m", "celery", "-A", "worker.app", "beat", "--pidfile", ""),
    "relay": ("-m", "worker.relay"),
}
"""What the Python of this environment is asked to run for each process."""


def roster(*, demo: bool) -> Roster:
    """Return the whole service's roster."""

    def keep(place: Place, where: Address, door: int) -> tuple[Program, ...]:
        return web(place, where, door), relay(), worker(), beat(place)

    return Roster(prepare(demo=demo), keep)


def web(place: Place, where: Address, door: int) -> Program:
    """Describe the pages' process, which takes its callers from the open socket `door`."""
    figures = place.run_dir / "metrics"
    return Program(
        name="web",
        argv=(sys.executable, *COMMANDS["web"], "--bind", f"fd://{door}"),
        ready=answers(where),
        before_start=lambda: _empty(figures),
        environ={"PROMETHEUS_MULTIPROC_DIR": str(figures)},
        pass_fds=(door,),
        cwd=ROOT,
    )


def worker() -> Program:
    """Describe the process that does the jobs; told to stop, it gives unfinished ones back."""
    argv = (sys.executable, *COMMANDS["worker"])
    return Program(name="worker", argv=argv, environ={"REMAP_SIGTERM": "SIGQUIT"}, cwd=ROOT)


def beat(place: Place) -> Program:
    """Describe the process that rings at set times."""
    schedule = str(place.run_dir / "beat-schedule")
    argv = (sys.executable, *COMMANDS["beat"], "--schedule", schedule)
    return Program(name="beat", argv=argv, cwd=ROOT)


def relay() -> Program:
    """Describe the process that carries jobs from their rows to the broker."""
    return Program(name="relay", argv=(sys.executable, *COMMANDS["relay"]), cwd=ROOT)


def prepare(*, demo: bool) -> Program:
    """Describe the task that brings the database to the newest shape, and fills the demo city."""
    module = "matching.local.prepare"
    argv = (sys.executable, "-m", module, *(["--demo"] if demo else []))
    return Program(name="prepare", argv=argv, cwd=ROOT)


def answers(where: Address) -> Callable[[], bool]:
    """Return a question: does the service at this address say that it is ready?"""

    def ready() -> bool:
        connection = HTTPConnection(where.host, where.port, timeout=_READY_SECONDS)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    return ready


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
