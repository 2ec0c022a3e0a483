"""The five sheets: every column with our heading first, then those of other centres."""

from typing import Literal

from matching.interchange import columns as col
from matching.interchange.columns import Column

SheetKind = Literal["volunteers", "needs", "groups", "commissioners", "proposals"]

_PHONE = col.phone("phone", "電話番号 電話 TEL 連絡先 自宅電話 固定電話")
_EMAIL = col.email("email", "メールアドレス メール E-mail Eメール mail")
_NOTE = col.text("note", "備考 特記事項 要配慮事項 メモ その他")
_STATUS = "状態 区分（状態） ステータス 進捗"
_DISTRICT = col.district("district", "地域 地区 支所 支部 旧市町村 圏域")
_PLACE = (
    col.postal_code("postal_code", "郵便番号 〒 郵便"),
    col.address("address", "住所 現住所 所在地 自宅住所 住所地"),
    _DISTRICT,
    col.degrees("lat", "緯度 Latitude LAT 北緯"),
    col.degrees("lon", "経度 Longitude LNG LON 東経"),
)

_VOLUNTEERS = (
    col.identifier(
        "volunteer_id", "登録番号 番号 No No. № ボランティア番号 会員番号 整理番号 ID", "id"
    ),
    col.person("name", "氏名 名前 お名前 姓名 ボランティア氏名 参加者氏名", "required"),
    col.kana("name_kana", "フリガナ ふりがな カナ 氏名カナ 氏名（カナ） 読み"),
    col.day("birth_date", "生年月日 誕生日"),
    col.choice("gender")("gender", "性別"),
    *_PLACE,
    _PHONE,
    _EMAIL,
    col.choice("contact_method")("contact_method", "連絡方法 希望連絡方法"),
    col.choice("occupation")("occupation", "職業 職種 勤務先"),
    col.codes("skill")("skills", "資格・特技 資格 特技 免許 技能 資格、特技等 保有資格"),
    col.codes("category")(
        "categories", "希望する活動 活動内容 活動希望 活動分野 できる活動 希望活動 活動区分"
    ),
    col.weekly_hours(
        "availability", "活動できる日時 活動可能日 活動可能日時 曜日 希望曜日・時間 活動日"
    ),
    col.choice("transport")("transport", "移動手段 交通手段 車の有無"),
    col.decimal(0, 1000)("max_distance_km", "活動範囲(km) 活動範囲 移動可能距離"),
    col.whole(0, 744)("max_hours_per_month", "月の上限時間 活動時間の上限"),
    col.whole(0, 365)("notice_days", "事前連絡(日前) 何日前までに連絡"),
    col.identifier("group_id", "所属団体番号 団体番号 団体ID"),
    col.day("insured_until", "保険期限 保険満了日"),
    col.day("registered_on", "登録日 申込日 受付日（登録）"),
    col.day("last_active_on", "最終活動日"),
    col.choice("member_status")("status", _STATUS),
    _NOTE,
    col.whole(0, 130)("age", "年齢", extra=True),
    col.phone("mobile", "携帯 携帯電話 携帯番号 携帯電話番号"),
    col.choice("yes_no")(
        "insured", "保険 ボランティア保険 ボランティア活動保険 保険加入", extra=True
    ),
)

_GROUPS = (
    col.identifier("group_id", "団体番号 所属団体番号 団体ID No No. №", "id"),
    col.body("group_name", "団体名 グループ名 名称 法人名称", "required"),
    col.kana("group_name_kana", "団体名フリガナ フリガナ ふりがな"),
    col.person("representative", "代表者 代表者名 代表 代表者氏名"),
    _PHONE,
    _EMAIL,
    *_PLACE,
    col.codes("category")("activities", "活動内容 活動分野 主な活動 活動区分"),
    col.areas("activity_area", "活動地域 活動場所 活動範囲"),
    col.whole(0, 100_000)("member_count", "会員数 人数 メンバー数 会員"),
    col.day("founded_on", "設立年月日 設立 結成日 設立年月"),
    col.text("meeting", "定例会 活動日 定例日"),
    col.choice("member_status")("status", _STATUS),
    _NOTE,
)

