"""What a running program is to us: how it is started, known to be ready, and stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from matching.local.errors import LocalServiceError
from matching.local.identity import OURSELVES, Identity

_PAUSE_SECONDS = 0.02


def _always() -> bool:
    return True


@dataclass(frozen=True)
class Program:
    """One program as data; `argv` begins with an absolute path."""

    name: str
    argv: tuple[str, ...]
    ready: Callable[[], bool] = _always
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 5.0
    identity: Identity = OURSELVES
    environ: Mapping[str, str] = field(default_factory=dict)
    pass_fds: tuple[int, ...] = ()
    before_start: Callable[[], None] | None = None


class Running:
    """A started program: the leader of its own process group, so that the group ends with it."""

    def __init__(self, program: Program, environ: Mapping[str, str], log: Path) -> None:
        self.program = program
        self.log = log
        if program.before_start:
            program.before_start()
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                program.identity.command(program.argv),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**environ, **program.environ},
                pass_fds=program.pass_fds,
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

    def wait_until_ready(self, seconds: float, cancelled: Callable[[], bool] = bool) -> bool:
        """Wait for readiness; False when cancelled. Raises when it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not self.program.ready():
            if cancelled():
                return False
            if self.exit_code is not None:
                raise LocalServiceError(
                    f"{self.program.name} ended while starting ({_ending(self.exit_code)}). "
                    f"Its log {self.log} ends with:\n{tail(self.log)}"
                )
            if time.monotonic() > deadline:
                raise LocalServiceError(
                    f"{self.program.name} was not ready after {seconds:.0f} s. "
                    f"Its log {self.log} ends with:\n{tail(self.log)}"
                )
            time.sleep(_PAUSE_SECONDS)
        return True

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


def tail(log: Path, lines: int = 8) -> str:
    """Return the last lines of a log for a person to read."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
