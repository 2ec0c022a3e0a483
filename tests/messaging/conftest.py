"""The coordinator who asks, a mail server that listens, and the gateways that reach it."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from matching.kernel.actor import Actor
from matching.messaging.gateways.mail import MailGateway
from matching.messaging.sending import Post
from matching.messaging.settings import MailServer
from tests import factories
from tests.messaging import smtp_sink
from tests.messaging.smtp_sink import Sink


@pytest.fixture
def coordinator(session: Session) -> Actor:
    return factories.actor(session, "coordinator")


@pytest.fixture
def server() -> Iterator[tuple[Sink, MailServer]]:
    with smtp_sink.running() as found:
        yield found


@pytest.fixture
def sink(server: tuple[Sink, MailServer]) -> Sink:
    return server[0]


@pytest.fixture
def post(server: tuple[Sink, MailServer]) -> Post:
    return Post(
        {"mail": MailGateway(server[1], "一関市ボランティアセンター")}, "https://musubi.example.jp"
    )
