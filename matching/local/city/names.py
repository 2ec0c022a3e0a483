"""Names with their readings, as common in the region and in the year of birth."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from matching.local.city.draw import Draw

DATA = files("matching.local.city") / "data"


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name and its reading in katakana."""

    family: str
    given: str
    family_kana: str
    given_kana: str

    @property
    def full(self) -> str:
        return f"{self.family} {self.given}"

    @property
    def kana(self) -> str:
        return f"{self.family_kana} {self.given_kana}"


# People from abroad write their name in katakana on the registration card.
FOREIGN_NAMES: dict[str, Name] = {
    "vietnamese": Name("グエン", "ティ ラン", "グエン", "ティ ラン"),
    "chinese": Name("王", "美玲", "オウ", "ミレイ"),
    "english": Name("スミス", "エマ", "スミス", "エマ"),
}


def rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of one of the demonstration city's word lists."""
    with (DATA / name).open(encoding="utf-8") as sheet:
        yield from csv.DictReader(sheet)


_SURNAMES = tuple((row["name"], row["kana"]) for row in rows("surnames.csv"))
_SURNAME_WEIGHTS = tuple(float(row["weight"]) for row in rows("surnames.csv"))
_GIVEN = {
    (row["gender"], int(row["born_from"]), int(row["born_to"])): tuple(
        tuple(pair.split(":")) for pair in row["names"].split()
    )
    for row in rows("given_names.csv")
}


def draw_name(draw: Draw, gender: str, birth_year: int, family: Name | None = None) -> Name:
    """Draw a name that fits gender and year of birth, within a family when one is given."""
    if family:
        surname, surname_kana = family.family, family.family_kana
    else:
        surname, surname_kana = draw.weighted(_SURNAMES, _SURNAME_WEIGHTS)
    listed = gender if gender in ("F", "M") else draw.one(("F", "M"))
    given, given_kana = draw.one(_given_names(listed, birth_year))
    return Name(surname, given, surname_kana, given_kana)


def _given_names(gender: str, birth_year: int) -> tuple[tuple[str, ...], ...]:
    cohorts = sorted((key for key in _GIVEN if key[0] == gender), key=lambda key: key[1])
    fitting = [key for key in cohorts if key[1] <= birth_year] or cohorts[:1]
    return _GIVEN[fitting[-1]]
