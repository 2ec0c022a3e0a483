"""Second factors without a browser's help: codes of an authenticator app, and codes on paper."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from matching.cells.cell import plain
from matching.kernel import audit, limits
from matching.kernel.actor import Actor
from matching.kernel.errors import Invalid, NotFound, TooMany
from matching.kernel.limits import Limit
from matching.kernel.permissions import OFFICE
from matching.people import queries
from matching.people.credentials import Passkey, RecoveryCode, TotpSecret
from matching.people.models import Account
from matching.people.signing_in import digest
from matching.people.tickets import LETTERS

STEP_SECONDS = 30
DRIFT = (-1, 0, 1)  # steps that a phone's clock may be off
LEAST_BYTES = 14  # of a secret that was made elsewhere (112 bits, NIST SP 800-63B)
RECOVERY_CODES = 10
TRIES = 6  # wrong codes that end an attempt to sign in
CODES = Limit("second_factor", 12, timedelta(hours=1))  # wrong codes for one account
ISSUER = "結び"


def is_needed(account: Account, actor: Actor) -> bool:
    """Tell whether an account may go nowhere without a second factor (ASVS 6.3.3)."""
    return not account.demo and not OFFICE.isdisjoint(actor.roles)


def new_secret() -> str:
    """Make the secret that an authenticator app is to share (160 bits)."""
    return pyotp.random_base32()


def app_address(secret: str, login: str) -> str:
    """Return what the QR code of a secret says."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def enrol_app(
    session: Session, actor: Actor, secret: str, typed: str, now: datetime
) -> list[str] | None:
    """Keep an app's secret once its first code fits; returns new recovery codes, or None."""
    step = _step_of(secret, typed, now)
    if step is None:
        return None
    account = queries.get_account(session, actor.account_id or 0)
    session.execute(delete(TotpSecret).where(TotpSecret.account_id == account.id))
    session.add(TotpSecret(account_id=account.id, secret=secret, last_step=step, created_at=now))
    return enrolled(session, account, actor, now, "app")


def adopt_app(session: Session, account: Account, secret: str, now: datetime) -> None:
    """Keep the secret of an app that was set up elsewhere; raises Invalid for no base32 text."""
    bare = secret.replace(" ", "").upper()
    try:
        long_enough = len(base64.b32decode(bare + "=" * (-len(bare) % 8))) >= LEAST_BYTES
    except binascii.Error:
        long_enough = False
    if not long_enough:
        raise Invalid("認証アプリの秘密の文字が正しくありません。", field="totp")
    session.add(TotpSecret(account_id=account.id, secret=bare, last_step=0, created_at=now))
    account.factor_since = account.factor_since or now


def enrolled(
    session: Session, account: Account, actor: Actor, now: datetime, kind: str
) -> list[str]:
    """Note that an account has a second factor; returns recovery codes where it had none."""
    audit.record(session, actor, now, "factor_added", "account", account.id, kind=kind)
    first = account.factor_since is None
    account.factor_since = account.factor_since or now
    return new_recovery_codes(session, actor, now) if first else []


def check_code(session: Session, account_id: int, typed: str, now: datetime) -> bool:
    """Tell whether a code of the app or from paper fits; each is good once.

    Raises TooMany when an account has had too many wrong ones from anywhere.
    """
    wishes = [(CODES, str(account_id))]
    if limits.spend(session, wishes, now) is not None:
        raise TooMany("番号の間違いが続きました。1時間ほどたってから、もう一度お試しください。")
    fits = _use_app_code(session, account_id, typed, now) or _use_paper(
        session, account_id, typed, now
    )
    if fits:
        limits.give_back(session, wishes)
    return fits


def _use_app_code(session: Session, account_id: int, typed: str, now: datetime) -> bool:
    kept = session.scalar(select(TotpSecret).where(TotpSecret.account_id == account_id))
    step = _step_of(kept.secret, typed, now) if kept else None
    if kept is None or step is None:
        return False
    # Two who bring the same code at once meet at the row: only the first finds an older step.
    # A step that is still to come was used before the clock went back, and says nothing.
    unused = or_(TotpSecret.last_step < step, TotpSecret.last_step > step + 2 * max(DRIFT))
    newer = update(TotpSecret).where(TotpSecret.id == kept.id, unused)
    return session.scalar(newer.values(last_step=step).returning(TotpSecret.id)) is not None


def _step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The moment of which a code is, at most one step away from now."""
    code = plain(typed).replace(" ", "").replace("-", "")
    here = int(now.timestamp()) // STEP_SECONDS
    found = None
    for drift in DRIFT:
        right = pyotp.TOTP(secret).generate_otp(here + drift)
        if hmac.compare_digest(right.encode(), code.encode()):
            found = here + drift
    return found


def _use_paper(session: Session, account_id: int, typed: str, now: datetime) -> bool:
    bare = "".join(letter for letter in plain(typed).lower() if letter in LETTERS)
    use = (
        update(RecoveryCode)
        .where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
        .where(RecoveryCode.digest == digest(f"{account_id} {bare}"))
    )
    return session.scalar(use.values(used_at=now).returning(RecoveryCode.id)) is not None


def new_recovery_codes(session: Session, actor: Actor, now: datetime) -> list[str]:
    """Make ten codes to print (79 bits each); the ones made before are worth nothing."""
    account_id = actor.account_id or 0
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(16)) for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(account_id=account_id, digest=digest(f"{account_id} {code}")) for code in codes
    )
    audit.record(session, actor, now, "recovery_codes_made", "account", account_id)
    return ["-".join(code[place : place + 4] for place in range(0, 16, 4)) for code in codes]


def has_app(session: Session, account_id: int) -> bool:
    """Tell whether an account shares a secret with an app."""
    kept = select(TotpSecret.id).where(TotpSecret.account_id == account_id)
    return session.scalar(select(kept.exists())) or False


def count_recovery_codes(session: Session, account_id: int) -> int:
    """Return how many codes on paper are left."""
    left = select(func.count()).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(left) or 0


def remove(
    session: Session, actor: Actor, now: datetime, *, app: bool = False, passkey: int | None = None
) -> None:
    """Take one factor away; the last one of an account that needs one stays.

    Raises NotFound for a passkey of somebody else.
    """
    account = queries.get_account(session, actor.account_id or 0)
    if app:
        session.execute(delete(TotpSecret).where(TotpSecret.account_id == account.id))
    if passkey is not None:
        mine = delete(Passkey).where(Passkey.account_id == account.id, Passkey.id == passkey)
        if session.scalar(mine.returning(Passkey.id)) is None:
            raise NotFound
    left = session.scalar(select(func.count()).where(Passkey.account_id == account.id)) or 0
    left += session.scalar(select(func.count()).where(TotpSecret.account_id == account.id)) or 0
    if not left:
        if is_needed(account, actor):
            raise Invalid("最後のひとつは消せません。先に、新しいものを加えてください。")
        account.factor_since = None
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    audit.record(session, actor, now, "factor_removed", "account", account.id)
