"""Purposes of consent: what each is called, and the full words a person agrees to, by version."""

from __future__ import annotations

from collections.abc import Mapping

PURPOSES: Mapping[str, str] = {
    "coordination_use": "手伝う人をさがすために使うこと",
    "share_with_volunteer": "うかがう方に、お名前と住所・電話番号を伝えること",
    "share_with_commissioner": "担当の民生委員に、結果を伝えること",
    "share_with_agency": "つなぐ先の窓口に、内容を伝えること",
    "statistics": "だれのことか分からない形で、統計に使うこと",
    "photo_publication": "写真を広報に使うこと",
    "disaster_use": "災害のときの支援に使うこと",
}

TEXT_VERSION = "2026-11"

# A wording that somebody agreed to is never changed; a new one gets a new version.
TEXTS: Mapping[str, Mapping[str, str]] = {
    "2026-11": {
        "coordination_use": (
            "お聞きした困りごとやできること、連絡先を、ボランティアセンターの職員が、"
            "手伝う人をさがして調整するために使います。ほかの目的には使いません。"
        ),
        "share_with_volunteer": (
            "手伝いが決まった方にだけ、相手のお名前・住所・電話番号と、気をつけてほしいことを"
            "伝えます。見た日時は記録し、活動が終わって14日たつと見られなくします。"
        ),
        "share_with_commissioner": (
            "この困りごとを届けた担当の民生委員に、手伝いが決まったか、終わったかを伝えます。"
            "うかがった方の住所などは伝えません。"
        ),
        "share_with_agency": (
            "ほかの窓口のほうがよいときに、名前をあげた窓口へ、困りごとの内容と連絡先を伝えます。"
            "伝える前に、どの窓口かをお話しします。"
        ),
        "statistics": (
            "お名前や住所を除き、だれのことか分からない数にして、市の計画や報告に使います。"
            "5件に満たない数は出しません。"
        ),
        "photo_publication": (
            "活動の写真を、広報紙やホームページにのせます。のせる前に、写真をお見せします。"
        ),
        "disaster_use": (
            "大きな災害のときに、安否の確認や手伝いの調整のために、お名前と連絡先を使います。"
        ),
    },
}

# What taking a consent back means, said before it is done.
CONSEQUENCES: Mapping[str, str] = {
    "coordination_use": (
        "お手伝いの調整が止まります。決まっている活動は、センターがお電話で確かめます。"
        "またお願いしたくなったら、いつでも元にもどせます。"
    ),
    "share_with_volunteer": (
        "うかがう方から、お名前や住所がすぐに見えなくなります。"
        "決まっている活動をどうするか、センターがお電話でうかがいます。"
    ),
    "share_with_commissioner": "民生委員への結果のお知らせが止まります。困ることはありません。",
    "share_with_agency": (
        "これから窓口に伝えることはありません。すでに伝えた分はお電話でご相談ください。"
    ),
    "statistics": "これからの統計に入れません。困ることはありません。",
    "photo_publication": "これから写真を使いません。もうのせた写真は、外せるものを外します。",
    "disaster_use": "災害のときの名簿から外します。",
}


def text_of(purpose: str, version: str = TEXT_VERSION) -> str:
    """Return the words of a purpose as somebody read them; empty for a register of before."""
    return TEXTS.get(version, {}).get(purpose, "")
