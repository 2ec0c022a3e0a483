"""`musubi backup|restore|erase|breach-report`: what an operator answers for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from matching.commands.application import application, ask_once_more, json_option, tell, writing


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Write a sealed copy of the whole database to FILE."""
    import config as settings
    from matching.kernel import audit, clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import db, transaction
    from matching.local.backups import back_up
    from matching.migrating import revision

    with application() as app:
        config: settings.Config = app.extensions["musubi"]
        now = clock.now()
        head = audit.head(db.session())
        db.session.rollback()
        about = {"made_at": now.isoformat(), "revision": revision(), "audit": head.written}
        with writing(file, "前の控えは元のままです。"):
            total = back_up(config.database_url, file.absolute(), about)
        with transaction() as session:
            audit.record(session, SYSTEM, now, "backed_up", "database", None, bytes=total)
    found = {"file": str(file), "bytes": total, "size": file.stat().st_size, **about}
    tell(found, as_json, f"{file} にバックアップしました（{found['size']:,} バイト）。")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--yes", is_flag=True, help="Replace what the database holds without asking.")
@json_option
def restore(file: Path, yes: bool, as_json: bool) -> None:
    """Replace the database by the backup FILE, then repeat later erasures and check the trail."""
    import config as settings
    from matching.kernel.database import db
    from matching.local import backups
    from matching.migrating import migrate
    from matching.records import restoring

    with application() as app:
        config: settings.Config = app.extensions["musubi"]
        restoring.check(backups.about(file))
        if not yes:
            ask_once_more("いまのデータはすべて置きかわります。続けますか")
        db.session.remove()
        db.engine.dispose()
        backups.restore(config.database_url, file)
        migrate(app)
        found = restoring.finish(config.data_dir)
    text = (
        f"戻しました。監査記録 {found['events']} 件、消去のやり直し {found['erased_again']} 件、"
        f"開けてみた項目 {found['opened']} 件、開けない項目 {found['unreadable']} 件。"
    )
    tell(found, as_json, text)
    if not found["chain_ok"] or found["unreadable"]:
        raise SystemExit(1)


@click.command("erase")
@click.argument("person")
@click.option("--dry-run", is_flag=True, help="Only tell whether it is possible.")
@click.option("--yes", is_flag=True, help="Erase without asking.")
@json_option
def erase(person: str, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Erase PERSON (their number, or that of a need or registration of theirs) for ever."""
    import config as settings
    from matching.kernel import clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import transaction
    from matching.kernel.errors import Conflict
    from matching.records import erasing

    if not (yes or dry_run):
        ask_once_more("消去すると、だれにも元に戻せません。続けますか")
    with application() as app, transaction() as session:
        config: settings.Config = app.extensions["musubi"]
        now, found = clock.now(), erasing.find_person(session, person)
        reasons = erasing.hindrances(session, found, now)
        if dry_run:
            tell(
                {"person": found.id, "reasons": reasons},
                as_json,
                "\n".join(reasons) or "消去できます。",
            )
            raise SystemExit(1 if reasons else 0)
        if reasons:
            raise Conflict("　".join(reasons), code="open")
        erasing.erase(session, found, SYSTEM, now)
        erasing.write_ledger(config.data_dir, found.id, now)
        number = found.id
    tell({"person": number, "erased": True}, as_json, f"{number} を消去しました。")


@click.command("breach-report")
@click.option("--actor", required=True, help="The log-in in question.")
@click.option(
    "--from", "start", required=True, help="First moment, e.g. 2026-11-01T00:00:00+09:00."
)
@click.option("--to", "end", required=True, help="Moment after the last.")
@json_option
def breach_report(actor: str, start: str, end: str, as_json: bool) -> None:
    """Tell which persons' which data a log-in was shown between two moments."""
    from matching.kernel.database import db
    from matching.records.breaches import report

    first, last = _moment(start, "--from"), _moment(end, "--to")
    if last <= first:
        raise click.BadParameter("it must be later than --from", param_hint="--to")
    with application():
        found = report(db.session(), actor, first, last)
    lines = [
        f"人 {each['person']}: {'、'.join(each['fields'])}（{len(each['seen'])} 回）"
        for each in found["persons"]
    ]
    lines += [f"{each['at']} {each['action']} {each['kind']}" for each in found["bulk"]]
    tell(found, as_json, "\n".join(lines) or "この間に見た記録はありません。")


def _moment(text: str, option: str) -> datetime:
    from matching.kernel.clock import TOKYO

    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            "use a moment such as 2026-11-01T00:00:00+09:00", param_hint=option
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=TOKYO)
