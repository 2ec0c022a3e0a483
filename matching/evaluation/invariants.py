"""What must always hold, each as a query that counts where it does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from matching.evaluation import silence

# code, sentence, SQL that counts violations
CHECKS: tuple[tuple[str, str, str], ...] = (
    (
        "I1",
        "no volunteer has two visits that overlap",
        """
        SELECT count(*) FROM placements a JOIN placements b
          ON a.volunteer_id = b.volunteer_id AND a.id < b.id AND a.busy && b.busy
        WHERE a.state <> 'cancelled' AND b.state <> 'cancelled'
        """,
    ),
    (
        "I2",
        "no visit has more people than seats, and the count of seats is right",
        """
        SELECT count(*) FROM need_occurrences o
        WHERE o.filled > o.headcount OR o.filled <> (
          SELECT coalesce(sum(p.seats), 0) FROM placements p
          WHERE p.occurrence_id = o.id AND p.state <> 'cancelled')
        """,
    ),
    (
        "I3",
        "every confirmed visit is in the audit trail exactly once, a held one not yet",
        """
        SELECT count(*) FROM placements p
        WHERE (SELECT count(*) FROM events e WHERE e.action = 'placement_confirmed'
               AND e.subject_type = 'placement' AND e.subject_id = p.id)
              <> (p.confirmed_at IS NOT NULL)::int
        """,
    ),
    (
        "I4",
        "every need is in a known state, and those planned have a day",
        """
        SELECT count(*) FROM needs
        WHERE state IN ('ready', 'matching') AND start_on IS NULL
        """,
    ),
    (
        "I6",
        "every job is done, waiting less than an hour, or parked",
        """
        SELECT count(*) FROM outbox_jobs
        WHERE state = 'pending' AND attempts = 0 AND due_at < :hour_ago
        """,
    ),
    (
        "I8",
        "nothing is shown to a volunteer on the ground of a consent that was taken back before",
        """
        SELECT count(*) FROM disclosures d JOIN consents c ON c.id = d.consent_id
        WHERE c.person_id <> d.person_id OR c.state <> 'given' OR EXISTS (
          SELECT 1 FROM consents later
          WHERE later.person_id = c.person_id AND later.purpose = c.purpose AND later.id > c.id
            AND later.state <> 'given' AND later.recorded_at < d.disclosed_at - interval '5 s')
        """,
    ),
    (
        "I9",
        "no open proposal for a blocked pair",
        """
        SELECT count(*) FROM proposals p
          JOIN needs n ON n.id = p.need_id
          JOIN volunteers v ON v.id = p.volunteer_id
          JOIN blocks b ON (b.person_id, b.other_person_id) IN (
            (n.requester_id, v.person_id), (v.person_id, n.requester_id))
        WHERE p.state IN ('suggested', 'selected', 'contacted')
          AND p.proposed_at >= b.created_at
        """,
    ),
    (
        "I12",
        "of who was erased no key, no address, no number and no note is left",
        """
        SELECT count(*) FROM persons p
        WHERE p.id IN (SELECT subject_id FROM events WHERE action = 'person_erased')
          AND (EXISTS (SELECT 1 FROM person_keys k WHERE k.person_id = p.id)
            OR num_nonnulls(p.name_kana, p.birth_on, p.postal_code, p.address, p.phone, p.mobile,
                            p.email, p.lat) > 0
            OR EXISTS (SELECT 1 FROM needs n WHERE n.requester_id = p.id
                       AND num_nonnulls(n.address, n.note, n.proxy_phone, n.lat) > 0))
        """,
    ),
    (
        "L1",
        "nobody is expected at a need that is over",
        """
        SELECT count(*) FROM placements p JOIN needs n ON n.id = p.need_id
        WHERE p.state IN ('held', 'confirmed')
          AND p.starts_at > GREATEST(:hour_ago, n.closed_at)  -- what had begun by then stands
          AND n.state IN ('closed', 'withdrawn', 'declined', 'duplicate')
          AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.placement_id = p.id
                          AND a.state IN ('checked_in', 'done', 'interrupted', 'resident_absent'))
        """,
    ),
    (
        "L2",
        "a visit that was called off has no seat, and one that took place keeps it",
        """
        SELECT count(*) FROM activities a JOIN placements p ON p.id = a.placement_id
        WHERE (a.state LIKE 'cancelled%' AND p.state <> 'cancelled')
          OR (a.state IN ('checked_in', 'done', 'reported', 'verified', 'resident_absent')
              AND p.state NOT IN ('confirmed', 'done'))
        """,
    ),
    (
        "S7",
        "every open referral has an owner, a next date and a task that chases it",
        """
        SELECT count(*) FROM referrals r
        WHERE r.state <> 'closed' AND (r.owner_id IS NULL OR NOT EXISTS (
          SELECT 1 FROM tasks t WHERE t.subject_type = 'referral' AND t.subject_id = r.id
          AND t.state = 'open' AND t.kind = 'referral_answer'))
        """,
    ),
    (
        "I11",
        "every event of the audit trail has its place in the chain, without a gap",
        """
        SELECT (SELECT count(*) FROM events WHERE place IS NULL)
          + (SELECT abs(h.place - (SELECT count(*) FROM events WHERE place IS NOT NULL))
             FROM audit_head h)
        """,
    ),
    (
        "I10",
        "one sending of a form made one object",
        "SELECT count(*) FROM replies WHERE result IS NULL AND created_at < :hour_ago",
    ),
)


def count_violations(session: Session, now: datetime) -> list[dict[str, Any]]:
    """Return each invariant with how often it does not hold."""
    hour_ago = now - timedelta(hours=1)
    return [
        {
            "code": code,
            "text": sentence,
            "violations": session.execute(text(query), _given(query, hour_ago)).scalar_one(),
        }
        for code, sentence, query in (*CHECKS, *silence.CHECKS)
    ]


def _given(query: str, hour_ago: datetime) -> dict[str, datetime]:
    return {"hour_ago": hour_ago} if ":hour_ago" in query else {}
