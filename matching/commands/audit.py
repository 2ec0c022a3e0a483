"""`musubi audit …`: following the chain of the audit trail, and taking it out."""

from __future__ import annotations

import json
import os
import re
from datetime import datetime
from pathlib import Path

import click

from matching.commands.application import application, json_option, tell, writing
from matching.kernel.audit import Link


@click.group()
def audit() -> None:
    """Verify and export the audit trail."""


@audit.command("verify")
@click.option("--anchor", help="A head kept elsewhere, PLACE:DIGEST: the past must still fit it.")
@json_option
def verify(anchor: str | None, as_json: bool) -> None:
    """Follow the chain from its start; name the first event that is not as it was written."""
    from matching.kernel import audit as trail
    from matching.kernel.database import db

    kept = _anchor(anchor) if anchor else None
    with application():
        found = trail.verify(db.session(), kept)
        head = trail.head(db.session()).written
    text = f"監査記録 {found.events} 件、鎖はつながっています。末尾 {head}"
    if found.broken_at is not None:
        text = f"{found.broken_at} 番目で鎖が切れています（{found.reason}）。"
    tell(found._asdict() | {"ok": found.broken_at is None, "anchor": head}, as_json, text)
    if found.broken_at is not None:
        raise SystemExit(1)


def _anchor(text: str) -> Link:
    place, _, digest = text.partition(":")
    if not (place.isascii() and place.isdigit()) or not re.fullmatch("[0-9a-f]{64}", digest):
        raise click.BadParameter("an anchor is PLACE:DIGEST", param_hint="--anchor")
    return Link(int(place), digest)


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
        with writing(out):
            descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                for row in rows:
                    file.write(json.dumps(trail.as_told(row), ensure_ascii=False) + "\n")
        now = clock.now()
        trail.record(session, SYSTEM, now, "audit_exported", "event", None, rows=len(rows))
    tell({"rows": len(rows), "out": str(out)}, as_json, f"{len(rows)} 件を書き出しました。")
