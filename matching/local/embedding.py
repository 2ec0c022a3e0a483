"""Which servers a place needs: those that the environment does not give already."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from matching.local.binaries import find_postgres_bin, find_valkey_server
from matching.local.endpoints import Endpoints, sqlalchemy_url
from matching.local.identity import choose_identity
from matching.local.postgres import DURABLE, THROWAWAY, Cluster
from matching.local.programs import Program
from matching.local.valkey import Broker


@dataclass(frozen=True)
class Embedded:
    """The servers to start, none where all is given, and where everything is reached then."""

    endpoints: Endpoints
    programs: tuple[Program, ...]


def given(environ: Mapping[str, str]) -> Endpoints | None:
    """Return the addresses of the environment when it gives both."""
    database_url, redis_url = environ.get("DATABASE_URL"), environ.get("REDIS_URL")
    if database_url and redis_url:
        return Endpoints(sqlalchemy_url(database_url), redis_url)
    return None


def embed(
    folder: Path, sockets: Path, environ: Mapping[str, str], *, durable: bool = True
) -> Embedded:
    """Prepare the data folders below `folder` of the servers that `environ` does not give."""
    programs: list[Program] = []
    database_url, redis_url = environ.get("DATABASE_URL"), environ.get("REDIS_URL")
    if not database_url:
        cluster = _cluster(folder / "postgres", sockets, environ, durable=durable)
        database_url = cluster.url
        programs.append(cluster.program())
    if not redis_url:
        broker = Broker(folder / "valkey", sockets, find_valkey_server(environ), durable)
        broker.prepare()
        redis_url = broker.url
        programs.append(broker.program())
    return Embedded(Endpoints(sqlalchemy_url(database_url), redis_url), tuple(programs))


def _cluster(
    data_dir: Path, sockets: Path, environ: Mapping[str, str], *, durable: bool
) -> Cluster:
    programs = find_postgres_bin(environ)
    identity = choose_identity(programs / "postgres", data_dir.parent, environ)
    settings = DURABLE if durable else THROWAWAY
    cluster = Cluster(data_dir, sockets, programs, identity, settings)
    cluster.prepare(sync=durable)
    return cluster
