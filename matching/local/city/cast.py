"""The few people a newcomer meets behind the demonstration logins, all in 花泉 or at the centre."""

from dataclasses import dataclass

from matching.local.city.names import Name

HOME_AREA = "hanaizumi"
HOME_DISTRICT = "wakutsu"


@dataclass(frozen=True, slots=True)
class CastVolunteer:
    """A volunteer whose card is written by hand."""

    login: str  # empty for somebody whom others meet but who has no demonstration login
    name: Name
    age: int
    district: str
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who signs in without being volunteer or resident."""

    login: str
    role: str
    name: Name
    area: str = ""


ALL_DAY = ";".join(
    f"{day} {part}"
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
    for part in ("06:30-08:30", "09:00-12:00", "13:00-17:00")
)

# Gives rides and shopping, asks for help with a phone: one person, both hats.
CAST_VOLUNTEERS: tuple[CastVolunteer, ...] = (
    CastVolunteer(
        "volunteer",
        Name("千葉", "正志", "チバ", "マサシ"),
        67,
        HOME_DISTRICT,
        {
            "gender": "M",
            "email": "volunteer@example.jp",
            "contact_method": "line",
            "occupation": "retired",
            "skills": "brush_cutter;driving;hauling;light_truck;snow_blower",
            "categories": "snow_removal;grass_cutting;shopping;transport;garbage;small_repair",
            "availability": ALL_DAY,
            "transport": "car",
            "max_distance_km": "12",
            "max_hours_per_month": "24",
            "notice_days": "0",
            "note": "元バス運転手。冬道も慣れている。スマートフォンは勉強中",
        },
    ),
    CastVolunteer(
        "",
        Name("阿部", "佳奈", "アベ", "カナ"),
        36,
        "oimatsu",
        {
            "gender": "F",
            "email": "v0002@example.jp",
            "contact_method": "email",
            "occupation": "homemaker",
            "skills": "computer;driving;smartphone",
            "categories": "talk;childcare;smartphone;children_cafeteria",
            "availability": ";".join(
                f"{day} {part}"
                for day in ("Mon", "Wed", "Fri")
                for part in ("09:00-12:00", "13:00-17:00")
            ),
            "transport": "car",
            "max_distance_km": "10",
            "max_hours_per_month": "12",
            "notice_days": "1",
            "note": "子どもの下校までに帰りたい",
        },
    ),
)

RESIDENT = Name("佐藤", "ハル", "サトウ", "ハル")
RESIDENT_AGE = 84
COMMISSIONER = Name("小野寺", "節子", "オノデラ", "セツコ")
PARTNER = Name("岩渕", "真理", "イワブチ", "マリ")
PARTNER_GROUP = "福祉ネットワーク いずみの輪"
PARTNER_GROUP_KANA = "フクシネットワーク イズミノワ"

STAFF: tuple[StaffMember, ...] = (
    StaffMember("manager", "center_manager", Name("菅原", "弘子", "スガワラ", "ヒロコ")),
    StaffMember("coordinator", "coordinator", Name("及川", "美紀", "オイカワ", "ミキ")),
    StaffMember(
        "branch-hanaizumi", "branch_staff", Name("熊谷", "徹", "クマガイ", "トオル"), HOME_AREA
    ),
    StaffMember("clerk", "intake_clerk", Name("阿部", "千尋", "アベ", "チヒロ")),
    StaffMember("officer", "city_officer", Name("畠山", "俊介", "ハタケヤマ", "シュンスケ")),
    StaffMember("auditor", "auditor", Name("髙橋", "文彦", "タカハシ", "フミヒコ")),
    StaffMember("sysadmin", "system_admin", Name("昆野", "慎吾", "コンノ", "シンゴ")),
)
