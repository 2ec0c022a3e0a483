"""Everybody against every need: as fast as one SQL query a need, many times over."""

from collections.abc import Iterator
from typing import NamedTuple

import psycopg
import pytest

from matching.engine import Gate, NeedInput, Problem, excluded_people, rank
from matching.local.endpoints import Endpoints, libpq_url
from tests.conftest import named
from tests.databases import copied

from .city import TODAY, city
from .measuring import Report, median_cpu
from .plain import people_of
from .queries import Desk

SAMPLE, COMPARED = 100, 25
LEAST = 3.0


class Asked(NamedTuple):
    """The people in tables, and a sample of the needs."""

    problem: Problem
    desk: Desk
    sample: list[NeedInput]


@pytest.fixture(scope="module")
def asked(scale: float, endpoints: Endpoints, admin: psycopg.Connection) -> Iterator[Asked]:
    problem = city(round(1_000 * scale), round(10_000 * scale)).problem()
    needs = [ask.input for ask in problem.asks]
    with copied(admin, "template0", "musubi_bench_queries") as name:
        url = libpq_url(named(endpoints.database_url, name))
        with psycopg.connect(url) as connection:
            sample = needs[:: max(1, len(needs) // SAMPLE)]
            yield Asked(problem, Desk(connection, people_of(problem)), sample)


def test_the_query_and_the_planner_give_the_same_answer(asked: Asked) -> None:
    compared = asked.sample[:: len(asked.sample) // COMPARED]
    ranked = rank(asked.problem, [need.need_id for need in compared])
    for need in compared:
        best, eligible = asked.desk.answer(need, TODAY)
        ours = ranked[need.need_id]
        assert best == [(c.volunteer_id, c.score) for c in ours.candidates]
        assert eligible == ours.eligible
        everybody, _ = asked.desk.answer(need, TODAY, top=None)
        assert {who for who, _ in everybody} == _eligible(asked.problem, need.need_id)


def _eligible(problem: Problem, need_id: str) -> set[str]:
    shut = excluded_people(problem, need_id)
    active = {one.volunteer_id for one in problem.volunteers.inputs if one.status == "active"}
    return active.difference(*(who for gate, who in shut.items() if gate is not Gate.NOT_ACTIVE))


def test_all_pairs_are_ranked_many_times_faster_than_by_one_query_a_need(
    asked: Asked, report: Report
) -> None:
    asked.desk.taken(asked.sample, TODAY)
    taken = asked.desk.taken(asked.sample, TODAY)
    ours = median_cpu(lambda: rank(asked.problem))
    needs = len(asked.problem.asks)
    queries = (taken.database + taken.client) * needs / len(asked.sample)
    report.add(
        "All pairs by one SQL query a need",
        needs=needs,
        volunteers=len(asked.problem.volunteers.inputs),
        needs_in_the_sample=len(asked.sample),
        database_ms_a_need=taken.database / len(asked.sample) * 1_000,
        client_ms_a_need=taken.client / len(asked.sample) * 1_000,
        planner_ms_a_need=ours / needs * 1_000,
        times_faster_than_one_query_a_need=queries / ours,
    )
    assert queries / ours >= LEAST
