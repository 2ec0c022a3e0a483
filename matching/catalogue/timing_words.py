"""Words about when: urgency, recurrence and the kinds of activity."""

from dataclasses import dataclass

from matching.catalogue.sheets import Code


@dataclass(frozen=True, slots=True)
class Urgency:
    """How soon help is needed and how much a filled seat then counts in a plan."""

    code: str
    label: str
    english: str
    weight: int


URGENCIES: tuple[Urgency, ...] = (
    Urgency("emergency", "至急", "At once", 8),
    Urgency("high", "高", "Soon", 4),
    Urgency("normal", "普通", "Normal", 2),
    Urgency("low", "低", "Can wait", 1),
)
URGENCY_WEIGHTS: dict[str, int] = {urgency.code: urgency.weight for urgency in URGENCIES}

RECURRENCES: tuple[Code, ...] = (
    Code("once", "1回", "Once"),
    Code("weekly", "毎週", "Weekly"),
    Code("biweekly", "隔週", "Every two weeks"),
    Code("monthly", "毎月", "Monthly"),
    Code("as_needed", "随時", "As needed"),
)

ACTIVITY_TYPES: tuple[Code, ...] = (
    Code("regular", "定期", "Regular"),
    Code("spot", "単発", "One-off"),
    Code("on_call", "登録待機", "On call"),
    Code("event", "行事", "Event"),
    Code("home_based", "在宅", "At home"),
    Code("online", "オンライン", "Online"),
    Code("group_outing", "団体での外出", "Group outing"),
    Code("experience", "体験", "Trial"),
    Code("disaster", "災害", "Disaster"),
    Code("in_kind", "物品・場所の提供", "Goods or a room"),
)
