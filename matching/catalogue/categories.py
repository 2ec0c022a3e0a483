"""What people ask for: every category with its risk, rules for minors and referral desk."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from matching.catalogue.sheets import rows


class Risk(StrEnum):
    """How much can go wrong, from no contact at all to never a volunteer's task (BR-07)."""

    HOME_BASED = "R0"
    PUBLIC = "R1"
    HOUSE_OR_OUTDOOR = "R2"
    ONE_TO_ONE = "R3"
    REFUSED = "R9"


class Minors(StrEnum):
    """From which school on a minor may help, always with a guardian's consent (BR-10)."""

    NOBODY = "none"
    HIGH_SCHOOL = "H"
    JUNIOR_HIGH = "J"
    ELEMENTARY = "E"  # together with an adult

    @property
    def minimum_age(self) -> int:
        """The age below which nobody is in that school; the school year decides above it."""
        return {"none": 18, "H": 15, "J": 12, "E": 6}[self.value]


@dataclass(frozen=True, slots=True)
class SkillHint:
    """A skill that such needs often ask for, with the share of needs that do (0 to 1)."""

    code: str
    share: float


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of help."""

    code: str
    label: str
    english: str
    easy: str  # in easy Japanese, without kanji
    minutes: int  # of a usual visit
    risk: Risk
    minors: Minors
    min_persons: int
    place: str  # in, out, both, or home: the volunteer's own
    remote: bool
    months: tuple[float, ...]  # weight of demand, January to December
    skills: tuple[SkillHint, ...]
    icon: str
    referral: str  # the desk to name when a volunteer cannot help
    sheet_code: str  # the code under which sheets know it
    valid_from: date
    valid_to: date | None
    description: str

    @property
    def accepted(self) -> bool:
        """Whether volunteers may do it at all."""
        return self.risk is not Risk.REFUSED

    def is_valid(self, on: date) -> bool:
        """Tell whether the category is offered on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


# Names used elsewhere for what a sheet code already describes.
SAME_AS: dict[str, str] = {
    "snow_clearing": "snow_removal",
    "shopping_errand": "shopping",
    "ride_support": "transport",
    "garbage_out": "garbage",
    "light_housework": "cleaning",
    "minor_repair": "small_repair",
    "watch_visit": "watch",
    "listening": "talk",
    "meal_delivery": "meal",
    "cooking_help": "meal",
    "childcare_event": "childcare",
    "learning_support": "study",
    "summary_writing": "sign_language",
    "smartphone_help": "smartphone",
    "reading_writing": "paperwork",
    "salon_support": "salon",
    "kids_cafeteria": "children_cafeteria",
    "reading_aloud": "reading",
    "braille": "reading",
    "audio_recording": "reading",
    "pet_walk": "pet_care",
    "dvc_clean": "disaster_cleanup",
}


def _skill_hints(text: str) -> tuple[SkillHint, ...]:
    pairs = (hint.split(":") for hint in text.split())
    return tuple(SkillHint(code, float(share)) for code, share in pairs)


def _category(row: dict[str, str]) -> Category:
    return Category(
        code=row["code"],
        label=row["label"],
        english=row["english"],
        easy=row["easy"],
        minutes=int(row["minutes"]),
        risk=Risk(row["risk"]),
        minors=Minors(row["minors"]),
        min_persons=int(row["min_persons"]),
        place=row["place"],
        remote=row["remote"] == "1",
        months=tuple(float(weight) for weight in row["months"].split()),
        skills=_skill_hints(row["skills"]),
        icon=row["icon"],
        referral=row["referral"],
        sheet_code=row["sheet_code"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        description=row["description"],
    )


CATEGORIES: tuple[Category, ...] = tuple(_category(row) for row in rows("categories.csv"))
CATEGORY_BY_CODE: dict[str, Category] = {category.code: category for category in CATEGORIES}
SHEET_CATEGORIES: tuple[Category, ...] = tuple(c for c in CATEGORIES if c.code == c.sheet_code)


def category_of(code: str) -> Category:
    """Return the category of a code or of another name for it; KeyError when there is none."""
    return CATEGORY_BY_CODE[SAME_AS.get(code, code)]
