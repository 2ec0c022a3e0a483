"""What can be wrong with a sheet: code, severity and the sentence that says what to do."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: `line` 0 is the whole file, `column` the heading as typed, `field` our name."""

    line: int
    column: str
    code: str
    severity: Severity
    text: str
    field: str = ""


class SheetError(Exception):
    """The whole file cannot be read; carries the one problem that says why."""

    def __init__(self, code: str, raw: str = "", encoding: str = "") -> None:
        self.problem = problem(0, "", code, raw)
        self.encoding = encoding
        super().__init__(self.problem.text)


_SHOWN = 40
_SHOWN_OF_FILE = 200

FILE_PROBLEMS: dict[str, str] = {
    "file_missing": "ファイル「{raw}」を開けません。場所と読み取りの許可を確かめてください。",
    "file_empty": "ファイルが空です。見出しの行とデータの入ったファイルを選んでください。",
    "file_too_large": "ファイルが大きすぎます（上限 {raw}）。いくつかに分けて取り込んでください。",
    "too_many_rows": "行が多すぎます（上限 {raw} 行）。いくつかに分けて取り込んでください。",
    "too_many_columns": "列が多すぎます（上限 {raw} 列）。使う列だけを残して保存し直してください。",
    "file_is_html": "中身がウェブページ（HTML）です。"
    "Excelで開き、CSVかxlsxで保存し直してください。",
    "file_is_old_excel": "古い形式（.xls）か、パスワードのかかったExcelです。"
    "パスワードを外し、xlsxかCSVで保存し直してください。",
    "file_is_binary": "表のファイルではありません。CSVかxlsxのファイルを選んでください。",
    "nul_bytes": "文字ではないデータ（NUL）が混じっています。"
    "Excelで開き、CSV UTF-8で保存し直してください。",
    "workbook_broken": "Excelのファイルが壊れています。Excelで開いて保存し直してください。",
    "workbook_bomb": "展開すると大きすぎるExcelのファイルです。"
    "使う表だけを残して保存し直してください。",
    "workbook_unsafe": "安全に読めない書き方（DOCTYPE）を含むExcelのファイルです。"
    "Excelで開いて保存し直してください。",
    "encoding_unknown": "文字コードが分かりません。CSV UTF-8で保存し直してください。",
    "header_not_found": "見出しの行が見つかりません（初めの10行）。"
    "ひな形の見出し（例：{raw}）に合わせてください。",
    "city_list": "避難行動要支援者名簿は取り込めません。市の名簿は、災害の体制のあいだだけ"
    "「災害のときの市の名簿」であずかります。",
    "column_missing": "必ず要る列「{raw}」がありません。見出しの行に加えてください。",
    "map_missing": "対応表「{raw}」を開けません。場所と読み取りの許可を確かめてください。",
    "map_not_text": "対応表「{raw}」の文字コードが違います。UTF-8で保存し直してください。",
    "map_invalid": "対応表を直してください（{raw}）。",
}

ERRORS: dict[str, str] = {
    "encoding_changed": "この行から文字コードが違います（{raw}）。"
    "全体を1つの文字コードで保存し直し、この行を取り込み直してください。",
    "bytes_broken": "この行に読めない文字があります。元の表を確かめて保存し直してください。",
    "quote_not_closed": '引用符（"）が閉じていません。この行を直して取り込み直してください。',
    "row_not_read": "この行の区切りを読めません。改行や引用符を確かめてください。",
    "row_too_wide": "見出しより列が多く、値がずれている疑いがあります。区切りを確かめてください。",
    "row_repeated": "同じ行がもう一度あります。先の行だけを取り込みました。",
    "id_repeated": "番号「{raw}」が前の行と同じで、内容が違います。"
    "どちらが正しいか確かめてください。",
    "id_invalid": "番号「{raw}」を読み取れません。英数字で入力し直してください。",
    "required_missing": "必ず要る項目が空です。入力してください。",
    "cell_error": "計算の誤り（{raw}）です。元の表で直してください。",
    "cell_too_long": "文字が多すぎます。短くして備考などに分けてください。",
    "text_too_long": "文字が多すぎます（上限 {raw} 文字）。短くして入力し直してください。",
    "formula_without_value": "数式の結果が保存されていません。Excelで開いて保存し直してください。",
    "characters_missing": "書き出しで〓に置き換わった文字があります。"
    "元の文字を入れるか、UTF-8で書き出してください。",
    "ditto_mark": "「{raw}」では誰か分かりません。上の行と同じ値を入力してください。",
    "volunteer_unknown": "登録番号「{raw}」のボランティアがいません。"
    "先に名簿を取り込んでください。",
    "date_invalid": "日付「{raw}」を読み取れません。2027-01-18 や 令和9年1月18日 の形で"
    "入力してください。",
    "year_missing": "「{raw}」に年がありません。年から入力してください。",
    "date_ambiguous": "「{raw}」は年が分かりません。西暦4桁か元号をつけて入力してください。",
    "time_invalid": "時刻「{raw}」を読み取れません。9:00 の形で入力してください。",
    "time_not_exact": "「{raw}」では時刻が決まりません。9:00 の形で入力してください。",
    "range_invalid": "時間「{raw}」を読み取れません。9:00～12:00 の形で入力してください。",
    "range_reversed": "終わり（{raw}）が始まりより前か同じです。どちらが正しいか確かめてください。",
    "duration_invalid": "所要時間「{raw}」を読み取れません。分の数で入力してください。",
    "number_invalid": "数「{raw}」を読み取れません。数字で入力してください。",
    "number_out_of_range": "数「{raw}」は入れられる範囲の外です。正しい数を入力してください。",
    "postal_invalid": "郵便番号「{raw}」を読み取れません。7桁で入力してください。",
    "phone_invalid": "電話番号「{raw}」を読み取れません。市外局番から入力してください。",
    "email_invalid": "メールアドレス「{raw}」を読み取れません。入力し直してください。",
    "coordinate_invalid": "緯度・経度「{raw}」を読み取れません。38.93 の形で入力してください。",
    "coordinates_zero": "緯度・経度が 0 です。正しい値を入れるか、空にしてください。",
    "coordinates_incomplete": "緯度と経度の片方だけがあります。両方を入れるか、空にしてください。",
    "weekday_invalid": "曜日「{raw}」を読み取れません。月・水 の形で入力してください。",
}

