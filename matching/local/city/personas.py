"""What kinds of people register: their ages, free hours, skills and wishes."""

from dataclasses import dataclass, field

AM, PM, EARLY, EVENING = "09:00-12:00", "13:00-17:00", "06:30-08:30", "18:00-20:00"
AFTER_SCHOOL = "13:00-16:00"  # minors are home before dark
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")
WEEKEND = ("Sat", "Sun")
ALL_WEEK = WEEKDAYS + WEEKEND


@dataclass(frozen=True, slots=True)
class Free:
    """A part of the day that a person may have free on some of the named days."""

    days: tuple[str, ...]
    part: str
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Career:
    """What somebody does or did for a living, with the skills it leaves."""

    note: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Persona:
    """A kind of volunteer. Shares are between 0 and 1."""

    code: str
    occupation: str
    count: int
    ages: tuple[int, int]
    women: float
    free: tuple[Free, ...]
    transport: dict[str, float]
    skills: dict[str, float]
    wishes: dict[str, float]
    reach_km: tuple[int, int]
    careers: float = 0.0
    hours: tuple[int, ...] = ()
    notice_days: tuple[int, ...] = (0, 1, 1, 2, 3)
    contact: dict[str, float] = field(default_factory=dict)


CAREERS: tuple[Career, ...] = (
    Career("元看護師", ("nursing", "first_aid", "listening")),
    Career("介護の仕事をしていた", ("care_worker", "dementia_supporter", "listening")),
    Career("元保育士", ("childcare_worker", "reading_aloud", "music")),
    Career("元教員", ("teacher", "computer")),
    Career("大工の経験あり", ("carpentry", "hauling")),
    Career("電気店に勤めていた", ("electrical", "computer", "smartphone")),
    Career("水道の工事をしていた", ("plumbing", "hauling")),
    Career("事務の経験が長い", ("computer", "smartphone")),
    Career("学校給食の調理をしていた", ("cooking",)),
    Career("手話サークルの会員", ("sign_language",)),
    Career("音訳の講習を修了", ("reading_aloud", "listening")),
    Career("要約筆記の講習を修了", ("summary_writing", "computer")),
    Career("造園の手伝いをしていた", ("gardening", "brush_cutter", "chainsaw")),
    Career("カラオケの会で司会をしている", ("music", "listening")),
    Career("英語の通訳案内をしていた", ("english",)),
    Career("消防団に二十年", ("first_aid", "hauling")),
)

DRIVER_WISHES = {"shopping": 0.45, "transport": 0.3}

