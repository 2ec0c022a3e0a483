"""`musubi seed`: the same beginning every time, from one JSON file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from matching.commands.application import application, json_option, tell


@click.command("seed")
@click.option(
    "--file", "source", required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True)
)
@json_option
def seed(source: Path, as_json: bool) -> None:
    """Add areas, districts, people, volunteers, needs, accounts and blocks of a file, once."""
    from matching.interchange.seed_shape import SeedError, read_seed
    from matching.interchange.seeding import sow
    from matching.kernel import clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import transaction

    try:
        given = json.loads(source.read_text("utf-8"))
    except (ValueError, RecursionError) as reason:  # no JSON, no UTF-8, a number without end
        click.echo(f"{source}: JSON として読めません（{reason}）。", err=True)
        raise SystemExit(1) from None
    try:
        found = read_seed(given)
        with application(), transaction() as session:
            counts = sow(session, found, SYSTEM, clock.now())
    except SeedError as reason:
        click.echo(f"{source}: {reason}", err=True)
        raise SystemExit(1) from None
    tell(counts, as_json, "、".join(f"{name} {count}" for name, count in counts.items()))
