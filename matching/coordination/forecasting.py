"""Learning from answers every night, and telling with each proposal how likely a yes is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from matching.coordination.acceptance_models import AcceptanceVersion, ProposalChance
from matching.coordination.answers import (
    LEARNED_DAYS,
    read_answers,
    read_askings,
    read_reply_hours,
)
from matching.coordination.models import PlanningRun, Proposal
from matching.engine.acceptance import AcceptanceModel, Chance, forecast, prior_model
from matching.engine.calibration import Calibration, train
from matching.engine.logistic import Posterior
from matching.engine.replies import ReplyTimes, reply_times
from matching.kernel import audit
from matching.kernel.actor import Actor
from matching.kernel.clock import local_date


class Known(NamedTuple):
    """What forecasts are made from; without a version it is the prior."""

    version_id: int | None
    model: AcceptanceModel
    times: ReplyTimes


def learn(session: Session, actor: Actor, now: datetime) -> AcceptanceVersion:
    """Learn from all answers and keep the result as the version that counts from now on."""
    answers = read_answers(session, now)
    model, calibration = train(answers)
    version = AcceptanceVersion(
        learned_at=now,
        since_on=local_date(now - timedelta(days=LEARNED_DAYS)),
        learned=model.learned,
        answers=model.answers,
        yeses=model.yeses,
        people=len({answer.who for answer in answers}),
        coefficients=_kept(model),
        calibration=_told(calibration),
        reply_hours=reply_times(read_reply_hours(session, now))._asdict(),
    )
    session.add(version)
    session.flush()
    audit.record(
        session,
        actor,
        now,
        "acceptance_learned",
        "acceptance_version",
        version.id,
        answers=model.answers,
        yeses=model.yeses,
    )
    return version


def find_version(session: Session) -> AcceptanceVersion | None:
    """Return what was learned last."""
    return session.scalar(select(AcceptanceVersion).order_by(AcceptanceVersion.id.desc()).limit(1))


def known(session: Session) -> Known:
    """Return what forecasts are made from today."""
    version = find_version(session)
    if version is None:
        return Known(None, prior_model(), ReplyTimes(0, ()))
    hours = version.reply_hours
    times = ReplyTimes(hours["known"], tuple(hours["hours"]))
    return Known(version.id, _model(version), times)


def store_chances(session: Session, run: PlanningRun, now: datetime) -> None:
    """Keep with each proposal of a run how likely a yes is; scores and ranks never see it."""
    proposals = session.scalars(select(Proposal.id).where(Proposal.run_id == run.id)).all()
    if not proposals:
        return
    what = known(session)
    rows = [
        {"proposal_id": proposal_id, "version_id": what.version_id, **chance._asdict()}
        for proposal_id, chance in chances_of(session, what.model, proposals, now).items()
    ]
    session.execute(insert(ProposalChance), rows)


def chances_of(
    session: Session, model: AcceptanceModel, proposal_ids: Sequence[int], now: datetime
) -> dict[int, Chance]:
    """Forecast the answers to some proposals if they were asked now."""
    askings = read_askings(session, proposal_ids, now)
    return dict(zip(askings, forecast(model, list(askings.values())), strict=True))


def stored_chances(session: Session, proposal_ids: Sequence[int]) -> dict[int, Chance]:
    """Return the chances kept with proposals when they were made."""
    found = session.scalars(
        select(ProposalChance).where(ProposalChance.proposal_id.in_(proposal_ids))
    )
    return {row.proposal_id: Chance(row.p, row.low, row.high) for row in found}


def _kept(model: AcceptanceModel) -> dict[str, Any]:
    return {
        "names": list(model.names) if model.learned else ["usual"],
        "categories": list(model.categories),
        "mean": model.posterior.mean.tolist(),
        "covariance": model.posterior.covariance.tolist(),
        "spread": model.spread,
    }


def _model(version: AcceptanceVersion) -> AcceptanceModel:
    kept: Mapping[str, Any] = version.coefficients
    posterior = Posterior(np.array(kept["mean"]), np.array(kept["covariance"]))
    return AcceptanceModel(
        tuple(kept["categories"]),
        posterior,
        version.answers,
        version.yeses,
        kept["spread"],
        version.learned,
    )


def _told(calibration: Calibration | None) -> dict[str, Any]:
    if calibration is None:
        return {}
    return asdict(calibration) | {"bins": [each._asdict() for each in calibration.bins]}
