"""Figures for operators: what waits, how planning went, how pages answer."""

from __future__ import annotations

import os
import time
from datetime import datetime

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.orm import Session

from matching.coordination import queries
from matching.kernel import outbox
from matching.records import keys, standing

REQUESTS = Counter("http_requests_total", "Answers given", ["method", "route", "status"])
SECONDS = Histogram("http_request_seconds", "Seconds to answer", ["method", "route"])


def register(app: Flask) -> None:
    """Count and time every answer by its route, never by its address."""
    app.before_request(_start)
    app.after_request(_count)


def _start() -> None:
    g.started = time.perf_counter()


def _count(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "unknown"
    method = request.method if request.method in {"GET", "POST", "PUT", "PATCH"} else "other"
    REQUESTS.labels(method, route, response.status_code).inc()
    if "started" in g:
        SECONDS.labels(method, route).observe(time.perf_counter() - g.started)
    return response


def render(session: Session, now: datetime) -> bytes:
    """Return the figures of all web processes and of the database's truth."""
    shared = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        pages = generate_latest(shared)
    else:
        pages = generate_latest()
    truth = CollectorRegistry()
    for name, value in outbox.pressure(session, now).items():
        Gauge(f"outbox_{name}", f"Jobs of the outbox: {name}", registry=truth).set(value)
    run = queries.find_latest_run(session, state="done")
    if run is not None:
        Gauge("plan_seconds", "Seconds of the last plan", registry=truth).set(run.seconds or 0)
        Gauge("plan_gap", "Gap of the last plan", registry=truth).set(run.gap or 0)
    _records(session, now, truth)
    return pages + generate_latest(truth)


def _records(session: Session, now: datetime, truth: CollectorRegistry) -> None:
    whole = not standing.chain_troubles(session)
    Gauge("chain_ok", "Whether the audit trail is whole", registry=truth).set(whole)
    age = standing.backup_age(session, now)
    if age is not None:
        text = "Seconds since the last backup"
        Gauge("backup_age_seconds", text, registry=truth).set(max(0.0, age))
    counted = Gauge("person_keys", "Data keys by the key that wraps them", ["key"], registry=truth)
    for key_id, count in keys.wrapped_by(session).items():
        counted.labels(key_id).set(count)
