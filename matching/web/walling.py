"""The wall round a signed-in reader: their areas and districts, as the database is told them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matching.kernel.actor import Actor
from matching.kernel.permissions import counts_only, districts_of, only_areas
from matching.kernel.row_security import WHOLE
from matching.places.neighbouring import neighbours


def wall_of(actor: Actor, action: str) -> Mapping[str, str]:
    """Return what the rows of a request are limited to; `WHOLE` for who works for the whole city.

    Residents and volunteers are limited by their queries alone: their pages show what ties them
    to others anywhere.
    """
    areas = only_areas(actor)
    brings = districts_of(actor)
    if areas is None or not (areas or brings) or counts_only(actor, action):
        return WHOLE
    near = {other for area in areas for other in neighbours(area)} | areas
    return {
        "areas": _told(areas),
        "near": _told(near),
        "districts": _told(district for _area, district in brings if district),
        "account": str(actor.account_id or "") if brings else "",
        "person": str(actor.person_id or ""),
    }


def _told(codes: Iterable[str]) -> str:
    return ",".join(sorted(codes))
