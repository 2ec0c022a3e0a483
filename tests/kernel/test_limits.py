"""Allowances are spent together or not at all, given back with time, and exact in a crowd."""

import threading
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from matching.kernel.limits import Limit, forget_whole, give_back, network, spend

FEW = Limit("few", 3, timedelta(minutes=3))
MANY = Limit("many", 100, timedelta(minutes=3))


def test_an_allowance_comes_back_bit_by_bit(session: Session, now: datetime) -> None:
    assert [spend(session, [(FEW, "a")], now) for _ in range(4)] == [None, None, None, FEW]
    assert spend(session, [(FEW, "b")], now) is None
    later = now + timedelta(minutes=1)
    assert spend(session, [(FEW, "a")], later) is None
    assert spend(session, [(FEW, "a")], later) is FEW


def test_what_is_refused_costs_nothing_elsewhere(session: Session, now: datetime) -> None:
    for _ in range(3):
        spend(session, [(FEW, "a")], now)
    for _ in range(200):
        assert spend(session, [(MANY, "x"), (FEW, "a")], now) is FEW
    assert spend(session, [(MANY, "x")], now) is None


def test_a_clock_that_goes_back_locks_nobody_out(session: Session, now: datetime) -> None:
    """A host a day ahead, set right again: the allowance begins anew, and is not endless."""
    tomorrow = now + timedelta(days=1)
    assert [spend(session, [(FEW, "a")], tomorrow) for _ in range(4)] == [None, None, None, FEW]
    assert [spend(session, [(FEW, "a")], now) for _ in range(4)] == [None, None, None, FEW]


def test_what_was_right_is_given_back(session: Session, now: datetime) -> None:
    for _ in range(20):
        assert spend(session, [(FEW, "a")], now) is None
        give_back(session, [(FEW, "a")])


def test_a_crowd_gets_exactly_the_allowance(engine: Engine, now: datetime) -> None:
    let_in = []

    def one() -> None:
        with Session(engine) as session:
            if spend(session, [(FEW, "a"), (MANY, "x")], now) is None:
                let_in.append(1)
            session.commit()

    crowd = [threading.Thread(target=one) for _ in range(12)]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert len(let_in) == 3


def test_whole_allowances_are_forgotten(session: Session, now: datetime) -> None:
    spend(session, [(FEW, "a")], now)
    assert forget_whole(session, now) == 0
    assert forget_whole(session, now + timedelta(minutes=2)) == 1


def test_neighbours_share_a_network() -> None:
    assert network("192.0.2.7") == network("192.0.2.200") == "192.0.2.0/24"
    assert network("2001:db8::1") == network("2001:db8::ffff:1") != network("2001:db8:0:1::1")
    assert network("not an address") == "not an address"
