"""`musubi routes | invariants | doctor`: what the service says of itself."""

from __future__ import annotations

import sys

import click

from matching.commands.application import application, json_option, tell


@click.command("routes")
@click.option("--policy", is_flag=True, help="Show the roles that each route admits.")
@json_option
def routes(policy: bool, as_json: bool) -> None:
    """List every URL rule with its method, action and the roles allowed."""
    from matching.kernel.permissions import policy_of
    from matching.web.access import action_of

    with application(migrated=False) as app:
        rows = [
            {"rule": rule.rule, "method": method, "endpoint": rule.endpoint, "action": action}
            | (policy_of(action) if policy else {})
            for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            for action in [action_of(app, rule.endpoint) or ""]
        ]
        text = "\n".join("{method:6} {rule}  {action}".format(**row) for row in rows)
        tell({"routes": rows}, as_json, text)


@click.command("invariants")
@json_option
def invariants(as_json: bool) -> None:
    """Count the violations of what must always hold; exit 1 if there is one."""
    from matching.evaluation.invariants import count_violations
    from matching.kernel import clock
    from matching.kernel.database import db

    with application():
        found = count_violations(db.session(), clock.now())
    text = "\n".join(f"{each['code']} {each['violations']:6} {each['text']}" for each in found)
    tell({"invariants": found}, as_json, text)
    sys.exit(1 if any(each["violations"] for each in found) else 0)


@click.command("doctor")
@click.option("--deploy", is_flag=True, help="Also check what only a real installation needs.")
@json_option
def doctor(deploy: bool, as_json: bool) -> None:
    """Check configuration, keys, migrations, queues, trail; exit 1 with the reasons."""
    import config as settings
    from matching.evaluation.health import findings
    from matching.kernel import clock
    from matching.kernel.database import db
    from matching.records import standing

    with application(migrated=False) as app:
        config: settings.Config = app.extensions["musubi"]
        files = config.private_files
        reasons = [
            *findings(app, deploy=deploy),
            *standing.findings(db.session(), clock.now(), files, deploy=deploy),
        ]
    tell({"ok": not reasons, "reasons": reasons}, as_json, "\n".join(reasons) or "ok")
    sys.exit(1 if reasons else 0)
