"""What a person's page shows, in words; and who may open it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from matching.coordination.blocking import blocks_of
from matching.kernel import clock
from matching.kernel.actor import Actor
from matching.kernel.errors import NotFound
from matching.kernel.permissions import STAFF
from matching.kernel.row_security import at_the_wall
from matching.kernel.visibility import visible
from matching.needs.models import Need
from matching.people import representing, shielding, standstill, wishing
from matching.people.models import Account, Consent, Person
from matching.people.purposes import CONSEQUENCES, PURPOSES, text_of
from matching.people.queries import newest_consent
from matching.people.rules import (
    AUTHORITIES,
    CONSENT_STATES,
    HOLDS,
    METHODS,
    is_minor,
)
from matching.people.sight import concealed_from
from matching.people.trust_models import RegistrationHold
from matching.volunteers.models import Volunteer
from matching.web.registers import gettext
from matching.web.surroundings import day, moment

TONES = {"given": "done", "requested": "waiting", "expired": "warning", "withdrawn": "warning"}


def within_sight(session: Session, person_id: int, actor: Actor) -> Person:
    """Return a person whom this reader may know of: by a need or a registration within reach."""
    within = visible(Person, actor, "person.read")
    with at_the_wall(session):
        person = session.scalar(select(Person).where(Person.id == person_id, within))
    if person is None:
        raise NotFound
    return person


def page_of(session: Session, person: Person, actor: Actor) -> dict[str, Any]:
    """Return everything the page shows."""
    held = session.get(RegistrationHold, person.id)
    concealed = set(session.scalars(concealed_from(actor)))
    speakers = representing.representations_of(session, person.id)
    return {
        "person": person,
        "minor": person.birth_on is not None and is_minor(person.birth_on, clock.today()),
        "consents": consent_lines(session, person.id),
        "speakers": [
            {
                "id": each.id,
                "name": each.name,
                "authority": gettext(AUTHORITIES[each.authority]),
                "relation": each.relation,
                "scope": gettext("、").join(gettext(PURPOSES[code]) for code in each.purposes),
                "until": day(each.ends_on),
                "knows": each.person_knows,
            }
            for each in speakers
        ],
        "guardians": representing.guardian_consents_of(session, person.id),
        "blocks": [
            {"id": made.id, "name": _name(other, concealed), "reason": made.reason}
            for made, other in blocks_of(session, person.id)
        ],
        "strangers_only": wishing.strangers_only(session, person.id),
        "registration": held if held is not None and held.decision is None else None,
        "holds": [gettext(HOLDS[each]) for each in _holds(session, person.id)],
        "shield": shielding.shield_of(session, person.id),
        "staff": not STAFF.isdisjoint(actor.roles),
        "manager": standstill.MANAGER in actor.roles,
        "purposes": {code: gettext(label) for code, label in PURPOSES.items()},
        "authorities": {c: gettext(label) for c, label in AUTHORITIES.items() if c != "self"},
        "links": _links(session, person.id),
        "errors": [],
        "typed": {},
        "tried": "",
    }


def _name(other: Person, concealed: set[int]) -> str:
    return gettext("（お名前は出せません）") if other.id in concealed else other.name


def _holds(session: Session, person_id: int) -> list[str]:
    return sorted(standstill.held(session, [person_id]).get(person_id, ()))


def _links(session: Session, person_id: int) -> list[dict[str, str]]:
    needs = session.scalars(select(Need.reference).where(Need.requester_id == person_id)).all()
    helps = session.scalars(
        select(Volunteer.reference).where(Volunteer.person_id == person_id)
    ).all()
    return [{"label": each, "href": f"/desk/needs/{each}"} for each in needs] + [
        {"label": each, "href": f"/desk/volunteers/{each}"} for each in helps
    ]


def consent_lines(session: Session, person_id: int) -> list[dict[str, Any]]:
    """Return each purpose with its full words and what the person said to it last."""
    return [_consent(session, person_id, code, label) for code, label in PURPOSES.items()]


def _consent(session: Session, person_id: int, code: str, label: str) -> dict[str, Any]:
    newest = newest_consent(session, person_id, code)
    given = newest is not None and newest.state == "given"
    version = newest.text_version if newest is not None and given else None
    text = (text_of(code, version) if version else "") or text_of(code)
    state = gettext(CONSENT_STATES[newest.state]) if newest else gettext("まだお聞きしていません")
    return {
        "code": code,
        "label": gettext(label),
        "text": gettext(text),
        "given": given,
        "state": state,
        "tone": TONES.get(newest.state, "neutral") if newest else "neutral",
        "how": _how(session, newest) if newest else "",
        "consequence": gettext(CONSEQUENCES[code]),
    }


def _how(session: Session, newest: Consent) -> str:
    """When, how and before whom it was said."""
    told: Mapping[str, str] = METHODS
    said = day(newest.agreed_on) if newest.agreed_on else moment(newest.recorded_at)
    parts = [said, gettext(told[newest.method])]
    if newest.witness:
        parts.append(gettext("立ち会い：%(name)sさん", name=newest.witness))
    if newest.receiver:
        parts.append(gettext("伝える先：%(name)s", name=newest.receiver))
    if newest.expires_on:
        parts.append(gettext("%(day)sまで", day=day(newest.expires_on)))
    by = session.get(Account, newest.recorded_by_id) if newest.recorded_by_id else None
    if by is not None:
        parts.append(gettext("記録：%(name)sさん", name=by.display_name))
    return gettext("　").join(parts)
