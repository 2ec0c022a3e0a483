"""`musubi report …`: what the centre hands in."""

from __future__ import annotations

from pathlib import Path

import click

from matching.commands.application import application, json_option, tell, writing


@click.group()
def report() -> None:
    """Write reports."""


@report.command("year")
@click.option("--fiscal-year", required=True, type=click.IntRange(2000, 2100))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@json_option
def year(fiscal_year: int, out: Path, as_json: bool) -> None:
    """Write the yearly pack: a workbook, a CSV for each table, a page to print, a PDF."""
    from matching.evaluation.yearly import tables
    from matching.interchange.yearpack import write_pack
    from matching.kernel import audit, clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import transaction
    from matching.places.calendar import format_fiscal_year

    with application(), transaction() as session:
        found = tables(session, fiscal_year)
        title = f"{format_fiscal_year(fiscal_year)}　ボランティアセンター事業報告"
        with writing(out):
            files = write_pack(found, title, out, f"year-{fiscal_year}")
        audit.record(
            session, SYSTEM, clock.now(), "year_reported", "report", None, year=fiscal_year
        )
    told = {
        "files": [str(path) for path in files],
        "tables": {table.code: {"columns": table.columns, "rows": table.rows} for table in found},
    }
    tell(told, as_json, "\n".join(str(path) for path in files))