_NEEDS = (
    col.identifier("need_id", "受付番号 依頼番号 ニーズ番号 No No. №", "id"),
    col.moment("received_at", "受付日時 受付日 相談日 依頼日"),
    col.choice("channel")("channel", "受付方法 受付経路 相談方法"),
    col.body("requester_name", "依頼者氏名 依頼者 相談者 相談者氏名 利用者 申込者", "required"),
    col.kana("requester_kana", "依頼者フリガナ フリガナ ふりがな"),
    col.choice("requester_relation")("requester_relation", "本人との関係 続柄 関係"),
    col.whole(0, 130)("recipient_age", "対象者年齢 年齢（対象者） 年齢"),
    col.choice("household")("household", "世帯状況 世帯 世帯構成"),
    col.identifier("proxy_id", "代理人番号 民生委員番号"),
    col.person("proxy_name", "代理人氏名 代理人 民生委員 担当民生委員 紹介者 代理人（民生委員等）"),
    col.phone("proxy_phone", "代理人電話 代理人電話番号 民生委員電話"),
    *_PLACE,
    _PHONE,
    col.choice("category")(
        "category", "活動区分 区分 種別 支援内容（区分） 依頼区分 分野", "required"
    ),
    col.text("title", "依頼内容 内容 相談内容 支援内容 ニーズ内容", "required"),
    col.codes("skill")("required_skills", "必要な資格・技能 必要資格 必要技能", "condition"),
    col.whole(1, 200)("headcount", "必要人数 人数 募集人数 希望人数 募集人員", "match"),
    col.whole(1, 200)("min_headcount", "最少人数 最低人数 最少催行人数", "match"),
    col.day("start_date", "希望日(開始) 希望日 活動日 月日 日にち 開始日 希望日時", "match"),
    col.day("end_date", "希望日(終了) 終了日", "match"),
    col.weekly_days("weekdays", "希望曜日 曜日", "condition"),
    col.clock("time_from", "開始時刻 開始 開始時間 自", "match"),
    col.clock("time_to", "終了時刻 終了 終了時間 至", "match"),
    col.duration("duration_minutes", "所要時間(分) 所要時間 活動時間"),
    col.choice("recurrence")("recurrence", "頻度 回数 周期"),
    col.choice("urgency")("urgency", "緊急度 優先度 至急"),
    col.day("decide_by", "回答期限 期限"),
    col.choice("gender_preference")("gender_preference", "性別の希望", "condition"),
    col.choice("yes_no")("car_needed", "車の要否 車 車必要", "condition"),
    col.text("destination", "行き先 目的地"),
    col.degrees("destination_lat", "行き先緯度"),
    col.degrees("destination_lon", "行き先経度"),
    col.choice("need_status")("status", _STATUS),
    _NOTE,
    col.window("time_range", "時間 時間帯 活動時間帯", "match", extra=True),
)

_COMMISSIONERS = (
    col.identifier("commissioner_id", "民生委員番号 番号 No No. №", "id"),
    col.person("name", "氏名 名前 民生委員氏名 民生委員", "required"),
    col.kana("name_kana", "フリガナ ふりがな カナ"),
    _DISTRICT,
    col.text("towns", "担当区域 担当地区 区域"),
    _PHONE,
    col.day("since", "委嘱日 委嘱年月日"),
)

_PROPOSALS = (
    col.identifier("proposal_id", "提案番号 No No. №", "id"),
    col.identifier("need_id", "受付番号 依頼番号", "required"),
    col.identifier("volunteer_id", "登録番号 ボランティア番号", "required"),
    col.choice("category")("category", "活動区分 区分"),
    col.moment("proposed_at", "提案日時 提案日", "match"),
    col.choice("response")("response", "回答 返事"),
    col.moment("responded_at", "回答日時 回答日"),
    col.day("visit_date", "活動日 訪問日", "match"),
    col.duration("visit_minutes", "活動時間(分) 活動時間"),
    col.choice("outcome")("outcome", "結果"),
)

SHEETS: dict[SheetKind, tuple[Column, ...]] = {
    "volunteers": _VOLUNTEERS,
    "needs": _NEEDS,
    "groups": _GROUPS,
    "commissioners": _COMMISSIONERS,
    "proposals": _PROPOSALS,
}
RUNNING_NUMBER_HEADINGS = ("No", "No.", "№")


def columns_of(kind: SheetKind) -> tuple[Column, ...]:
    """The columns of a sheet in schema order, extra import columns last."""
    return SHEETS[kind]


def id_column(kind: SheetKind) -> str:
    """The name of the column that identifies a row of this sheet."""
    return SHEETS[kind][0].name
