"""The supervisor's end of the guard, which clears up if the supervisor is killed."""

import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_SCRIPT = Path(__file__).with_name("guard.py")


class Guard:
    """Told which process groups live; itself started anew should somebody end it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._groups: frozenset[int] = frozenset()

    @property
    def pids(self) -> set[int]:
        """The guard's own process, if it has been started."""
        return {self._process.pid} if self._process else set()

    def watch(self, groups: Iterable[int]) -> None:
        """Make sure that exactly these groups end when we are killed."""
        wanted = frozenset(groups)
        alive = self._process is not None and self._process.poll() is None
        if alive and wanted == self._groups:
            return
        if self._process is None or not alive:
            self._process = _start()
        with suppress(BrokenPipeError):  # it just ended: the next call starts another
            assert self._process.stdin is not None  # noqa: S101 - it was opened with a pipe  # nosec B101
            self._process.stdin.write(" ".join(map(str, sorted(wanted))) + "\n")
            self._process.stdin.flush()
        self._groups = wanted

    def dismiss(self) -> None:
        """Let the guard go, with nobody left to watch."""
        self.watch(())
        if self._process is not None:
            self._process.communicate()


def _start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(_SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        cwd="/",
    )
