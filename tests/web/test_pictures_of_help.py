"""Pictured choices agree with the catalogue: none left out, nothing refused is offered."""

import pytest
from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient

from matching.catalogue.reference import CATEGORIES, CATEGORY_BY_CODE

FORMS = [("/needs/new?all=1", "category"), ("/register/volunteer?all=1", "categories")]


def boxes(client: FlaskClient, path: str, name: str) -> list[Tag]:
    page = BeautifulSoup(client.get(path).data, "html.parser")
    return page.select(f"input[name={name}]")


@pytest.mark.parametrize(("path", "name"), FORMS)
def test_every_accepted_kind_of_help_can_be_chosen_once(
    client: FlaskClient, path: str, name: str
) -> None:
    offered = [str(box["value"]) for box in boxes(client, path, name)]
    accepted = [category.code for category in CATEGORIES if category.accepted]
    assert sorted(offered) == sorted(accepted)


@pytest.mark.parametrize(("path", "name"), FORMS)
def test_a_card_shows_the_picture_of_the_catalogue(
    client: FlaskClient, path: str, name: str
) -> None:
    cards = {
        str(box["value"]): use["href"]
        for box in boxes(client, path, name)
        if box.parent is not None
        for use in box.parent.select("use")
    }
    assert len(cards) >= 20
    for code, href in cards.items():
        assert str(href).rpartition("#")[2] == CATEGORY_BY_CODE[code].icon
