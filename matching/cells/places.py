"""Postal codes, addresses, districts of the city, coordinates."""

import re
from decimal import Decimal, InvalidOperation

from matching.cells.cell import EMPTY, NONE_WORDS, Cell, plain, squeeze, unread
from matching.cells.numbers import shortest

_POSTAL = re.compile(r"〒?(\d{3})-?(\d{4})")
_SHORT_POSTAL = re.compile(r"〒?(\d{2})-?(\d{4})")


def read_postal_code(text: str) -> Cell:
    """Seven digits as text; a leading zero that a spreadsheet dropped comes back."""
    folded = squeeze(text)
    if folded in NONE_WORDS:
        return EMPTY
    if (found := _POSTAL.fullmatch(folded)) is not None:
        return Cell(found[1] + found[2])
    if (found := _SHORT_POSTAL.fullmatch(folded)) is not None:
        return Cell(f"0{found[1]}{found[2]}", "postal_leading_zero_restored")
    return unread("postal_invalid")


_WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_LOT_DASH = re.compile(r"(?<=\d)[-－−‐‑–—―ーｰ](?=\d)")
_SPACES = re.compile(r"\s+")


def read_address(text: str) -> Cell:
    """The address as typed, with half-width digits and plain dashes between them."""
    narrow = _LOT_DASH.sub("-", text.translate(_WIDE_DIGITS))
    return Cell(_SPACES.sub(" ", narrow).strip())


DISTRICTS = ("一関", "花泉", "大東", "千厩", "東山", "室根", "川崎", "藤沢")
_DISTRICT_END = re.compile(r"(?:地域|地区|支所|支部|町|村|市|圏域)+$")


def read_district(text: str) -> Cell:
    """The district by its short name; any other name is kept as typed."""
    folded = squeeze(text)
    short = _DISTRICT_END.sub("", folded.removeprefix("岩手県").removeprefix("一関市"))
    if folded in ("一関市", "旧一関市"):
        return Cell("一関")
    return Cell(short if short in DISTRICTS else plain(text))


_AREA_SEPARATORS = re.compile(r"[、,;/・\n]")


def read_areas(text: str) -> Cell:
    """Several districts joined by 、, or the words that name the whole city."""
    parts = (read_district(part).text for part in _AREA_SEPARATORS.split(plain(text)))
    return Cell("、".join(dict.fromkeys(part for part in parts if part)))


_DMS = re.compile(
    r"[NSEW北南東西]?緯?経?(\d{1,3})[°度](?:(\d{1,2})[′'’分](?:(\d{1,2}(?:\.\d+)?)(?:″|\"|”|''|秒|′′)?)?)?[NSEW]?"
)
_DEGREES = re.compile(r"'?-?\d{1,3}(?:\.\d+)?")


def read_degrees(text: str) -> Cell:
    """One coordinate in decimal degrees; the pair is judged by `check_point`."""
    folded = squeeze(text)
    if folded in NONE_WORDS:
        return EMPTY
    if _DEGREES.fullmatch(folded):
        return Cell(shortest(Decimal(folded.lstrip("'"))))
    found = _DMS.fullmatch(folded)
    if found is None:
        return unread("coordinate_invalid")
    degrees = Decimal(found[1]) + Decimal(found[2] or 0) / 60 + Decimal(found[3] or 0) / 3600
    return Cell(shortest(degrees.quantize(Decimal("0.00001"))), "dms")


def check_point(lat: str, lon: str) -> tuple[str, str, str]:
    """Latitude, longitude and problem code of a pair; an unusable pair comes back empty."""
    if not lat and not lon:
        return "", "", ""
    if not lat or not lon:
        return "", "", "coordinates_incomplete"
    try:
        north, east = _finite(lat), _finite(lon)
    except InvalidOperation:
        return "", "", "coordinate_invalid"
    if north == 0 and east == 0:
        return "", "", "coordinates_zero"
    if _in_japan(north, east):
        return lat, lon, ""
    if _in_japan(east, north):
        return lon, lat, "coordinates_swapped"
    if abs(north) > 90 or abs(east) > 180:
        return "", "", "coordinate_invalid"
    return lat, lon, "coordinates_outside_japan"


def _finite(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise InvalidOperation(text)
    return number


def _in_japan(north: Decimal, east: Decimal) -> bool:
    return 20 <= north <= 46 and 122 <= east <= 154
