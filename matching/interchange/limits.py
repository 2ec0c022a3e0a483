"""The sizes a sheet may have: larger files are refused before they can hurt."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may hold; the defaults fit a city a hundred times the first one's size."""

    file_bytes: int = 48 * 1024 * 1024
    rows: int = 200_000
    columns: int = 300
    cell_characters: int = 32_767
    unzipped_bytes: int = 400 * 1024 * 1024
    zip_ratio: int = 200
    merged_ranges: int = 20_000


SHEET_LIMITS = Limits()
# Characters that the text of a column may have; a longer one would be refused by its table.
TEXT_CHARACTERS: dict[str, int] = {
    "name": 200,
    "name_kana": 200,
    "group_name": 200,
    "group_name_kana": 200,
    "representative": 200,
    "requester_name": 200,
    "requester_kana": 200,
    "proxy_name": 200,
    "title": 2000,
    "address": 500,
    "district": 200,
    "activity_area": 500,
    "meeting": 500,
    "towns": 2000,
    "destination": 500,
}
HEADER_SEARCH_ROWS = 10
LINES_IN_ONE_CELL = 200