WARNINGS: dict[str, str] = {
    "column_not_used": "この列は取り込みに使いません。要る列なら見出しを確かめてください。",
    "column_repeated": "同じ意味の列が前にあります。前の列を使いました。",
    "sheet_not_used": "シート「{raw}」は読んでいません。要るときは別のファイルにしてください。",
    "characters_lost": "元から壊れている文字（�）があります。正しい文字を入力し直してください。",
    "era_overrun": "元号の期間の外の日付「{raw}」を西暦に直しました。"
    "合っているか確かめてください。",
    "excel_serial_date": "Excelの日付の番号「{raw}」を日付に直しました。確かめてください。",
    "excel_time_fraction": "Excelの時刻の数「{raw}」を時刻に直しました。確かめてください。",
    "date_incomplete": "「{raw}」は日までありません。年月日を入力してください。",
    "weekday_mismatch": "「{raw}」の曜日が日付と合いません。日付のとおりに読みました。",
    "time_not_used": "「{raw}」の時刻は取り込んでいません。時刻の列に入力してください。",
    "time_without_colon": "「{raw}」を時刻として読みました。確かめてください。",
    "estimate": "「{raw}」はおよその値として読みました。確かめてください。",
    "range_upper_used": "「{raw}」の大きいほうを使いました。確かめてください。",
    "number_limited": "「{raw}」は上限を超えるため、上限の数にしました。",
    "postal_leading_zero_restored": "「{raw}」の先頭に 0 を補いました。確かめてください。",
    "phone_leading_zero_restored": "「{raw}」の先頭に 0 を補いました。確かめてください。",
    "phone_note": "「{raw}」の番号だけを読みました。但し書きは備考に入れます。",
    "phone_more_than_one": "「{raw}」の初めの番号を使いました。残りは備考に入れます。",
    "kana_not_kana": "「{raw}」に漢字があります。読みをカタカナで入力してください。",
    "dms": "度分秒「{raw}」を小数の度に直しました。",
    "coordinates_swapped": "緯度と経度が逆でしたので入れ替えました。",
    "coordinates_outside_japan": "緯度・経度が日本の外です。確かめてください。",
    "holidays_not_kept": "「{raw}」の祝日は記録できません。曜日だけを取り込みました。",
    "availability_not_read": "活動できる日時「{raw}」を読み取れません。"
    "本人に確かめて 月午前、土日 の形で入力してください。",
    "category_unknown": "活動区分「{raw}」は一覧にないため「その他」にしました。",
    "codes_unknown": "「{raw}」に一覧にない言葉があります。読めたものだけを取り込み、"
    "言葉は備考に残します。",
    "choice_unknown": "「{raw}」は一覧にありません。言葉は備考に残します。選び直してください。",
    "condition_unclear": "読み取れない条件があるため「保留」にしました。"
    "依頼者に確かめてから受付中に戻してください。",
    "limit_unclear": "本人の上限を読み取れないため「休止中」で取り込みました。"
    "本人に確かめ、直してから「活動中」に戻してください。",
    "status_kept": "状態「{raw}」には変えていません。相談の画面で変えてください。",
    "category_not_for_volunteers": "ボランティアがお受けできない内容です。"
    "「受付」で取り込みました。見立てをしてください。",
    "duration_longer_than_window": "所要時間が希望の時間帯より長くなっています。確かめてください。",
}

INFOS: dict[str, str] = {
    "no_rows": "見出しの下にデータの行がありません。",
    "row_skipped": "対応表の決まりにより、この行は取り込みません。",
    "start_date_open": "希望日が空なので「保留」で取り込みます。日が決まったら入力してください。",
}

_TABLES: tuple[tuple[Severity, dict[str, str]], ...] = (
    ("error", FILE_PROBLEMS),
    ("error", ERRORS),
    ("warning", WARNINGS),
    ("info", INFOS),
)
CATALOGUE: dict[str, tuple[Severity, str]] = {
    code: (severity, text) for severity, table in _TABLES for code, text in table.items()
}


def problem(line: int, column: str, code: str, raw: str = "", *, field: str = "") -> Problem:
    """The finding of this code with its severity and sentence; `raw` is shortened to be shown."""
    severity, text = CATALOGUE[code]
    most = _SHOWN if line else _SHOWN_OF_FILE
    shown = raw if len(raw) <= most else raw[:most] + "…"
    return Problem(line, column, code, severity, text.replace("{raw}", shown), field)
