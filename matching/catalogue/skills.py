"""Skills and qualifications: which need a certificate seen and how long one is good for."""

from dataclasses import dataclass

from matching.catalogue.sheets import rows


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill or qualification of a volunteer."""

    code: str
    label: str
    english: str
    kind: str  # basic, welfare, medical, children, access, language, digital, interest …
    verify: bool  # staff must have seen the certificate before it counts (BR-11)
    valid_years: int | None  # after which a certificate has to be renewed; None: never


# Names used elsewhere for skills that are listed under another code.
SAME_AS: dict[str, str] = {
    "drivers_license": "driving",
    "kei_truck": "light_truck",
    "brush_cutter_course": "brush_cutter",
    "chainsaw_course": "chainsaw",
    "electrician": "electrical",
    "carpenter": "carpentry",
    "first_aid_course": "first_aid",
    "active_listening_course": "listening",
    "nurse": "nursing",
    "teacher_license": "teacher",
    "sign_language_supporter": "sign_language",
    "note_taker": "summary_writing",
    "lang_en": "english",
    "lang_zh": "chinese",
    "lang_vi": "vietnamese",
    "lang_tl": "tagalog",
    "lang_id": "indonesian",
    "lang_my": "burmese",
    "lang_ne": "nepali",
    "lang_ko": "korean",
    "smartphone_tutor": "smartphone",
    "pc": "computer",
    "psw": "mental_health_worker",
    "bousaishi": "disaster_prevention",
    "dvc_leader": "disaster_leader",
}


def _skill(row: dict[str, str]) -> Skill:
    return Skill(
        code=row["code"],
        label=row["label"],
        english=row["english"],
        kind=row["kind"],
        verify=row["verify"] == "1",
        valid_years=int(row["valid_years"]) if row["valid_years"] else None,
    )


SKILLS: tuple[Skill, ...] = tuple(_skill(row) for row in rows("skills.csv"))
SKILL_BY_CODE: dict[str, Skill] = {skill.code: skill for skill in SKILLS}


def skill_of(code: str) -> Skill:
    """Return the skill of a code or of another name for it; KeyError when there is none."""
    return SKILL_BY_CODE[SAME_AS.get(code, code)]
