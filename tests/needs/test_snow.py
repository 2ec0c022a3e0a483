"""BR-21: snow is cleared from December to March, and while it is light."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matching.activities.rescheduling import Time, move_visit
from matching.coordination import loading
from matching.coordination.placing import Choice, check_light
from matching.kernel import clock
from matching.kernel.errors import Conflict, Invalid
from matching.needs.triaging import Decision, triage
from tests import factories
from tests.activities.conftest import confirmed


@pytest.mark.parametrize(("on", "window", "said"), [
    (date(2026, 11, 27), (540, 720), "12月1日から3月31日まで"),
    (date(2026, 12, 7), (960, 1080), "12月は7:00から16:00まで"),
])  # fmt: skip
def test_triage_does_not_take_on_what_never_could_be(
    session: Session, now: datetime, on: date, window: tuple[int, int], said: str
) -> None:
    need = factories.need(
        session, now, category_code="snow_removal", start_on=on, state="received",
        from_minute=window[0], to_minute=window[1],
    )  # fmt: skip
    boss = factories.actor(session, "coordinator")
    decision = Decision("accept", "", "候補をさがす", None, need.version)
    with pytest.raises(Invalid, match=said):
        triage(session, need.reference, decision, boss, now)


def test_the_plan_keeps_to_season_and_daylight_and_so_does_moving(
    session: Session, now: datetime
) -> None:
    boss = factories.actor(session, "coordinator")
    factories.volunteer(
        session, now, categories=("snow_removal",),
        slots=tuple((day, 360, 1200) for day in range(7)),
    )  # fmt: skip
    need = factories.need(
        session, now, category_code="snow_removal", start_on=date(2026, 11, 24),
        end_on=date(2026, 12, 11), recurrence="as_needed", from_minute=360, to_minute=1140,
    )  # fmt: skip
    need.min_headcount = 1
    standing = loading.read_standing(session, clock.local_date(now))
    [ask] = loading.ask_anew(session, standing, need.id).problem.asks
    assert ask.input.dates_off == {date(2026, 11, 24) + timedelta(days=n) for n in range(7)}
    assert (ask.input.time_from, ask.input.time_to) == (420, 960)
    assert (int(min(ask.start)), int(max(ask.start))) == (420, 900)
    with pytest.raises(Conflict, match="3月31日まで"):
        check_light(need, Choice(date(2026, 11, 25), 540), 60)
    need.start_on = date(2026, 12, 1)
    visit = confirmed(session, need, boss, now)
    with pytest.raises(Conflict, match="明るい時間"):
        move_visit(session, visit.id, Time(date(2026, 12, 2), 945), boss, now)


def test_a_window_that_is_all_dark_has_no_visits(session: Session, now: datetime) -> None:
    need = factories.need(
        session, now, category_code="snow_removal", start_on=date(2026, 12, 7),
        from_minute=960, to_minute=1080,
    )  # fmt: skip
    standing = loading.read_standing(session, clock.local_date(now))
    [ask] = loading.ask_anew(session, standing, need.id).problem.asks
    assert ask.visits == 0
