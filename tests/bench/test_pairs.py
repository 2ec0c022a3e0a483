"""Everybody against every need: as fast as the same loops in plain Python, many times over."""

import statistics
import time
from dataclasses import fields
from functools import partial
from typing import NamedTuple

import numpy as np
import pytest

from matching.engine import NeedInput, Problem, excluded_people, rank
from matching.engine.problem import Records, Volunteers

from .city import TODAY, city
from .measuring import Report, Work, median_cpu
from .plain import Person, answer, every_gate, people_of, slots_of

SAMPLE = 12
BYTES_PER_VOLUNTEER = 4_000


class Pairs(NamedTuple):
    """A problem and a sample of its needs for the slow loops."""

    problem: Problem
    people: list[Person]
    sample: list[NeedInput]

    def scaled(self, seconds: float) -> float:
        """Return what all needs would take when the sample takes so long."""
        return seconds * len(self.problem.asks) / len(self.sample)


@pytest.fixture(scope="module")
def pairs(scale: float) -> Pairs:
    problem = city(round(1_000 * scale), round(10_000 * scale)).problem()
    needs = [ask.input for ask in problem.asks]
    return Pairs(problem, people_of(problem), needs[:: max(1, len(needs) // SAMPLE)])


def test_the_loops_and_the_planner_give_the_same_answer(pairs: Pairs) -> None:
    ranked = rank(pairs.problem, [need.need_id for need in pairs.sample])
    for need in pairs.sample:
        plain, ours = answer(need, pairs.people, TODAY), ranked[need.need_id]
        assert plain.best == [(c.volunteer_id, c.score) for c in ours.candidates]
        assert plain.eligible == ours.eligible
        assert plain.excluded == ours.excluded


def test_all_pairs_are_ranked_many_times_faster_than_by_a_plain_loop(
    pairs: Pairs, report: Report
) -> None:
    ours = median_cpu(lambda: rank(pairs.problem))
    loop = pairs.scaled(
        median_cpu(lambda: [answer(need, pairs.people, TODAY) for need in pairs.sample])
    )
    reasons = pairs.scaled(median_cpu(lambda: _every_reason(pairs), times=1))
    needs, people = len(pairs.problem.asks), len(pairs.people)
    report.add(
        "All pairs: eligibility and the best 20",
        needs=needs,
        volunteers=people,
        planner_cpu_seconds=ours,
        pairs_per_cpu_second=needs * people / ours,
        plain_loop_cpu_seconds_scaled_up=loop,
        loop_naming_every_reason_cpu_seconds_scaled_up=reasons,
        needs_in_the_sample_of_the_loops=len(pairs.sample),
        times_faster_than_plain_loop=loop / ours,
        times_faster_than_loop_with_every_reason=reasons / ours,
    )
    assert loop / ours >= 15
    assert reasons / ours >= 50


def _every_reason(pairs: Pairs) -> None:
    for need in pairs.sample:
        slots = slots_of(need, TODAY)
        for person in pairs.people:
            every_gate(need, slots, person)


def test_one_new_need_is_answered_in_a_small_part_of_the_time_of_a_loop(
    pairs: Pairs, report: Report
) -> None:
    needs = [ask.input.need_id for ask in pairs.problem.asks]
    rank(pairs.problem, needs)
    top = [_seconds(partial(rank, pairs.problem, [need])) for need in needs[:1_000]]
    why = [_seconds(partial(excluded_people, pairs.problem, need)) for need in needs[:200]]
    p50, p99 = np.percentile(top, [50, 99])
    loop = median_cpu(lambda: answer(pairs.sample[0], pairs.people, TODAY))
    report.add(
        "One new need",
        volunteers=len(pairs.people),
        best_20_p50_ms=float(p50) * 1_000,
        best_20_p99_ms=float(p99) * 1_000,
        first_reason_of_everybody_by_name_p50_ms=statistics.median(why) * 1_000,
        plain_loop_ms=loop * 1_000,
        p99_as_share_of_the_loop=float(p99) / loop,
    )
    assert p50 < loop / 3
    assert statistics.median(why) < loop


def _seconds(work: Work) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def test_a_volunteer_takes_a_few_kilobytes(pairs: Pairs, report: Report) -> None:
    rank(pairs.problem)
    people = len(pairs.people)
    shared = sum(c.who.nbytes + c.first_gate.nbytes for c in pairs.problem.crowds.values())
    starts = sum(table.nbytes for table in pairs.problem.startable.values())
    own = _bytes(pairs.problem.volunteers) + _bytes(pairs.problem.records)
    report.add(
        "Memory of the arrays, bytes for each volunteer",
        own_values=round(own / people),
        shared_by_needs_with_the_same_wishes=round(shared / people),
        different_wishes=len(pairs.problem.crowds),
        possible_starts=round(starts / people),
        together=round((own + shared + starts) / people),
    )
    assert (own + shared + starts) / people <= BYTES_PER_VOLUNTEER


def _bytes(holder: Volunteers | Records) -> int:
    values = [getattr(holder, each.name) for each in fields(holder)]
    rows = [row for v in values for row in (v.values() if isinstance(v, dict) else [v])]
    return sum(row.nbytes for row in rows if isinstance(row, np.ndarray))
