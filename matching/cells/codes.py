"""Codes of choices and lists: the catalogue's codes and labels, and other spellings in sheets."""

from collections.abc import Mapping

from matching.catalogue.reference import CATEGORIES, CODE_TABLES, SKILLS, URGENCIES

# Tables that only sheets have: code -> label.
_OWN_LABELS: dict[str, dict[str, str]] = {
    "member_status": {
        "active": "活動中",
        "paused": "休止",
        "withdrawn": "退会",
    },
    "need_status": {
        "open": "受付中",
        "partly_filled": "一部決定",
        "on_hold": "保留",
        "matched": "決定",
        "done": "完了",
        "cancelled": "取消",
    },
    "yes_no": {
        "1": "要",
        "0": "不要",
    },
}

# Table -> code -> what other sheets write for it, beside code and label.
_OTHER_WORDS: dict[str, dict[str, str]] = {
    "category": {
        "snow_removal": "雪はき 雪掃き 除雪 雪寄せ",
        "snow_roof": "雪下ろし 雪おろし 屋根の雪下ろし 屋根の雪おろし",
        "grass_cutting": "草刈 草取り 草むしり 除草",
        "shopping": "買物 買い物代行 買物支援 買い物支援 買い物同行",
        "transport": "送迎 通院 通院介助 通院送迎 外出支援 外出介助 移動支援 付き添い 付添",
        "garbage": "ゴミだし ゴミ捨て ゴミ",
        "cleaning": "掃除 片付け 片づけ 清掃 そうじ 整理整頓",
        "small_repair": "家具移動 小修繕 修繕 修理 大工仕事",
        "watch": "見守 安否確認 声かけ 声掛け 友愛訪問",
        "talk": "話相手 傾聴 お話し相手",
        "meal": "配食 調理 食事作り 弁当配達 料理",
        "childcare": "子育て 託児 保育 一時預かり 子守り",
        "study": "学習 勉強 宿題",
        "sign_language": "手話 要約筆記 手話通訳",
        "interpretation": "通訳 翻訳",
        "smartphone": "スマホ スマートフォン パソコン スマホ支援 PC",
        "paperwork": "手続き 手続 書類 書類作成 代筆",
        "salon": "サロン 行事 行事の手伝い イベント 行事手伝い",
        "children_cafeteria": "子供食堂 こども食堂",
        "reading": "読み聞かせ 朗読 点訳 音訳 読みきかせ",
        "pet_care": "ペット 犬の散歩",
        "disaster_cleanup": "災害 災害支援 災害ボランティア 泥出し",
        "environment": "環境 美化 清掃活動 ゴミ拾い",
        "other": "他",
    },
    "skill": {
        "driving": "運転免許 普通自動車免許 自動車免許 運転 普通自動車",
        "light_truck": "軽トラ",
        "snow_blower": "除雪機操作",
        "brush_cutter": "刈払い機 草刈機 草刈り機 刈払機講習",
        "chainsaw": "チェンソー",
        "carpentry": "木工 日曜大工",
        "electrical": "電気工事士 電気",
        "plumbing": "水道 配管 水道工事",
        "hauling": "運搬 荷物運び",
        "nursing": "看護婦 准看護師 保健師",
        "care_worker": "ヘルパー ホームヘルパー 介護 介護職員初任者研修",
        "dementia_supporter": "認知症サポーター養成講座",
        "first_aid": "普通救命講習 救急法 AED",
        "childcare_worker": "幼稚園教諭",
        "teacher": "教員 教師 元教員 教諭",
        "sign_language": "手話通訳士 手話通訳",
        "braille": "点字",
        "reading_aloud": "音訳 読み聞かせ",
        "english": "英会話",
        "tagalog": "フィリピン語",
        "computer": "PC コンピュータ コンピューター",
        "smartphone": "スマホ",
        "cooking": "料理 調理師 調理師免許",
        "listening": "傾聴講座",
        "music": "楽器 歌 音楽 演奏 カラオケ",
        "haircut": "理容師 美容師 理容 美容 散髪",
        "gardening": "庭木 剪定 園芸 庭の手入れ",
    },
    "gender": {
        "F": "女性 女子 female",
        "M": "男性 男子 male",
        "X": "無回答 その他 不明 答えたくない",
    },
    "contact_method": {
        "phone": "TEL 携帯 携帯電話",
        "email": "Eメール E-mail mail 電子メール",
        "fax": "ファックス ファクス",
        "line": "ライン",
        "post": "郵便 手紙 はがき",
    },
    "occupation": {
        "student": "高校生 大学生 中学生 生徒",
        "employed": "会社員 公務員 自営業 勤務 団体職員 自営",
        "shift": "交代勤務 パート アルバイト 夜勤",
        "homemaker": "主婦 主夫 専業主婦",
        "farmer": "農家 兼業農家",
        "retired": "退職 定年退職 年金",
    },
    "transport": {
        "car": "車 自動車 普通車 軽自動車 乗用車 有 あり ○",
        "light_truck": "軽トラ",
        "bicycle": "チャリ ちゃりんこ 電動自転車",
        "walk": "歩き 歩いて",
        "bus": "バス 電車 公共交通 公共交通機関",
    },
    "member_status": {
        "active": "活動 登録中 有効 登録",
        "paused": "休止中 休会 休会中 停止",
        "withdrawn": "退会済 脱退 抹消 解散",
    },
    "need_status": {
        "open": "受付 募集中 未対応 調整中 新規",
        "partly_filled": "一部確定",
        "on_hold": "保留中",
        "matched": "決定済 調整済 確定",
        "done": "終了 対応済 済",
        "cancelled": "取り消し キャンセル 中止 辞退",
    },
    "channel": {
        "phone": "TEL",
        "counter": "来所 来訪 来庁",
        "commissioner": "民生児童委員 民生委員・児童委員",
        "care_manager": "ケアマネ ケアマネージャー 介護支援専門員",
        "web": "ウェブ ホームページ メール インターネット フォーム",
        "fax": "ファックス ファクス",
    },
    "requester_relation": {
        "spouse": "妻 夫",
        "child": "子ども 長男 長女 次男 次女 息子 娘 子の配偶者 嫁",
        "parent": "父 母 保護者",
        "relative": "兄弟姉妹 兄 弟 姉 妹 孫 甥 姪 親戚",
        "neighbour": "近所 隣人 知人 友人",
        "commissioner": "民生児童委員 民生委員・児童委員",
        "care_manager": "ケアマネ ケアマネージャー 介護支援専門員",
        "facility": "施設 団体 学校 事業所",
    },
    "household": {
        "alone_65": "独居 一人暮らし 単身 独居高齢者 高齢者単身",
        "couple_65": "高齢者夫婦 高齢夫婦 老夫婦 高齢者世帯",
        "with_family": "同居 家族と同居",
        "daytime_alone": "昼間独居",
        "parent_child": "母子 父子 母子世帯 父子世帯 ひとり親世帯",
        "child_raising": "子育て世帯",
        "facility": "施設 団体",
        "other": "他",
    },
    "recurrence": {
        "once": "1回のみ 単発 1回限り 今回のみ 一回",
        "weekly": "週1回 週1 週に1回 毎日 週一回",
        "biweekly": "月2回 2週に1回 2週間に1回 月に2回",
        "monthly": "月1回 月1 月に1回 月一回",
        "as_needed": "不定期 必要時 都度",
    },
    "urgency": {
        "emergency": "緊急 大至急 緊急対応 S",
        "high": "高い 急ぎ 急ぐ A なるべく早く 早め",
        "normal": "中 通常 B ふつう",
        "low": "低い 急がない C 急ぎでない いつでも",
    },
    "gender_preference": {
        "F": "女性 女 女性のみ 同性(女性)",
        "M": "男性 男 男性のみ 同性(男性)",
        "any": "不問 問わない 指定なし なし 特になし",
    },
    "yes_no": {
        "1": "有 あり 必要 レ ✓ ✔ ○ ◯ 〇 はい yes true 加入済 加入 加入済み 加入中",
        "0": "無 なし 無し × ✕ いいえ no false 未加入 未",
    },
    "response": {
        "accepted": "受諾 可 ○ OK",
        "declined": "不可 断り × NG",
        "no_answer": "回答なし 返事なし 不在",
    },
    "outcome": {
        "completed": "実施 終了 済",
        "cancelled_by_requester": "依頼者都合 依頼者キャンセル",
        "cancelled_by_volunteer": "活動者都合 ボランティア都合",
        "no_show": "無断 無断欠席 不在",
    },
}


