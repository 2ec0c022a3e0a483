"""The planner beside Timefold on one crowded city; judges value both plans and look for faults.

`python -m tests.bench.timefold_peer NEEDS PEOPLE SECONDS JARS [CONFIG.xml]` prints figures as JSON.
SECONDS are CPU seconds of Timefold's one solving thread; JARS is a folder with its libraries and
what they need (the Python package carries them). A JDK is needed. Neither is a part of this
project: no test runs this.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from matching.engine import Assignment, Options, rank, solve
from tests.judges.feasibility import faults
from tests.judges.instance import Instance, Person, Seat
from tests.judges.reading import DAY, Rules, length
from tests.judges.values import instance_of, seats_of
from tests.judges.valuing import value_of

from .city import TODAY, City, city

SOURCE = Path(__file__).with_name("TimefoldPeer.java")
MEMORY = "-Xmx4g"
COLD = (12, 1, 2, 3)
KMH = {"car": (35, 25), "light_truck": (35, 25), "bus": (20, 20), "bicycle": (12, 12)}
NO_LIMIT = -1


def instance_of_city(of_city: City) -> Instance:
    """Return the question for judges, with the planner's points of every pair."""
    ranked = rank(of_city.problem(), top=len(of_city.volunteers)).items()
    scores = {f"{need} {c.volunteer_id}": c.score for need, r in ranked for c in r.candidates}
    return instance_of(of_city.needs, of_city.volunteers, Options(today=TODAY), scores=scores)


def question(rules: Rules) -> Iterator[str]:
    """Give the lines that state a question without bookings and locks."""
    instance = rules.instance
    people = {person.id: number for number, person in enumerate(instance.people)}
    visits = {(v.ask.id, v.number): number for number, v in enumerate(rules.visits)}
    needs = {ask.id: number for number, ask in enumerate(instance.asks)}
    for day in range(instance.today, instance.today + instance.horizon):
        on = date.fromordinal(day)
        monday = day - on.weekday()
        yield f"day {day} {on.year * 12 + on.month} {monday} {int(on.month in COLD)}"
    yield from map(_person, instance.people)
    for visit in rules.visits:
        ask = visit.ask
        yield (
            f"visit {needs[ask.id]} {visit.open_seats} {visit.least_more} {visit.weight} "
            f"{length(ask)} {ask.lat} {ask.lon}"
        )
    for visit, person, starts in rules.chances():
        number = visits[visit.ask.id, visit.number]
        points = instance.score(visit.ask.id, person.id)
        yield f"choice {number} {people[person.id]} {points} {' '.join(map(str, starts))}"


def _person(person: Person) -> str:
    hours, week = person.month_hours, person.week_visits
    minutes = NO_LIMIT if hours is None else int(hours * 60)
    warm, cold = KMH.get(person.transport or "", (4, 4))
    return f"person {minutes} {NO_LIMIT if week is None else week} {warm} {cold}"


def answer(rules: Rules, lines: str) -> list[Seat]:
    """Return the seats that an answer gives."""
    found = []
    for line in lines.splitlines():
        number, person, start = map(int, line.split()[1:])
        visit = rules.visits[number]
        day, minutes = divmod(start, DAY)
        who = rules.instance.people[person].id
        end = minutes + length(visit.ask)
        found.append(Seat(visit.ask.id, visit.number, who, day, minutes, end))
    return found


def asked(rules: Rules, seconds: int, jars: Path, config: list[str]) -> list[Seat]:
    """Return the seats that Timefold gives after so many CPU seconds; its way goes to stderr."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder, "question.txt")
        lines.write_text("\n".join(question(rules)) + "\n", encoding="ascii")
        libraries = f"{jars}/*"
        classes = f"{folder}:{libraries}"
        _java("javac", "-cp", libraries, "-d", folder, SOURCE)
        given = SOURCE.stem, lines, seconds, *config
        found = _java("java", MEMORY, "-XX:+UseSerialGC", "-cp", classes, *given)
    return answer(rules, found)


def _java(program: str, *arguments: object) -> str:
    path = shutil.which(program)
    if path is None:
        raise SystemExit(f"{program} was not found: install a JDK.")
    command = [path, *map(str, arguments)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout


def judged(instance: Instance, seats: list[Seat]) -> dict[str, object]:
    """Return what a plan is worth, and how many rules it breaks."""
    weighted, score, load, returns = value_of(instance, seats)
    return {
        "seats_filled": len(seats),
        "weighted_seats": weighted,
        "score": score,
        "load": -load,
        "returns": returns,
        "rules_broken": len(list(faults(instance, seats))),
    }


def measured(needs: int, people: int, seconds: int, jars: Path, config: list[str]) -> object:
    """Plan the same city by both and return figures."""
    of_city = city(needs, people)
    began = time.process_time()
    plan = solve(of_city.problem())
    taken = time.process_time() - began
    floor = solve(of_city.problem(), deadline_seconds=0)
    instance = instance_of_city(of_city)
    ours: tuple[Assignment, ...] = plan.assignments
    figures = plan.figures
    told = {
        "visits": figures.visits,
        "seats": figures.seats,
        "pairs": figures.pairs,
        "weighted_seats_bound": figures.weighted_seats_bound,
        "planner": {"cpu_seconds": taken, **judged(instance, seats_of(ours))},
        "floor": judged(instance, seats_of(floor.assignments)),
    }
    sys.stderr.write(json.dumps(told, indent=1) + "\n")
    theirs = asked(Rules(instance), seconds, jars, config)
    return {**told, "timefold": {"solving_cpu_seconds": seconds, **judged(instance, theirs)}}


if __name__ == "__main__":
    needs, people, seconds = map(int, sys.argv[1:4])
    found = measured(needs, people, seconds, Path(sys.argv[4]), sys.argv[5:])
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
