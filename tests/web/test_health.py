"""What operators ask: alive, ready, and how much waits."""

from datetime import datetime, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from matching.kernel import clock, outbox


def test_ready_says_what_it_looked_at(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json() == {
        "status": "ok",
        "database": "ok",
        "broker": "ok",
        "migrations": "ok",
        "keys": "ok",
        "jobs": "ok",
    }


def test_a_job_that_nobody_does_shows_as_degraded(
    client: FlaskClient, session: Session, now: datetime
) -> None:
    outbox.plan_soon(session, now)
    session.commit()
    clock.freeze(now + timedelta(minutes=5))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json()["status"] == "degraded"
    assert answer.get_json()["jobs"] == "late"


def test_figures_are_for_this_machine_only(client: FlaskClient) -> None:
    told = client.get("/metrics")
    assert told.status_code == 200
    for name in ("outbox_pending", "outbox_oldest_seconds", "outbox_parked", "http_requests_total"):
        assert name in told.get_data(as_text=True)
    far = client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert far.status_code == 404


def test_security_txt_says_whom_to_tell(client: FlaskClient) -> None:
    told = client.get("/.well-known/security.txt").get_data(as_text=True)
    assert "Contact: mailto:" in told
    assert "Expires: " in told
