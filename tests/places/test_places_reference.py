"""The tables of the city hold together and addresses find their area."""

import re
from collections import Counter

import pytest

from matching.places.reference import (
    AREA_BY_CODE,
    AREA_CODE_BY_NAME,
    AREAS,
    CITY,
    DISTRICT_BY_CODE,
    DISTRICTS,
    FACTS,
    POSTAL_TOWNS,
    SOURCES,
    area_of_address,
    district_of,
    districts_of_area,
    find_postal,
    newest_fact,
    point_of,
)
from matching.places.travel import distance_km

KATAKANA = re.compile(r"[ァ-ヶー]+")


def test_the_eight_former_municipalities_are_the_areas() -> None:
    assert list(AREA_CODE_BY_NAME) == [
        "一関",
        "花泉",
        "大東",
        "千厩",
        "東山",
        "室根",
        "川崎",
        "藤沢",
    ]
    assert len(AREA_BY_CODE) == len(AREAS) == 8


def test_the_areas_add_up_to_the_city() -> None:
    assert sum(area.area_km2 for area in AREAS) == pytest.approx(CITY.area_km2, abs=0.01)
    assert sum(area.residents_2017_01 for area in AREAS) == 121069


def test_there_are_forty_districts_and_each_lies_in_an_area() -> None:
    assert len(DISTRICT_BY_CODE) == len(DISTRICTS) == 40
    assert {district.area_code for district in DISTRICTS} == set(AREA_BY_CODE)


def test_district_weights_add_up_to_the_residents_of_their_area() -> None:
    for area in AREAS:
        weight = sum(d.residents_thousand_estimate for d in districts_of_area(area.code))
        assert weight * 1000 == pytest.approx(area.residents_2026_estimate, rel=0.05), area.name


def test_every_district_point_is_near_its_area_office_and_inside_the_city() -> None:
    for district in DISTRICTS:
        area = AREA_BY_CODE[district.area_code]
        assert 38.7 < district.lat < 39.2
        assert 140.8 < district.lon < 141.6
        assert distance_km(district.lat, district.lon, area.lat, area.lon) < 14, district.name


def test_snow_classes_run_from_light_to_heavy_and_the_western_hills_are_heaviest() -> None:
    assert {district.snow_class for district in DISTRICTS} == {1, 2, 3}
    assert [district.name for district in DISTRICTS if district.snow_class == 3] == ["厳美"]


def test_every_reading_is_katakana() -> None:
    readings = [area.kana for area in AREAS] + [district.kana for district in DISTRICTS]
    readings += [town.kana for town in POSTAL_TOWNS if town.town] + [CITY.kana]
    assert [kana for kana in readings if not KATAKANA.fullmatch(kana)] == []


def test_every_postal_code_of_the_city_maps_to_an_area_and_a_district_of_it() -> None:
    towns = [town for town in POSTAL_TOWNS if not town.office]
    assert len({town.postal_code for town in towns}) == len(towns) == 134
    for town in POSTAL_TOWNS:
        assert re.fullmatch(r"\d{7}", town.postal_code)
        assert town.area_code in AREA_BY_CODE
        if town.town:
            assert town.district_code is not None
            assert DISTRICT_BY_CODE[town.district_code].area_code == town.area_code


def test_every_district_has_a_postal_code() -> None:
    assert {town.district_code for town in POSTAL_TOWNS} - {None} == set(DISTRICT_BY_CODE)


def test_postal_prefixes_of_an_area_cover_its_codes_and_nobody_elses() -> None:
    for town in POSTAL_TOWNS:
        owners = [a.code for a in AREAS if town.postal_code.startswith(a.postal_prefixes)]
        assert owners == [town.area_code], town.postal_code


def test_every_town_point_is_close_to_its_district() -> None:
    for town in POSTAL_TOWNS:
        if town.district_code and town.lat is not None and town.lon is not None:
            district = DISTRICT_BY_CODE[town.district_code]
            away = distance_km(town.lat, town.lon, district.lat, district.lon)
            assert away < 6, town.town


def test_large_offices_have_their_own_codes() -> None:
    offices = [town for town in POSTAL_TOWNS if town.office]
    assert len(offices) == 15
    assert find_postal("021-8501")[0].office == "一関市役所"


def test_a_postal_code_is_found_in_any_width_and_with_or_without_hyphen() -> None:
    assert find_postal("029-3105") == find_postal("０２９３１０５")
    assert [town.town for town in find_postal("0293105")] == ["花泉町涌津"]
    assert find_postal("100-0001") == ()
    assert find_postal("") == ()


@pytest.mark.parametrize(
    ("address", "area", "district"),
    [
        ("岩手県一関市花泉町涌津字一ノ町9012番地", "hanaizumi", "wakutsu"),
        ("一関市　花泉町老松", "hanaizumi", "oimatsu"),
        ("西磐井郡花泉町金沢", "hanaizumi", "kazawa"),
        ("岩手県東磐井郡室根村折壁", "murone", "orikabe"),
        ("一関市山目字中野", "ichinoseki", "yamanome"),
        ("一関市字沢９０１２番地", "ichinoseki", "ichinoseki_center"),
        ("千厩町清田", "senmaya", "konashi"),
        ("大東", "daito", None),
        ("藤沢支所", "fujisawa", None),
        ("一関市川辺", "ichinoseki", None),
        ("一関市東山町", "higashiyama", None),
        ("宮城県栗原市", None, None),
        ("大東市赤井", None, None),
        ("", None, None),
    ],
)
def test_an_address_tells_its_area_and_district(
    address: str, area: str | None, district: str | None
) -> None:
    assert area_of_address(address) == area
    assert district_of(address) == district


def test_the_town_counts_before_the_postal_code_and_the_code_helps_out() -> None:
    assert district_of("花泉町永井", "0293101") == "nagai"
    assert district_of("", "0293101") == "hanaizumi"


def test_a_part_named_in_the_address_decides_between_several_codes() -> None:
    assert point_of("一関市萩荘字外山") == (38.911182, 141.032568)
    assert point_of("一関市萩荘字打ノ目") == (38.9203, 141.0949)
    assert point_of("一関市萩荘", "0210102") == (38.911182, 141.032568)
    assert point_of("どこか") is None


def test_every_fact_names_a_source_that_is_credited() -> None:
    codes = Counter(source.code for source in SOURCES)
    assert set(codes.values()) == {1}
    assert {fact.source for fact in FACTS} <= set(codes)
    assert all(source.name and source.licence for source in SOURCES)


def test_the_newest_counted_population_wins_over_projections() -> None:
    assert newest_fact("population").as_of == "2024-01-01"
    assert newest_fact("welfare_commissioners").kind == "estimate"
    with pytest.raises(KeyError):
        newest_fact("castles")
