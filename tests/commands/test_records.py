"""`musubi breach-report`: a span that cannot hold anything is a slip, not an answer."""

from click.testing import CliRunner

from matching.cli import main


def test_a_span_that_ends_before_it_begins_is_never_answered_with_nothing() -> None:
    span = ["--from", "2026-11-25", "--to", "2026-11-24"]
    told = CliRunner().invoke(main, ["breach-report", "--actor", "tanaka", *span])
    assert told.exit_code == 2
    assert "--from" in told.output
