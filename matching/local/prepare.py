"""Bring the database to the newest shape and, for the demo, fill the city: one short process."""

import os
import sys

from flask import Flask
from sqlalchemy import update

import config as settings
from matching.app import create_app
from matching.kernel.database import transaction
from matching.kernel.keyring import KeyFileError
from matching.local.surroundings import demo_password, knows_demo_password, place_of
from matching.migrating import migrate
from matching.people.models import Account
from matching.people.passwords import hashed
from matching.records import standing


def main(arguments: list[str]) -> None:
    """Migrate; with `--demo` also fill an empty database. Keys that do not fit stop it."""
    try:
        app = create_app()
        migrate(app)
        with app.app_context():
            standing.refuse_wrong_keys()
    except (settings.ConfigError, KeyFileError) as refusal:
        sys.exit(str(refusal))
    if "--demo" in arguments:
        _fill(app)


def _fill(app: Flask) -> None:
    from matching.local import demo_city  # only the demo needs the city

    place = place_of(os.environ)
    known = knows_demo_password(place)
    password = demo_password(place)
    with app.app_context():
        filled = demo_city.fill_if_empty(password)
        if not filled and not known:
            _give_new_password(password)


def _give_new_password(password: str) -> None:
    """Where the database has seen a demo from another data folder, its password is not ours."""
    with transaction() as session:
        change = update(Account).where(Account.demo).values(password_hash=hashed(password))
        session.execute(change)


if __name__ == "__main__":
    main(sys.argv[1:])
