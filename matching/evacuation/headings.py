"""How the city's list is known by its headings, so that no import takes it in (BR-33)."""

from __future__ import annotations

from collections.abc import Sequence

# Headings that only the city's list has: such a sheet is no list of volunteers or needs.
HEADINGS = ("避難行動要支援者", "避難支援等実施者", "避難支援者", "個別避難計画")


def is_city_list(headings: Sequence[str]) -> bool:
    """Tell whether a sheet's headings are those of the city's list (BR-33)."""
    return any(mark in heading for heading in headings for mark in HEADINGS)
