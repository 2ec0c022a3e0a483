"""Proving again who one is: the present password, before something that matters."""

from __future__ import annotations

from datetime import datetime, timedelta

from matching.kernel import audit, limits
from matching.kernel.actor import Actor
from matching.kernel.database import transaction
from matching.kernel.errors import TooMany
from matching.kernel.limits import Limit
from matching.people import passwords, queries, tickets

FRESH = timedelta(minutes=10)
PROOF = Limit("password_again", 6, timedelta(minutes=15))


def prove(actor: Actor, password: str, now: datetime) -> bool:
    """Tell whether the password is the actor's own; raises TooMany after six wrong ones."""
    with transaction() as session:
        account = queries.get_account(session, actor.account_id or 0)
        kept_hash, wishes = account.password_hash, [(PROOF, str(account.id))]
        if limits.spend(session, wishes, now) is not None:
            raise TooMany(
                "パスワードの間違いが続きました。15分ほどたってから、もう一度お試しください。"
            )
    fits = passwords.verify(kept_hash, password)
    with transaction() as session:
        if fits:
            limits.give_back(session, wishes)
        word = "proved_again" if fits else "proof_refused"
        audit.record(session, actor, now, word, "account", actor.account_id)
    return fits


def change_password(actor: Actor, password: str, now: datetime) -> int:
    """Set a new password after `prove`; every session ends; returns the new epoch."""
    with transaction() as session:
        account = queries.get_account(session, actor.account_id or 0)
        tickets.set_password(session, account, password, actor, now)
        tickets.close(session, account.id, now)
        return account.epoch
