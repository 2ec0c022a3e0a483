"""Row-level security: the second wall round branches and districts, made from one table."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, text

from matching.kernel.row_security import APP_ROLE

_OPEN = "CASE WHEN current_setting('musubi.areas', true) = '*' THEN true ELSE {} END"
_MINE = "musubi_list('districts'), musubi_number('account'), musubi_number('person')"


def _of(parent: str, column: str) -> str:
    return f"EXISTS (SELECT 1 FROM {parent} AS parent WHERE parent.id = {column})"  # noqa: S608 - names of ours  # nosec B608


_NEED, _PERSON, _VOLUNTEER = (
    _of("needs", "need_id"),
    _of("persons", "person_id"),
    _of("volunteers", "volunteer_id"),
)
_PROPOSAL, _PLACEMENT = _of("proposals", "proposal_id"), _of("placements", "placement_id")

# Table, and which of its rows are within the areas, the district and the person of a request.
POLICIES: Mapping[str, str] = {
    "needs": f"area_code = ANY (musubi_list('areas')) OR id IN (SELECT musubi_own_needs({_MINE}))",
    "persons": "area_code = ANY (musubi_list('near')) OR id = musubi_number('person') "
    f"OR id IN (SELECT musubi_people(musubi_list('areas'), {_MINE}))",
    "volunteers": _PERSON,
    **dict.fromkeys(
        ("volunteer_skills", "volunteer_categories", "availability_slots", "days_off"), _VOLUNTEER
    ),
    **dict.fromkeys(
        (
            *(
                "need_skills",
                "need_notes",
                "need_occurrences",
                "need_briefs",
                "need_outcomes",
                "need_sheets",
                "referrals",
                "case_conferences",
                "need_assessments",
            ),
            *("proposals", "placements", "pair_rules", "plan_changes", "contacts", "need_days_off"),
            *(
                "incidents",
                "complaints",
                "absences",
                "follow_ups",
                "need_closures",
                "need_approvals",
            ),
        ),
        _NEED,
    ),
    **dict.fromkeys(("proposal_chances", "answer_links"), _PROPOSAL),
    **dict.fromkeys(
        ("activities", "expense_claims", "cash_entries", "visit_calls", "group_visits", "trades"),
        _PLACEMENT,
    ),
    "insurance_enrolments": _VOLUNTEER,
    "referral_receipts": _of("referrals", "referral_id"),
    "group_members": _of("group_visits", "group_visit_id"),
    **dict.fromkeys(
        (
            *("consents", "representations", "guardian_consents", "messages", "disclosures"),
            *(
                "shields",
                "wishes",
                "acquaintances",
                "registration_holds",
                "bad_addresses",
                "line_codes",
            ),
        ),
        _PERSON,
    ),
}

# Tables that name people or needs and have no wall, each with the reason.
OPEN_TABLES: Mapping[str, str] = {
    "line_friends": "who writes to us is looked up before anybody is known",
    "accounts": "who signs in is looked up before anybody is known",
    "person_holds": "every rule asks it; holds ids and codes",
    "shield_keepers": "every rule asks it; holds ids",
    "blocks": "looked at for every pair wherever both live; its page asks for the person first",
    "person_keys": "opens nothing without the rows themselves",
    "welfare_commissioners": "the centre's own list of whom to ask",
    "api_tokens": "looked up before anybody is known",
    "roles": "looked up before anybody is known",
    "desk_members": "who answers for a desk is looked up before its referrals; holds ids",
    "group_agents": "who speaks for a group is looked up before its visits; holds ids",
    "evacuation_lists": "no people in it; shown to those named on a copy alone",
    "evacuation_lines": "tied to nobody the centre knows; read by those named on a copy alone",
    "evacuation_readers": "holds ids",
    "evacuation_reads": "holds ids",
    "tasks": "holds ids and codes; a branch passes on what it cannot finish",
    "concerns": "shown to the safeguarding group alone, whatever the area",
    "concern_people": "shown to the safeguarding group alone, whatever the area",
    "reveal_requests": "holds ids; its page asks for the person first",
    "legal_holds": "holds ids; erasing asks it everywhere",
    "notices": "said on the pages of whom they are for; no people in them",
    "districts": "places, not people",
    "postal_towns": "places, not people",
    "area_travel": "places, not people",
    "certificates": "whoever holds the paper looks its code up; figures, no names",
    "volunteer_groups": "bodies, known to the whole centre",
    "paper_forms": "numbers of printed sheets; holds ids",
    "plan_openers": "counts",
}

_behind = """
        DECLARE seen text := coalesce(current_setting('musubi.areas', true), '');
        BEGIN
          PERFORM set_config('musubi.areas', '*', true);
          RETURN QUERY {};
          PERFORM set_config('musubi.areas', seen, true);
        END""".format

_FUNCTIONS = {
    "musubi_list(name text) RETURNS text[] LANGUAGE sql STABLE": """
        SELECT coalesce(string_to_array(nullif(
          current_setting('musubi.' || name, true), ''), ','), '{}')""",
    "musubi_number(name text) RETURNS bigint LANGUAGE sql STABLE": """
        SELECT nullif(current_setting('musubi.' || name, true), '')::bigint""",
    # These two look behind the wall to say what of it is one's own. They open it by themselves and
    # not by a SET clause, which only a superuser may give a function.
    "musubi_own_needs(districts text[], account bigint, person bigint) RETURNS SETOF bigint"
    " LANGUAGE plpgsql STABLE": _behind("""
        SELECT id FROM needs
        WHERE (filed_by_id = account OR commissioner_id IN (
            SELECT id FROM welfare_commissioners w WHERE w.person_id = person))
          AND (district_code = ANY (districts) OR filed_by_id = account)
        UNION SELECT id FROM needs WHERE requester_id = person
        UNION SELECT need_id FROM proposals p JOIN volunteers v ON v.id = p.volunteer_id
          WHERE v.person_id = person
        UNION SELECT need_id FROM placements p JOIN volunteers v ON v.id = p.volunteer_id
          WHERE v.person_id = person"""),
    "musubi_people(areas text[], districts text[], account bigint, person bigint)"
    " RETURNS SETOF bigint LANGUAGE plpgsql STABLE": _behind("""
        WITH mine AS (
          SELECT id, requester_id FROM needs WHERE area_code = ANY (areas)
          UNION SELECT id, requester_id FROM needs
            WHERE id IN (SELECT musubi_own_needs(districts, account, person)))
        SELECT requester_id FROM mine
        UNION SELECT person_id FROM contacts WHERE need_id IN (SELECT id FROM mine)
        UNION SELECT v.person_id FROM volunteers v WHERE v.id IN (
          SELECT volunteer_id FROM proposals WHERE need_id IN (SELECT id FROM mine)
          UNION SELECT volunteer_id FROM placements WHERE need_id IN (SELECT id FROM mine)
          UNION SELECT volunteer_id FROM pair_rules WHERE need_id IN (SELECT id FROM mine)
          UNION SELECT volunteer_id FROM plan_changes WHERE need_id IN (SELECT id FROM mine))"""),
}

# Whoever serves pages adds to the trail, finishes its chain, and can do nothing else to it.
_GRANTS = (
    f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}",
    f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}",
    f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}",
    f"REVOKE UPDATE, DELETE ON events FROM {APP_ROLE}",
    f"GRANT UPDATE (place, digest) ON events TO {APP_ROLE}",
    f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {APP_ROLE}",
)
_MAKE_ROLE = f"""
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
    CREATE ROLE {APP_ROLE} NOLOGIN NOBYPASSRLS;
  END IF;
  IF NOT pg_has_role(current_user, '{APP_ROLE}', 'MEMBER') THEN
    EXECUTE format('GRANT {APP_ROLE} TO %I', current_user);
  END IF;
