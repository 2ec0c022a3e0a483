"""Who a notice is for and what can be put up; against tables by hand."""

from datetime import date, timedelta

import pytest

from matching.kernel.actor import PUBLIC, Actor
from matching.kernel.errors import Invalid
from matching.noticeboard import rules
from matching.noticeboard.rules import NoticeEntry, audiences_of, check_notice

TODAY = date(2026, 11, 23)
YEAR = timedelta(days=366)
DAY = timedelta(days=1)
READERS = {
    "volunteer": "volunteers",
    "requester": "residents",
    "welfare_commissioner": "commissioners",
    "center_manager": "desk",
    "coordinator": "desk",
    "branch_staff": "desk",
    "intake_clerk": "desk",
}


def entry(**settings: object) -> NoticeEntry:
    words = {"text_ja": "休みます", "text_easy": "休（やす）みます", "text_en": "Closed"}
    usual = {"audience": "all", "area_code": None, "starts_on": TODAY, "ends_on": TODAY, **words}
    return NoticeEntry(**usual | settings)  # type: ignore[arg-type]


def check(**settings: object) -> tuple[str, str | None] | None:
    try:
        check_notice(entry(**settings), {"daito"}, TODAY)
    except Invalid as refused:
        return str(refused), refused.field
    return None


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"area_code": "daito"},
        {"text_ja": "あ" * 300},
        {"starts_on": TODAY - YEAR},
        {"ends_on": TODAY + YEAR},
        *({"audience": code} for code in ("volunteers", "residents", "commissioners", "desk")),
    ],
)
def test_what_can_be_put_up(settings: dict[str, object]) -> None:
    assert check(**settings) is None


@pytest.mark.parametrize(
    ("settings", "said", "field"),
    [
        ({"audience": "dogs"}, rules.NO_AUDIENCE, "audience"),
        ({"area_code": "tokyo"}, rules.NO_AREA, "area_code"),
        ({"text_ja": " "}, rules.NO_TEXT, "text_ja"),
        ({"text_easy": "　"}, rules.NO_TEXT, "text_easy"),
        ({"text_en": "x" * 301}, rules.TOO_LONG, "text_en"),
        ({"starts_on": TODAY - YEAR - DAY}, rules.TOO_EARLY, "starts_on"),
        ({"starts_on": TODAY + 2 * DAY, "ends_on": TODAY + DAY}, rules.WRONG_TIME, "ends_on"),
        ({"starts_on": TODAY - 9 * DAY, "ends_on": TODAY - DAY}, rules.TOO_LATE, "ends_on"),
        ({"ends_on": TODAY + YEAR + DAY}, rules.TOO_FAR, "ends_on"),
    ],
)
def test_what_cannot_be_put_up_says_so_at_its_field(
    settings: dict[str, object], said: str, field: str
) -> None:
    assert check(**settings) == (said, field)


def test_readers_see_what_is_for_all_and_for_them() -> None:
    assert audiences_of(PUBLIC) == ("all",)
    for role, audience in READERS.items():
        assert audiences_of(Actor(account_id=1, roles=(role,))) == ("all", audience)
    both = Actor(account_id=1, roles=("volunteer", "requester"))
    assert audiences_of(both) == ("all", "volunteers", "residents")
