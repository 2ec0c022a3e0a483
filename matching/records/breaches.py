"""The account of a breach: which persons' which data somebody saw between two moments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel.audit import Event
from matching.kernel.errors import NotFound
from matching.people.disclosures import seen_by
from matching.people.models import Account

# What takes many people's data at once, by action.
BULK = ("sheet_exported", "sheet_imported", "audit_exported", "excluded_read", "subject_exported")


def report(session: Session, login: str, start: datetime, end: datetime) -> dict[str, Any]:
    """Return every person whose data an account was shown, with fields, times and purposes.

    Exports count as rows, not persons: the file says who was in it.
    """
    account = session.scalar(select(Account).where(Account.login == login.lower()))
    if account is None:
        raise NotFound(f"ログイン名 {login} はありません。")
    people: dict[int, dict[str, Any]] = {}
    for row in seen_by(session, account.id, start, end):
        told = people.setdefault(
            row.person_id, {"person": row.person_id, "fields": set(), "stages": set(), "seen": []}
        )
        told["fields"] |= set(row.fields)
        told["stages"].add(row.stage)
        told["seen"].append(
            {
                "at": row.disclosed_at.isoformat(),
                "object": f"{row.object_type}:{row.object_id}",
                "purpose": row.purpose,
            }
        )
    events = session.scalars(
        select(Event)
        .where(Event.actor_id == account.id, Event.action.in_(BULK))
        .where(Event.occurred_at >= start, Event.occurred_at < end)
        .order_by(Event.id)
    )
    return {
        "actor": login,
        "from": start.isoformat(),
        "to": end.isoformat(),
        "persons": [
            told | {"fields": sorted(told["fields"]), "stages": sorted(told["stages"])}
            for told in people.values()
        ],
        "bulk": [
            {"at": event.occurred_at.isoformat(), "action": event.action,
             "kind": event.subject_type, **event.details}
            for event in events
        ],
    }  # fmt: skip
