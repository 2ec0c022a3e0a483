"""The addresses of the database and the broker, and how each library spells them."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from matching.local.errors import LocalServiceError

_POSTGRES_SCHEMES = ("postgres://", "postgresql://", "postgresql+psycopg://")


@dataclass(frozen=True)
class Endpoints:
    """Where the services are: `postgresql+psycopg://…` and `redis://…` or `unix:///…?db=0`."""

    database_url: str
    redis_url: str

    @property
    def broker_url(self) -> str:
        """The broker in Celery's spelling."""
        return broker_url(self.redis_url)

    def environ(self) -> dict[str, str]:
        """The two variables by which every process of the service is told."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


def socket_database_url(socket_dir: Path, port: str, database: str, user: str) -> str:
    """Spell a database behind a unix socket for SQLAlchemy."""
    query = urlencode({"host": str(socket_dir), "port": port}, quote_via=quote, safe="/")
    return f"postgresql+psycopg://{quote(user)}@/{quote(database)}?{query}"


def socket_redis_url(socket: Path) -> str:
    """Spell a broker behind a unix socket for redis-py."""
    return f"unix://{quote(str(socket))}?db=0"


def sqlalchemy_url(url: str) -> str:
    """Spell any PostgreSQL address for SQLAlchemy with psycopg 3."""
    return "postgresql+psycopg://" + _without_scheme(url)


def libpq_url(url: str) -> str:
    """Spell any PostgreSQL address for psycopg, psql, pg_dump and pg_restore."""
    return "postgresql://" + _without_scheme(url)


def broker_url(redis_url: str) -> str:
    """Spell a `redis://`, `rediss://` or `unix://` address for Celery."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    query = parse_qs(parts.query)
    spelled = urlencode({"virtual_host": query.get("db", ["0"])[0]})
    return f"redis+socket://{parts.netloc}{parts.path}?{spelled}"


def _without_scheme(url: str) -> str:
    for scheme in _POSTGRES_SCHEMES:
        if url.startswith(scheme):
            return url.removeprefix(scheme)
    raise LocalServiceError(
        "DATABASE_URL must begin with postgresql:// (this service speaks PostgreSQL only)."
    )