def _catalogue_labels() -> dict[str, Mapping[str, str]]:
    tables: dict[str, Mapping[str, str]] = {
        name: {code.code: code.label for code in codes} for name, codes in CODE_TABLES.items()
    }
    tables["skill"] = {skill.code: skill.label for skill in SKILLS}
    tables["urgency"] = {urgency.code: urgency.label for urgency in URGENCIES}
    # Where sheets know a finer category by a broader code, its label means the broader one.
    tables["category"] = {
        category.code: category.label
        if category.sheet_code in (category.code, "other")
        else category.code
        for category in CATEGORIES
    }
    return tables


def _broader() -> dict[str, str]:
    return {
        category.label: category.sheet_code
        for category in CATEGORIES
        if category.sheet_code not in (category.code, "other")
    }


LABELS: dict[str, Mapping[str, str]] = _catalogue_labels() | _OWN_LABELS


def label(table: str, code: str) -> str:
    """The word that a sheet shows for a code, and that reads back as the same code."""
    return LABELS[table].get(code, code)


def spellings(table: str) -> list[tuple[str, str]]:
    """Every (spelling, code) of a table, those that win first: codes, labels, other words."""
    labels = LABELS[table]
    pairs = [(code, code) for code in labels] + [(word, code) for code, word in labels.items()]
    if table == "category":
        pairs += _broader().items()
    others = _OTHER_WORDS.get(table, {})
    return pairs + [(word, code) for code, words in others.items() for word in words.split()]
