"""A small service of stand-in processes under the real supervisor, run by the tests."""

import os
import sys
from pathlib import Path

from matching.local.console import run_or_refuse, say
from matching.local.instance import Place
from matching.local.listening import Address
from matching.local.processes import Roster, answers
from matching.local.programs import Program
from matching.local.serving import serve

PROCESS = str(Path(__file__).with_name("standin_process.py").resolve())


def program(word: str, *arguments: str, **more: object) -> Program:
    return Program(name=word, argv=(sys.executable, PROCESS, word, *arguments), **more)


def roster() -> Roster:
    def keep(place: Place, where: Address, door: int) -> tuple[Program, ...]:
        web = program("web", str(door), ready=answers(where), pass_fds=(door,))
        others = [program(word, stop_seconds=1.0) for word in os.environ["STANDIN_KEEP"].split()]
        return (web, *others)

    return Roster(program("prepare"), keep)


def main() -> None:
    serve(os.environ, say, lambda url: say(f"ready: {url}"), demo=False, roster=roster())


if __name__ == "__main__":
    run_or_refuse(main)
