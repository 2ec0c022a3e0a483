"""The audit trail for those who check: filtered, followed, taken out; ids and codes only."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from matching.cells.escaping import escape_cell
from matching.kernel import audit, clock
from matching.kernel.audit import Event, Wanted
from matching.kernel.database import db, transaction
from matching.kernel.permissions import ROLES
from matching.people.models import Account
from matching.people.queries import find_account_by_login
from matching.records import standing
from matching.web.access import access, current_actor
from matching.web.forms import whole
from matching.web.registers import gettext
from matching.web.trail_words import ACTIONS, SUBJECTS

pages = Blueprint("audit_trail", __name__)
PAGE = 100
MOST_ROWS = 50_000
NOBODY = 0
HEADINGS = (
    *(_("番号"), _("いつ"), _("だれが"), _("アカウント"), _("なにを"), _("対象の種類")),
    *(_("対象の番号"), _("くわしく"), _("印")),
)


@pages.get("/admin/audit")
@access("audit.read")
def audit_trail() -> str:
    """Show what happened, newest first: ids and codes, never what was written."""
    session = db.session()
    asked = _asked(request.args)
    before = whole(request.args.get("before")) or None
    found = audit.list_events(session, before=before, limit=PAGE + 1, wanted=_wanted(asked))
    actions, types = audit.kinds(session)
    return render_template(
        "admin/audit.html",
        events=found[:PAGE],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        roles=ROLES,
        logins=_logins(found),
        asked=asked,
        told={name: value for name, value in asked.items() if value},
        actions=[(code, _named(code, ACTIONS)) for code in actions],
        types=[(code, _named(code, SUBJECTS)) for code in types],
        words=ACTIONS,
        subjects=SUBJECTS,
        head=audit.head(session),
        troubles=standing.chain_troubles(session),
    )


@pages.post("/admin/audit.csv")
@access("audit.read")
def take_out() -> Response:
    """Give the events asked for as a sheet; taking them out is itself an event."""
    asked = _asked(request.form)
    with transaction() as session:
        found = audit.list_events(session, before=None, limit=MOST_ROWS, wanted=_wanted(asked))
        body = _sheet(found)
        now, rows = clock.now(), len(found)
        audit.record(session, current_actor(), now, "audit_exported", "event", None, rows=rows)
    name = f"attachment; filename=audit-{clock.local_date(now):%Y%m%d}.csv"
    return Response(body, mimetype="text/csv", headers={"Content-Disposition": name})


def _named(code: str, words: Mapping[str, str]) -> str:
    """The words of a code with the code itself, as the sheet has only that."""
    return f"{words[code]} ({code})" if code in words else code


def _asked(given: Any) -> dict[str, str]:
    names = ("who", "action", "type", "number", "from", "to")
    return {name: given.get(name, "").strip()[:100] for name in names}


def _wanted(asked: dict[str, str]) -> Wanted:
    return Wanted(
        actor_id=_actor_id(asked["who"]),
        action=asked["action"],
        subject_type=asked["type"],
        subject_id=whole(asked["number"]) or None,
        start=_midnight(asked["from"], 0),
        end=_midnight(asked["to"], 24 * 60),
    )


def _actor_id(who: str) -> int | None:
    """The account of a log-in name; one that there is not did nothing."""
    if not who:
        return None
    account = find_account_by_login(db.session(), who)
    return account.id if account else NOBODY


def _midnight(text: str, minutes: int) -> datetime | None:
    try:
        return clock.instant(date.fromisoformat(text), minutes)
    except (ValueError, OverflowError):
        return None


def _logins(events: Sequence[Event]) -> dict[int, str]:
    numbers = {event.actor_id for event in events if event.actor_id}
    found = select(Account).where(Account.id.in_(numbers))
    return {account.id: account.login for account in db.session.scalars(found)}


def _sheet(events: Sequence[Event]) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(gettext(heading) for heading in HEADINGS)
    for event in events:
        cells = (
            *(event.place, clock.local(event.occurred_at).isoformat(), event.actor_role),
            *(event.actor_id, event.action, event.subject_type, event.subject_id),
            *(json.dumps(event.details, ensure_ascii=False, sort_keys=True), event.digest),
        )
        writer.writerow("" if cell is None else escape_cell(str(cell)) for cell in cells)
    return "\ufeff" + file.getvalue()
