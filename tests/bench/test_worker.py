"""A whole decline inside the worker: rows read, plan mended around it, the run written.

BENCH_CITY names a folder with volunteers.csv and needs.csv to use instead of the demo city.
"""

from __future__ import annotations

import csv
import os
import random
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matching.coordination.answering import Answer, answer
from matching.coordination.models import Proposal
from matching.coordination.offering import offer
from matching.coordination.placing import Choice
from matching.coordination.planning import plan_all, plan_changes
from matching.coordination.remembering import Memory
from matching.interchange.importing import import_records
from matching.interchange.sheets import SheetKind
from matching.kernel.actor import SYSTEM, Actor
from matching.kernel.clock import local_date
from matching.kernel.errors import Conflict
from matching.local.city.generating import generate
from matching.local.demo_city import KNOWN
from matching.volunteers.models import Volunteer
from tests import factories

from .measuring import Report

OPEN: tuple[str, SheetKind] = ("needs", "needs")
FOLDER: tuple[SheetKind, ...] = ("groups", "commissioners", "volunteers", "needs")
DECLINES = 30
MOST_MS = 1_000.0


def test_a_decline_is_read_planned_and_written_in_a_moment(
    session: Session, now: datetime, report: Report
) -> None:
    memory, dice = Memory(), random.Random(3)
    for kind, rows in _city(local_date(now)):
        import_records(session, kind, rows, SYSTEM, now)
    coordinator = factories.actor(session, "coordinator")
    first = plan_all(session, SYSTEM, now, memory=memory)
    session.commit()
    taken, waited = [], []
    while len(taken) < DECLINES:
        if not _decline(session, dice, coordinator, now):
            continue
        session.commit()
        with Session(session.get_bind()) as worker:
            cpu, wall = time.process_time(), time.perf_counter()
            run = plan_changes(worker, SYSTEM, now, memory=memory)
            worker.commit()
            taken.append(time.process_time() - cpu)
            waited.append(time.perf_counter() - wall)
            assert run.kind == "repair"
    p50, p95, most = (np.percentile(taken, [50, 95, 100]) * 1_000).tolist()
    report.add(
        "A decline in the worker, from rows to rows",
        people=session.scalar(select(func.count(Volunteer.id))) or 0,
        needs=first.counts["needs"],
        visits=first.counts["visits"],
        declines=DECLINES,
        cpu_p50_ms=p50,
        cpu_p95_ms=p95,
        cpu_longest_ms=most,
        wall_p50_ms=float(np.median(waited)) * 1_000,
    )
    assert memory.rebuilt == 1
    assert p50 <= MOST_MS


def _city(today: date) -> Iterator[tuple[SheetKind, list[dict[str, str]]]]:
    if folder := os.environ.get("BENCH_CITY"):
        for kind in FOLDER:
            text = (Path(folder) / f"{kind}.csv").read_text("utf-8-sig")
            yield kind, list(csv.DictReader(text.splitlines()))
        return
    city = generate(1, today)
    for sheet, kind in (*KNOWN, OPEN):
        yield kind, getattr(city, sheet)


def _decline(session: Session, dice: random.Random, coordinator: Actor, now: datetime) -> bool:
    """Ask somebody whom the plan proposes, who says no; tell whether they may be asked at all."""
    planned = select(Proposal).where(Proposal.state == "suggested", Proposal.planned)
    proposal = dice.choice(session.scalars(planned.order_by(Proposal.id)).all())
    [slot, *_] = [slot for slot in proposal.slots if slot["planned"] is not None]
    choice = Choice(date.fromisoformat(slot["on"]), slot["planned"])
    try:
        offer(session, proposal.id, [choice], "phone", coordinator, now)
    except Conflict:
        session.rollback()
        return False
    answer(session, proposal.id, Answer("no", "phone", "date"), coordinator, now)
    return True
