"""Invented places to go to, near the centre of each area."""

from dataclasses import dataclass

from matching.places.tables import AREA_BY_CODE


@dataclass(frozen=True, slots=True)
class Destination:
    """A place a ride or an errand goes to."""

    name: str
    lat: float
    lon: float

    def columns(self) -> dict[str, str]:
        """Return the sheet columns of the destination."""
        return {
            "destination": self.name,
            "destination_lat": f"{self.lat:.4f}",
            "destination_lon": f"{self.lon:.4f}",
        }


# Areas whose people go to the hospital in the east of the city.
_EAST = frozenset({"senmaya", "murone", "daito", "kawasaki", "fujisawa"})
_LOCAL_NAMES = {"clinic": "の診療所", "shop": "のスーパー"}
_EAST_HOSPITAL = Destination("千厩の病院", 38.9212, 141.3389)
_WEST_HOSPITAL = Destination("一関の総合病院", 38.9366, 141.1611)
_EYE_CLINIC = Destination("一ノ関駅前の眼科", 38.9259, 141.1376)
_CITY_HALL = Destination("市役所と駅前の銀行", 38.9347, 141.1266)


def destination_of(kind: str, area_code: str) -> Destination:
    """Return where people of an area go: clinic, shop, hospital, eye_clinic or office."""
    if kind in _LOCAL_NAMES:
        area = AREA_BY_CODE[area_code]
        # A few hundred metres from the branch office, where the shops are.
        return Destination(area.name + _LOCAL_NAMES[kind], area.lat + 0.002, area.lon + 0.003)
    if kind == "hospital":
        return _EAST_HOSPITAL if area_code in _EAST else _WEST_HOSPITAL
    return {"eye_clinic": _EYE_CLINIC, "office": _CITY_HALL}[kind]
