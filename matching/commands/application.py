"""The application for one command: with the running services, or with its own for that long."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask

import config as settings
from matching.kernel.errors import DomainError


@contextmanager
def application(*, migrated: bool = True) -> Iterator[Flask]:
    """Give the application inside its context; refusals become a sentence and exit code 1.

    Where nothing runs yet, the database and the broker are started for this command, and the
    database is brought to its newest shape first.
    """
    from matching.app import create_app
    from matching.kernel.database import db
    from matching.local.errors import LocalServiceError
    from matching.local.services import services
    from matching.local.surroundings import place_of, process_environ
    from matching.migrating import migrate, pending

    place = place_of(os.environ)
    try:
        with services(place.data_dir, os.environ) as endpoints:
            app = create_app(settings.load(process_environ(place, endpoints, os.environ)))
            with app.app_context():
                if migrated and pending():
                    migrate(app)
                try:
                    yield app
                finally:
                    db.session.remove()
                    db.engine.dispose()
    except (LocalServiceError, settings.ConfigError, DomainError) as refusal:
        click.echo(getattr(refusal, "sentence", None) or str(refusal), err=True)
        sys.exit(1)


@contextmanager
def writing(path: Path, more: str = "") -> Iterator[None]:
    """Tell in one sentence where a result cannot be written; exit code 1."""
    try:
        yield
    except OSError as error:
        click.echo(f"{path} に書けません（{error.strerror}）。{more}", err=True)
        sys.exit(1)


def tell(found: Any, as_json: bool, text: str) -> None:
    """Print one JSON object, or the text for people."""
    click.echo(json.dumps(found, ensure_ascii=False, default=str) if as_json else text)


def ask_once_more(question: str) -> None:
    """Let a person at a terminal think again; a script that names the command means it."""
    if sys.stdin.isatty():
        click.confirm(question, abort=True, err=True)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
