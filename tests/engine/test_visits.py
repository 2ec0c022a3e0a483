"""How needs unfold into visits: recurrences, horizons, months and odd windows."""

from datetime import date, timedelta

import pytest

from matching.engine.visits import starts, visit_days

from .referee import visits
from .samples import TODAY, World, crowded_world, need

SUNDAY = TODAY + timedelta(days=6)


def days(**values: object) -> list[list[date]]:
    return visit_days(need(**{"time_from": 600, **values}), TODAY, 28)


def test_a_need_for_one_visit_has_one_visit_on_any_of_its_days() -> None:
    assert days(start_on=TODAY, end_on=TODAY + timedelta(days=2)) == [
        [TODAY, TODAY + timedelta(days=1), TODAY + timedelta(days=2)]
    ]


def test_once_without_an_end_is_that_day_and_others_run_to_the_horizon() -> None:
    assert days(start_on=TODAY) == [[TODAY]]
    assert len(days(start_on=TODAY, recurrence="as_needed")[0]) == 28
    assert len(days(start_on=TODAY, recurrence="weekly")) == 4


def test_weekly_on_named_days_is_a_visit_on_each_of_them() -> None:
    found = days(start_on=TODAY, recurrence="weekly", weekdays=frozenset({0, 3}))
    assert len(found) == 8
    assert all(len(visit) == 1 and visit[0].weekday() in (0, 3) for visit in found)


def test_weekly_without_named_days_is_a_visit_in_each_calendar_week() -> None:
    found = days(start_on=SUNDAY, recurrence="weekly")
    assert found[0] == [SUNDAY]
    assert [len(visit) for visit in found] == [1, 7, 7, 7]


def test_biweekly_counts_calendar_weeks_from_the_start_date() -> None:
    found = days(start_on=TODAY - timedelta(days=7), recurrence="biweekly", weekdays=frozenset({2}))
    assert [visit[0] for visit in found] == [TODAY + timedelta(days=9), TODAY + timedelta(days=23)]
    open_days = days(start_on=SUNDAY, recurrence="biweekly")
    assert [visit[0] for visit in open_days] == [SUNDAY, TODAY + timedelta(days=14)]


def test_monthly_is_one_visit_in_each_calendar_month() -> None:
    found = days(start_on=TODAY, recurrence="monthly")
    assert [(visit[0], visit[-1]) for visit in found] == [
        (TODAY, date(2027, 1, 31)),
        (date(2027, 2, 1), date(2027, 2, 14)),
    ]


def test_days_before_today_and_after_the_end_are_left_out() -> None:
    found = days(
        start_on=TODAY - timedelta(days=3), end_on=TODAY + timedelta(days=1), recurrence="monthly"
    )
    assert found == [[TODAY, TODAY + timedelta(days=1)]]
    assert days(start_on=TODAY - timedelta(days=3)) == []


def test_starts_lie_on_quarters_inside_the_window() -> None:
    assert starts(need(time_from=550, time_to=625, duration_minutes=45)) == [555, 570]
    assert starts(need(time_from=600, time_to=630, duration_minutes=45)) == []
    usual = starts(need(time_from=None, time_to=None, duration_minutes=None))
    assert (usual[0], usual[-1], len(usual)) == (540, 960, 29)
    assert starts(need(time_from=600, time_to=640, duration_minutes=None)) == [600]


def test_an_unknown_recurrence_is_refused() -> None:
    with pytest.raises(ValueError, match="recurrence"):
        days(start_on=TODAY, recurrence="yearly")


@pytest.mark.parametrize("seed", range(40))
def test_visits_agree_with_an_independent_reading(seed: int) -> None:
    world: World = crowded_world(seed, 8, 1)
    for asked in world.needs:
        unfolded = [
            [(day, start) for day in visit for start in starts(asked)]
            for visit in visit_days(asked, TODAY, 28)
        ]
        assert unfolded == visits(asked, world)
