"""What the database is told of a request: who is in it sees which areas, and in which role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import g, has_request_context
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.orm import Session

APP_ROLE = "musubi_app"
WHOLE: Mapping[str, str] = {
    "areas": "*",
    "near": "",
    "districts": "",
    "account": "",
    "person": "",
}
"""No wall: the whole city."""

# One trip: what may be seen, and the role that owns nothing and cannot pass the wall. Where that
# role is missing (`musubi doctor` says so), the wall stands for every owner that is no superuser.
_TELL = text(
    """
    SELECT set_config('musubi.areas', :areas, true), set_config('musubi.near', :near, true),
      set_config('musubi.districts', :districts, true),
      set_config('musubi.account', :account, true), set_config('musubi.person', :person, true),
      (SELECT set_config('role', rolname, true) FROM pg_roles
       WHERE rolname = 'musubi_app' AND pg_has_role(current_user, oid, 'MEMBER'))
    """
)


# An owner that is no superuser is held by the wall as well: what serves nobody in particular
# (worker, relay, commands) says so once for each connection; a request says for each transaction.
BEHIND = "SELECT set_config('musubi.areas', '*', false)"


@event.listens_for(Engine, "connect")
def _open(connection: Any, _record: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BEHIND)
    connection.commit()


@event.listens_for(Session, "after_begin")
def _tell(_session: Session, _transaction: Any, connection: Connection) -> None:
    """Every transaction of a request begins with what it may see; others serve the whole city."""
    if has_request_context():
        connection.execute(_TELL, dict(g.get("wall", WHOLE)))


def wall_in(session: Session, seen: Mapping[str, str], *, reads: bool) -> None:
    """From now on this request sees no more than that.

    Where it changes something, its rules must know the whole city (overlaps, who is known
    already): then the wall stands round what it addresses, see `at_the_wall`.
    """
    g.whole_wall = seen
    _set(session, seen if reads else WHOLE)


def _set(session: Session, seen: Mapping[str, str]) -> None:
    g.wall = seen
    if session.in_transaction():  # one that is under way learns it too
        session.connection().execute(_TELL, dict(seen))


@contextmanager
def at_the_wall(session: Session) -> Iterator[None]:
    """Look for what a request addresses from within its wall, also while it changes something."""
    before, seen = _now("wall"), _now("whole_wall")
    if before is seen:
        yield
        return
    session.flush()
    _set(session, seen)
    try:
        yield
    finally:
        _set(session, before)


def _now(name: str) -> Mapping[str, str]:
    found: Mapping[str, str] = g.get(name, WHOLE) if has_request_context() else WHOLE
    return found


@contextmanager
def citywide(session: Session) -> Iterator[None]:
    """Look over the wall for a rule that must know the whole city, such as overlapping visits.

    Nothing that is read here may be shown before the query has asked `visible`.
    """
    seen = _now("wall")
    if seen is WHOLE:
        yield
        return
    _set(session, WHOLE)
    try:
        yield
        session.flush()
    finally:
        _set(session, seen)
