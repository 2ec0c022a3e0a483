"""What a change can matter to is looked at anew; what it cannot is kept."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matching.coordination import proposing
from matching.coordination.pairing import forbid_pair
from matching.coordination.planning import plan_all, plan_changes
from matching.coordination.remembering import Memory
from matching.kernel.actor import SYSTEM
from tests import factories


def test_only_needs_that_a_change_can_matter_to_are_ranked_anew(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        factories.volunteer(session, now)
    needs = [factories.need(session, now) for _ in range(5)]
    someone = factories.volunteer(session, now, categories=("talk",))
    memory, coordinator = Memory(), factories.actor(session, "coordinator")
    plan_all(session, SYSTEM, now, memory=memory)
    ranked: list[str] = []
    real = proposing.find

    def find(loaded: object, name: str, answer: object) -> object:
        ranked.append(name)
        return real(loaded, name, answer)  # type: ignore[arg-type]

    monkeypatch.setattr(proposing, "find", find)
    plan_changes(session, SYSTEM, now, memory=memory)
    assert ranked == []
    forbid_pair(session, needs[0].reference, someone.reference, "都合", coordinator, now)
    plan_changes(session, SYSTEM, now, memory=memory)
    assert ranked == [needs[0].reference]
    ranked.clear()
    someone.state = "paused"
    plan_changes(session, SYSTEM, now, memory=memory)
    assert sorted(ranked) == sorted(need.reference for need in needs)
