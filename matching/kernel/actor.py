"""Who acts: an account in its roles, the public, or the service itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Grant:
    """One role that an account holds now: where, and since when."""

    role: str
    area_code: str | None = None
    district_code: str | None = None
    since_on: date | None = None


@dataclass(frozen=True)
class Actor:
    """The person behind a use case.

    `roles` are codes of `permissions.ROLES`, most powerful first; `grants` are the same roles
    with where each is held, and may differ: how far somebody sees is for `permissions` and
    `visibility` to say. `person_id` is who the account belongs to.
    """

    roles: tuple[str, ...]
    account_id: int | None = None
    person_id: int | None = None
    display_name: str = ""
    grants: tuple[Grant, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """An actor named by roles alone holds each for no area of its own."""
        if not self.grants:
            object.__setattr__(self, "grants", tuple(Grant(role) for role in self.roles))

    @property
    def role(self) -> str:
        """The most powerful role, as the audit trail names it."""
        return self.roles[0]


PUBLIC = Actor(("public",))
SYSTEM = Actor(("system",), display_name="自動処理")
