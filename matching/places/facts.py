"""Dated public facts about the city, each with the source it was taken from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts come from and under which terms they may be used."""

    code: str
    name: str
    licence: str
    credit: str  # the line to show beside data made from it; empty when none is asked for


@dataclass(frozen=True, slots=True)
class Fact:
    """One number with its day, its nature and its source."""

    code: str
    value: float
    unit: str
    as_of: str  # a year, or a day in ISO form
    kind: str  # census, register, projection, survey, area, observation or estimate
    source: str


SOURCES: tuple[Source, ...] = (
    Source("japan_post", "日本郵便 郵便番号データ", "free to use and to redistribute", ""),
    Source(
        "geolonia",
        "Geolonia 住所データ",
        "CC BY 4.0",
        "「Geolonia 住所データ」を加工して作成",
    ),
    Source(
        "gsi_shelters",
        "国土地理院 指定緊急避難場所・指定避難所データ",
        "国土地理院コンテンツ利用規約 (compatible with CC BY 4.0)",
        "「指定緊急避難場所・指定避難所データ」（国土地理院）を加工して作成",
    ),
    Source("census", "国勢調査", "facts", "「国勢調査」（総務省統計局）"),
    Source("iwate_register", "岩手県 住民基本台帳年報", "facts", "岩手県"),
    Source("iwanichi", "岩手日日 2017年1月 地域別人口", "facts", ""),
    Source("ipss", "日本の地域別将来推計人口", "facts", "国立社会保障・人口問題研究所"),
    Source("iwate_ageing", "岩手県 高齢者人口 2022年9月", "facts", "岩手県"),
    Source("time_use", "社会生活基本調査 2021年", "facts", "「社会生活基本調査」（総務省統計局）"),
    Source("jma", "気象庁 平年値 1991–2020", "facts", "気象庁"),
    Source("own", "own estimate", "own work", ""),
)

FACTS: tuple[Fact, ...] = (
    Fact("area", 1256.42, "km2", "2011-09-26", "area", "census"),
    Fact("population", 135711, "people", "2005-10-01", "census", "census"),
    Fact("population", 127642, "people", "2010-10-01", "census", "census"),
    Fact("population", 121069, "people", "2017-01-01", "register", "iwanichi"),
    Fact("population", 111932, "people", "2020-10-01", "census", "census"),
    Fact("population", 107555, "people", "2024-01-01", "register", "iwate_register"),
    Fact("population", 104566, "people", "2025", "projection", "ipss"),
    Fact("population", 102000, "people", "2026-10-01", "estimate", "own"),
    Fact("population", 96789, "people", "2030", "projection", "ipss"),
    Fact("households", 46280, "households", "2017-01-01", "register", "iwanichi"),
    Fact("households", 46340, "households", "2024-01-01", "register", "iwate_register"),
    Fact("foreign_residents", 1145, "people", "2024-01-01", "register", "iwate_register"),
    Fact("share_65_plus", 37.8, "percent", "2022-09-01", "register", "iwate_ageing"),
    Fact("people_100_plus", 156, "people", "2022-09-01", "register", "iwate_ageing"),
    Fact("share_under_15", 10.3, "percent", "2025", "projection", "ipss"),
    Fact("volunteer_rate_iwate", 24.4, "percent", "2021", "survey", "time_use"),
    Fact("deepest_snow_matsurube", 141, "cm", "2020", "observation", "jma"),
    Fact("welfare_commissioners", 300, "people", "2026-10-01", "estimate", "own"),
)


def newest_fact(code: str) -> Fact:
    """Return the newest counted fact of that code; projections and estimates come second.

    Raises KeyError for a code without any fact.
    """
    known = [fact for fact in FACTS if fact.code == code]
    if not known:
        raise KeyError(code)
    return max(known, key=lambda fact: (fact.kind not in ("projection", "estimate"), fact.as_of))
