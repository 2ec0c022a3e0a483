"""Passkeys: the public half of a key that stays in somebody's phone or computer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import webauthn
from sqlalchemy import select
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from matching.kernel.actor import Actor
from matching.people import queries
from matching.people.credentials import Passkey
from matching.people.second_factors import ISSUER, enrolled


@dataclass(frozen=True)
class Party:
    """Whom a passkey is for: our host name, and the address pages are opened at."""

    host: str
    origin: str


@dataclass(frozen=True)
class Question:
    """What the browser is asked, and the challenge its answer has to carry."""

    options: str
    challenge: bytes


def list_passkeys(session: Session, account_id: int) -> Sequence[Passkey]:
    """Return the passkeys of an account, oldest first."""
    return session.scalars(
        select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.id)
    ).all()


def offer(session: Session, actor: Actor, party: Party) -> Question:
    """Return what a browser needs to make a new passkey; known ones are not made twice."""
    account = queries.get_account(session, actor.account_id or 0)
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=ISSUER,
        user_id=f"account-{account.id}".encode(),
        user_name=account.login,
        user_display_name=account.display_name,
        exclude_credentials=_known(session, account.id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return Question(options_to_json(options), options.challenge)


def enrol(
    session: Session,
    actor: Actor,
    party: Party,
    challenge: bytes,
    answer: str,
    name: str,
    now: datetime,
) -> list[str] | None:
    """Keep a new passkey; returns new recovery codes (none if there are some), None if it fails."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
        )
    except (WebAuthnException, ValueError):
        return None
    account = queries.get_account(session, actor.account_id or 0)
    session.add(
        Passkey(
            account_id=account.id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name[:100],
            created_at=now,
        )
    )
    return enrolled(session, account, actor, now, "passkey")


def ask(session: Session, account_id: int, party: Party) -> Question | None:
    """Return what a browser needs to use a passkey; None for an account without one."""
    known = _known(session, account_id)
    if not known:
        return None
    options = webauthn.generate_authentication_options(rp_id=party.host, allow_credentials=known)
    return Question(options_to_json(options), options.challenge)


def check(
    session: Session, account_id: int, party: Party, challenge: bytes, answer: str, now: datetime
) -> bool:
    """Tell whether a passkey of the account signed the challenge, and count its use."""
    try:
        brought = webauthn.helpers.parse_authentication_credential_json(answer)
        kept = session.scalar(
            select(Passkey)
            .where(Passkey.account_id == account_id)
            .where(Passkey.credential_id == base64url_to_bytes(brought.id))
            .with_for_update()
        )
        if kept is None:
            return False
        used = webauthn.verify_authentication_response(
            credential=brought,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=kept.public_key,
            credential_current_sign_count=kept.sign_count,
        )
    except (WebAuthnException, ValueError):
        return False
    kept.sign_count, kept.used_at = used.new_sign_count, now
    return True


def _known(session: Session, account_id: int) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=kept.credential_id)
        for kept in list_passkeys(session, account_id)
    ]
