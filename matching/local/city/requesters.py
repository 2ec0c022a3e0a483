"""Who asks: the person supported, the one who calls for them, and how it reached the centre."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matching.local.city.commissioners import district_of_commissioner
from matching.local.city.draw import Draw
from matching.local.city.homes import Home, Homes, Phones
from matching.local.city.names import Name, draw_name
from matching.local.city.templates import Template
from matching.places.tables import DISTRICT_BY_CODE

# Ways in which residents' needs arrive, as cards in a deck: channel and relation of the caller.
WAYS: dict[tuple[str, str], int] = {
    ("phone", "self"): 14,
    ("counter", "self"): 6,
    ("web", "self"): 3,
    ("phone", "child"): 6,
    ("web", "child"): 3,
    ("fax", "self"): 2,
    ("phone", "spouse"): 2,
    ("phone", "neighbour"): 1,
    ("commissioner", "commissioner"): 10,
    ("care_manager", "care_manager"): 6,
}
DECK = tuple(way for way, count in WAYS.items() for _ in range(count))
# Who can call for a household; a person living alone has no spouse to do it.
CALLERS: dict[str, frozenset[str]] = {
    "alone_65": frozenset({"self", "child", "neighbour", "commissioner", "care_manager"}),
    "couple_65": frozenset({"self", "spouse", "child", "commissioner", "care_manager"}),
    "daytime_alone": frozenset({"self", "child", "commissioner", "care_manager"}),
    "with_family": frozenset({"self", "spouse", "commissioner", "care_manager"}),
    "parent_child": frozenset({"self", "commissioner"}),
    "child_raising": frozenset({"self", "spouse"}),
}
# Bodies that ask for themselves; the name of their district goes in front.
BODIES = (
    ("ふれあいサロン", "フレアイサロン"),
    ("自治会", "ジチカイ"),
    ("市民センター", "シミンセンター"),
    ("学習会", "ガクシュウカイ"),
    ("子どもの集まり", "コドモノアツマリ"),
)
ADDRESS_COLUMNS = ("postal_code", "address", "district", "lat", "lon")


@dataclass(frozen=True, slots=True)
class Requester:
    """Everything about a need that belongs to people and place."""

    columns: dict[str, str]
    home: Home


class Requesters:
    """Draws the people behind needs; commissioners speak for their own district only."""

    def __init__(
        self,
        draw: Draw,
        homes: Homes,
        phones: Phones,
        commissioners: Sequence[dict[str, str]],
        today: date,
    ) -> None:
        self._draw = draw
        self._homes = homes
        self._phones = phones
        self._today = today
        self._deck: list[tuple[str, str]] = []
        self._by_district: dict[str, list[dict[str, str]]] = {}
        for row in commissioners:
            self._by_district.setdefault(district_of_commissioner(row), []).append(row)

    def draw_for(self, template: Template, district: str) -> Requester:
        """Return a requester in the district who fits the template."""
        if template.ages is None:
            return self.body(district)
        return self.resident(template, district, self._next_way(template.household))

    def body(self, district: str) -> Requester:
        """Return a group or facility of the district that asks for itself."""
        home = self._homes.in_district(district)
        within = DISTRICT_BY_CODE[district]
        body, kana = self._draw.one(BODIES)
        columns = self._contact("phone", "facility", home) | {
            "requester_name": within.name + body,
            "requester_kana": within.kana + kana,
            "household": "facility",
        }
        return Requester(columns, home)

    def resident(self, template: Template, district: str, way: tuple[str, str]) -> Requester:
        """Return a resident who asks in that way (channel, relation of the caller)."""
        channel, relation = way
        home = self._homes.in_district(district)
        age = self._draw.between(*(template.ages or (65, 90)))
        gender = self._draw.weighted(("F", "M"), (66, 34))
        name = self._caller(draw_name(self._draw, gender, self._today.year - age), relation, age)
        columns = self._contact(channel, relation, home) | {
            "requester_name": name.full,
            "requester_kana": name.kana,
            "recipient_age": str(age),
            "household": template.household,
        }
        return Requester(columns | self._proxy(relation, district), home)

    def named(self, name: Name, age: int, template: Template, district: str) -> Requester:
        """Return a resident of the cast who asks on the phone."""
        home = self._homes.in_district(district)
        columns = self._contact("phone", "self", home) | {
            "requester_name": name.full,
            "requester_kana": name.kana,
            "recipient_age": str(age),
            "household": template.household,
        }
        return Requester(columns, home)

    def registered(
        self, volunteer: Mapping[str, str], template: Template, district: str
    ) -> Requester:
        """Return a volunteer who asks for something, living where the card says."""
        someone = self.resident(template, district, ("phone", "self"))
        same = {column: volunteer[column] for column in (*ADDRESS_COLUMNS, "phone")}
        names = {
            "requester_name": volunteer["name"],
            "requester_kana": volunteer["name_kana"],
        }
        return Requester(someone.columns | same | names, someone.home)

    def filed_by_first_commissioner(self, template: Template, district: str) -> Requester:
        """Return a resident for whom the first commissioner of the district speaks."""
        filed = self.resident(template, district, ("commissioner", "commissioner"))
        return Requester(filed.columns | _spoken_for(self._by_district[district][0]), filed.home)

    def _next_way(self, household: str) -> tuple[str, str]:
        """Deal the next card that this household can play, so that the shares come out even."""
        callers = CALLERS[household]
        if not any(way[1] in callers for way in self._deck):
            self._deck += self._draw.shuffled(DECK)
        way = next(way for way in self._deck if way[1] in callers)
        self._deck.remove(way)
        return way

    def _caller(self, person: Name, relation: str, age: int) -> Name:
        """A child or spouse calls under their own name; others name the person."""
        if relation == "child" and age >= 60:
            return draw_name(self._draw, "X", self._today.year - age + 28, family=person)
        if relation == "spouse":
            return draw_name(self._draw, "X", self._today.year - age, family=person)
        return person

    def _contact(self, channel: str, relation: str, home: Home) -> dict[str, str]:
        young = channel == "web"
        phone = self._phones.mobile() if young else self._phones.landline()
        return home.columns() | {
            "channel": channel,
            "requester_relation": relation,
            "phone": phone,
        }

    def _proxy(self, relation: str, district: str) -> dict[str, str]:
        if relation == "commissioner":
            return _spoken_for(self._draw.one(self._by_district[district]))
        if relation == "care_manager":
            name = draw_name(self._draw, "F", self._today.year - 48)
            return {"proxy_name": name.full, "proxy_phone": self._phones.landline()}
        return {}


def _spoken_for(commissioner: Mapping[str, str]) -> dict[str, str]:
    return {
        "proxy_id": commissioner["commissioner_id"],
        "proxy_name": commissioner["name"],
        "proxy_phone": commissioner["phone"],
    }
