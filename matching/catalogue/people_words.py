"""Words about people: gender, work, household and relation to the person supported."""

from matching.catalogue.sheets import Code

GENDERS: tuple[Code, ...] = (
    Code("F", "女", "Female"),
    Code("M", "男", "Male"),
    Code("X", "回答しない", "Not stated"),
)

GENDER_PREFERENCES: tuple[Code, ...] = (
    Code("any", "どちらでも", "Any"),
    Code("F", "女性希望", "A woman"),
    Code("M", "男性希望", "A man"),
)

OCCUPATIONS: tuple[Code, ...] = (
    Code("student", "学生", "Student"),
    Code("employed", "会社員等", "Employed"),
    Code("shift", "シフト勤務", "Shift worker"),
    Code("homemaker", "家事", "Homemaker"),
    Code("farmer", "農業", "Farmer"),
    Code("retired", "無職", "Retired"),
)

HOUSEHOLDS: tuple[Code, ...] = (
    Code("alone_65", "高齢独居", "65 or older, alone"),
    Code("couple_65", "高齢者のみ", "65 or older only"),
    Code("daytime_alone", "日中独居", "Alone by day"),
    Code("with_family", "家族同居", "With family"),
    Code("parent_child", "ひとり親", "Single parent"),
    Code("child_raising", "子育て", "Raising children"),
    Code("facility", "施設・団体", "Facility or body"),
    Code("other", "その他", "Other"),
)

RELATIONS: tuple[Code, ...] = (
    Code("self", "本人", "Myself"),
    Code("spouse", "配偶者", "Spouse"),
    Code("child", "子", "Child"),
    Code("parent", "親", "Parent"),
    Code("relative", "親族", "Relative"),
    Code("neighbour", "近隣", "Neighbour"),
    Code("commissioner", "民生委員", "Welfare commissioner"),
    Code("care_manager", "ケアマネジャー", "Care manager"),
    Code("facility", "施設・団体", "Facility or body"),
)
