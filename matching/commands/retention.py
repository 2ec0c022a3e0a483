"""`musubi retain|hold|subject-export`: how long data stays, and what a person may ask for."""

from __future__ import annotations

from pathlib import Path

import click

from matching.commands.application import application, json_option, tell


@click.command("retain")
@click.option("--dry-run", is_flag=True, help="Only tell what has been kept long enough.")
@json_option
def retain(dry_run: bool, as_json: bool) -> None:
    """Let go of what has served its purpose, as the worker does every night."""
    import config as settings
    from matching.kernel import clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import db, transaction
    from matching.records import retaining

    with application() as app:
        config: settings.Config = app.extensions["musubi"]
        now = clock.now()
        if dry_run:
            due = retaining.due(db.session(), config.retention, now)
            text = "\n".join(f"{kind}: {len(numbers)}" for kind, numbers in due.items())
            tell({"due": due}, as_json, text)
            return
        total: dict[str, int] = {}
        while True:
            with transaction() as session:
                counts = retaining.retain(session, config.retention, config.data_dir, SYSTEM, now)
            total = {kind: total.get(kind, 0) + count for kind, count in counts.items()}
            if not any(counts.values()):
                break
    tell({"done": total}, as_json, "\n".join(f"{kind}: {n}" for kind, n in total.items()))


@click.command("hold")
@click.argument("person")
@click.option("--reason", help="Why the data must stay: an inquiry, a claim.")
@click.option("--release", is_flag=True, help="End the hold.")
@json_option
def hold(person: str, reason: str | None, release: bool, as_json: bool) -> None:
    """Keep the data of PERSON from retention and erasure, or end that."""
    from matching.kernel import clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import transaction
    from matching.people import legal_holds
    from matching.records.erasing import find_person

    if bool(reason) == release:
        raise click.UsageError("give either --reason or --release")
    with application(), transaction() as session:
        number, now = find_person(session, person).id, clock.now()
        if release:
            legal_holds.end(session, number, SYSTEM, now)
        else:
            legal_holds.begin(session, number, reason or "", SYSTEM, now)
    text = f"{number} の記録を残す指示を{'終えました' if release else '記録しました'}。"
    tell({"person": number, "held": not release}, as_json, text)


@click.command("subject-export")
@click.argument("person")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False))
@json_option
def subject_export(person: str, out: Path, as_json: bool) -> None:
    """Write all that is kept of PERSON into the folder OUT, for machines and for reading."""
    from matching.kernel import clock
    from matching.kernel.actor import SYSTEM
    from matching.kernel.database import transaction
    from matching.records import subjects
    from matching.records.erasing import find_person

    with application(), transaction() as session:
        now, found = clock.now(), find_person(session, person)
        paths = subjects.write(session, found, out, SYSTEM, now)
    names = [str(path) for path in paths]
    tell({"person": found.id, "files": names}, as_json, "\n".join(names))
