"""`musubi engine …`: the planner alone, on a folder of sheets."""

import json
import time
from pathlib import Path
from typing import Any

import click

from matching.interchange.engine_folder import line_of, solve_folder
from matching.interchange.engine_inputs import FolderError


@click.group()
def engine() -> None:
    """Run the planner alone, without a database."""


@engine.command("solve")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="JSON file to write.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(0))
@click.option(
    "--deadline", type=click.FloatRange(0), help="Seconds after which the best plan is taken."
)
@click.option("--json", "as_json", is_flag=True, help="Print the run as one JSON object.")
def solve_command(
    directory: Path, out: Path, seed: int, deadline: float | None, as_json: bool
) -> None:
    """Plan the needs of DIRECTORY (volunteers.csv and needs.csv)."""
    began = time.monotonic()
    try:
        content = solve_folder(directory, out, seed, deadline)
    except FolderError as refused:
        click.echo(str(refused), err=True)
        raise SystemExit(1) from refused
    for found in content["problems"]:
        click.echo(line_of(found), err=True)
    run = {**content["run"], "seconds": round(time.monotonic() - began, 3)}
    click.echo(json.dumps(run) if as_json else _sentence(run))


def _sentence(run: dict[str, Any]) -> str:
    return (
        "{visits} visits, {weighted_seats} of at most {weighted_seats_bound} weighted seats "
        "filled, gap {gap:.4%}, {seconds} s"
    ).format(**run)
