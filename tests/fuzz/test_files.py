"""Whatever lies in a folder, a file or on the command line: a sentence and 1 or 2, never a trace.

FUZZ_INPUTS says how many are tried of each (a few by default), FUZZ_SEED which ones.
"""

from __future__ import annotations

import csv
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from click.testing import CliRunner, Result
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matching.cli import COMMANDS, main
from matching.interchange.seed_shape import SeedError, read_seed
from matching.interchange.seeding import sow
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.kernel.errors import DomainError
from tests.conftest import NOW
from tests.engine_sheets import NEEDS, VOLUNTEERS
from tests.fuzz.hostile import BODIES, json_value, text

INPUTS = int(os.environ.get("FUZZ_INPUTS", "0"))
CHANCE = random.Random(int(os.environ.get("FUZZ_SEED", "1")))
# They go on for ever, or replace what the next test needs.
NOT_CALLED = {"serve", "demo", "web", "worker", "beat", "relay", "restore", "backup"}
SEED: dict[str, Any] = {
    "areas": [{"code": "senmaya", "name": "千厩"}],
    "districts": [{"code": "x-1", "area": "senmaya", "name": "試験"}],
    "people": [
        {"id": "p1", "name": "試験 一子", "phone": "0191-00-7701", "birth_date": "1950-04-01"},
        {"id": "p2", "name": "試験 二子", "consents": ["coordination_use"], "area": "senmaya"},
    ],
    "volunteers": VOLUNTEERS[:1],
    "needs": NEEDS[:1],
    "accounts": [{"login": "somebody", "role": "coordinator", "password": "correct horse battery"}],
    "blocks": [{"person": "p1", "other": "p2", "reason": "近所"}],
}


def spoilt(value: Any) -> Any:
    """The value with one thing of it replaced by something hostile, or something more in it."""
    if isinstance(value, dict) and value and CHANCE.random() < 0.9:
        name = CHANCE.choice(list(value))
        return (
            value
            | {name: spoilt(value[name])}
            | ({text(CHANCE)[:40]: json_value(CHANCE)} if CHANCE.random() < 0.1 else {})
        )
    if isinstance(value, list) and value and CHANCE.random() < 0.9:
        place = CHANCE.randrange(len(value))
        return [*value[:place], spoilt(value[place]), *value[place + 1 :]]
    return json_value(CHANCE) if CHANCE.random() < 0.5 else text(CHANCE)


def call(*arguments: str, given: str = "") -> Result:
    result = CliRunner().invoke(main, [each.replace("\x00", "") for each in arguments], input=given)
    calm = result.exception is None or isinstance(result.exception, SystemExit)
    assert calm, (arguments, repr(result.exception))
    assert result.exit_code in {0, 1, 2}, arguments
    assert "Traceback" not in result.output
    assert result.exit_code == 0 or result.output.strip(), arguments
    return result


def written(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        sheet = csv.DictWriter(file, sorted({name for row in rows for name in row}))
        sheet.writeheader()
        sheet.writerows(rows)


def test_a_hostile_folder_is_solved_or_refused_with_a_sentence(tmp_path: Path) -> None:
    codes = set()
    for number in range(INPUTS or 25):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, rows in (("volunteers", VOLUNTEERS), ("needs", NEEDS)):
            cells = [{column: str(value) for column, value in row.items()} for row in rows]
            for _ in range(CHANCE.randrange(3)):
                row = CHANCE.choice(cells)
                row[CHANCE.choice(list(row))] = text(CHANCE)
            written(folder / f"{name}.csv", cells)
        if CHANCE.random() < 0.2:
            spoiled = folder / CHANCE.choice(["needs.csv", "volunteers.csv", "blocks.csv"])
            spoiled.write_bytes(CHANCE.choice(BODIES))
        out = str(folder / CHANCE.choice(["out.json", "out.json", "no/such/out.json", "."]))
        more = ("--deadline", "2") if CHANCE.random() < 0.8 else ("--seed", text(CHANCE))
        codes.add(call("engine", "solve", str(folder), "--out", out, *more).exit_code)
    assert 0 in codes


def test_a_hostile_seed_file_is_refused_before_anything_is_started(tmp_path: Path) -> None:
    path = tmp_path / "seed.json"
    for body in BODIES:
        path.write_bytes(body)
        if body.strip() != b"{}" and b"{}" not in body:
            assert call("seed", "--file", str(path)).exit_code == 1, body[:40]


def test_a_hostile_seed_is_sown_or_refused_with_its_place(engine: Engine) -> None:
    for _ in range(INPUTS or 60):
        given = spoilt(SEED)
        with Session(engine) as session:
            try:
                sow(session, read_seed(given), SYSTEM, NOW)
                session.flush()
            except (SeedError, DomainError) as refused:
                assert str(refused) or getattr(refused, "sentence", "")


def leaves(group: click.Group, *names: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from leaves(found, *names, name)
        elif found is not None and not {*names, name} & NOT_CALLED:
            yield (*names, name), found


def test_hostile_arguments_end_in_a_sentence(surroundings: None, tmp_path: Path) -> None:
    commands = sorted(leaves(main), key=lambda each: each[0])  # type: ignore[arg-type]
    assert len(commands) > len(COMMANDS) - len(NOT_CALLED)
    files = [str(tmp_path / "none"), str(tmp_path), "/dev/null", str(tmp_path / "sheet.csv")]
    (tmp_path / "sheet.csv").write_bytes(CHANCE.choice(BODIES))
    for number in range(INPUTS or 20):
        names, command = commands[number * 7 % len(commands)]
        arguments = list(names)
        for parameter in command.params:
            value = CHANCE.choice(files) if CHANCE.random() < 0.4 else text(CHANCE)[:200]
            value = value.encode("utf-8", "replace").decode()
            if isinstance(parameter, click.Option):
                if parameter.is_flag or (not parameter.required and CHANCE.random() < 0.5):
                    continue
                arguments.append(parameter.opts[0])
            arguments.append(value)
        call(*arguments, given="x\n")
    clock.freeze(NOW)
