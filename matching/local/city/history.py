"""The past half year: needs that are closed, who was asked, what they said and how it went."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from matching.local.city.cast import CAST_VOLUNTEERS
from matching.local.city.columns import NEED_COLUMNS, PROPOSAL_COLUMNS
from matching.local.city.draw import Draw
from matching.local.city.needs import content
from matching.local.city.requesters import Requesters
from matching.local.city.scheduling import schedule
from matching.local.city.templates import Template, seasonal_weights, templates_of
from matching.places.calendar import business_day_on_or_after
from matching.places.tables import DISTRICTS
from matching.places.travel import distance_km

PROPOSALS = 400
OLDEST_DAYS, NEWEST_DAYS = 178, 32
ASKED_PER_SEAT = 3
RESPONSES = {"accepted": 45, "declined": 33, "no_answer": 22}
OUTCOMES = {
    "completed": 87,
    "cancelled_by_requester": 7,
    "cancelled_by_volunteer": 5,
    "no_show": 1,
}
REACH_KM = 14.0


class Archive:
    """Collects closed needs and their proposals until there are enough of them."""

    def __init__(
        self,
        draw: Draw,
        requesters: Requesters,
        volunteers: Sequence[Mapping[str, str]],
        today: date,
    ) -> None:
        self._draw = draw
        self._requesters = requesters
        # The cast have their own short story, so that a newcomer's first match is theirs.
        others = volunteers[len(CAST_VOLUNTEERS) :]
        self._volunteers = [v for v in others if v["status"] == "active"]
        self._willingness = {v["volunteer_id"]: draw.between(1, 10) for v in self._volunteers}
        self._today = today
        self.needs: list[dict[str, str]] = []
        self._asked: list[tuple[dict[str, str], dict[str, str]]] = []

    def repeat(self, need: Mapping[str, str], helper: Mapping[str, str]) -> None:
        """File an earlier need of the same person that the same helper met."""
        day = business_day_on_or_after(self._today - timedelta(days=OLDEST_DAYS))
        row = dict(need) | {
            "received_at": _at(day, 9, 40).strftime("%Y-%m-%d %H:%M"),
            "recurrence": "once",
            "status": "done",
            "start_date": (day + timedelta(days=5)).isoformat(),
            "end_date": (day + timedelta(days=5)).isoformat(),
            "decide_by": (day + timedelta(days=4)).isoformat(),
        }
        self.needs.append(row)
        proposal = self._proposal(row, helper, _at(day, 10, 5), "accepted")
        proposal |= self._visit(row, proposal, "completed")
        self._asked.append((row, proposal))

    def fill(self) -> None:
        """File needs of the past half year until the proposals are many enough."""
        while len(self._asked) < PROPOSALS:
            self._file_one()

    def proposals(self) -> list[dict[str, str]]:
        """Return every proposal by the time it was made; the needs must be numbered by now."""
        found = sorted(self._asked, key=lambda pair: pair[1]["proposed_at"])
        return [
            proposal | {"proposal_id": f"P{number:04d}", "need_id": need["need_id"]}
            for number, (need, proposal) in enumerate(found, start=1)
        ]

    def _past_day(self) -> date:
        return self._today - timedelta(days=self._draw.between(NEWEST_DAYS, OLDEST_DAYS))

    def _file_one(self) -> None:
        day = self._past_day()
        weights = seasonal_weights(day.month)
        code = self._draw.weighted(list(weights), list(weights.values()))
        row = self._closed_need(self._draw.one(templates_of(code)), day)
        self.needs.append(row)
        asked = self._ask_around(row)
        self._asked += [(row, proposal) for proposal in asked]
        met = any(proposal["outcome"] == "completed" for proposal in asked)
        row["status"] = "done" if met else "cancelled"

    def _closed_need(self, template: Template, day: date) -> dict[str, str]:
        weights = [district.residents_thousand_estimate for district in DISTRICTS]
        district = self._draw.weighted(DISTRICTS, weights).code
        requester = self._requesters.draw_for(template, district)
        dates = schedule(self._draw, template, requester.columns["channel"], day)
        row = dict.fromkeys(NEED_COLUMNS, "") | content(template, requester) | dates.columns(day)
        end = min(dates.end, self._today - timedelta(days=5))
        return row | {"end_date": end.isoformat()}

    def _ask_around(self, need: dict[str, str]) -> list[dict[str, str]]:
        seats = int(need["headcount"])
        at = datetime.fromisoformat(need["received_at"]) + timedelta(hours=2)
        asked: list[dict[str, str]] = []
        for volunteer in self._willing(need)[: seats * ASKED_PER_SEAT]:
            response = self._draw.weighted(list(RESPONSES), list(RESPONSES.values()))
            proposal = self._proposal(need, volunteer, at, response)
            if response == "accepted":
                outcome = self._draw.weighted(list(OUTCOMES), list(OUTCOMES.values()))
                proposal |= self._visit(need, proposal, outcome)
                seats -= 1
            asked.append(proposal)
            if not seats:
                break
            at += timedelta(hours=self._draw.between(3, 30))
        return asked

    def _willing(self, need: Mapping[str, str]) -> list[Mapping[str, str]]:
        """Order those who do such things and live near; some are asked more than others."""
        able = [v for v in self._volunteers if _suits(v, need)]
        return sorted(
            able,
            key=lambda v: (
                _km(v, need) - self._willingness[v["volunteer_id"]] + self._draw.between(0, 6)
            ),
        )

    def _proposal(
        self, need: Mapping[str, str], volunteer: Mapping[str, str], at: datetime, response: str
    ) -> dict[str, str]:
        at = _in_office_hours(at)
        answered = at + timedelta(minutes=self._draw.between(10, 2400))
        silent = response == "no_answer"
        return dict.fromkeys(PROPOSAL_COLUMNS, "") | {
            "volunteer_id": volunteer["volunteer_id"],
            "category": need["category"],
            "proposed_at": at.strftime("%Y-%m-%d %H:%M"),
            "response": response,
            "responded_at": "" if silent else _awake(answered).strftime("%Y-%m-%d %H:%M"),
        }

    def _visit(
        self, need: Mapping[str, str], proposal: Mapping[str, str], outcome: str
    ) -> dict[str, str]:
        answered = datetime.fromisoformat(proposal["responded_at"]).date()
        day = max(answered + timedelta(days=1), date.fromisoformat(need["start_date"]))
        completed = outcome == "completed"
        return {
            "visit_date": day.isoformat(),
            "visit_minutes": need["duration_minutes"] if completed else "",
            "outcome": outcome,
        }


def remember_last_visits(
    volunteers: Sequence[dict[str, str]], proposals: Sequence[Mapping[str, str]]
) -> None:
    """Write the newest completed visit of every volunteer on the card."""
    last: dict[str, str] = {}
    for proposal in proposals:
        if proposal["outcome"] == "completed":
            who = proposal["volunteer_id"]
            last[who] = max(last.get(who, ""), proposal["visit_date"])
    for volunteer in volunteers:
        volunteer["last_active_on"] = last.get(volunteer["volunteer_id"], "")


def _suits(volunteer: Mapping[str, str], need: Mapping[str, str]) -> bool:
    skills = set(volunteer["skills"].split(";"))
    return (
        need["category"] in volunteer["categories"].split(";")
        and set(filter(None, need["required_skills"].split(";"))) <= skills
        and volunteer["registered_on"] < need["received_at"][:10]
        and _km(volunteer, need) <= REACH_KM
    )


def _km(volunteer: Mapping[str, str], need: Mapping[str, str]) -> float:
    here = float(volunteer["lat"]), float(volunteer["lon"])
    return distance_km(*here, float(need["lat"]), float(need["lon"]))


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute))


def _in_office_hours(at: datetime) -> datetime:
    if at.hour < 9:
        return at.replace(hour=9)
    return at if at.hour < 17 else at.replace(hour=9) + timedelta(days=1)


def _awake(at: datetime) -> datetime:
    if at.hour < 8:
        return at.replace(hour=9)
    return at if at.hour < 21 else at.replace(hour=8) + timedelta(days=1)
