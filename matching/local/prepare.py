"""Bring the database to the newest shape and, for the demo, fill the city: one short process."""

import os
import sys

from flask import Flask

from matching.app import create_app
from matching.local.surroundings import demo_password, place_of
from matching.migrating import migrate


def main(arguments: list[str]) -> None:
    """Migrate; with `--demo` also fill an empty database."""
    app = create_app()
    migrate(app)
    if "--demo" in arguments:
        _fill(app)


def _fill(app: Flask) -> None:
    from matching.local import demo_city  # only the demo needs the city

    with app.app_context():
        demo_city.fill_if_empty(demo_password(place_of(os.environ)))


if __name__ == "__main__":
    main(sys.argv[1:])
