"""The embedded Valkey, described as a program: a unix socket, and every write kept on disk."""

import signal
from dataclasses import dataclass
from pathlib import Path

import redis

from matching.local.endpoints import socket_redis_url
from matching.local.programs import Program

SOCKET_NAME = "valkey.sock"
_STOP_SECONDS = 3.0
_PING_SECONDS = 2.0


@dataclass(frozen=True)
class Broker:
    """One Valkey data folder with its program and its socket."""

    data_dir: Path
    socket_dir: Path
    server: Path
    durable: bool = True

    @property
    def socket(self) -> Path:
        """The unix socket on which it is reached."""
        return self.socket_dir / SOCKET_NAME

    @property
    def url(self) -> str:
        """Its address in redis-py's spelling."""
        return socket_redis_url(self.socket)

    def prepare(self) -> None:
        """Make the data folder where there is none."""
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)

    def program(self) -> Program:
        """Describe the server; ready once it answers and has read its log of writes."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data_dir),
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
            "save": "",
            "daemonize": "no",
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        return Program(
            name="valkey",
            argv=(str(self.server), *words),
            ready=self.answers,
            stop_signal=signal.SIGTERM,
            stop_seconds=_STOP_SECONDS,
            alone=self.data_dir.with_name("valkey.lock"),
        )

    def answers(self) -> bool:
        """Tell whether the server takes commands."""
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=_PING_SECONDS)
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):
            return False
        finally:
            client.close()
