"""Links by which an offer is answered without signing in: looking changes nothing, one answer."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.contact_models import AnswerLink
from matching.coordination.models import Proposal
from matching.kernel.errors import NotFound

AFTER_EXPIRY = timedelta(days=3)  # a late answer is still read, and answered kindly


def make_link(session: Session, proposal: Proposal, now: datetime, *, short: bool = False) -> str:
    """Return a new token for one offer, 256 bits or (`short`) 128; only its digest is kept."""
    token = secrets.token_urlsafe(16 if short else 32)
    session.add(
        AnswerLink(
            digest=_digest(token),
            proposal_id=proposal.id,
            created_at=now,
            expires_at=(proposal.expires_at or now) + AFTER_EXPIRY,
        )
    )
    return token


def find_link(session: Session, token: str, now: datetime) -> AnswerLink:
    """Return the link of a token; raises NotFound for an unknown or an old one."""
    link = session.scalar(select(AnswerLink).where(AnswerLink.digest == _digest(token)))
    if link is None or link.expires_at <= now:
        raise NotFound
    return link


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