PERSONAS: tuple[Persona, ...] = (
    Persona(
        "pupil",
        "student",
        8,
        (16, 17),
        0.6,
        (Free(WEEKEND, AM, 1, 2), Free(WEEKEND, AFTER_SCHOOL, 0, 2)),
        {"bicycle": 0.6, "walk": 0.2, "bus": 0.2},
        {"smartphone": 0.9, "english": 0.2, "music": 0.3},
        {
            "children_cafeteria": 0.6,
            "salon": 0.5,
            "smartphone": 0.6,
            "snow_removal": 0.7,
            "reading": 0.3,
            "environment": 0.5,
        },
        (3, 6),
        hours=(4, 6, 8),
        notice_days=(3, 5, 7),
        contact={"line": 0.7, "email": 0.3},
    ),
    Persona(
        "college",
        "student",
        10,
        (18, 23),
        0.55,
        (Free(WEEKEND, AM, 1, 2), Free(WEEKEND, PM, 1, 2), Free(WEEKDAYS, EVENING, 0, 1)),
        {"car": 0.35, "bicycle": 0.35, "bus": 0.3},
        {"smartphone": 0.9, "computer": 0.6, "english": 0.3, "hauling": 0.5, "music": 0.2},
        {
            "study": 0.6,
            "children_cafeteria": 0.4,
            "snow_removal": 0.6,
            "smartphone": 0.5,
            "salon": 0.3,
            "cleaning": 0.3,
        },
        (5, 12),
        hours=(6, 8, 12),
        contact={"line": 0.7, "email": 0.3},
    ),
    Persona(
        "employed",
        "employed",
        26,
        (25, 61),
        0.55,
        (
            Free(WEEKEND, AM, 1, 2),
            Free(WEEKEND, PM, 1, 2),
            Free(WEEKDAYS, EVENING, 0, 2),
            Free(WEEKDAYS, EARLY, 0, 3),
        ),
        {"car": 1.0},
        {"driving": 1.0, "smartphone": 0.4, "computer": 0.4, "hauling": 0.4, "first_aid": 0.2},
        {
            "snow_removal": 0.6,
            "study": 0.3,
            "garbage": 0.3,
            "small_repair": 0.3,
            "salon": 0.3,
            "cleaning": 0.3,
            "children_cafeteria": 0.3,
            "environment": 0.3,
        },
        (6, 15),
        careers=0.25,
        hours=(4, 6, 8, 10),
        contact={"email": 0.4, "line": 0.5, "phone": 0.1},
    ),
    Persona(
        "shift",
        "shift",
        9,
        (24, 58),
        0.6,
        (Free(ALL_WEEK, AM, 2, 3), Free(ALL_WEEK, PM, 1, 3)),
        {"car": 1.0},
        {"driving": 1.0, "first_aid": 0.4, "smartphone": 0.3},
        {"snow_removal": 0.5, "shopping": 0.5, "talk": 0.3, "childcare": 0.3, "pet_care": 0.3},
        (6, 12),
        careers=0.4,
        hours=(4, 6, 8),
        contact={"line": 0.6, "phone": 0.4},
    ),
    Persona(
        "homemaker",
        "homemaker",
        27,
        (38, 67),
        0.95,
        (Free(WEEKDAYS, AM, 3, 5), Free(WEEKDAYS, PM, 1, 3)),
        {"car": 0.9, "bicycle": 0.1},
        {
            "driving": 0.9,
            "cooking": 0.5,
            "listening": 0.3,
            "dementia_supporter": 0.3,
            "smartphone": 0.2,
            "reading_aloud": 0.15,
            "childcare_worker": 0.12,
        },
        {
            "meal": 0.5,
            "talk": 0.5,
            "childcare": 0.4,
            "cleaning": 0.4,
            "salon": 0.4,
            "watch": 0.3,
            "reading": 0.3,
            "children_cafeteria": 0.3,
            "garbage": 0.2,
        },
        (5, 12),
        careers=0.35,
        hours=(6, 8, 12),
        contact={"phone": 0.4, "line": 0.5, "email": 0.1},
    ),
    Persona(
        "farmer",
        "farmer",
        24,
        (52, 79),
        0.35,
        (Free(ALL_WEEK, AM, 2, 4), Free(WEEKDAYS, PM, 1, 3), Free(ALL_WEEK, EARLY, 0, 4)),
        {"light_truck": 0.7, "car": 0.3},
        {
            "driving": 1.0,
            "light_truck": 0.7,
            "snow_blower": 0.45,
            "brush_cutter": 0.75,
            "hauling": 0.5,
            "chainsaw": 0.25,
        },
        {
            "snow_removal": 0.8,
            "grass_cutting": 0.75,
            "small_repair": 0.25,
            "garbage": 0.4,
            "watch": 0.2,
            "environment": 0.2,
        },
        (6, 18),
        careers=0.15,
        hours=(8, 10, 16),
        notice_days=(0, 0, 1, 1, 2),
        contact={"phone": 0.9, "line": 0.1},
    ),
    Persona(
        "retired",
        "retired",
        54,
        (64, 76),
        0.62,
        (
            Free(WEEKDAYS, AM, 3, 5),
            Free(WEEKDAYS, PM, 2, 4),
            Free(WEEKEND, AM, 0, 2),
            Free(WEEKEND, PM, 0, 1),
            Free(WEEKDAYS, EARLY, 0, 3),
        ),
        {"car": 0.9, "light_truck": 0.05, "walk": 0.05},
        {
            "driving": 0.93,
            "dementia_supporter": 0.35,
            "listening": 0.35,
            "brush_cutter": 0.2,
            "snow_blower": 0.15,
            "cooking": 0.25,
            "gardening": 0.2,
        },
        {
            "talk": 0.45,
            "watch": 0.4,
            "garbage": 0.35,
            "salon": 0.4,
            "paperwork": 0.3,
            "snow_removal": 0.35,
            "small_repair": 0.25,
            "reading": 0.25,
            "meal": 0.25,
            "pet_care": 0.15,
            "cleaning": 0.2,
            "study": 0.15,
        },
        (5, 16),
        careers=0.5,
        hours=(8, 12, 16, 24),
        notice_days=(0, 0, 1, 1, 2, 3),
        contact={"phone": 0.75, "line": 0.15, "fax": 0.05, "email": 0.05},
    ),
    Persona(
        "elder",
        "retired",
        22,
        (77, 86),
        0.68,
        (Free(WEEKDAYS, AM, 2, 3), Free(WEEKDAYS, PM, 0, 2)),
        {"car": 0.4, "walk": 0.4, "bicycle": 0.2},
        {"listening": 0.4, "music": 0.25, "reading_aloud": 0.15, "gardening": 0.3},
        {"talk": 0.7, "salon": 0.6, "watch": 0.3, "reading": 0.2, "environment": 0.2},
        (2, 5),
        careers=0.4,
        hours=(4, 6, 8),
        contact={"phone": 0.9, "fax": 0.1},
    ),
)
