"""Desks to which people are shown the way when a volunteer is not the right answer."""

from dataclasses import dataclass

from matching.catalogue.sheets import rows


@dataclass(frozen=True, slots=True)
class ReferralDesk:
    """A desk outside the volunteer centre. Local numbers are the centre's own to enter."""

    code: str
    label: str
    english: str
    when: str
    short_number: str  # a nationwide short number, or empty


REFERRAL_DESKS: tuple[ReferralDesk, ...] = tuple(
    ReferralDesk(**{str(column): value for column, value in row.items()})
    for row in rows("referrals.csv")
)
REFERRAL_BY_CODE: dict[str, ReferralDesk] = {desk.code: desk for desk in REFERRAL_DESKS}
