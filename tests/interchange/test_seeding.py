"""A seed makes the same beginning once, and says where it is wrong."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyotp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.interchange.seed_shape import SeedError, read_seed
from matching.interchange.seeding import sow
from matching.kernel.actor import SYSTEM
from matching.people import second_factors
from matching.people.models import Account, Block, Role


@pytest.fixture
def example(checkout: Path) -> dict[str, Any]:
    found = json.loads((checkout / "docs/examples/seed.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_example_makes_its_rows_once(
    session: Session, now: datetime, example: dict[str, Any]
) -> None:
    first = sow(session, read_seed(example), SYSTEM, now)
    assert first == {
        "areas": 0,
        "districts": 0,
        "people": 2,
        "volunteers": 1,
        "needs": 1,
        "accounts": 3,
        "blocks": 1,
    }
    assert not any(sow(session, read_seed(example), SYSTEM, now).values())
    haru = session.scalars(select(Account).where(Account.login == "haru")).one()
    assert haru.person_id == session.scalars(select(Block.person_id)).one()
    term = session.scalars(select(Role).where(Role.district_code.is_not(None))).one()
    assert str(term.ends_on) == "2028-11-30"


@pytest.mark.parametrize(
    ("seed", "place"),
    [
        ([], "one object"),
        ({"cats": []}, "cats"),
        ({"people": {}}, "people"),
        ({"people": [{"id": "a"}]}, "people[0].name"),
        ({"people": [{"id": "a", "name": "x", "colour": 1}]}, "people[0].colour"),
    ],
)
def test_a_wrong_shape_is_named_by_its_place(seed: Any, place: str) -> None:
    with pytest.raises(SeedError) as refused:
        read_seed(seed)
    assert place in str(refused.value)


@pytest.mark.parametrize(
    ("seed", "place"),
    [
        ({"people": [{"id": "a", "name": "x", "birth_date": "昨日"}]}, "people[0].birth_date"),
        ({"accounts": [{"login": "a", "password": "p" * 20, "role": "king"}]}, "accounts[0].role"),
        ({"blocks": [{"person": "who", "other": "x"}]}, "blocks[0]"),
        ({"needs": [{"need_id": "R8-1", "title": "x"}]}, "needs[0]"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(
    session: Session, now: datetime, seed: Any, place: str
) -> None:
    with pytest.raises(SeedError) as refused:
        sow(session, read_seed(seed), SYSTEM, now)
    assert place in str(refused.value)


def test_a_seeded_app_gives_the_codes_that_open(session: Session, now: datetime) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    told = {"login": "iri", "password": "a long enough one", "role": "coordinator", "totp": secret}
    sow(session, read_seed({"accounts": [told]}), SYSTEM, now)
    iri = session.scalars(select(Account).where(Account.login == "iri")).one()
    assert iri.factor_since == now
    code = pyotp.TOTP(secret).at(now)
    assert second_factors.check_code(session, iri.id, code, now)
    assert not second_factors.check_code(session, iri.id, code, now)


@pytest.mark.parametrize("secret", ["JBSWY3DPEHPK3PXP", "not base32 !", "1" * 32])
def test_a_seed_with_a_wrong_secret_is_refused(
    session: Session, now: datetime, secret: str
) -> None:
    told = {"login": "iri", "password": "a long enough one", "role": "coordinator", "totp": secret}
    with pytest.raises(SeedError, match="totp"):
        sow(session, read_seed({"accounts": [told]}), SYSTEM, now)
