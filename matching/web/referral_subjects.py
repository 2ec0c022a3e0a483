"""What a task about a referral is about, in words, and where it is dealt with."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from matching.kernel.actor import Actor
from matching.needs.models import Need
from matching.needs.queries import told_of
from matching.needs.referral_models import Referral
from matching.web import wording
from matching.web.intake_view import desk_line
from matching.web.registers import gettext


def referral_subjects(session: Session, ids: set[int], actor: Actor) -> dict[int, tuple[str, str]]:
    """Return title and address of some referrals: whose need, and which desk is asked."""
    rows = session.execute(
        select(Referral, Need)
        .join(Need, Need.id == Referral.need_id)
        .where(Referral.id.in_(ids), told_of(actor))
        .options(joinedload(Need.requester))
    )
    return {
        referral.id: (
            gettext(
                "%(what)s　%(name)sさん → %(desk)s",
                what=wording.category(need.category_code),
                name=need.requester.name,
                desk=desk_line(referral.desk_code),
            ),
            f"/desk/needs/{need.reference}#referrals",
        )
        for referral, need in rows
    }
