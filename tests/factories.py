"""Rows for tests: believable defaults, every field can be said."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.actor import SYSTEM, Actor
from matching.needs.models import Need
from matching.needs.receiving import NeedEntry, open_need
from matching.people import queries
from matching.people.accounts import AccountEntry, add_account
from matching.people.registering import Contact
from matching.volunteers.models import Volunteer
from matching.volunteers.registering import VolunteerEntry, register

PASSWORD = "correct horse battery"
COUNT = itertools.count(1)
WEEKDAY_MORNINGS = tuple((day, 540, 720) for day in range(5))
CONSENTS = ("coordination_use", "share_with_volunteer")


def contact(name: str | None = None, **settings: Any) -> Contact:
    number = next(COUNT)
    return Contact(
        **{
            "name": name or f"試験 {number}子",
            "name_kana": "シケン ハナコ",
            "phone": f"01910{number:05d}",
            "address": "岩手県一関市山目字中野9012",
            "area_code": "ichinoseki",
            "lat": 38.94,
            "lon": 141.12,
        }
        | settings
    )


def volunteer(session: Session, now: datetime, **settings: Any) -> Volunteer:
    """An active volunteer who shops and talks on weekday mornings."""
    person = settings.pop("contact", None) or contact(settings.pop("name", None))
    state = settings.pop("state", "active")
    entry = VolunteerEntry(
        contact=person,
        **{
            "categories": ("shopping", "talk"),
            "slots": WEEKDAY_MORNINGS,
            "transport": "car",
            "max_distance_km": 10.0,
            "consents": CONSENTS,
        }
        | settings,
    )
    made = register(session, entry, SYSTEM, now)
    made.state = state
    session.flush()
    return made


def need(session: Session, now: datetime, **settings: Any) -> Need:
    """A need for shopping in the morning three days ahead, ready to be planned."""
    state = settings.pop("state", "ready")
    person = settings.pop("contact", None) or contact(settings.pop("name", None))
    entry = NeedEntry(
        contact=person,
        **{
            "category_code": "shopping",
            "title": "食料品の買い物",
            "channel": "phone",
            "address": "岩手県一関市山目字中野9013",
            "area_code": "ichinoseki",
            "location": (38.941, 141.121),
            "start_on": clock.local_date(now) + timedelta(days=3),
            "from_minute": 540,
            "to_minute": 720,
            "duration_minutes": 60,
            "consents": CONSENTS,
        }
        | settings,
    )
    made = open_need(session, entry, SYSTEM, now)
    made.state = state
    session.flush()
    return made


def actor(
    session: Session, role: str, *, area: str | None = None, person_id: int | None = None
) -> Actor:
    """Somebody signed in with one role."""
    login = f"{role}-{next(COUNT)}"
    made = add_account(
        session,
        AccountEntry(login, PASSWORD, login, ((role, area, None),), person_id=person_id, demo=True),
        SYSTEM,
        clock.now(),
    )
    session.flush()
    account = queries.find_account_by_login(session, made.login)
    assert account is not None
    found = queries.actor_of(account, clock.today())
    assert found is not None
    return found
