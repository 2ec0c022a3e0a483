"""The relay process: `python -m worker.relay` rings the broker's bell for jobs that are due."""

from __future__ import annotations

from matching.kernel import relay
from worker.app import celery, flask_app


def publish(name: str, job_id: int) -> None:
    """Send the id of a job to the task of its name; raises OSError when the broker is away."""
    celery.send_task(name, args=[job_id], retry=False)


if __name__ == "__main__":
    with flask_app().app_context():
        relay.run(publish)
