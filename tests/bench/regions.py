"""A large folder planned in regions by several processes.

`python -m tests.bench.regions FOLDER PROCESSES VISITS` prints figures as JSON. The folder is of
the format of `musubi engine solve`; VISITS is the most visits of one region.
"""

import heapq
import json
import multiprocessing
import resource
import sys
import time
from pathlib import Path
from typing import NamedTuple

from matching.engine import Problem, Region, RegionPlan, join, solve_region, split
from matching.interchange.engine_folder import load_folder


class Timed(NamedTuple):
    """The plan of a region and the CPU seconds it took."""

    plan: RegionPlan
    seconds: float


PROBLEM: list[Problem] = []
"""What forked processes share."""


def _timed(region: Region) -> Timed:
    began = time.process_time()
    return Timed(solve_region(PROBLEM[0], region), time.process_time() - began)


def _last_end(taken: list[float], processes: int) -> float:
    """When the last region is ready if each process takes the next one as soon as it is free."""
    ends = [0.0] * processes
    for seconds in taken:
        heapq.heapreplace(ends, ends[0] + seconds)
    return max(ends)


def planned(folder: Path, processes: int, visits: int) -> dict[str, object]:
    """Plan a folder in regions and return figures."""
    began = time.process_time()
    problem, _ = load_folder(folder)
    loaded, walls = time.process_time(), time.monotonic()
    PROBLEM.append(problem)
    regions = split(problem, visits=visits)
    cut = time.process_time()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        timed = []
        for each in pool.imap_unordered(_timed, regions):
            timed.append(each)
            sys.stderr.write(f"{len(timed)} of {len(regions)}: {each.seconds:.0f} CPU s\n")
    ready = time.process_time()
    plan = join(problem, [each.plan for each in timed])
    done, figures = time.process_time(), plan.figures
    taken = [each.seconds for each in timed]
    around = cut - loaded + done - ready
    return {
        "needs": figures.needs,
        "volunteers": len(problem.volunteers.inputs),
        "visits": figures.visits,
        "seats": figures.seats,
        "pairs": figures.pairs,
        "processes": processes,
        "regions": len(regions),
        "load_cpu_seconds": loaded - began,
        "split_cpu_seconds": cut - loaded,
        "regions_cpu_seconds": sum(taken),
        "longest_region_cpu_seconds": max(taken),
        "join_cpu_seconds": done - ready,
        "times_one_process_by_cpu_seconds": (around + sum(taken))
        / (around + _last_end(taken, processes)),
        "wall_seconds_without_load": time.monotonic() - walls,
        "seats_filled": len(plan.assignments),
        "weighted_seats": figures.weighted_seats,
        "weighted_seats_bound": figures.weighted_seats_bound,
        "gap_percent": figures.gap * 100,
        "peak_megabytes_of_one_process": round(
            max(
                resource.getrusage(who).ru_maxrss
                for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            )
            / 1024
        ),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(planned(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
