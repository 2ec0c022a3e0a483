"""What is said kindly at once where volunteers may not help, by the kind of help asked for."""

from __future__ import annotations

from collections.abc import Mapping

# The kinds that volunteers may not give (BR-07), and what is often meant by other words.
REFUSALS: Mapping[str, str] = {
    "snow_roof": (
        "屋根の雪下ろしは、落ちる危険があるため、お受けしていません。"
        "地面の雪かきはお手伝いできます。"
    ),
    "medical_care": (
        "薬の管理や医療の処置は、医療の専門の方の仕事です。訪問看護などをご案内します。"
    ),
    "body_care": (
        "からだに触れる介護は、介護や障がい福祉のサービスをご案内します。"
        "見守りや話し相手はお手伝いできます。"
    ),
    "money_management": (
        "通帳や印鑑、暗証番号はお預かりできません。日常生活自立支援事業をご案内します。"
    ),
    "dangerous_work": (
        "高い所や機械、薬剤を使う危険な作業は、お受けしていません。専門の業者をご案内します。"
    ),
    "utility_work": ("電気やガス、水道の工事と修理は、資格のある業者をご案内します。"),
    "business_help": (
        "仕事や選挙、宗教の手伝いはお受けできません。シルバー人材センターなどをご案内します。"
    ),
    "legal_advice": ("法律や税、登記のことは、専門の相談をご案内します。"),
    "overnight_stay": (
        "夜間や泊まりの付き添いはお受けしていません。介護のサービスなどをご案内します。"
    ),
    "proxy_signature": (
        "本人に代わる契約や医療の同意、保証人はできません。成年後見の窓口をご案内します。"
    ),
    "paid_ride": ("料金をいただく送り迎えには国の登録が必要です。登録のある団体をご案内します。"),
    "lone_childminding": (
        "家庭で子どもを一人で預かることはできません。ファミリー・サポート・センターをご案内します。"
    ),
}
FREE_RIDES = (
    "ボランティアの送り迎えは無料です。運賃や料金を決めてお願いすることはできません。"
    "ガソリン代などの実費だけは、ご相談できます。料金を払いたいときは、登録のある団体をご案内します。"
)
LITTLE_CASH = (
    "買い物でお預かりするお金は、1回10,000円までです。それより大きな買い物は、"
    "宅配や、お金の管理を手伝う窓口をご案内します。"
)
