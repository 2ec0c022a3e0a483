"""What the score says: whole points that add up, fair to the busy, never against a decline."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matching.engine import FACTORS, STANDARD, Options, PastOffer, rank, weights_from

from .samples import HOME, MORNINGS, TODAY, World, crowded_world, need, volunteer


def score(world: World, volunteer_id: str = "V1") -> int:
    found = rank(world.problem())["N1"].candidates
    return next(c.score for c in found if c.volunteer_id == volunteer_id)


def offer(days_ago: int, **values: object) -> PastOffer:
    usual = {"volunteer_id": "V1", "person_id": "other", "response": "accepted"}
    return PastOffer(offered_on=TODAY - timedelta(days=days_ago), **{**usual, **values})


@pytest.mark.parametrize("seed", range(20))
def test_factors_add_up_to_a_score_between_0_and_1000(seed: int) -> None:
    for found in rank(crowded_world(seed, 5, 6).problem()).values():
        scores = [c.score for c in found.candidates]
        assert scores == sorted(scores, reverse=True)
        for candidate in found.candidates:
            assert tuple(candidate.factors) == FACTORS
            assert sum(candidate.factors.values()) == candidate.score
            assert 0 <= candidate.score <= 1000
            assert all(
                0 <= points <= STANDARD.points[name] for name, points in candidate.factors.items()
            )


def test_only_the_best_are_listed_and_ties_go_to_the_lowest_number() -> None:
    people = [volunteer(f"V{number}") for number in range(12, 0, -1)]
    found = rank(World([need()], people).problem(), top=3)["N1"]
    assert [c.volunteer_id for c in found.candidates] == ["V1", "V2", "V3"]
    assert found.eligible == 12


@pytest.mark.parametrize("outcome", ["", "completed", "cancelled_by_volunteer"])
def test_more_recent_load_never_raises_the_score(outcome: str) -> None:
    history: list[PastOffer] = []
    last = score(World([need()], [volunteer()]))
    for days_ago in (80, 40, 20, 10, 5, 2, 1, 0):
        history.append(offer(days_ago, outcome=outcome))
        now = score(World([need()], [volunteer()], history=history))
        assert now <= last
        last = now


def test_a_decline_never_lowers_the_score() -> None:
    for history in ([], [offer(10, outcome="completed")]):
        plain = World([need()], [volunteer()], history=history)
        declined = World([need()], [volunteer()], history=[*history, offer(1, response="declined")])
        assert score(declined) == score(plain)
    asked = World([need()], [volunteer()], history=[offer(1, response="no_answer")])
    answered = World([need()], [volunteer()], history=[offer(1, response="declined")])
    assert score(answered) >= score(asked)


def test_somebody_who_was_here_before_and_was_liked_comes_first() -> None:
    liked = offer(60, volunteer_id="V2", person_id="N1", outcome="completed")
    people = [volunteer("V1"), volunteer("V2")]
    found = rank(World([need()], people, history=[liked]).problem())["N1"].candidates
    assert found[0].volunteer_id == "V2"
    unhappy = replace(liked, satisfied=False)
    found = rank(World([need()], people, history=[unhappy]).problem())["N1"].candidates
    assert all(c.factors["continuity"] == 0 for c in found)


def test_nearer_is_better_all_else_equal() -> None:
    people = [volunteer(f"V{n}", lat=HOME[0] + n / 100) for n in range(5)]
    found = rank(World([need()], people).problem())["N1"].candidates
    assert [c.volunteer_id for c in found] == [f"V{n}" for n in range(5)]
    assert [c.travel_minutes for c in found] == sorted(c.travel_minutes for c in found)
    assert found[0].travel_minutes == 5
    assert found[1].km == pytest.approx(1.112, abs=0.001)


def test_more_of_the_asked_time_is_better() -> None:
    asked = need(time_from=540, time_to=1020)
    people = [volunteer("V1", availability=MORNINGS), volunteer("V2")]
    assert rank(World([asked], people).problem())["N1"].candidates[0].volunteer_id == "V2"


def test_shared_topics_and_wishes_count_where_they_were_asked_for() -> None:
    asked = need(topics=frozenset({"go", "dialect"}), wishes=frozenset({"quiet"}))
    person = volunteer(topics=frozenset({"go"}), traits=frozenset({"quiet"}))
    factors = rank(World([asked], [person]).problem())["N1"].candidates[0].factors
    assert (factors["shared"], factors["wishes"]) == (25, 50)


def test_custom_weights_keep_the_sum_and_change_the_order() -> None:
    weights = weights_from({name: 1 if name == "distance" else 0 for name in FACTORS})
    assert weights.points["distance"] == 1000
    world = World([need()], [volunteer()], options=Options(today=TODAY, weights=weights))
    assert score(world) == 1000
    assert sum(weights_from({"distance": 1 / 3}).points.values()) == 1000


@pytest.mark.parametrize("shares", [{"luck": 1}, {"distance": -1}, dict.fromkeys(FACTORS, 0)])
def test_weights_that_make_no_sense_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"factor|Weights"):
        weights_from(shares)
