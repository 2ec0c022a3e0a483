"""The Celery app: one queue, late acknowledgement, nothing kept in the broker that matters."""

from __future__ import annotations

import os
import sys

from celery import Celery, signals
from flask import Flask

import config as settings
from matching.local.endpoints import broker_url

TASK_SECONDS = 240

celery = Celery("musubi")
celery.conf.update(
    broker_url=broker_url(os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0")),
    include=["worker.tasks"],
    task_default_queue="musubi",
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=TASK_SECONDS,
    task_soft_time_limit=TASK_SECONDS - 20,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=3,
    worker_enable_soft_shutdown_on_idle=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": TASK_SECONDS + 60,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 10,
    },
    beat_schedule_filename=os.environ.get("MUSUBI_BEAT_FILE", "celerybeat-schedule"),
    timezone="Asia/Tokyo",
)
# Beat's entries live in worker/schedule.py.
celery.config_from_object("worker.schedule")

_flask: Flask | None = None


def flask_app() -> Flask:
    """Return this process's application, made at first use so that children share no sockets."""
    global _flask
    if _flask is None:
        from matching.app import create_app

        _flask = create_app(settings.load())
    return _flask


@signals.worker_init.connect
def _refuse_wrong_keys(**_: object) -> None:
    """Stop before the first job when what is sealed could not be opened."""
    from matching.kernel.keyring import KeyFileError
    from matching.records.standing import refuse_wrong_keys

    try:
        with flask_app().app_context():
            refuse_wrong_keys()
    except (settings.ConfigError, KeyFileError) as refusal:
        sys.exit(str(refusal))


@signals.worker_process_init.connect
def _warm(**_: object) -> None:
    """Import and connect before the first job comes, not during it."""
    flask_app()
