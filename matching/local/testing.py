"""Throw-away services for a test session: real servers, no durability, gone afterwards."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from matching.local.embedding import embed
from matching.local.endpoints import Endpoints
from matching.local.services import started
from matching.local.sockets import make_socket_dir


@contextmanager
def start_throwaway(tmp: Path, environ: Mapping[str, str] | None = None) -> Iterator[Endpoints]:
    """Start one PostgreSQL and one Valkey below `tmp` for the length of the block.

    `DATABASE_URL` and `REDIS_URL`, where set, are used instead of starting anything; the role of
    `DATABASE_URL` then needs the right to create databases.
    """
    outside = os.environ if environ is None else environ
    folder = tmp.resolve()
    with ExitStack() as stack:
        sockets = make_socket_dir(outside)
        stack.callback(shutil.rmtree, sockets, ignore_errors=True)
        embedded = embed(folder, sockets, outside, durable=False)
        stack.enter_context(started(embedded.programs, outside, folder))
        yield embedded.endpoints
