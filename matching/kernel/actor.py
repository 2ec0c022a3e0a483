"""Who acts: an account in its roles, the public, or the service itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """The person behind a use case.

    `roles` are codes of `permissions.ROLES`, most powerful first; `area_code` and
    `district_code` limit them where every staff role is held for a part of the city only;
    `person_id` is who the account belongs to.
    """

    roles: tuple[str, ...]
    account_id: int | None = None
    person_id: int | None = None
    area_code: str | None = None
    district_code: str | None = None
    display_name: str = ""

    @property
    def role(self) -> str:
        """The most powerful role, as the audit trail names it."""
        return self.roles[0]


PUBLIC = Actor(("public",))
SYSTEM = Actor(("system",), display_name="自動処理")
