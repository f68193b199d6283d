"""What the fake till sells: enough of a city hall's counter for the screen to be judged by. Prices are samples."""
import unicodedata

CATEGORIES = ["住民票・戸籍", "税証明", "印鑑", "その他"]

_ITEMS = [
    ("juminhyo", "住民票の写し", "じゅうみんひょうのうつし", 0, 300),
    ("koseki", "戸籍全部事項証明", "こせきぜんぶじこうしょうめい", 0, 450),
    ("inkan", "印鑑登録証明", "いんかんとうろくしょうめい", 2, 300),
    ("kaisei", "改製原戸籍謄本", "かいせいげんこせきとうほん", 0, 750),
    ("joseki", "除籍全部事項証明", "じょせきぜんぶじこうしょうめい", 0, 750),
    ("kazei", "課税(非課税)証明", "かぜいひかぜいしょうめい", 1, 300),
    ("fuhyo", "戸籍の附票の写し", "こせきのふひょうのうつし", 0, 300),
    ("nozei", "納税証明", "のうぜいしょうめい", 1, 300),
    ("hyoka", "固定資産評価証明", "こていしさんひょうかしょうめい", 1, 300),
    ("mibun", "身分証明", "みぶんしょうめい", 0, 300),
    ("kojin", "戸籍個人事項証明", "こせきこじんじこうしょうめい", 0, 450),
    ("ichibu", "戸籍一部事項証明", "こせきいちぶじこうしょうめい", 0, 450),
    ("juri", "届出受理証明", "とどけでじゅりしょうめい", 0, 350),
    ("kisai", "住民票記載事項証明", "じゅうみんひょうきさいじこうしょうめい", 0, 300),
    ("jokyo", "除かれた住民票の写し", "のぞかれたじゅうみんひょうのうつし", 0, 300),
    ("kosho", "固定資産公課証明", "こていしさんこうかしょうめい", 1, 300),
    ("meiyose", "名寄帳の写し", "なよせちょうのうつし", 1, 300),
    ("jutaku", "住宅用家屋証明", "じゅうたくようかおくしょうめい", 1, 1300),
    ("eigyo", "営業証明", "えいぎょうしょうめい", 1, 300),
    ("hainsho", "廃車証明(原付)", "はいしゃしょうめいげんつき", 1, 0),
    ("inkancard", "印鑑登録証の再交付", "いんかんとうろくしょうのさいこうふ", 2, 500),
    ("kaigo", "埋火葬許可証の再交付", "まいかそうきょかしょうのさいこうふ", 3, 300),
    ("chizu", "都市計画図 (1/2,500)", "としけいかくず", 3, 1000),
    ("toukei", "統計書", "とうけいしょ", 3, 1200),
    ("copy", "写しの交付 (白黒 1枚)", "うつしのこうふしろくろ", 3, 10),
]

BRANDS = [
    *[{"code": code, "name": name, "method": "qr", "can_void": True} for code, name in [
        ("paypay", "PayPay"), ("dbarai", "d払い"), ("aupay", "au PAY"), ("rakutenpay", "楽天ペイ"), ("merpay", "メルペイ"),
        ("aeonpay", "AEON Pay"), ("alipay_plus", "Alipay+"), ("wechat_pay", "WeChat Pay")]],
    *[{"code": code, "name": name, "method": "emoney", "can_void": code not in ("edy", "nanaco")} for code, name in [
        ("transit_ic", "交通系IC"), ("edy", "楽天Edy"), ("waon", "WAON"), ("nanaco", "nanaco"), ("id", "iD"), ("quicpay", "QUICPay")]],
    *[{"code": code, "name": name, "method": "credit", "can_void": True} for code, name in [
        ("visa", "Visa"), ("mastercard", "Mastercard"), ("jcb", "JCB"), ("amex", "American Express"), ("diners", "Diners Club"),
        ("discover", "Discover")]],
]


def catalog():
    return {
        "version": 3,
        "categories": CATEGORIES,
        "items": [{"code": code, "name": name, "kana": kana, "category": CATEGORIES[category], "price_yen": price,
                   "tax": "exempt", "favourite": index < 12, "key": index + 1 if index < 9 else None}
                  for index, (code, name, kana, category, price) in enumerate(_ITEMS)],
        "exemptions": [
            {"code": "public_use", "name": "公用", "reasons": ["国・他の地方公共団体の請求", "庁内の職務上の請求"]},
            {"code": "law", "name": "法定免除", "reasons": ["年金・恩給の請求", "児童扶養手当の請求", "被災者の請求"]}],
        "brands": BRANDS,
        "quick_tender_yen": [500, 1000, 5000, 10000],
        "clerks": [{"code": "sato", "name": "佐藤"}, {"code": "takasaki", "name": "髙﨑"}, {"code": "suzuki", "name": "鈴木", "role": "supervisor"},
                   {"code": "yoshida", "name": "𠮷田"}],
    }


def shown_catalog(catalog):
    """The catalogue as the till sends it: favourites, and all that is few."""
    return {**{name: rows for name, rows in catalog.items() if name != "items"},
            "favourites": [item for item in catalog["items"] if item["favourite"]]}


def folded(text):
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in unicodedata.normalize("NFKC", text).lower())


def found_items(catalog, wish):
    """What /api/items answers: of a category, or with the text in name, kana or code."""
    text = folded(wish.get("q", ""))
    found = [item for item in catalog["items"]
             if (text in folded(item["name"] + item["kana"] + item["code"]) if text else item["category"] == wish.get("category"))]
    offset, limit = int(wish.get("offset", 0)), int(wish.get("limit", 60))
    return {"items": found[offset:offset + limit], "has_more": len(found) > offset + limit}
