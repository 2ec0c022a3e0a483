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
HEADER_SEARCH_ROWS = 10
LINES_IN_ONE_CELL = 200
