"""Rows of past proposals: who was asked for what, the answer and how it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from matching.coordination.models import Proposal
from matching.interchange.storing.bulk import Rows
from matching.interchange.storing.fields import PROPOSAL
from matching.interchange.storing.numbering import ids_by_reference
from matching.interchange.storing.tally import ADDED, Entry, Tally, outcome_of
from matching.interchange.storing.values import values_of
from matching.kernel.actor import Actor
from matching.needs.models import Need
from matching.volunteers.models import Volunteer

RESPONSE_STATES = {
    "accepted": "accepted",
    "declined": "declined",
    "no_answer": "no_response",
    "": "no_response",
}
_BLANK: dict[str, Any] = {
    "run_id": None,
    "need_id": None,
    "need_reference": None,
    "category_code": None,
    "rank": None,
    "score": None,
    "factors": Jsonb({}),
    "km": None,
    "travel_minutes": None,
    "planned": False,
    "slots": Jsonb([]),
    "uncertain": Jsonb([]),
    "snapshot": Jsonb({}),
    "responded_at": None,
    "decided_by_id": None,
    "visit_on": None,
    "visit_minutes": None,
    "outcome": None,
    "version": 1,
}


class ProposalStore:
    """Adds and changes past proposals; one without number is found by need, person and time.

    What the planner of this service proposed is known better here and never changed.
    """

    def __init__(self, session: Session, actor: Actor, now: datetime, tally: Tally) -> None:
        self._session, self._tally = session, tally
        self._rows = Rows(session, Proposal)
        self._by_reference: dict[str, int] = {}
        self._alike: dict[tuple[Any, ...], int] = {}

    def load(self, entries: Sequence[Entry]) -> None:
        """Read past proposals and the numbers of volunteers and needs."""
        self._rows.load()
        self._volunteers = ids_by_reference(self._session, Volunteer)
        self._needs = ids_by_reference(self._session, Need)
        references = {need_id: reference for reference, need_id in self._needs.items()}
        for proposal_id, row in self._rows.known.items():
            if row["reference"]:
                self._by_reference[row["reference"]] = proposal_id
            asked = references.get(row["need_id"], row["need_reference"])
            self._alike[_alike(asked, row["volunteer_id"], row["proposed_at"])] = proposal_id

    def take(self, entry: Entry) -> None:
        """Decide what becomes of one row; one of an unknown volunteer is refused."""
        record = entry.record
        volunteer_id = self._volunteers.get(record["volunteer_id"])
        if volunteer_id is None:
            asked = record["volunteer_id"]
            self._tally.refuse("proposals", entry.line, "volunteer_id", "volunteer_unknown", asked)
            return
        if not record.get("proposed_at"):
            self._tally.refuse("proposals", entry.line, "proposed_at", "required_missing")
            return
        values = {
            **values_of(record, PROPOSAL),
            "volunteer_id": volunteer_id,
            "need_id": self._needs.get(record["need_id"]),
            "state": RESPONSE_STATES[record.get("response", "")],
        }
        self._put(record.get("proposal_id", ""), values)

    def _put(self, reference: str, values: dict[str, Any]) -> None:
        alike = _alike(values["need_reference"], values["volunteer_id"], values["proposed_at"])
        known = self._by_reference.get(reference) if reference else self._alike.get(alike)
        if known is not None:
            is_ours = self._rows.known[known]["run_id"] is not None
            changed = not is_ours and self._rows.change(known, values)
            self._tally.count(outcome_of(changed))
            return
        added = self._rows.add({**_BLANK, **values, "reference": reference or None})
        self._alike[alike] = added
        if reference:
            self._by_reference[reference] = added
        self._tally.count(ADDED)

    def write(self) -> None:
        """Write all rows."""
        self._rows.write()


def _alike(need_reference: str | None, volunteer_id: int, proposed_at: datetime) -> tuple[Any, ...]:
    """One person was asked for one need once in a minute; sheets tell no seconds."""
    return need_reference, volunteer_id, proposed_at.replace(second=0, microsecond=0)
