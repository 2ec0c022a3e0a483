"""`musubi keys …`: the keys of what is kept sealed."""

from __future__ import annotations

from collections.abc import Callable

import click
from sqlalchemy.orm import Session

from matching.commands.application import application, json_option, tell


@click.group()
def keys() -> None:
    """Show and change the keys of sealed fields."""


@keys.command("new")
@click.argument("use", type=click.Choice(["field", "index", "backup"]))
def new(use: str) -> None:
    """Print a new line for the key file."""
    from matching.kernel.keyring import new_line

    click.echo(new_line(use))


@keys.command("status")
@json_option
def status(as_json: bool) -> None:
    """Count what each key opens; a key under which nothing is left may leave the file."""
    from matching.kernel.database import db
    from matching.records import keys as records

    with application():
        found = records.status(db.session())
    lines = [
        f"{key_id}: 人の鍵 {each['person_keys']}、項目 {each['fields']}"
        + ("（いま使う鍵）" if each["writes"] else "")
        for key_id, each in found["keys"].items()
    ]
    lines += [f"{key_id}: 鍵ファイルにありません" for key_id in found["missing"]]
    tell(found, as_json, "\n".join(lines))
    if found["missing"]:
        raise SystemExit(1)


@keys.command("rotate")
@json_option
def rotate(as_json: bool) -> None:
    """Make a new key, put it first, and bring everything under it while requests run."""
    from matching.kernel import clock, keyring
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import transaction
    from matching.records import keys as records

    def work(step: Callable[[Session], int]) -> int:
        with transaction() as session:
            return step(session)

    with application():
        records.add_key(keyring.path())
        counts = records.rotate(work, SYSTEM, clock.now())
    tell(
        counts,
        as_json,
        f"人の鍵 {counts['person_keys']}、項目 {counts['fields']} を新しい鍵にしました。",
    )
