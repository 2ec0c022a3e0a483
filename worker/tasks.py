"""One short function per job; a job is claimed, done and marked done in one transaction."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

import config as settings
from matching.activities.covering import watch_cover
from matching.activities.following import watch_follow_ups
from matching.activities.missing import watch_absences
from matching.activities.watching import watch_visits
from matching.coordination import progressing
from matching.coordination.expiring import expire_offers
from matching.coordination.forecasting import learn
from matching.coordination.opening import find_openers, look_for_openers
from matching.coordination.planning import plan_changes, plan_renewed
from matching.coordination.remembering import Memory
from matching.coordination.replaying import replay_some
from matching.coordination.splitting import SPLIT_ABOVE, join_parts, plan_or_split, solve_part
from matching.coordination.withdrawing import expire_consents
from matching.evaluation import silence
from matching.kernel import audit, clock, outbox
from matching.kernel.actor import SYSTEM
from matching.kernel.database import db, transaction
from matching.kernel.drafts import forget_expired
from matching.kernel.limits import forget_whole
from matching.kernel.logs import logger, where
from matching.kernel.outbox import plan_afresh
from matching.messaging.hooks import forget_old
from matching.messaging.reminding import park_lost, remind
from matching.messaging.sending import send
from matching.messaging.telling import tell
from matching.records import retaining
from matching.safeguarding.escalating import escalate
from matching.volunteers.renewing import watch_terms
from matching.web.sessions import remove_expired
from worker.app import celery, flask_app
from worker.mails import mail_reset, post_of

MOST_VISITS = "MUSUBI_REGION_VISITS"
MEMORY = Memory()
"""What this worker process knows of the last problem; see `matching.coordination.remembering`."""


def _config() -> settings.Config:
    config: settings.Config = flask_app().extensions["musubi"]
    return config


Handler = Callable[[Session, dict[str, object], datetime], None]


def run_job(job_id: int, handle: Handler) -> None:
    """Do a job once: a second bell for the same row finds it done or in other hands."""
    with flask_app().app_context():
        try:
            with transaction() as session:
                job = outbox.claim(session, job_id)
                if job is None:
                    return
                handle(session, job.payload, clock.now())
                outbox.finish(job, clock.now())
        except Exception as failure:
            logger().error(
                "job_failed", job_id=job_id, error=type(failure).__name__, where=where(failure)
            )
            with transaction() as session:
                outbox.note_failure(session, job_id, type(failure).__name__)
            raise


@celery.task(name="plan")
def plan(job_id: int) -> None:
    """Mend the plan around what changed."""
    run_job(job_id, lambda session, _payload, now: _mend(session, now))


def _mend(session: Session, now: datetime) -> None:
    run = plan_changes(session, SYSTEM, now, progressing.teller(db.engine), MEMORY)
    look_for_openers(session, run, now)


@celery.task(name="plan_renew")
def plan_renew(job_id: int) -> None:
    """Mend the plan under new prices, once repairs have moved it too far from its bound."""
    run_job(job_id, lambda session, _payload, now: _renew(session, now))


def _renew(session: Session, now: datetime) -> None:
    plan_renewed(session, SYSTEM, now, memory=MEMORY)


@celery.task(name="plan_full")
def plan_full(job_id: int) -> None:
    """Plan all needs that wait, afresh."""
    run_job(job_id, lambda session, _payload, now: _plan(session, now))


def _plan(session: Session, now: datetime) -> None:
    tell, most = progressing.teller(db.engine), int(os.environ.get(MOST_VISITS, SPLIT_ABOVE))
    run = plan_or_split(session, SYSTEM, now, most, progress=tell, memory=MEMORY)
    if run is not None:
        look_for_openers(session, run, now)


@celery.task(name="plan_region")
def plan_region(job_id: int) -> None:
    """Plan one region of a large plan."""
    run_job(job_id, _region)


def _region(session: Session, payload: dict[str, object], now: datetime) -> None:
    solve_part(session, payload, now)


@celery.task(name="plan_join")
def plan_join(job_id: int) -> None:
    """Join the regions of a large plan."""
    run_job(job_id, _join)


def _join(session: Session, payload: dict[str, object], now: datetime) -> None:
    run = join_parts(session, payload, SYSTEM, now, MEMORY)
    if run is not None:
        look_for_openers(session, run, now)


@celery.task(name="plan_openers")
def plan_openers(job_id: int) -> None:
    """Try out who would open what the plan cannot place."""
    run_job(job_id, lambda session, _payload, now: _openers(session, now))


def _openers(session: Session, now: datetime) -> None:
    find_openers(session, now)


@celery.task(name="message")
def message(job_id: int) -> None:
    """Tell somebody something: one message, by the channel that reaches them."""
    ready = _config().gateways.ready
    run_job(job_id, lambda session, payload, now: tell(session, payload, now, ready))


@celery.task(name="send_message")
def send_message(job_id: int) -> None:
    """Hand one message to its gateway."""
    post = post_of(_config())
    run_job(job_id, lambda session, payload, now: send(session, payload, now, post))


@celery.task(name="watch_messages")
def watch_messages() -> None:
    """Remind of what is near, and park what got lost on its way."""
    with flask_app().app_context(), transaction() as session:
        now = clock.now()
        count = remind(session, now, _config().gateways.ready)
        lost = park_lost(session, now)
        forget_old(session, now)
        if count or lost:
            logger().info("messages_watched", count=count + lost)


@celery.task(name="reset_mail")
def reset_mail(job_id: int) -> None:
    """Mail the link for a new password."""
    run_job(job_id, lambda session, payload, now: mail_reset(session, payload, now, _config()))


@celery.task(name="expire_offers")
def expire() -> None:
    """Take offers whose time is over as unanswered."""
    with flask_app().app_context(), transaction() as session:
        count = expire_offers(session, clock.now())
        if count:
            logger().info("offers_expired", count=count)


@celery.task(name="watch_visits")
def watch() -> None:
    """Ask about visits that have not begun, ended or been reported."""
    with flask_app().app_context(), transaction() as session:
        now = clock.now()
        count = watch_visits(session, now) + watch_follow_ups(session, now)
        count += watch_terms(session, now) + watch_absences(session, now)
        count += watch_cover(session, now)
        if count:
            logger().info("visits_asked_about", count=count)


@celery.task(name="heal_silence")
def heal_silence() -> None:
    """Give whatever waits somebody responsible and a next day."""
    with flask_app().app_context(), transaction() as session:
        count = silence.heal(session, clock.now())
        if count:
            logger().info("silence_healed", count=count)


@celery.task(name="escalate_concern")
def escalate_concern(job_id: int) -> None:
    """Tell the next person of the phone list about a concern nobody has taken up."""
    run_job(job_id, _escalate)


def _escalate(session: Session, payload: dict[str, object], now: datetime) -> None:
    escalate(session, int(str(payload["concern"])), now)


@celery.task(name="expire_consents")
def end_consents() -> None:
    """Take consents whose day has passed as expired, with all that follows."""
    with flask_app().app_context(), transaction() as session:
        count = expire_consents(session, clock.now())
        if count:
            logger().info("consents_expired", count=count)


@celery.task(name="sweep")
def sweep() -> None:
    """Offer again the jobs whose bell was lost."""
    with flask_app().app_context(), transaction() as session:
        count = outbox.sweep(session, clock.now())
        if count:
            logger().warning("jobs_offered_again", count=count)


@celery.task(name="forget_sessions")
def forget_sessions() -> None:
    """Delete sessions whose time is over."""
    with flask_app().app_context():
        logger().info("sessions_forgotten", count=remove_expired(clock.now()))
        with transaction() as session:
            forget_whole(session, clock.now())
            forget_expired(session, clock.now())


@celery.task(name="plan_today")
def plan_today() -> None:
    """Plan anew although nothing changed: the days have moved on."""
    with flask_app().app_context(), transaction() as session:
        plan_afresh(session, clock.now())


@celery.task(name="learn_tonight")
def learn_tonight() -> None:
    """Ask for one learning from all answers."""
    with flask_app().app_context(), transaction() as session:
        outbox.enqueue(session, "learn", {}, clock.now(), merge_key="learn")


@celery.task(name="learn")
def learn_acceptance(job_id: int) -> None:
    """Learn from all answers how likely a yes is."""
    run_job(job_id, lambda session, _payload, now: _learn(session, now))


def _learn(session: Session, now: datetime) -> None:
    learn(session, SYSTEM, now)


@celery.task(name="replay")
def replay(job_id: int) -> None:
    """Rank some past decisions again under other weights."""
    run_job(job_id, _replay)


def _replay(session: Session, payload: dict[str, object], now: datetime) -> None:
    replay_some(session, int(str(payload["replay"])), now)


@celery.task(name="verify_trail")
def verify_trail() -> None:
    """Follow the whole audit trail; what was found is itself an event, for figures and doctor."""
    with flask_app().app_context(), transaction() as session:
        verdict = audit.verify(session)
        whole = verdict.broken_at is None
        if not whole:
            logger().error("trail_broken", reason=verdict.reason, count=verdict.broken_at)
        counts = {"ok": whole, "events": verdict.events, "head": verdict.head}
        audit.record(session, SYSTEM, clock.now(), "trail_verified", "event", None, **counts)


@celery.task(name="retain")
def retain() -> None:
    """Let go of what has served its purpose; the demo keeps its invented history."""
    config: settings.Config = flask_app().extensions["musubi"]
    while not config.demo:
        with flask_app().app_context(), transaction() as session:
            counts = retaining.retain(
                session, config.retention, config.data_dir, SYSTEM, clock.now()
            )
        if not any(counts.values()):
            return
        logger().info("retained", count=sum(counts.values()))
