"""`musubi import` and `musubi export`: sheets in and out from the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from matching.interchange.mapping import load_mapping
from matching.interchange.problems import SheetError
from matching.interchange.reading import SheetReading, read_sheet
from matching.interchange.sheets import SHEETS, SheetKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from matching.kernel.actor import Actor

_SHOWN_PROBLEMS = 50
_FILE = click.Path(path_type=Path)
_as_option = click.option("--as", "login", metavar="LOGIN", help="The account that does it.")
_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command("import")
@click.argument("kind", type=click.Choice(list(SHEETS)))
@click.argument("file", type=_FILE)
@click.option("--dry-run", is_flag=True, help="Read and count, and change nothing.")
@click.option("--report", type=_FILE, metavar="FILE.json", help="Write the report there.")
@click.option("--map", "layout", type=_FILE, metavar="MAP.toml", help="Read a foreign layout.")
@_as_option
@_json_option
def import_command(
    kind: SheetKind,
    file: Path,
    dry_run: bool,
    report: Path | None,
    layout: Path | None,
    login: str | None,
    as_json: bool,
) -> None:
    """Take the rows of FILE (CSV, TSV or XLSX) into the service."""
    try:
        mapping = load_mapping(layout) if layout is not None else None
    except SheetError as refused:
        _stop(str(refused))
    reading = read_sheet(file, kind, mapping)
    told = _refused(reading) if reading.refusal else _taken(reading, login, dry_run=dry_run)
    text = json.dumps(told, ensure_ascii=False, indent=None if as_json else 1)
    if report is not None:
        _write(report, text.encode())
    click.echo(text if as_json else _sentences(told, dry_run=dry_run))
    if reading.refusal is not None:
        _stop(reading.refusal.text)


def _refused(reading: SheetReading) -> dict[str, Any]:
    from matching.interchange.reporting import report_of
    from matching.interchange.storing.tally import Tally

    return report_of(reading, Tally(problems=reading.problems), with_records=False)


def _taken(reading: SheetReading, login: str | None, *, dry_run: bool) -> dict[str, Any]:
    from matching.interchange.importing import import_reading
    from matching.interchange.reporting import report_of
    from matching.kernel import clock

    with _session() as session:
        actor = _actor(session, login, "sheet.import")
        tally = import_reading(session, reading, actor, clock.now(), progress=_progress)
        if not dry_run:
            session.commit()
        return report_of(reading, tally, with_records=dry_run)


@contextmanager
def _session() -> Iterator[Session]:
    """A session of the application; what is not committed is undone, every connection closed."""
    from matching.commands.application import application
    from matching.kernel.database import db

    with application():
        try:
            yield db.session()
        finally:
            db.session.remove()
            db.engine.dispose()


def _actor(session: Session, login: str | None, action: str) -> Actor:
    """The account named by `--as`, the service itself where none is; must act for all areas."""
    from matching.kernel import clock, permissions
    from matching.kernel.actor import SYSTEM
    from matching.kernel.errors import DomainError
    from matching.people.queries import actor_of, find_account_by_login

    if login is None:
        return SYSTEM
    account = find_account_by_login(session, login)
    actor = actor_of(account, clock.today()) if account is not None else None
    if actor is None:
        raise DomainError(f"アカウント {login} は使えません。名前と任期を確かめてください。")
    if not permissions.may(actor, action) or permissions.only_areas(actor) is not None:
        raise DomainError(f"{login} には、市全体の表を扱う役割がありません。")
    return actor


def _progress(done: int, whole: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:,} / {whole:,}", err=True, nl=done == whole)


def _sentences(told: dict[str, Any], *, dry_run: bool) -> str:
    head = "試し読み（何も変えていません）　" if dry_run else ""
    lines = [
        f"{head}{told['rows']}行：新規 {told['created']}、更新 {told['updated']}、"
        f"変更なし {told['unchanged']}、取り込めない行 {told['refused']}"
    ]
    marks = {"error": "誤り", "warning": "注意", "info": "お知らせ"}
    for found in told["problems"][:_SHOWN_PROBLEMS]:
        place = f"{found['line']}行目 {found['column']}".strip() if found["line"] else "ファイル"
        lines.append(f"[{marks[found['severity']]}] {place}：{found['text']}")
    more = len(told["problems"]) - _SHOWN_PROBLEMS
    return "\n".join([*lines, f"ほか {more} 件"] if more > 0 else lines)


@click.command("export")
@click.argument(
    "kind", type=click.Choice(["volunteers", "needs", "proposals", "placements", "activities"])
)
@click.option("--encoding", type=click.Choice(["utf-8-sig", "cp932"]), default="utf-8-sig")
@click.option("--out", required=True, type=_FILE, metavar="FILE", help="CSV file to write.")
@_as_option
@_json_option
def export_command(kind: Any, encoding: Any, out: Path, login: str | None, as_json: bool) -> None:
    """Write a sheet that Excel opens safely and that `import` reads back."""
    from matching.interchange.exporting import export_sheet
    from matching.kernel import clock

    with _session() as session:
        actor = _actor(session, login, "sheet.export")
        written = export_sheet(session, kind, encoding, actor, clock.now())
        session.commit()
    _write(out, written.content)
    lost = [
        {"line": cell.line, "column": cell.column, "characters": cell.characters}
        for cell in written.lost
    ]
    told = {"rows": written.rows, "encoding": encoding, "out": str(out), "lost": lost}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{written.rows}行 → {out}")
    for cell in lost[:_SHOWN_PROBLEMS] if not as_json else ():
        place = f"{cell['line']}行目 {cell['column']}"
        click.echo(
            f"[注意] {place}：cp932 にない文字 {cell['characters']} を置き換えました。", err=True
        )


def _write(path: Path, content: bytes) -> None:
    """Write a whole file, readable by us only, or none: a full disk leaves the one before."""
    from matching.commands.application import writing

    part = path.with_name(path.name + ".part")
    with writing(path):
        if path.exists() and not path.is_file():  # a pipe, a terminal
            path.write_bytes(content)
            return
        try:
            part.touch(0o600)
            part.write_bytes(content)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)
