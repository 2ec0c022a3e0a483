"""What a running program is to us: how it is started, known to be ready, and stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from matching.local.errors import LocalServiceError
from matching.local.identity import OURSELVES, Identity
from matching.local.locks import try_lock

_PAUSE_SECONDS = 0.02


class StillRunningError(LocalServiceError):
    """An earlier run of the program has not quite ended; trying again soon is the way out."""


def _always() -> bool:
    return True


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Program:
    """One program as data; `argv` begins with an absolute path.

    `alone` is a file that stays locked while any process of this program lives, so that no
    second one ever meets the same data; `before_start` runs under that lock.
    """

    name: str
    argv: tuple[str, ...]
    ready: Callable[[], bool] = _always
    before_start: Callable[[], None] = _nothing
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 4.0
    identity: Identity = OURSELVES
    environ: Mapping[str, str] = field(default_factory=dict)
    pass_fds: tuple[int, ...] = ()
    alone: Path | None = None
    cwd: Path = Path("/")


class Running:
    """A started program: the leader of its own process group, so that the group ends with it."""

    def __init__(self, program: Program, environ: Mapping[str, str], log: Path) -> None:
        self.program = program
        self.log = log
        with ExitStack() as stack:
            output = stack.enter_context(log.open("ab"))
            fds = program.pass_fds
            if program.alone:
                lock = _lock(program.alone, program.name)
                stack.callback(os.close, lock)  # the program keeps its own copy
                fds = (*fds, lock)
            program.before_start()
            self._process = subprocess.Popen(
                program.identity.command(program.argv),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**environ, **program.environ},
                pass_fds=fds,
                cwd=program.cwd,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id, which is also the id of the process group."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def wait_until_ready(self, seconds: float) -> None:
        """Wait for readiness; raises when the program ends or takes too long instead."""
        deadline = time.monotonic() + seconds
        while not self.program.ready():
            self.require_alive()
            if time.monotonic() > deadline:
                raise LocalServiceError(
                    f"{self.program.name} was not ready after {seconds:.0f} s. {self._last_words()}"
                )
            time.sleep(_PAUSE_SECONDS)

    def require_alive(self) -> None:
        """Raise with the end of its log when the program has ended."""
        if self.exit_code is not None:
            raise LocalServiceError(
                f"{self.program.name} ended while starting ({ending(self.exit_code)}). "
                f"{self._last_words()}"
            )

    def ask_to_stop(self) -> None:
        """Send the signal by which this program ends in good order."""
        if self.exit_code is None:
            self._process.send_signal(self.program.stop_signal)

    def end(self, seconds: float) -> bool:
        """Wait for the end, then take away what is left of the group; True when it went itself."""
        try:
            self._process.wait(max(0.0, seconds))
            in_order = True
        except subprocess.TimeoutExpired:
            in_order = False
        self.kill_group()
        self._process.wait()
        return in_order

    def kill_group(self) -> None:
        """End every process of the group at once; a group that is already gone is no fault."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def _last_words(self) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace")
        lines = "\n".join(f"    {line}" for line in text.splitlines()[-8:])
        return f"Its log {self.log} ends with:\n{lines}"


def ending(code: int) -> str:
    """Name an exit code for a person to read."""
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def start_when_free(
    program: Program, environ: Mapping[str, str], log: Path, seconds: float
) -> Running:
    """Start a program, waiting for an earlier run that is just ending."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return Running(program, environ, log)
        except StillRunningError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_SECONDS)


def _lock(path: Path, name: str) -> int:
    descriptor = try_lock(path)
    if descriptor is None:
        raise StillRunningError(
            f"An earlier {name} still uses the data beside {path}. Wait a moment and try again."
        )
    return descriptor
