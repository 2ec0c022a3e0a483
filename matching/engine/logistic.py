"""Ridge logistic regression by Newton's method: likeliest coefficients and how sure they are."""

from typing import NamedTuple

import numpy as np

from matching.engine.arrays import Floats

MOST_STEPS, MOST_HALVINGS, CLOSE_ENOUGH = 60, 30, 1e-10


class Posterior(NamedTuple):
    """Normal approximation of what is known about the coefficients."""

    mean: Floats
    covariance: Floats


def sigmoid(values: Floats) -> Floats:
    """Return chances for log-odds, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(values / 2.0)))


def fit_logistic(rows: Floats, yes: Floats, prior_mean: Floats, precision: Floats) -> Posterior:
    """Return the posterior of coefficients whose prior is normal and independent.

    Without rows the answer is the prior itself. The loss is convex and each step is halved until
    it falls, so the result depends on the values alone.
    """
    beta = prior_mean.copy()
    now = _loss(rows, yes, beta, prior_mean, precision)
    for _ in range(MOST_STEPS):
        chance = sigmoid(rows @ beta)
        slope = rows.T @ (chance - yes) + precision * (beta - prior_mean)
        step = np.linalg.solve(_curvature(rows, chance, precision), slope)
        size = 1.0
        for _ in range(MOST_HALVINGS):
            tried = beta - size * step
            then = _loss(rows, yes, tried, prior_mean, precision)
            if then <= now:
                break
            size /= 2
        else:
            break
        beta, gained, now = tried, now - then, then
        if gained < CLOSE_ENOUGH and float(np.abs(size * step).max()) < CLOSE_ENOUGH:
            break
    curvature = _curvature(rows, sigmoid(rows @ beta), precision)
    return Posterior(beta, np.asarray(np.linalg.inv(curvature), dtype=np.float64))


def _loss(rows: Floats, yes: Floats, beta: Floats, prior_mean: Floats, precision: Floats) -> float:
    odds = rows @ beta
    misfit = np.logaddexp(0.0, odds) - yes * odds
    away = beta - prior_mean
    return float(misfit.sum() + 0.5 * (precision * away * away).sum())


def _curvature(rows: Floats, chance: Floats, precision: Floats) -> Floats:
    weight = chance * (1.0 - chance)
    return np.asarray((rows * weight[:, None]).T @ rows + np.diag(precision))
