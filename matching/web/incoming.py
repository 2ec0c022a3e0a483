"""What comes in with a request, cleaned once where it comes in."""

from __future__ import annotations

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property

from matching.kernel.typed import cleaned

AS_THEY_ARE = frozenset({"password", "again", "current", "confirm_password"})


class Incoming(Request):
    """A request whose fields hold only what people type; passwords stay as they are."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The parameters of the address."""
        return _cleaned(super().args)

    def _load_form_data(self) -> None:
        if "form" not in self.__dict__:
            super()._load_form_data()
            self.__dict__["form"] = _cleaned(self.__dict__["form"])


def _cleaned(given: MultiDict[str, str]) -> MultiDict[str, str]:
    return ImmutableMultiDict(
        (name, value if name in AS_THEY_ARE else cleaned(value))
        for name, value in given.items(multi=True)
    )
