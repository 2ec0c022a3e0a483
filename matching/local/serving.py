"""Run the whole service of one place, or one process of it, in the foreground."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from matching.local import processes
from matching.local.embedding import embed, given
from matching.local.endpoints import Endpoints
from matching.local.errors import LocalServiceError
from matching.local.instance import Owner, Place, join_or_own, own
from matching.local.listening import Address, address, listen
from matching.local.processes import Roster
from matching.local.programs import Program
from matching.local.services import services
from matching.local.supervisor import Stage, Supervisor
from matching.local.surroundings import place_of, process_environ

_PREPARE_SECONDS = 600.0
_PAGES_SECONDS = 90.0
_PASSING_SECONDS = 20.0
Say = Callable[[str], None]


def serve(
    environ: Mapping[str, str],
    say: Say,
    welcome: Say,
    *,
    demo: bool,
    roster: Roster | None = None,
) -> None:
    """Run everything until told to stop; `welcome` is given the address once pages are ready."""
    duty = roster or processes.roster(demo=demo)
    place, where = place_of(environ), address(environ)
    with (
        own(place, environ, address=where.url, seconds=_PASSING_SECONDS) as owner,
        listen(where) as door,
    ):
        embedded = embed(place.data_dir, owner.socket_dir, environ)
        told = process_environ(place, embedded.endpoints, environ, demo=demo)
        pages, *others = duty.keep(place, where, door.fileno())
        stages = (
            Stage(embedded.programs),
            Stage((duty.prepare,), _PREPARE_SECONDS, once=True),
            Stage((pages,), _PAGES_SECONDS),  # first alone: people wait for these
            Stage(tuple(others)),
        )

        def announce() -> None:
            owner.announce(embedded.endpoints)
            welcome(where.url)

        Supervisor(told, place.log_dir, say).run(stages, announce, owner.place.forget)


def prepare_alone(environ: Mapping[str, str]) -> None:
    """Bring the database to the newest shape, whether or not the service runs meanwhile."""
    place = place_of(environ)
    with services(place.data_dir, environ) as endpoints:
        task = processes.prepare(demo=False)
        told = process_environ(place, endpoints, environ)
        done = subprocess.run(task.argv, env=told, cwd=task.cwd, check=False)
    if done.returncode != 0:
        raise LocalServiceError("The database could not be brought to the newest shape.")


def run_one(name: str, environ: Mapping[str, str], say: Say) -> None:
    """Run one process: become it where the services run already, else run it with its own."""
    place = place_of(environ)
    place.prepare()
    with ExitStack() as stack:
        where = address(environ)
        door = stack.enter_context(listen(where)) if name == "web" else None
        program = _one(name, place, where, door)
        found = given(environ) or stack.enter_context(join_or_own(place, environ))
        if isinstance(found, Endpoints):
            _become(program, process_environ(place, found, environ))
        else:
            _run_with_services(program, found, environ, say)


def _one(name: str, place: Place, where: Address, door: socket.socket | None) -> Program:
    if door is not None:
        return processes.web(place, where, door.fileno())
    return {
        "worker": processes.worker,
        "beat": lambda: processes.beat(place),
        "relay": processes.relay,
    }[name]()


def _run_with_services(
    program: Program, owner: Owner, environ: Mapping[str, str], say: Say
) -> None:
    embedded = embed(owner.place.data_dir, owner.socket_dir, environ)
    told = process_environ(owner.place, embedded.endpoints, environ)
    stages = (
        Stage(embedded.programs),
        Stage((processes.prepare(demo=False),), _PREPARE_SECONDS, once=True),
        Stage((program,), _PAGES_SECONDS),
    )

    def announce() -> None:
        owner.announce(embedded.endpoints)
        say(f"{program.name} runs; its log is {owner.place.log_dir / program.name}.log")

    Supervisor(told, owner.place.log_dir, say).run(stages, announce, owner.place.forget)


def _become(program: Program, told: Mapping[str, str]) -> None:
    """Replace this process, so that signals and the exit code are the program's own."""
    program.before_start()
    for descriptor in program.pass_fds:
        os.set_inheritable(descriptor, True)
    sys.stdout.flush()
    os.chdir(program.cwd)
    os.execve(program.argv[0], program.argv, {**told, **program.environ})  # noqa: S606  # nosec B606
