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
    with where each is held; `area_code` and `district_code` name the part of the city where
    every staff role is held for a part only; `person_id` is who the account belongs to.
    """

    roles: tuple[str, ...]
    account_id: int | None = None
    person_id: int | None = None
    area_code: str | None = None
    district_code: str | None = None
    display_name: str = ""
    grants: tuple[Grant, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """An actor named by roles alone holds each for its area and district."""
        if not self.grants:
            held = tuple(Grant(role, self.area_code, self.district_code) for role in self.roles)
            object.__setattr__(self, "grants", held)

    @property
    def role(self) -> str:
        """The most powerful role, as the audit trail names it."""
        return self.roles[0]


PUBLIC = Actor(("public",))
SYSTEM = Actor(("system",), display_name="自動処理")
