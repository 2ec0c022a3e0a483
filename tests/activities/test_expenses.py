"""Real outlay only, checked by somebody else; cash only when shopping, with its receipt."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from matching.activities.expenses import Cash, Outlay, claim, decide, keep_cash, list_claims
from matching.coordination.cancelling import cancel
from matching.coordination.models import Placement
from matching.kernel.actor import Actor
from matching.kernel.errors import Conflict, Invalid, NotFound
from matching.needs.models import Need
from tests import factories
from tests.activities.conftest import Kinds


def test_an_outlay_is_claimed_given_back_mended_approved_and_paid(
    session: Session, visit: Placement, giver: Actor, coordinator: Actor, open_kinds: Kinds
) -> None:
    at = visit.ends_at
    row = claim(session, visit.id, Outlay("fuel", km=12), giver, at)
    assert (row.yen, open_kinds()) == (240, {"expense"})
    with pytest.raises(Conflict, match="もう受け付けて"):
        claim(session, visit.id, Outlay("fuel", km=12), giver, at)
    decide(session, row.id, "returned", coordinator, at)
    claim(session, visit.id, Outlay("fuel", km=10), giver, at)
    decide(session, row.id, "approved", coordinator, at)
    assert open_kinds() == set()
    assert [each.yen for each in list_claims(session, coordinator)] == [200]
    decide(session, row.id, "paid", coordinator, at)
    with pytest.raises(Conflict):
        decide(session, row.id, "approved", coordinator, at)


def test_nobody_approves_what_they_claimed_and_no_branch_the_others(
    session: Session, visit: Placement, coordinator: Actor
) -> None:
    row = claim(session, visit.id, Outlay("fare", yen=300), coordinator, visit.ends_at)
    with pytest.raises(Conflict, match="別の方"):
        decide(session, row.id, "approved", coordinator, visit.ends_at)
    elsewhere = factories.actor(session, "branch_staff", area="daito")
    with pytest.raises(NotFound):
        decide(session, row.id, "approved", elsewhere, visit.ends_at)


@pytest.mark.parametrize(
    ("outlay", "says"),
    [
        (Outlay("fuel"), "距離"),
        (Outlay("fuel", km=-1), "距離"),
        (Outlay("fuel", km=301), "距離"),
        (Outlay("fare", yen=0), "金額"),
        (Outlay("fare", yen=5001), "金額"),
        (Outlay("materials", yen=500), "領収書"),
        (Outlay("wage", yen=500), "何に"),
        (Outlay("fare", yen=300, payer="king"), "何に"),
    ],
)
def test_what_is_no_outlay_is_refused(
    session: Session, visit: Placement, giver: Actor, outlay: Outlay, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        claim(session, visit.id, outlay, giver, visit.ends_at)


def test_nothing_is_claimed_before_the_day_or_for_a_visit_called_off(
    session: Session, visit: Placement, giver: Actor, coordinator: Actor, now: datetime
) -> None:
    with pytest.raises(Invalid, match="活動の日から"):
        claim(session, visit.id, Outlay("fuel", km=5), giver, now)
    cancel(session, visit.id, "雪", coordinator, now)
    with pytest.raises(Conflict, match="取りやめ"):
        claim(session, visit.id, Outlay("fuel", km=5), giver, visit.ends_at)


def test_a_shopping_purse_balances_with_its_receipt(
    session: Session, visit: Placement, giver: Actor
) -> None:
    """BR-23."""
    with pytest.raises(Invalid, match="返した金額"):
        keep_cash(session, visit.id, Cash(5000, 3000, 1000, True), giver, visit.ends_at)
    with pytest.raises(Invalid, match="領収書"):
        keep_cash(session, visit.id, Cash(5000, 3000, 2000, False), giver, visit.ends_at)
    with pytest.raises(Invalid, match="上限"):
        keep_cash(session, visit.id, Cash(10001, 10001, 0, True), giver, visit.ends_at)
    keep_cash(session, visit.id, Cash(5000, 3000, 2000, True), giver, visit.ends_at)
    with pytest.raises(Conflict):
        keep_cash(session, visit.id, Cash(5000, 3000, 2000, True), giver, visit.ends_at)


def test_no_money_is_taken_along_for_anything_but_shopping(
    session: Session, visit: Placement, giver: Actor
) -> None:
    """BR-23."""
    session.get_one(Need, visit.need_id).category_code = "talk"
    session.flush()
    with pytest.raises(Invalid, match="買い物の活動だけ"):
        keep_cash(session, visit.id, Cash(1000, 0, 1000, False), giver, visit.ends_at)
