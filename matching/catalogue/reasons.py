"""Why something was declined, closed or did not happen."""

from matching.catalogue.sheets import Code

# Why the centre declines or closes a need.
CLOSURE_REASONS: tuple[Code, ...] = (
    Code("public_service_applies", "公的なサービスが使える", "A public service applies"),
    Code("medical_act", "医療行為にあたる", "A medical act"),
    Code("body_care", "身体の介護にあたる", "Body care"),
    Code("paid_ride", "有償の送迎にあたる", "A paid ride"),
    Code("money_management", "お金の管理にあたる", "Money management"),
    Code("dangerous", "危険な作業", "Dangerous work"),
    Code("business", "営利・生業にあたる", "Somebody's business"),
    Code("political_religious", "政治・宗教の活動", "Political or religious"),
    Code("no_consent", "本人の同意がない", "No consent"),
    Code("out_of_area", "活動地域の外", "Outside the area"),
    Code("no_volunteer", "担い手が見つからない", "No volunteer found"),
    Code("time_conflict", "日程が合わない", "No time fits"),
    Code("requester_withdrew", "依頼者の取り下げ", "Withdrawn by the requester"),
    Code("hospitalised", "入院・入所", "In hospital or care"),
    Code("moved", "転居", "Moved away"),
    Code("deceased", "逝去", "Deceased"),
    Code("resolved_by_family_neighbour", "家族・近隣で解決", "Solved by family or neighbours"),
    Code("duplicate", "重複", "Duplicate"),
    Code("other", "その他", "Other"),
)

# Why a volunteer says no; never counted against anybody.
DECLINE_REASONS: tuple[Code, ...] = (
    Code("schedule", "日程が合わない", "The time does not fit"),
    Code("distance", "遠い", "Too far"),
    Code("content", "内容が合わない", "Not my kind of task"),
    Code("health", "体調", "Health"),
    Code("family", "家庭の事情", "Family"),
    Code("other", "その他", "Other"),
)

# How an offer was answered.
RESPONSES: tuple[Code, ...] = (
    Code("accepted", "承諾", "Accepted"),
    Code("declined", "辞退", "Declined"),
    Code("no_answer", "未回答", "No answer"),
)

# How an agreed visit went.
OUTCOMES: tuple[Code, ...] = (
    Code("completed", "完了", "Completed"),
    Code("cancelled_by_requester", "依頼者取消", "Cancelled by the requester"),
    Code("cancelled_by_volunteer", "活動者取消", "Cancelled by the volunteer"),
    Code("no_show", "不在・無断", "No show"),
)
