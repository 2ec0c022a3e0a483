"""The whole demonstration city from one seed and one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from matching.local.city.accounts import accounts, guardians, qualifications
from matching.local.city.around import errands, unread
from matching.local.city.commissioners import commissioners
from matching.local.city.draw import Draw
from matching.local.city.groups import groups
from matching.local.city.history import Archive, remember_last_visits
from matching.local.city.homes import Homes, Phones
from matching.local.city.needs import OPEN_NEEDS, NeedDesk, number_by_intake
from matching.local.city.puzzles import crowded_morning, unreachable
from matching.local.city.requesters import Requesters
from matching.local.city.volunteers import VolunteerDesk

Rows = list[dict[str, str]]
MEMBERS_SHARE = 0.35


@dataclass(frozen=True)
class City:
    """An invented city. The first five lists are sheets: their columns are the importer's own.

    `past_needs` are the closed needs that `proposals` speak of, `errands` are met in the days
    around today, `unread` ones just came in; all in the columns of `needs`.
    `accounts` tie the demonstration logins to rows of the other lists; `qualifications` and
    `guardians` are the papers staff have seen; `blocks` are pairs that never meet.
    `unreachable` names the needs nobody can meet and the gate that shuts everybody out.
    """

    seed: int
    today: date
    volunteers: Rows
    groups: Rows
    needs: Rows
    commissioners: Rows
    proposals: Rows
    past_needs: Rows
    errands: Rows
    unread: Rows
    accounts: Rows
    qualifications: Rows
    guardians: Rows
    blocks: Rows
    unreachable: dict[str, str]  # need_id to gate


def generate(seed: int, today: date) -> City:
    """Invent the city as it stands on that day; the same arguments give the same records."""
    homes = Homes(Draw(seed, today, "homes"))
    phones = Phones(Draw(seed, today, "phones"))
    people = commissioners(Draw(seed, today, "commissioners"), phones, today)
    bodies = groups(Draw(seed, today, "groups"), homes, phones, today)
    volunteers = VolunteerDesk(Draw(seed, today, "volunteers"), homes, phones, today).register_all()
    _join_groups(Draw(seed, today, "members"), volunteers, bodies)
    requesters = Requesters(Draw(seed, today, "requesters"), homes, phones, people, today)

    desk = NeedDesk(Draw(seed, today, "needs"), requesters, today)
    cast = desk.cast_needs(volunteers[0])
    hopeless = unreachable(desk, volunteers)
    crowd = crowded_morning(desk, volunteers, today)
    seasonal = desk.seasonal(OPEN_NEEDS - len(cast) - len(hopeless) - len(crowd), crowd)
    needs = [*cast.values(), *hopeless.values(), *crowd, *seasonal]

    archive = Archive(Draw(seed, today, "history"), requesters, volunteers, today)
    archive.repeat(cast["resident"], volunteers[0])
    archive.fill()
    beside = NeedDesk(Draw(seed, today, "errands"), requesters, today)
    around = errands(beside, today)
    number_by_intake([*archive.needs, *needs, *around])
    proposals = archive.proposals()
    remember_last_visits(volunteers, proposals)
    papers = Draw(seed, today, "papers")
    return City(
        seed=seed,
        today=today,
        volunteers=volunteers,
        groups=bodies,
        needs=sorted(needs, key=lambda row: row["need_id"]),
        commissioners=people,
        proposals=proposals,
        past_needs=sorted(archive.needs, key=lambda row: row["received_at"]),
        errands=around,
        unread=unread(beside, today),
        accounts=accounts(today, cast, _speaker(cast["commissioner"], people)),
        qualifications=qualifications(papers, volunteers, today),
        guardians=guardians(papers, phones, volunteers, today),
        blocks=_blocks(papers, seasonal, volunteers),
        unreachable={row["need_id"]: gate for gate, row in hopeless.items()},
    )


def _join_groups(draw: Draw, volunteers: Rows, bodies: Rows) -> None:
    """Make some volunteers members of a group of their own area that does what they like."""
    for volunteer in volunteers:
        likes = set(volunteer["categories"].split(";"))
        near = [
            body["group_id"]
            for body in bodies
            if body["district"] == volunteer["district"]
            and body["status"] == "active"
            and likes & set(body["activities"].split(";"))
        ]
        if near and draw.chance(MEMBERS_SHARE):
            volunteer["group_id"] = draw.one(near)


def _speaker(need: dict[str, str], people: Rows) -> dict[str, str]:
    return next(row for row in people if row["commissioner_id"] == need["proxy_id"])


def _blocks(draw: Draw, needs: Sequence[dict[str, str]], volunteers: Rows) -> Rows:
    """Name a few pairs that know each other too well; the reason is for staff only."""
    reasons = ("親族", "以前の活動で相性が合わなかった", "近所づきあいの事情")
    return [
        {
            "need_id": draw.one(needs)["need_id"],
            "volunteer_id": draw.one(volunteers[1:])["volunteer_id"],
            "reason": reason,
        }
        for reason in reasons
    ]
