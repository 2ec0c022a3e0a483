"""By which channel somebody is reached, how long is waited after a failure; tables by hand."""

from datetime import timedelta

import pytest

from matching.messaging import rules

EVERY = ("line", "mail", "web", "sms")


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (90, 60)]
)
def test_the_pause_doubles_up_to_an_hour(attempts: int, minutes: int) -> None:
    assert rules.pause_after(attempts) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("times", "seconds"), [(1, 30), (2, 60), (3, 120), (5, 480), (6, 600), (7, 600), (90, 600)]
)
def test_a_gateway_that_is_away_is_left_alone_for_longer_and_longer(
    times: int, seconds: int
) -> None:
    assert rules.away_for(times) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("kind", "wanted", "usable", "tried", "channel"),
    [
        ("offer", "email", EVERY, (), "mail"),
        ("offer", "mail", EVERY, (), "mail"),
        ("offer", "line", EVERY, (), "line"),
        ("offer", "sms", EVERY, (), "sms"),
        ("offer", "web", EVERY, (), "web"),
        ("offer", "phone", EVERY, (), "phone"),
        ("offer", "fax", EVERY, (), "letter"),
        ("offer", "post", (), (), "letter"),
        ("offer", "fax", EVERY, ("letter",), "line"),
        ("offer", None, EVERY, (), "line"),
        ("offer", None, ("web", "mail"), (), "mail"),
        ("offer", None, ("web",), (), "web"),
        ("offer", "mail", EVERY, ("mail",), "line"),
        ("offer", "mail", EVERY, ("mail", "line"), "web"),
        ("offer", "mail", EVERY, ("mail", "line", "web"), "phone"),
        ("offer", None, ("sms",), (), "phone"),
        ("offer", None, (), (), "phone"),
        ("report_reminder", None, (), (), None),
        ("report_reminder", "phone", EVERY, (), "web"),
        ("report_reminder", "phone", ("mail",), (), None),
        ("visit_reminder", None, ("sms",), (), None),
    ],
)
def test_the_wanted_channel_comes_first_and_a_call_last(
    kind: str, wanted: str | None, usable: tuple[str, ...], tried: tuple[str, ...],
    channel: str | None,
) -> None:  # fmt: skip
    assert rules.choose(kind, wanted, usable, tried) == channel


#               priority, hours it is news, whether somebody is called, who is told
KINDS = {
    "called_off": (2, 48, False, "volunteer"),
    "coming_off": (2, 48, False, "resident"),
    "cancelled": (2, 48, True, "volunteer"),
    "changed": (2, 168, True, "volunteer"),
    "coming_changed": (2, 168, True, "resident"),
    "coming_elsewhere": (2, 168, True, "resident"),
    "confirmed": (3, 168, True, "volunteer"),
    "coming": (3, 168, True, "resident"),
    "may_come": (3, 72, False, "resident"),
    "offer": (3, 168, True, "volunteer"),
    "visit_reminder": (3, 24, False, "volunteer"),
    "offer_reminder": (4, 48, False, "volunteer"),
    "waitlisted": (4, 72, True, "volunteer"),
    "not_needed": (5, 72, True, "volunteer"),
    "report_reminder": (5, 96, False, "volunteer"),
    "thanks": (5, 336, False, "volunteer"),
}


def test_every_kind_is_in_the_table() -> None:
    assert set(rules.KINDS) == set(KINDS)


def test_a_message_moves_only_along_the_table_written_by_hand() -> None:
    assert {state: set(after) for state, after in rules.TRANSITIONS.items()} == {
        "waiting": {"waiting", "sent", "parked", "dropped"},
        "sent": {"waiting", "bounced"},
        "parked": {"waiting", "dropped"},
        "bounced": set(),
        "dropped": set(),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_as_urgent_and_as_long_news_as_agreed(kind: str) -> None:
    found = rules.KINDS[kind]
    hours = found.good_for / timedelta(hours=1)
    assert (found.priority, hours, found.called, found.to) == KINDS[kind]


def test_channels_states_and_budgets_are_those_agreed() -> None:
    assert set(rules.CHANNELS) == {*EVERY, "letter", "phone"}
    assert set(rules.GATEWAYS) | set(rules.BY_HAND) | {"web"} == set(rules.CHANNELS)
    assert set(rules.GATEWAYS) == {"mail", "line", "sms"}
    assert set(rules.STATES) == {"waiting", "sent", "bounced", "parked", "dropped"}
    assert set(rules.METHODS) == {"email", "mail", "line", "sms", "web", "phone", "fax", "post"}
    assert (rules.MOST_A_DAY, rules.CAN_WAIT, rules.MOST_ATTEMPTS, rules.LONGEST_SMS) == (
        4, 4, 8, 70)  # fmt: skip