EXCEPTION WHEN insufficient_privilege OR unique_violation OR duplicate_object THEN
  RAISE NOTICE 'the role {APP_ROLE} cannot be made here';
END $$
"""  # nosec B608


def _statements() -> Iterator[str]:
    for head, body in _FUNCTIONS.items():
        yield f"CREATE FUNCTION {head} AS $${body}$$"
    for table, expression in POLICIES.items():
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
        yield f"CREATE POLICY wall ON {table} USING ({_OPEN.format(expression)})"


def lift(connection: Connection) -> None:
    """Take the wall down, so that migrations may change the tables under it."""
    for (table,) in connection.execute(
        text("SELECT DISTINCT tablename FROM pg_policies WHERE policyname = 'wall'")
    ).all():
        connection.execute(text(f"DROP POLICY wall ON {table}"))
        connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
        connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
    for head in reversed(_FUNCTIONS):
        name = head.partition("(")[0]
        connection.execute(text(f"DROP FUNCTION IF EXISTS {name} CASCADE"))


def stands(connection: Connection) -> bool:
    """Tell whether the wall is the one that this code describes."""
    found = connection.execute(
        text("SELECT obj_description(to_regprocedure('musubi_number(text)'), 'pg_proc')")
    )
    return found.scalar() == _fingerprint()


def usable(connection: Connection) -> bool:
    """Tell whether the pages can work in the role that owns nothing."""
    found = text(
        "SELECT pg_has_role(current_user, oid, 'MEMBER')"
        " AND has_table_privilege(rolname, 'events', 'INSERT') FROM pg_roles WHERE rolname = :role"
    )
    return bool(connection.execute(found, {"role": APP_ROLE}).scalar())


def build(connection: Connection) -> None:
    """Put the wall up round the newest tables, and give the role of the pages its rights."""
    for statement in _statements():
        connection.execute(text(statement.replace(":", r"\:")))
    connection.execute(text(f"COMMENT ON FUNCTION musubi_number(text) IS '{_fingerprint()}'"))
    grant(connection)


def grant(connection: Connection) -> None:
    """Make the role of the pages where the database lets us, and give it its rights."""
    connection.execute(text(_MAKE_ROLE))
    if connection.execute(
        text("SELECT true FROM pg_roles WHERE rolname = :role"), {"role": APP_ROLE}
    ).scalar():
        for statement in _GRANTS:
            connection.execute(text(statement))


def _fingerprint() -> str:
    return hashlib.sha256("\n".join(_statements()).encode()).hexdigest()
