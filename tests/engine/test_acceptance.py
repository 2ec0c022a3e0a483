"""The forecast of a yes: learned when there is enough to learn from, calibrated, never a mark."""

import random
from dataclasses import fields, replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import PastOffer, rank
from matching.engine.acceptance import (
    ANSWERS_FOR_A_KIND,
    Answer,
    Asking,
    enough,
    forecast,
    known_categories,
    learn,
    prior_model,
)
from matching.engine.calibration import calibrate, train
from matching.engine.logistic import fit_logistic, sigmoid

from .samples import TODAY, crowded_world


def answers_of(count: int, seed: int = 1, *, far: float = -1.0) -> list[Answer]:
    """Answers that follow a known law: six of ten for shopping, far away less."""
    dice = random.Random(seed)
    found = []
    for number in range(count):
        category = dice.choice(["shopping", "talk"])
        km = dice.uniform(0, 20)
        odds = (0.4 if category == "shopping" else -0.6) + far * np.log((1 + km) / 6)
        asking = Asking(
            category=category,
            km=km,
            weekday=dice.randrange(7),
            minutes=dice.choice([540, 840, 1080]),
            lead_days=dice.randrange(1, 20),
            load=dice.randrange(4),
            own_yes=dice.randrange(5),
        )
        found.append(Answer(f"V{number % 40}", asking, dice.random() < 1 / (1 + np.exp(-odds))))
    return found


def test_newton_finds_the_place_where_the_slope_is_zero() -> None:
    dice = np.random.default_rng(1)
    rows, yes = dice.normal(size=(200, 4)), (dice.random(200) < 0.3).astype(float)
    mean, precision = np.array([0.2, 0, 0, 0.0]), np.array([1.0, 4, 4, 4])
    found = fit_logistic(rows, yes, mean, precision)
    slope = rows.T @ (sigmoid(rows @ found.mean) - yes) + precision * (found.mean - mean)
    assert np.abs(slope).max() < 1e-8
    assert np.allclose(found.covariance, found.covariance.T)
    assert np.linalg.eigvalsh(found.covariance).min() > 0


def test_without_answers_four_of_ten_say_yes_and_nobody_is_sure() -> None:
    model, calibration = train([])
    [chance] = forecast(model, [Asking(category="shopping", km=3.0)])
    assert chance.p == pytest.approx(0.40)
    assert chance.low < 0.2
    assert chance.high > 0.6
    assert not model.learned
    assert calibration is None


def test_too_few_answers_or_answers_all_alike_teach_nothing() -> None:
    few = answers_of(59)
    alike = [each._replace(yes=True) for each in answers_of(400)]
    for answers in (few, alike):
        model, _ = train(answers)
        assert not model.learned
        assert model.answers == len(answers)
        assert forecast(model, [Asking(km=30.0)])[0].p == pytest.approx(0.40)


def test_a_known_law_is_found_again_and_kept_promises_show_in_the_table() -> None:
    model, calibration = train(answers_of(3000))
    assert calibration is not None
    near, far, talk = forecast(
        model,
        [
            Asking(category="shopping", km=1.0),
            Asking(category="shopping", km=15.0),
            Asking(category="talk", km=1.0),
        ],
    )
    assert near.p == pytest.approx(1 / (1 + np.exp(-0.4 - np.log(3))), abs=0.07)
    assert far.p < talk.p < near.p
    assert near.low < near.p < near.high
    assert calibration.gap < 0.04
    assert calibration.log_loss < calibration.log_loss_share < calibration.log_loss_prior + 0.1
    observed = [each.observed for each in calibration.bins]
    assert observed == sorted(observed)


def test_where_there_is_nothing_to_learn_effects_stay_small() -> None:
    dice = random.Random(7)
    noise = [each._replace(yes=dice.random() < 0.45) for each in answers_of(400)]
    model, calibration = train(noise)
    assert calibration is not None
    assert model.spread <= 0.25
    assert calibration.log_loss < calibration.log_loss_share + 0.01
    assert all(0.3 < chance.p < 0.6 for chance in forecast(model, [a.asking for a in noise]))


def test_more_answers_make_the_forecast_surer() -> None:
    asking = Asking(category="shopping", km=5.0)
    widths = [
        chance.high - chance.low
        for count in (100, 400, 1600)
        for chance in forecast(learn(answers_of(count), 0.5), [asking])
    ]
    assert widths[0] > widths[1] > widths[2]


def test_the_same_answers_in_the_same_order_give_the_same_bytes() -> None:
    answers = answers_of(500)
    one, other = train(answers)[0], train(answers)[0]
    assert one.posterior.mean.tobytes() == other.posterior.mean.tobytes()
    assert one.posterior.covariance.tobytes() == other.posterior.covariance.tobytes()


def test_a_kind_that_few_people_answered_has_no_effect_of_its_own() -> None:
    few = [Answer(f"V{n % 4}", Asking(category="snow_roof"), False) for n in range(40)]
    rare = [Answer(f"V{n}", Asking(category="tea"), True) for n in range(ANSWERS_FOR_A_KIND - 1)]
    assert known_categories([*answers_of(300), *few, *rare]) == ("shopping", "talk")


def test_no_input_of_the_forecast_counts_declines() -> None:
    assert {field.name for field in fields(Asking)} == {
        *("category", "km", "weekday", "minutes", "lead_days", "load", "own_yes")
    }


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 3), st.integers(1, 5), st.integers(0, 170))
def test_adding_declines_to_a_history_never_lowers_score_or_rank(
    seed: int, place: int, declines: int, days_ago: int
) -> None:
    world = crowded_world(seed % 50, 4, 6)
    who = world.volunteers[place].volunteer_id
    extra = PastOffer(
        volunteer_id=who,
        person_id=world.needs[seed % 4].need_id,
        offered_on=TODAY - timedelta(days=days_ago),
        response="declined",
    )
    declined = replace(world, history=[*world.history, *[extra] * declines])
    before, after = rank(world.problem()), rank(declined.problem())
    for need_id, ranked in before.items():
        for number, candidate in enumerate(ranked.candidates):
            if candidate.volunteer_id == who:
                then = after[need_id].candidates
                assert [c.volunteer_id for c in then].index(who) <= number
                assert then[number].score >= candidate.score


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 60), st.sampled_from(["shopping", "talk"]))
def test_who_declined_is_forecast_like_everybody_else_who_is_asked_the_same(
    declines: int, category: str
) -> None:
    asking = Asking(category=category, km=4.0, weekday=2, minutes=600, lead_days=5, own_yes=1)
    model = learn([*answers_of(300), *[Answer("V1", asking, False)] * declines], 0.5)
    everybody = forecast(model, [replace(asking), *[asking] * 5])
    assert len(set(everybody)) == 1
    assert forecast(model, [asking]) == everybody[:1]


@given(st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=1, max_size=60))
def test_the_bins_hold_every_offer_once(pairs: list[tuple[float, bool]]) -> None:
    found = calibrate(np.array([p for p, _ in pairs]), np.array([float(yes) for _, yes in pairs]))
    assert sum(each.offers for each in found.bins) == len(pairs)
    assert 0 <= found.gap <= 1


def test_enough_means_answers_of_both_kinds() -> None:
    assert enough(answers_of(200))
    assert not enough(answers_of(20))
    assert prior_model(answers_of(20)).answers == 20
