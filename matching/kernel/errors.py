"""What a rule says when it refuses: a code for machines and a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """A rule refused; `sentence` may be shown to the reader as it stands.

    A sentence with places for values comes with them apart, so that it can be told in other words.
    """

    code = "refused"
    status = 422

    def __init__(
        self, template: str, *, code: str | None = None, values: Mapping[str, object] | None = None
    ) -> None:
        self.template, self.values = template, values or {}
        self.sentence = template % self.values if self.values else template
        super().__init__(self.sentence)
        if code is not None:
            self.code = code


class NotFound(DomainError):
    """No such row, or none that this actor may know of; both look the same."""

    code = "not_found"
    status = 404

    def __init__(self, sentence: str = "お探しのページは見つかりませんでした。") -> None:
        super().__init__(sentence)


class Conflict(DomainError):
    """Somebody else was first; the sentence says what changed."""

    code = "conflict"
    status = 409


class TooMany(DomainError):
    """Too often in too short a time; the sentence says when to come back."""

    code = "too_many"
    status = 429


class StaleVersion(Conflict):
    """The row changed since the form was opened."""

    code = "stale_version"


class Invalid(DomainError):
    """A value has the right shape and the wrong meaning; `field` names where it was typed."""

    code = "invalid"

    def __init__(
        self,
        template: str,
        *,
        field: str | None = None,
        code: str | None = None,
        values: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(template, code=code, values=values)
        self.field = field


class Busy(DomainError):
    """More at this moment than we can do; the sentence asks to try again soon."""

    code = "busy"
    status = 503

    def __init__(self) -> None:
        super().__init__("いま、少しこみあっています。10秒ほどたってから、もう一度お試しください。")
