"""Whatever the description allows or forbids, the API answers as it says: never a failure."""

from __future__ import annotations

import os
from datetime import datetime
from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from schemathesis import GenerationMode
from sqlalchemy.orm import Session

from matching.coordination.planning import plan_all
from matching.kernel import clock
from matching.kernel.actor import SYSTEM
from matching.people.tokens import make_token
from tests import factories

EXAMPLES = int(os.environ.get("API_EXAMPLES", "6"))


@pytest.fixture
def token(session: Session, now: datetime) -> str:
    factories.volunteer(session, now)
    factories.need(session, now)
    plan_all(session, SYSTEM, now)
    actor = factories.actor(session, "center_manager")
    made = make_token(session, actor.account_id or 0, "試験", "write", actor, clock.now())
    session.commit()
    return made


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_call_keeps_to_the_description(
    migrated_app: Flask, client: FlaskClient, token: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", migrated_app)
    for found in schema.get_all_operations():
        _try(found.ok(), token, mode)


def _try(operation: Any, token: str, mode: GenerationMode) -> None:
    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: Any) -> None:
        assume(not any(value == [] for value in (case.query or {}).values()))  # never sent
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code < 500, (case.as_curl_command(), answer.text)
        case.validate_response(answer, excluded_checks=_not_ours())

    attempt()


def _not_ours() -> list[Any]:
    """Checks that ask for more than a call alone can show."""
    checks = schemathesis.checks
    return [
        getattr(checks, name)
        for name in ("positive_data_acceptance", "missing_required_header", "ignored_auth")
        if hasattr(checks, name)
    ]
