"""Which field of a household each reader may see at which stage; nothing here reads the product.

Written from the centre's rules: before anything is agreed a volunteer hears kind, time, part of
town and the coordinator's outline (BR-19); once it is settled name, phone, address and what to
mind, when they ask for it and the resident agrees, until fourteen days after (BR-31); staff all
of it while there is work left, and of what is over once they say what they look for (T22); a
commissioner the person they brought and the result; the reception no notes; whoever is not named
nothing of a shielded person, and nothing of a household in a matter of safety.

A line is stages, a colon, the fields that are shown, and in brackets those that are covered until
the reader asks for them (which is written down). A stage that is not named shows nothing.
"""

from __future__ import annotations

SETTLED = "tomorrow confirmed done closed untold"
# Not held or hidden, and still work of the desk.
ASKED_FOR = "tomorrow confirmed done untold received suggested offered accepted cancelled withdrawn"
ENDED = "over closed"
DESK = "name kana phone address title note staff_note sheet speaker outline care"

STAFF = f"""
{ASKED_FOR}: {DESK}
cancelled: {DESK} cancel
done: {DESK} report
{ENDED}: name kana title speaker outline care (phone address note staff_note sheet report)
"""

FIELDS: dict[str, str] = {
    # Reads the concern, and so the household it is about.
    "manager": STAFF + f"concern: {DESK} concern",
    "coordinator": STAFF,
    "branch here": STAFF,
    "branch elsewhere": "",
    "clerk": f"""
{ASKED_FOR}: name kana phone address title speaker
cancelled: name kana phone address title speaker cancel
{ENDED}: name kana title speaker (phone address)
""",
    "commissioner": f"{ASKED_FOR} {ENDED}: name",
    "commissioner beside": "",
    "helper": f"""
{SETTLED}: outline (name phone address care)
offered accepted over withdrawn: outline
""",
    "other helper": "",
    # Of the household of their own account alone.
    "resident": "confirmed: name kana phone address title note",
    "proxy": "",
    "partner": "",
    "officer": "",
    "auditor": "",
    "technician": "",
}

EVERYTHING = (
    "helper_name helper_kana helper_phone helper_email helper_address helper_birth helper_note"
)
OF_HELPER: dict[str, str] = {
    **dict.fromkeys(("manager", "coordinator", "branch here", "helper"), EVERYTHING),
    "clerk": "helper_name helper_kana helper_phone helper_email helper_address",
    "resident": "helper_name",  # who agreed to be named
}

# What a sheet may hold: of everybody but who is shielded, in a matter of safety, or unwilling.
IN_SHEETS = {"name", "kana", "phone", "address", "title", "note"}
NOT_IN_SHEETS = ("concern", "shielded")


def seen(reader: str) -> dict[str, tuple[set[str], set[str]]]:
    """What a reader sees by stage: shown, and covered; a later line counts instead."""
    found = {}
    for line in FIELDS[reader].strip().splitlines():
        stages, _, fields = line.partition(":")
        shown, _, covered = fields.partition("(")
        for stage in stages.split():
            found[stage] = (set(shown.split()), set(covered.strip(" )").split()))
    return found
