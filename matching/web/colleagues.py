"""Those who work at the desk, to choose one from."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.kernel import clock
from matching.kernel.permissions import STAFF
from matching.people.models import Account, Role


def colleagues(session: Session) -> dict[int, str]:
    """Return the accounts of staff by number, to choose an owner from."""
    today = clock.today()
    in_term = Role.starts_on <= today, Role.ends_on.is_(None) | (Role.ends_on >= today)
    found = (
        select(Account.id, Account.display_name)
        .where(Account.id.in_(select(Role.account_id).where(Role.role.in_(STAFF), *in_term)))
        .where(Account.disabled_at.is_(None))
        .order_by(Account.display_name)
    )
    return {row[0]: row[1] for row in session.execute(found)}
