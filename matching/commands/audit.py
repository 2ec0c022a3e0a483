"""`musubi audit …`: following the chain of the audit trail, and taking it out."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from matching.commands.application import application, json_option, tell


@click.group()
def audit() -> None:
    """Verify and export the audit trail."""


@audit.command("verify")
@json_option
def verify(as_json: bool) -> None:
    """Follow the chain from its start; name the first event that is not as it was written."""
    from matching.kernel import audit as trail
    from matching.kernel.database import db

    with application():
        found = trail.verify(db.session())
    text = f"監査記録 {found.events} 件、鎖はつながっています。末尾 {found.head}"
    if found.broken_at is not None:
        text = f"{found.broken_at} 番目で鎖が切れています（{found.reason}）。"
    tell(found._asdict() | {"ok": found.broken_at is None}, as_json, text)
    if found.broken_at is not None:
        raise SystemExit(1)


@audit.command("export")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), help="First day.")
@click.option("--to", "end", type=click.DateTime(["%Y-%m-%d"]), help="Last day.")
@json_option
def export(out: Path, start: datetime | None, end: datetime | None, as_json: bool) -> None:
    """Write events as JSON lines, with their places and digests; writing is itself an event."""
    from matching.kernel import audit as trail
    from matching.kernel import clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import transaction

    with application(), transaction() as session:
        rows = trail.list_between(session, start, end)
        with out.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(trail.as_told(row), ensure_ascii=False) + "\n")
        out.chmod(0o600)
        now = clock.now()
        trail.record(session, SYSTEM, now, "audit_exported", "event", None, rows=len(rows))
    tell({"rows": len(rows), "out": str(out)}, as_json, f"{len(rows)} 件を書き出しました。")
