"""Individual volunteers as they fill in the registration card."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from matching.catalogue.categories import CATEGORY_BY_CODE
from matching.local.city.cast import CAST_VOLUNTEERS, CastVolunteer
from matching.local.city.columns import VOLUNTEER_COLUMNS
from matching.local.city.draw import Draw
from matching.local.city.homes import Homes, Phones
from matching.local.city.names import FOREIGN_NAMES, Name, draw_name
from matching.local.city.personas import ALL_WEEK, CAREERS, DRIVER_WISHES, PERSONAS, Persona
from matching.places.calendar import end_of_fiscal_year, fiscal_year_of

# One speaker of each registers; no persona brings these languages along.
LANGUAGE_VOLUNTEERS = ("vietnamese", "chinese", "english")
WISHES_OF_SKILL = {
    "snow_blower": "snow_removal",
    "brush_cutter": "grass_cutting",
    "listening": "talk",
    "dementia_supporter": "watch",
    "cooking": "meal",
    "childcare_worker": "childcare",
    "teacher": "study",
    "sign_language": "sign_language",
    "summary_writing": "sign_language",
    "reading_aloud": "reading",
    "carpentry": "small_repair",
    "electrical": "small_repair",
    "plumbing": "small_repair",
    "computer": "smartphone",
    "smartphone": "smartphone",
    "music": "salon",
    "english": "interpretation",
    "chinese": "interpretation",
    "vietnamese": "interpretation",
}
# People with a rare skill are asked for from far away and mostly willing to go there.
RARE_SKILLS = frozenset(
    {"teacher", "childcare_worker", "reading_aloud", "english", "chinese", "vietnamese"}
)
RARE_SKILL_EXTRA_KM = 8
NOTES = (
    "犬が苦手", "冬道の運転は昼間だけ", "孫の世話で急に休むことがある", "たばこの煙が苦手",
    "腰に負担のかかる作業は控えたい", "農繁期は休みたい", "車は一人まで乗せられる",
    "電話は夕方がつながりやすい", "はじめは誰かと一緒に行きたい", "猫アレルギーあり",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Traits:
    """What is drawn about one person before the card is written."""

    name: Name
    gender: str
    age: int
    skills: tuple[str, ...]
    note: str


class VolunteerDesk:
    """Writes registration cards, numbering them as they come."""

    def __init__(self, draw: Draw, homes: Homes, phones: Phones, today: date) -> None:
        self._draw = draw
        self._homes = homes
        self._phones = phones
        self._today = today
        self._count = 0

    def register_all(self) -> list[dict[str, str]]:
        """Return the cards of the cast first, then of everybody else in mixed order."""
        cards = [self._cast_card(member) for member in CAST_VOLUNTEERS]
        everybody = [persona for persona in PERSONAS for _ in range(persona.count)]
        languages = iter(LANGUAGE_VOLUNTEERS)
        for persona in self._draw.shuffled(everybody):
            language = next(languages, "") if persona.code in ("shift", "employed") else ""
            cards.append(self._card(persona, self._traits(persona, language)))
        return cards

    def _traits(self, persona: Persona, language: str) -> Traits:
        draw = self._draw
        gender = "F" if draw.chance(persona.women) else "M"
        age = draw.between(*persona.ages)
        name = draw_name(draw, gender, self._today.year - age)
        skills = {skill for skill, share in persona.skills.items() if draw.chance(share)}
        note = draw.one(NOTES) if draw.chance(0.25) else ""
        if language:
            return Traits(
                FOREIGN_NAMES[language], "F", draw.between(26, 44), ("driving", language),
                "平日の夜は日本語教室に通っている",
            )  # fmt: skip
        if draw.chance(persona.careers):
            career = draw.one(CAREERS)
            skills |= set(career.skills)
            note = "。".join(filter(None, (career.note, note)))
        return Traits(name, gender, age, tuple(sorted(skills)), note)

    def _card(self, persona: Persona, traits: Traits) -> dict[str, str]:
        draw = self._draw
        transport = draw.weighted(list(persona.transport), list(persona.transport.values()))
        skills = set(traits.skills)
        if transport in ("car", "light_truck"):
            skills.add("driving")
        if transport == "light_truck":
            skills.add("light_truck")
        contact = draw.weighted(list(persona.contact), list(persona.contact.values()))
        card = self._blank() | {
            "name": traits.name.full,
            "name_kana": traits.name.kana,
            "birth_date": self._birth_date(traits.age).isoformat(),
            "gender": "X" if draw.chance(0.012) else traits.gender,
            "contact_method": contact,
            "occupation": persona.occupation,
            "skills": ";".join(sorted(skills)),
            "categories": ";".join(self._wishes(persona, skills, traits.age)),
            "availability": "" if draw.chance(0.02) else self._availability(persona),
            "transport": transport,
            "max_distance_km": str(self._reach(persona, transport, skills)),
            "max_hours_per_month": str(draw.one(persona.hours)) if draw.chance(0.6) else "",
            "notice_days": str(draw.one(persona.notice_days)),
            "status": draw.weighted(("active", "paused", "withdrawn"), (90, 7, 3)),
            "note": traits.note,
        }
        return card | self._reaching(card, traits.age) | self._term(traits.age)

    def _cast_card(self, member: CastVolunteer) -> dict[str, str]:
        card = self._blank() | self._homes.in_district(member.district).columns()
        card |= {
            "name": member.name.full,
            "name_kana": member.name.kana,
            "birth_date": self._birth_date(member.age).isoformat(),
            "status": "active",
            "insured_until": end_of_fiscal_year(fiscal_year_of(self._today)).isoformat(),
            "registered_on": date(self._today.year - 6, 4, 10).isoformat(),
            "phone": self._phones.mobile(),
        }
        return card | member.columns

    def _blank(self) -> dict[str, str]:
        self._count += 1
        card = dict.fromkeys(VOLUNTEER_COLUMNS, "")
        card["volunteer_id"] = f"V{self._count:04d}"
        return card

    def _birth_date(self, age: int) -> date:
        newest = self._today.replace(year=self._today.year - age, day=min(self._today.day, 28))
        return newest - timedelta(days=self._draw.between(0, 360))

    def _wishes(self, persona: Persona, skills: Iterable[str], age: int) -> list[str]:
        shares = dict(persona.wishes)
        if "driving" in skills:
            shares |= {code: share for code, share in DRIVER_WISHES.items() if code not in shares}
        wishes = {code for code, share in shares.items() if self._draw.chance(share)}
        wishes |= {WISHES_OF_SKILL[s] for s in skills if s in WISHES_OF_SKILL}
        wishes = wishes or {"salon"}
        return [c for c in CATEGORY_BY_CODE if c in wishes and _old_enough(c, age)]

    def _availability(self, persona: Persona) -> str:
        slots = []
        for free in persona.free:
            days = self._draw.some(free.days, self._draw.between(free.at_least, free.at_most))
            slots += [(ALL_WEEK.index(day), free.part) for day in days]
        return ";".join(f"{ALL_WEEK[day]} {part}" for day, part in sorted(set(slots)))

    def _reach(self, persona: Persona, transport: str, skills: Iterable[str]) -> int:
        reach = self._draw.between(*persona.reach_km)
        reach += RARE_SKILL_EXTRA_KM * bool(RARE_SKILLS & set(skills))
        return {"walk": min(reach, 2), "bicycle": min(reach, 5)}.get(transport, reach)

    def _reaching(self, card: dict[str, str], age: int) -> dict[str, str]:
        number = card["volunteer_id"].lower()
        written = card["contact_method"] in ("email", "line") or self._draw.chance(0.15)
        phone = self._phones.landline() if age >= 60 else self._phones.mobile()
        email = f"{number}@example.jp" if written else ""
        return self._homes.anywhere().columns() | {"phone": phone, "email": email}

    def _term(self, age: int) -> dict[str, str]:
        """Registration and insurance; most people join long before the season."""
        draw = self._draw
        fiscal_year = fiscal_year_of(self._today)
        longest = max(1, min(15, age - 16)) * 330
        registered = self._today - timedelta(days=draw.between(25, 25 + longest))
        insured = draw.weighted((fiscal_year, fiscal_year - 1, None), (86, 6, 8))
        return {
            "registered_on": registered.isoformat(),
            "insured_until": end_of_fiscal_year(insured).isoformat() if insured else "",
        }


def age_on(birth_date: str, on: date) -> int:
    """Return the age of a person on a day, from the date as sheets write it."""
    born = date.fromisoformat(birth_date)
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _old_enough(category: str, age: int) -> bool:
    return age >= CATEGORY_BY_CODE[category].minors.minimum_age
