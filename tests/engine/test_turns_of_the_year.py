"""Series across the end of a year, of a fiscal year, and a day that exists every four years."""

import itertools
from datetime import date

import pytest

from matching.engine import NeedInput
from matching.engine.visits import visit_days


def days(recurrence: str, start_on: date, today: date, **more: object) -> list[list[date]]:
    need = NeedInput(
        need_id="N1",
        category="talk",
        start_on=start_on,
        recurrence=recurrence,
        **more,  # type: ignore[arg-type]
    )
    return visit_days(need, today, 28)


@pytest.mark.parametrize("turn", [date(2026, 12, 31), date(2027, 3, 31), date(2028, 2, 29)])
def test_a_weekly_series_goes_on_with_the_same_weekday(turn: date) -> None:
    first = turn.fromordinal(turn.toordinal() - 7)
    found = days("weekly", first, first, weekdays=frozenset({turn.weekday()}))
    assert [turn] in found
    gaps = {
        later[0].toordinal() - sooner[0].toordinal() for sooner, later in itertools.pairwise(found)
    }
    assert gaps == {7}


@pytest.mark.parametrize("turn", [date(2026, 12, 31), date(2027, 3, 31), date(2028, 2, 29)])
def test_a_series_every_other_week_does_not_slip_over_the_turn(turn: date) -> None:
    first = turn.fromordinal(turn.toordinal() - 14)
    found = days("biweekly", first, first, weekdays=frozenset({turn.weekday()}))
    assert [first] in found and [turn] in found
    assert all(
        later[0].toordinal() - sooner[0].toordinal() == 14
        for sooner, later in itertools.pairwise(found)
    )


def test_a_monthly_series_has_one_visit_a_month_and_february_its_last_day() -> None:
    found = days("monthly", date(2028, 2, 10), date(2028, 2, 10))
    assert [each[0].month for each in found] == [2, 3]
    assert found[0][-1] == date(2028, 2, 29)
    over = days("monthly", date(2026, 12, 20), date(2026, 12, 20))
    assert [(each[0].year, each[0].month) for each in over] == [(2026, 12), (2027, 1)]
