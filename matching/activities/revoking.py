"""Revoking a certificate: whoever checks its code is told that it does not count any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from matching.activities.certifying import get_certificate
from matching.activities.follow_models import Certificate
from matching.activities.follow_rules import REVOCATIONS
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid

NO_REASON = "取り消す理由を選んでください。"
REVOKED = "この証明書は、もう取り消されています。"


def revoke(
    session: Session,
    certificate_id: int,
    volunteer_id: int,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Certificate:
    """Take a volunteer's certificate back for a reason; its figures stay for who asks later."""
    row = get_certificate(session, certificate_id, volunteer_id)
    session.refresh(row, with_for_update={"of": Certificate})
    if row.revoked_at is not None:
        raise Conflict(REVOKED, code="state")
    if reason not in REVOCATIONS:
        raise Invalid(NO_REASON, field="reason")
    row.revoked_at, row.revoke_reason, row.revoked_by_id = now, reason, actor.account_id
    audit.record(session, actor, now, "certificate_revoked", "certificate", row.id, reason=reason)
    return row
