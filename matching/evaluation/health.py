"""What an operator has to mend before people are served."""

from __future__ import annotations

import redis
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

import config as settings
from matching import row_policies
from matching.kernel import clock, outbox
from matching.kernel.database import db
from matching.kernel.row_security import APP_ROLE
from matching.migrating import pending
from matching.people.models import Account, Role

LATE_SECONDS = 300


def findings(app: Flask, *, deploy: bool) -> list[str]:
    """Return the reasons, as sentences that say what to do; none means all is well."""
    config: settings.Config = app.extensions["musubi"]
    reasons = [*_database(), *_broker(config)]
    return [*reasons, *_deployment(config)] if deploy else reasons


def _database() -> list[str]:
    try:
        if pending():
            return ["The database is not in its newest shape: run `musubi migrate`."]
        waiting = outbox.pressure(db.session(), clock.now())
        reasons = wall_troubles()
    except SQLAlchemyError as reason:
        return [f"The database does not answer ({type(reason).__name__}): check DATABASE_URL."]
    if waiting["parked"]:
        reasons.append(f"{waiting['parked']} jobs are parked after failing: look at the log.")
    if waiting["oldest_seconds"] > LATE_SECONDS:
        reasons.append(
            f"A job has waited {waiting['oldest_seconds']:.0f} s: are relay and worker running?"
        )
    return reasons


def wall_troubles() -> list[str]:
    """Return what is wrong with the wall round branches and districts, and how to mend it."""
    with db.engine.connect() as connection:
        stands, usable = row_policies.stands(connection), row_policies.usable(connection)
        superuser = connection.scalar(text("SELECT current_setting('is_superuser')")) == "on"
    if not stands:
        return ["Row-level security is not that of this version: run `musubi migrate`."]
    if usable:
        return []
    held = "no wall stands between branches" if superuser else "the wall between branches stands"
    return [
        f"The role {APP_ROLE} is missing or not granted ({held}; the trail is guarded by triggers "
        f"alone): CREATE ROLE {APP_ROLE} NOLOGIN; GRANT {APP_ROLE} TO the user of DATABASE_URL; "
        "then `musubi migrate`."
    ]


def _broker(config: settings.Config) -> list[str]:
    try:
        redis.Redis.from_url(config.redis_url, socket_timeout=2).ping()
    except redis.RedisError as reason:
        return [f"The broker does not answer ({type(reason).__name__}): check REDIS_URL."]
    return []


def _deployment(config: settings.Config) -> list[str]:
    reasons = []
    if config.demo:
        reasons.append("MUSUBI_DEMO is set: a real installation runs without it.")
    if config.frozen_now:
        reasons.append("MUSUBI_NOW stops the clock: it is for demo and tests, unset it.")
    if config.clock_ahead:
        reasons.append("MUSUBI_SHIFT moves the clock: it is for demo and tests, unset it.")
    if not config.secure_cookies:
        reasons.append("BASE_URL is not https: cookies would travel in the clear.")
    try:
        reasons += _accounts()
    except SQLAlchemyError:
        reasons.append("The accounts cannot be read: run `musubi migrate` first.")
    return reasons


def _accounts() -> list[str]:
    demo = db.session.scalar(select(func.count(Account.id)).where(Account.demo)) or 0
    managers = select(func.count(Role.id)).where(Role.role == "center_manager")
    reasons = []
    if demo:
        reasons.append(f"{demo} demo accounts exist: start a real installation with an empty one.")
    if not db.session.scalar(managers):
        reasons.append("There is no manager yet: `musubi account add LOGIN --role center_manager`.")
    return reasons
