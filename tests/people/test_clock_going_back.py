"""The host's clock goes back: a code from then locks nobody out, and none is good twice."""

from datetime import datetime, timedelta

import pyotp
from sqlalchemy.orm import Session

from matching.people import queries, second_factors
from tests import factories

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def test_a_code_used_when_the_clock_was_ahead_says_nothing_of_now(
    session: Session, now: datetime
) -> None:
    actor = factories.actor(session, "coordinator")
    account = queries.find_account(session, actor.account_id or 0)
    assert account is not None
    second_factors.adopt_app(session, account, SECRET, now)
    session.flush()

    def brings(at: datetime) -> bool:
        return second_factors.check_code(session, account.id, pyotp.TOTP(SECRET).at(at), at)

    assert brings(now + timedelta(days=1))
    assert brings(now)
    assert not brings(now), "each code is good once"
    assert not brings(now - timedelta(seconds=30)), "and so is the one before"
    assert brings(now + timedelta(minutes=2))
