"""Offer waves: exact chances, the fewest people, the ranking kept wherever there is a choice."""

from itertools import combinations, product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.waves import (
    chance_by_rounds,
    chance_of_at_least,
    count_chances,
    share_of_target,
    smallest_wave,
)

CHANCE = st.floats(0.02, 0.98)
CHANCES = st.lists(CHANCE, min_size=1, max_size=8)
SEATS = st.integers(0, 4)
TARGET = st.floats(0.05, 0.99)


def enumerated(chances: list[float], seats: int) -> float:
    """The same chance, by looking at every way the answers can fall."""
    return sum(
        prod(p if yes else 1 - p for p, yes in zip(chances, answers, strict=True))
        for answers in product([True, False], repeat=len(chances))
        if sum(answers) >= seats
    )


@given(CHANCES, SEATS)
def test_chances_of_counts_are_exact(chances: list[float], seats: int) -> None:
    assert chance_of_at_least(chances, seats) == pytest.approx(enumerated(chances, seats))
    assert count_chances(chances).sum() == pytest.approx(1.0)


@given(CHANCES, SEATS, TARGET)
def test_no_smaller_group_of_the_candidates_reaches_the_target(
    chances: list[float], seats: int, target: float
) -> None:
    wave = smallest_wave(chances, seats, target)
    fewer = len(wave.asked) - 1 if wave.reached else len(chances)
    best = max(
        (
            chance_of_at_least(group, seats)
            for size in range(fewer + 1)
            for group in combinations(chances, size)
        ),
        default=0.0,
    )
    assert best < target
    assert wave.reached == (wave.chance >= target - 1e-12)


@given(CHANCES, SEATS, TARGET)
def test_of_all_smallest_groups_it_is_the_first_in_the_ranking(
    chances: list[float], seats: int, target: float
) -> None:
    wave = smallest_wave(chances, seats, target)
    if wave.reached:
        groups = combinations(range(len(chances)), len(wave.asked))
        assert wave.asked == next(
            group
            for group in groups
            if chance_of_at_least([chances[place] for place in group], seats) >= target - 1e-12
        )


@given(CHANCES, SEATS, TARGET, st.data())
def test_a_likelier_yes_never_means_asking_more_people(
    chances: list[float], seats: int, target: float, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(chances) - 1))
    better = [*chances]
    better[place] = data.draw(st.floats(chances[place], 1.0))
    assert len(smallest_wave(better, seats, target).asked) <= len(
        smallest_wave(chances, seats, target).asked
    )


@given(CHANCES, SEATS, TARGET, TARGET)
def test_more_seats_or_a_higher_target_never_mean_fewer_people(
    chances: list[float], seats: int, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    asked = len(smallest_wave(chances, seats, low).asked)
    assert asked <= len(smallest_wave(chances, seats, high).asked)
    assert asked <= len(smallest_wave(chances, seats + 1, low).asked)


@given(CHANCES, SEATS, TARGET, CHANCE)
def test_who_was_asked_already_counts(
    chances: list[float], seats: int, target: float, out: float
) -> None:
    alone = smallest_wave(chances, seats, target)
    helped = smallest_wave(chances, seats, target, waiting=[out])
    assert len(helped.asked) <= len(alone.asked)


@given(CHANCES, st.integers(1, 4), TARGET, st.integers(0, 8))
def test_never_more_than_may_be_asked(
    chances: list[float], seats: int, target: float, most: int
) -> None:
    wave = smallest_wave(chances, seats, target, most=most)
    assert len(wave.asked) <= most
    if not wave.reached:
        likeliest = sorted(chances, reverse=True)[:most]
        assert wave.chance == pytest.approx(chance_of_at_least(likeliest, seats))


def test_ties_go_to_the_higher_score() -> None:
    assert smallest_wave([0.4] * 6, 1, 0.9).asked == (0, 1, 2, 3, 4)
    assert smallest_wave([0.5, 0.9, 0.9], 1, 0.9).asked == (1,)


def test_nobody_is_asked_for_no_seat_and_nobody_stands_for_no_candidate() -> None:
    assert smallest_wave([0.5], 0, 0.9).asked == ()
    nobody = smallest_wave([], 1, 0.9)
    assert (nobody.asked, nobody.chance, nobody.reached) == ((), 0.0, False)


@given(CHANCES, st.integers(1, 3), TARGET, st.integers(2, 3))
def test_rounds_ask_fewer_at_first_and_still_reach_the_target(
    chances: list[float], seats: int, target: float, rounds: int
) -> None:
    first = smallest_wave(chances, seats, share_of_target(target, rounds))
    together = smallest_wave(chances, seats, target)
    assert len(first.asked) <= len(together.asked)
    by_the_end = chance_by_rounds(chances, seats, target, rounds)
    assert first.chance - 1e-9 <= by_the_end <= 1 + 1e-9


def test_two_rounds_of_many_candidates_reach_the_target() -> None:
    for seats in (1, 2, 3):
        assert chance_by_rounds([0.4] * 30, seats, 0.9, 2) >= 0.9


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan")])
def test_what_is_no_chance_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        smallest_wave([wrong], 1, 0.9)
