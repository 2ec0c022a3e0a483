"""Keeps programs running: starts them in order, heals what dies, and stops all in good order."""

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from matching.local.errors import LocalServiceError
from matching.local.logs import trim
from matching.local.orphans import adopt, end_orphans
from matching.local.programs import Program, Running, StillRunningError, ending
from matching.local.watching import Guard

_PAUSE_SECONDS = 0.05
_FIRST_DELAY_SECONDS = 0.25
_LONGEST_DELAY_SECONDS = 10.0
_CALM_SECONDS = 60.0
_OFTEN = 3
_LOG_CARE_SECONDS = 60.0


@dataclass(frozen=True)
class Stage:
    """Programs that start together once the stages before are ready.

    `once`: they do a task and end, and the next stage waits for that; otherwise they are kept.
    """

    programs: tuple[Program, ...]
    ready_seconds: float = 60.0
    once: bool = False


@dataclass
class _Slot:
    """One kept program and its luck so far."""

    program: Program
    running: Running | None = None
    due: float = 0.0
    started: float = 0.0
    falls: int = 0
    ready: bool = False


@dataclass
class Supervisor:
    """Runs stages of programs until it is told to stop."""

    environ: Mapping[str, str]
    log_dir: Path
    say: Callable[[str], None]
    guard: Guard = field(default_factory=Guard)
    _stages: list[list[_Slot]] = field(default_factory=list)
    _strangers: frozenset[int] = frozenset()
    _told_to_stop: bool = False

    def run(
        self,
        stages: Sequence[Stage],
        announce: Callable[[], None],
        farewell: Callable[[], object] = bool,
    ) -> None:
        """Start the stages, announce, heal until SIGTERM, SIGINT or SIGHUP; farewell, stop all.

        A program that cannot start the first time raises LocalServiceError, after all is stopped.
        """
        self._listen_for_stop()
        self._strangers = adopt()
        try:
            for stage in stages:
                self._bring_up(stage)
            if not self._told_to_stop:
                announce()
            self._keep()
        finally:
            farewell()
            self._stop_all()

    def _listen_for_stop(self) -> None:
        for asked in (signal.SIGTERM, signal.SIGINT):
            signal.signal(asked, self._hear)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup asks to live on
            signal.signal(signal.SIGHUP, self._hear)

    def _hear(self, number: int, frame: object) -> None:
        self._told_to_stop = True

    def _bring_up(self, stage: Stage) -> None:
        slots = [_Slot(program) for program in stage.programs]
        self._stages.append(slots)
        deadline = time.monotonic() + stage.ready_seconds
        while not self._told_to_stop and not all(slot.ready for slot in slots):
            self._heal(up_to=len(self._stages) - 1)
            for slot in slots:
                self._advance(slot, once=stage.once)
            if time.monotonic() > deadline:
                raise LocalServiceError(_late(slots, stage, self.log_dir))
            time.sleep(_PAUSE_SECONDS)
        if stage.once and not self._told_to_stop:
            self._stages.pop()

    def _advance(self, slot: _Slot, *, once: bool) -> None:
        """Take one program of a starting stage one step nearer to ready."""
        if slot.running is None:
            if time.monotonic() >= slot.due:
                self._start(slot)
        elif once and slot.running.exit_code == 0:
            slot.ready = True
        elif not slot.ready:
            slot.running.require_alive()
            slot.ready = not once and slot.program.ready()

    def _keep(self) -> None:
        next_care = 0.0
        while not self._told_to_stop:
            self._heal(up_to=len(self._stages))
            self._tell_guard()
            if time.monotonic() > next_care:
                trim(self.log_dir)
                next_care = time.monotonic() + _LOG_CARE_SECONDS
            time.sleep(_PAUSE_SECONDS)

    def _start(self, slot: _Slot) -> None:
        """Start a program if its earlier run has quite ended; otherwise try again soon."""
        log = self.log_dir / f"{slot.program.name}.log"
        try:
            slot.running = Running(slot.program, self.environ, log)
        except StillRunningError:
            slot.due = time.monotonic() + _FIRST_DELAY_SECONDS
            return
        slot.started = time.monotonic()
        self._tell_guard()

    def _heal(self, up_to: int) -> None:
        end_orphans(self._strangers | self.guard.pids | self._groups())
        for slots in self._stages[:up_to]:
            for slot in slots:
                if slot.running is None:
                    if time.monotonic() >= slot.due:
                        self._start(slot)
                elif slot.running.exit_code is not None:
                    self._note_fall(slot, slot.running, slot.running.exit_code)

    def _note_fall(self, slot: _Slot, fallen: Running, code: int) -> None:
        fallen.kill_group()
        calm = time.monotonic() - slot.started > _CALM_SECONDS
        slot.falls = 1 if calm else slot.falls + 1
        delay = min(_FIRST_DELAY_SECONDS * 2 ** (slot.falls - 1), _LONGEST_DELAY_SECONDS)
        slot.running, slot.due = None, time.monotonic() + delay
        self._tell_guard()
        self.say(f"{slot.program.name} ended ({ending(code)}); starting it again")
        if slot.falls % _OFTEN == 0:
            self.say(f"{slot.program.name} keeps ending: see {fallen.log}")

    def _tell_guard(self) -> None:
        self.guard.watch(self._groups())

    def _groups(self) -> set[int]:
        return {slot.running.pid for slots in self._stages for slot in slots if slot.running}

    def _stop_all(self) -> None:
        """First all that does the work, at once, then the first stage, the servers it talks to.

        So a busy machine costs the patience with one program twice, not once for each stage.
        """
        servers, work = self._stages[:1], [slot for later in self._stages[1:] for slot in later]
        for slots in (work, *servers):
            running = [slot.running for slot in slots if slot.running]
            for program in running:
                program.ask_to_stop()
            asked = time.monotonic()
            for program in running:
                if not program.end(asked + program.program.stop_seconds - time.monotonic()):
                    self.say(f"{program.program.name} did not stop in time and was ended")
        self.guard.dismiss()


def _late(slots: Sequence[_Slot], stage: Stage, log_dir: Path) -> str:
    names = ", ".join(slot.program.name for slot in slots if not slot.ready)
    return f"{names} was not ready after {stage.ready_seconds:.0f} s: see the logs in {log_dir}"
