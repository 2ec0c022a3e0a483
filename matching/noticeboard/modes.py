"""Modes of the service: in peace, in snow, in a disaster; what each means for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Mode(NamedTuple):
    """A mode of the service: its name, and what it means for whom."""

    label: str
    banner: str
    residents: str
    volunteers: str
    desk: str


# One registry of people and one set of rules serve in every mode: what changes is what comes first.
MODES: Mapping[str, Mode] = {
    "peace": Mode(
        "ふだん",
        "",
        "いつもどおり、困りごとを受け付けています。",
        "いつもどおり、合いそうな活動があるときにおたずねします。",
        "いつもの順に仕事を進めます。",
    ),
    "snow": Mode(
        "雪の体制",
        "雪の体制で動いています。",
        "玄関から道までの雪かきを、急ぐ方から先に受け付けます。屋根の雪おろしはお受けできません。",
        "雪かきのお願いが増えます。2人以上で、明るい時間だけにうかがいます。",
        "雪かきの困りごとから先に見立てをします。積雪10cmを目安に、活動を中止するかを地域ごとに決めます。",
    ),
    "disaster": Mode(
        "災害の体制",
        "災害の体制で動いています。",
        "命にかかわるときは119番へ。片づけや買い物などの困りごとは、急ぐ方から先に受け付けます。ふだんのお手伝いは、遅れたり休んだりすることがあります。",
        "まずご自分とご家族の安全を。センターからおたずねするまで、現地に行かずにお待ちください。2人以上で活動し、危ないときはすぐにやめます。",
        "安否の確認から先に進めます。ふだんの活動を続けるか休むかを、活動ごとに決めて電話します。保険と同意のきまりは変わりません。",
    ),
}
