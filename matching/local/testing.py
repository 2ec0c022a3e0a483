"""Throw-away services for a test session: real servers, no durability, gone afterwards."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from matching.local.binaries import find_postgres_bin, find_valkey_server
from matching.local.endpoints import Endpoints, sqlalchemy_url
from matching.local.identity import choose_identity
from matching.local.postgres import THROWAWAY, Cluster
from matching.local.programs import Program, Running
from matching.local.sockets import make_socket_dir
from matching.local.valkey import Broker

_START_SECONDS = 60.0
_STOP_SECONDS = 5.0


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
        database_url, redis_url = outside.get("DATABASE_URL"), outside.get("REDIS_URL")
        programs: list[Program] = []
        if not database_url:
            cluster = _cluster(folder / "postgres", sockets, outside)
            database_url, programs = cluster.url, [cluster.program()]
        if not redis_url:
            broker = Broker(folder / "valkey", sockets, find_valkey_server(outside), durable=False)
            broker.prepare()
            redis_url, programs = broker.url, [*programs, broker.program()]
        running = [stack.enter_context(_running(program, folder, outside)) for program in programs]
        for server in running:
            server.wait_until_ready(_START_SECONDS)
        yield Endpoints(sqlalchemy_url(database_url), redis_url)


def _cluster(data_dir: Path, sockets: Path, environ: Mapping[str, str]) -> Cluster:
    folder = find_postgres_bin(environ)
    identity = choose_identity(folder / "postgres", environ)
    cluster = Cluster(data_dir, sockets, folder, identity, THROWAWAY)
    cluster.prepare(sync=False)
    return cluster


@contextmanager
def _running(program: Program, tmp: Path, environ: Mapping[str, str]) -> Iterator[Running]:
    server = Running(program, environ, tmp / f"{program.name}.log")
    try:
        yield server
    finally:
        server.ask_to_stop()
        server.end(_STOP_SECONDS)
