"""Start stand-in services; whatever a test leaves of them is ended afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.service import STANDIN, Service, Start, free_port, quick_folder


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A folder of the test's own, quick to write to."""
    with quick_folder() as folder:
        yield folder


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a stand-in service; whatever the test leaves of it is ended afterwards."""
    services: list[Service] = []

    def begin(
        data: Path = tmp_path / "var",
        port: int | None = None,
        keep: str = "worker",
        prefix: tuple[str, ...] = (),
        **environ: str,
    ) -> Service:
        argv = (*prefix, *STANDIN)
        service = Service(data, port or free_port(), argv, STANDIN_KEEP=keep, **environ)
        services.append(service)
        return service

    yield begin
    for service in services:
        if not service.ended:
            service.finish()
