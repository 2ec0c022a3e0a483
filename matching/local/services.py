"""The database and the broker for one command: given, joined, or started for its lifetime."""

import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from matching.local.embedding import embed, given
from matching.local.endpoints import Endpoints
from matching.local.instance import Owner, Place, join_or_own
from matching.local.programs import Program, Running, start_when_free


class _TerminatedError(SystemExit):
    """SIGTERM came."""


START_SECONDS = 60.0
_FREE_SECONDS = 15.0


@contextmanager
def services(data_dir: Path, environ: Mapping[str, str] | None = None) -> Iterator[Endpoints]:
    """Give the addresses of a running database and broker for the length of the block.

    Both named in the environment: nothing is started. Otherwise the ones that run for
    `data_dir` are joined; where none run they are started, and stopped at the end.
    """
    outside = os.environ if environ is None else environ
    if endpoints := given(outside):
        yield endpoints
        return
    with join_or_own(Place(data_dir.absolute()), outside) as found:
        if isinstance(found, Endpoints):
            yield found
        else:
            with _own_services(found, outside) as endpoints:
                yield endpoints


@contextmanager
def started(
    programs: Sequence[Program], environ: Mapping[str, str], log_dir: Path
) -> Iterator[list[Running]]:
    """Start servers, all ready when the block begins and all ended after it."""
    with ExitStack() as stack:
        running = []
        for program in programs:
            log = log_dir / f"{program.name}.log"
            server = start_when_free(program, environ, log, _FREE_SECONDS)
            stack.callback(server.end, program.stop_seconds)
            running.append(server)
        stack.callback(_ask_all_to_stop, running)
        for server in running:
            server.wait_until_ready(START_SECONDS)
        yield running


@contextmanager
def _own_services(owner: Owner, environ: Mapping[str, str]) -> Iterator[Endpoints]:
    embedded = embed(owner.place.data_dir, owner.socket_dir, environ)
    with _termination_as_exit(), started(embedded.programs, environ, owner.place.log_dir):
        owner.announce(embedded.endpoints)
        try:
            yield embedded.endpoints
        except (KeyboardInterrupt, _TerminatedError):
            raise  # told to stop now: guests are not waited for
        except BaseException:
            owner.see_guests_off()
            raise
        owner.see_guests_off()


@contextmanager
def _termination_as_exit() -> Iterator[None]:
    """Let SIGTERM unwind the block, so that the servers end in good order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _exit)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _exit(number: int, frame: FrameType | None) -> None:
    raise _TerminatedError(128 + number)


def _ask_all_to_stop(running: Sequence[Running]) -> None:
    for server in running:
        server.ask_to_stop()
