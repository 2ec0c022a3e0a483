"""Every deed that changes a state: which form sends it, who may, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

BEFORE, AFTER = timedelta(minutes=-10), timedelta(minutes=10)  # of a visit's beginning
EARLIER = timedelta(days=-3)


@dataclass(frozen=True)
class Deed:
    """One form. `only`: states from which the deed works although the table allows more.

    `also`: states from which it works in two steps or changes nothing.
    `row`: the name of the row in the town where it is not the one that its kind is called by.
    """

    rows: str
    after: str
    path: str
    who: str
    fields: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    at: timedelta = EARLIER
    row: str = ""


TRIAGED = ("received", "triaging", "on_hold")
ASKED = ("contacted", "no_response")
TO_ASK = ("suggested", "selected")


def _triage(outcome: str, after: str, **more: str) -> Deed:
    fields = {"outcome": outcome, "reason": "話を聞いた", "next_action": "次へ", **more}
    return Deed("need", after, "/desk/needs/{need}/triage", "staff", fields, only=TRIAGED)


def _visit(
    after: str, act: str, who: str, at: timedelta, also: tuple[str, ...] = (), **fields: str
) -> Deed:
    place = "/my" if who == "helper" else "/desk"
    path = f"{place}/activities/{{visit}}/{act}"
    return Deed("activity", after, path, who, fields, also=also, at=at)


def _case(sort: str, after: str) -> Deed:
    fields = {"after": after, "said": "話した", "severity": "none"}
    return Deed(sort, after, f"/desk/{sort}s/{{{sort}}}/step", "staff", fields, at=AFTER)


def _referral(after: str) -> Deed:
    return Deed("referral", after, "/desk/referrals/{referral}", "staff",
                {"state": after, "said": "窓口の田中さん"})  # fmt: skip


def _registration(after: str) -> Deed:
    path = "/desk/volunteers/{volunteer}/state"
    return Deed("volunteer", after, path, "staff", {"after": after})


REPORT = {"minutes": "60", "condition": "usual"}
DEEDS: tuple[Deed, ...] = (
    _triage("accept", "ready"),
    _triage("hold", "on_hold"),
    _triage("refer", "referred", desks="city_elderly"),
    _triage("decline", "declined"),
    _triage("duplicate", "duplicate"),
    _triage("withdraw", "withdrawn"),
    Deed("need", "closed", "/desk/needs/{need}/close", "staff", {"reason": "goal_reached"},
         also=("ready", "matching", "matched", "in_progress", "on_hold")),
    Deed("proposal", "selected", "/api/v1/proposals/{proposal}/select", "staff"),
    Deed("proposal", "contacted", "/desk/proposals/{proposal}/offer", "staff",
         {"slot": "{slot}", "channel": "phone"}),
    Deed("proposal", "accepted", "/desk/proposals/{proposal}/answer", "staff", {"kind": "yes"},
         only=ASKED),
    Deed("proposal", "declined", "/desk/proposals/{proposal}/answer", "staff", {"kind": "no"},
         only=ASKED),
    Deed("proposal", "accepted", "/my/offers/{proposal}", "helper", {"kind": "yes"}, only=ASKED),
    Deed("proposal", "declined", "/my/offers/{proposal}", "helper", {"kind": "no"}, only=ASKED),
    Deed("proposal", "accepted", "/desk/proposals/{proposal}/confirm", "staff",
         {"slot": "{slot}"}, also=("accepted",)),
    Deed("proposal", "cancelled", "/api/v1/proposals/{proposal}/cancel", "staff",
         {"reason": "用事"}),
    Deed("placement", "confirmed", "/desk/proposals/{seat_proposal}/resident", "staff",
         {"kind": "yes"}),
    Deed("placement", "cancelled", "/desk/proposals/{seat_proposal}/resident", "staff",
         {"kind": "no"}, only=("held",)),
    Deed("placement", "cancelled", "/desk/placements/{placement}/cancel", "staff",
         {"reason": "用事"}),
    _visit("checked_in", "check-in", "desk", BEFORE, ("checked_in",)),
    _visit("checked_in", "check-in", "helper", BEFORE, ("checked_in",)),
    _visit("done", "check-out", "desk", AFTER, ("done",)),
    _visit("done", "check-out", "helper", AFTER, ("done",)),
    _visit("reported", "report", "desk", AFTER, **REPORT),
    _visit("reported", "report", "helper", AFTER, **REPORT),
    _visit("verified", "verify", "staff", AFTER),
    _visit("resident_absent", "not-met", "desk", AFTER),
    _visit("cancelled_by_volunteer", "call-off", "staff", BEFORE, side="volunteer", reason="熱"),
    _visit("cancelled_by_requester", "call-off", "staff", BEFORE, side="requester", reason="熱"),
    _visit("cancelled_center", "call-off", "staff", BEFORE, side="centre", reason="雪"),
    _visit("cancelled_by_volunteer", "leave", "helper", BEFORE, reason="熱"),
    *(Deed("expense", after, "/desk/expenses/{expense}", "staff", {"after": after}, at=AFTER)
      for after in ("approved", "returned", "paid")),
    Deed("expense", "claimed", "/my/activities/{visit}/expenses", "any_visit",
         {"kind": "fuel", "km": "7"}, at=AFTER),
    *(_case("incident", after) for after in ("assessed", "responding", "closed")),
    *(_case("complaint", after) for after in ("checked", "explained", "improved", "closed")),
    Deed("concern", "acknowledged", "/desk/safeguarding/{concern}/acknowledge", "boss",
         only=("reported",), at=AFTER),
    Deed("concern", "acknowledged", "/desk/safeguarding/{concern}/decide", "boss",
         {"decision": "continue", "reason": "まだ"}, at=AFTER),
    Deed("concern", "closed", "/desk/safeguarding/{concern}/decide", "boss",
         {"decision": "release", "reason": "落ち着いた"}, also=("reported",), at=AFTER),
    Deed("task", "open", "/desk/tasks/{task}/claim", "desk"),
    Deed("task", "open", "/desk/tasks/{task}/snooze", "desk",
         {"until": "tomorrow", "reason": "留守"}),
    Deed("task", "done", "/desk/tasks/{task}/done", "desk"),
    Deed("approval", "approved", "/desk/needs/{risky}/approval", "boss",
         {"decision": "yes", "reason": "見てきた"}),
    Deed("approval", "refused", "/desk/needs/{risky}/approval", "boss",
         {"decision": "no", "reason": "あぶない"}),
    *(_referral(after) for after in
      ("consented", "handed_over", "accepted", "returned", "followed_up", "closed")),
    *(_registration(after) for after in
      ("applicant", "interviewed", "active", "paused", "withdrawn", "suspended")),
    Deed("trade", "taken", "/my/trades/{passed}", "helper", row="passed"),
    Deed("trade", "withdrawn", "/my/activities/{visit}/trade", "helper", {"do": "keep"}),
    Deed("trade", "settled", "/desk/activities/{visit}/trade", "staff", {"decision": "yes"}),
    Deed("trade", "refused", "/desk/activities/{visit}/trade", "staff", {"decision": "no"}),
    Deed("weights", "proposed", "/admin/weights/{weights}/propose", "lead"),
    Deed("weights", "live", "/admin/weights/{weights}/approve", "lead"),
    Deed("weights", "withdrawn", "/admin/weights/{weights}/withdraw", "lead"),
    Deed("message", "sent", "/desk/messages/{message}/told", "desk", only=("waiting",)),
    Deed("message", "waiting", "/desk/messages/{message}/retry", "desk", only=("parked",)),
    Deed("message", "waiting", "/desk/messages/{message}/call", "desk", only=("parked",)),
    Deed("message", "dropped", "/desk/messages/{message}/let-go", "desk"),
    Deed("reveal", "agreed", "/desk/reveals/{reveal}", "staff", {"decision": "agree"}),
    Deed("reveal", "refused", "/desk/reveals/{reveal}", "staff", {"decision": "refuse"}),
)  # fmt: skip

# What no form leads to: the service itself does it, or a deed on another row.
BY_ITSELF: Mapping[str, frozenset[str]] = {
    "need": frozenset({"triaging", "matching", "matched", "in_progress", "completed", "unmet"}),
    "proposal": frozenset({"waitlisted", "no_response", "superseded"}),
    "placement": frozenset({"done"}),
    "activity": frozenset({"cancelled_weather", "no_show", "interrupted", "unreported"}),
    "approval": frozenset({"asked"}),
    "message": frozenset({"parked", "bounced"}),
    "weights": frozenset({"retired"}),
}
