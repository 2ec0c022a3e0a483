"""Calendars, tokens, passkeys and sessions: own ones are ended, another's are not there (404).

Whoever may manage accounts may not do it this way either: each role tries what is somebody else's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel.actor import SYSTEM, Actor
from matching.messaging import feeding
from matching.messaging.feed_models import CalendarFeed
from matching.people.accounts import AccountEntry, add_account
from matching.people.credentials import Passkey
from matching.people.models import LoginSession
from matching.people.tokens import ApiToken, make_token
from tests import factories
from tests.matrix.oracle import ROLES
from tests.web.browsing import come_in, token

PATHS = {
    "feed": "/my/calendar/feeds/{}/revoke",
    "token": "/account/tokens/{}/revoke",
    "passkey": "/account/factors/passkey/{}/remove",
    "session": "/account/sessions/{}/end",
}
MODELS = {"feed": CalendarFeed, "token": ApiToken, "passkey": Passkey, "session": LoginSession}


def things_of(session: Session, account_id: int, now: datetime) -> dict[str, int]:
    """Give an account two passkeys and one of everything else; the numbers of one of each."""
    me = Actor(("volunteer",), account_id, person_id=account_id)  # no row holds the person
    feeding.make(session, "電話", me, now)
    make_token(session, account_id, "試験", "read", SYSTEM, now)
    for place in (1, 2):
        key = f"{account_id}-{place}".encode()
        session.add(
            Passkey(account_id=account_id, credential_id=key, public_key=key, sign_count=0,
                    name="鍵", created_at=now)
        )  # fmt: skip
    session.add(
        LoginSession(digest=f"d{account_id}", data={}, account_id=account_id, created_at=now,
                     seen_at=now, ends_at=now, expires_at=now)
    )  # fmt: skip
    session.flush()
    return {
        kind: session.scalars(
            select(model.id).where(model.account_id == account_id).order_by(model.id)
        ).all()[0]
        for kind, model in MODELS.items()
    }


def sends(client: FlaskClient) -> Callable[[str, int], int]:
    key = token(client, "/account/password")
    return lambda kind, number: (
        client.post(PATHS[kind].format(number), data={"csrf_token": key}).status_code
    )


def left(session: Session) -> set[tuple[object, ...]]:
    """Every thing there is, and whether it is still good."""
    session.rollback()
    good = {
        "passkey": select(Passkey.id), "session": select(LoginSession.id),
        "feed": select(CalendarFeed.id).where(CalendarFeed.revoked_at.is_(None)),
        "token": select(ApiToken.id).where(ApiToken.revoked_at.is_(None)),
    }  # fmt: skip
    return {(kind, number) for kind, rows in good.items() for number in session.scalars(rows)}


def test_each_role_ends_what_is_its_own_and_finds_nothing_of_anybody_else(
    app: Flask, session: Session, now: datetime
) -> None:
    """With the number of what is somebody else's, and with numbers that nothing has."""
    owner = _account(session, "owner", "volunteer", now)
    theirs = things_of(session, owner, now)
    accounts = {role: _account(session, f"a-{role}", role, now) for role in ROLES}
    mine = {role: things_of(session, account, now) for role, account in accounts.items()}
    session.commit()
    bad = []
    for role, account in accounts.items():
        client = app.test_client()
        come_in(client, account)
        send = sends(client)
        before = left(session)
        for kind, number in theirs.items():
            for tried in (number, 0, 999_999_999, 2**63 - 1):
                if (status := send(kind, tried)) != 404:
                    bad.append(f"{role}: {kind} of another, {tried}: {status}")
        if left(session) != before:
            bad.append(f"{role}: something of another is gone")
        bad += [f"{role}: own {kind}: {status}" for kind, number in mine[role].items()
                if (status := send(kind, number)) != 302]  # fmt: skip
        if before - left(session) != set(mine[role].items()):
            bad.append(f"{role}: not what was theirs is gone")
    assert not bad, "\n".join(bad)


def _account(session: Session, login: str, role: str, now: datetime) -> int:
    entry = AccountEntry(login, factories.PASSWORD, login, ((role, None, None),), demo=True)
    made = add_account(session, entry, SYSTEM, now)
    session.flush()
    return made.id
