"""Names of people and bodies: the glyphs typed are kept, and a folded key finds the same one."""

import re
import unicodedata

from matching.cells.cell import Cell, unread
from matching.kernel.typed import cleaned

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_SPACES = re.compile(r"\s+")
_COMBINED = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")
_HALF_KANA = re.compile("[\uff66-\uff9f]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_DITTO_WORDS = ("同上", "〃", "々", "″")
# Old and other forms of one glyph in names, and the form under which all of them are found.
_VARIANTS = str.maketrans(
    "髙﨑嵜邊邉齋齊𠮷澤濵濱廣嶋嶌德眞惠榮槇瀨黑增槗栁舘櫻國圓淵渕龍瀧禮壽彌祐鐵條萬與豐萠",
    "高崎崎辺辺斎斉吉沢浜浜広島島徳真恵栄槙瀬黒増橋柳館桜国円渕渕竜滝礼寿弥祐鉄条万与豊萌",
)


def read_name(text: str) -> Cell:
    """A person's name: glyphs as typed, one half-width space between the parts."""
    name = _tidy(text)
    if name in _DITTO_WORDS:
        return unread("ditto_mark")
    return Cell(name, "characters_lost" if is_damaged(name) else "")


def is_damaged(name: str) -> bool:
    """Whether some program has put a question mark where a glyph was."""
    return "?" in name or "\ufffd" in name


def read_organisation(text: str) -> Cell:
    """A body's name as typed, spaces trimmed and made half-width."""
    return read_name(text)


def read_kana(text: str) -> Cell:
    """A reading in full-width katakana."""
    # Folding can make spaces of its own (´), so tidy again.
    folded = _tidy(unicodedata.normalize("NFKC", _tidy(text)))
    kana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in folded)
    if any("\u4e00" <= c <= "\u9fff" for c in kana):
        return Cell(kana, "kana_not_kana")
    return Cell(kana)


def _tidy(text: str) -> str:
    name = cleaned(text).translate(_INVISIBLE)
    name = _COMBINED.sub(lambda m: unicodedata.normalize("NFC", m[0]), name)
    name = _HALF_KANA.sub(lambda m: unicodedata.normalize("NFKC", m[0]), name)
    return _SPACES.sub(" ", name).strip()


def name_key(name: str) -> str:
    """The key under which one person's name is found however its glyphs were typed."""
    folded = unicodedata.normalize("NFKC", _SELECTORS.sub("", name.translate(_INVISIBLE)))
    return _SPACES.sub("", folded).translate(_VARIANTS).removesuffix("様").casefold()


def kana_key(kana: str) -> str:
    """The key under which one reading is found: katakana of one width, no spaces."""
    return _SPACES.sub("", read_kana(kana).text)


_BODY_FORMS = {
    "(株)": "株式会社",
    "(有)": "有限会社",
    "(合)": "合同会社",
    "(社)": "社団法人",
    "(財)": "財団法人",
    "(一社)": "一般社団法人",
    "(一財)": "一般財団法人",
    "(公社)": "公益社団法人",
    "(公財)": "公益財団法人",
    "(社福)": "社会福祉法人",
    "(福)": "社会福祉法人",
    "(医)": "医療法人",
    "(学)": "学校法人",
    "(特非)": "NPO法人",
    "(NPO)": "NPO法人",
    "特定非営利活動法人": "NPO法人",
}


def organisation_key(name: str) -> str:
    """The key under which one body is found: legal form written out, no spaces, NFKC."""
    folded = _SPACES.sub("", unicodedata.normalize("NFKC", _SELECTORS.sub("", name)))
    for short, full in _BODY_FORMS.items():
        folded = folded.replace(short, full)
    return folded.translate(_VARIANTS)
