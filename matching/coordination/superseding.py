"""Taking suggestions back that something newer has replaced; what was asked of people stays."""

from __future__ import annotations

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from matching.coordination.models import Proposal


def supersede(session: Session, *which: ColumnElement[bool]) -> None:
    """Mark the suggestions that meet the conditions as superseded."""
    session.execute(
        update(Proposal)
        .where(Proposal.state == "suggested", *which)
        .values(state="superseded", version=Proposal.version + 1)
    )
