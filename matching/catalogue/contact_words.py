"""Words about reaching and moving: channels, contact methods, ways of travelling."""

from matching.catalogue.sheets import Code

CHANNELS: tuple[Code, ...] = (
    Code("phone", "電話", "Phone"),
    Code("counter", "窓口", "Counter"),
    Code("commissioner", "民生委員", "Welfare commissioner"),
    Code("care_manager", "ケアマネジャー", "Care manager"),
    Code("web", "Web", "Web"),
    Code("fax", "FAX", "Fax"),
)

CONTACT_METHODS: tuple[Code, ...] = (
    Code("phone", "電話", "Phone"),
    Code("email", "メール", "E-mail"),
    Code("fax", "FAX", "Fax"),
    Code("line", "LINE", "LINE"),
    Code("post", "郵送", "Post"),
)

TRANSPORT_KINDS: tuple[Code, ...] = (
    Code("car", "自家用車", "Car"),
    Code("light_truck", "軽トラック", "Light truck"),
    Code("bicycle", "自転車", "Bicycle"),
    Code("walk", "徒歩", "On foot"),
    Code("bus", "バス・電車", "Bus or train"),
)
