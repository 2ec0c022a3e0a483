"""Prints the fingerprint of one plan: `python -m tests.bench.hashing NEEDS VOLUNTEERS`."""

import hashlib
import sys

from matching.engine import Plan, solve

from .city import city


def fingerprint(plan: Plan) -> str:
    """Return the SHA-256 of everything a plan says."""
    return hashlib.sha256(repr(plan).encode()).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(fingerprint(solve(city(int(sys.argv[1]), int(sys.argv[2])).problem())))
