/* docs/masters.md as tables. The limits are those that tills hold (a longer name would be cut on a receipt). */
#include "settlement/masters/schema.h"

#include "settlement/terms/terms.h"

#include <string.h>

enum {
    NAME_BYTES = 120,    /* 40 kanji */
    NOTE_BYTES = 240,    /* 80 kanji */
    PRICE_MAX = 9999999, /* what one payment can be */
    CATEGORIES_MAX = 16, /* tabs on a till's screen */
    REASONS_MAX = 8,     /* keys on a till's screen */
    GRANTERS_MAX = 8,    /* keys on a till's screen */
    PREFIXES_MAX = 8,
    PREFIX_BYTES = 16,
    QUICK_TENDERS_MAX = 6,
    PLACES_MAX = 2000,
    FACILITIES_MAX = 2000,
    ITEMS_MAX = 20000,
    RATES_MAX = 16,
    METHODS_MAX = 4,
    MEANS_MAX = 3,
    SCAN_MAX = 64,            /* digits of a barcode that a counter scanner reads */
    MARKUP_BYTES = 32 * 1024, /* a paper takes five; the rest is room for a logo */
    COLUMNS_MIN = 32,
    COLUMNS_MAX = 48,
    DAY_MINUTES_MAX = 719, /* a business day ends before noon of the next */
    IDLE_MINUTES_MAX = 480,
    CASH_LIMIT_MAX = 10000000,
    MONTH_DAYS_MAX = 31,
    REMITTANCE_DAYS_MAX = 30 /* a month: more is no deadline */
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const struct field_word tax_words[] = {{"exempt", "非課税"}, {"standard10", "課税10%（内税）"}, {NULL, NULL}};
static const struct field_word brand_method_words[] = {
    {"qr", "コード決済"}, {"emoney", "電子マネー"}, {"credit", "クレジット"}, {NULL, NULL}};
static const struct field_word doubt_words[] = {{"touch_proves", "次のタッチで分かるまで売上にしない"},
                                                {"touch_confirms", "次のタッチで確定する"},
                                                {"counts_as_sale", "売上にする（後で取り消されることがある）"},
                                                {"run_again", "取り消してやり直す"},
                                                {NULL, NULL}};
static const struct field_word method_words[] = {
    {"cash", "現金"}, {"qr", "コード決済"}, {"emoney", "電子マネー"}, {"credit", "クレジット"}, {NULL, NULL}};
static const struct field_word role_words[] = {{"clerk", "窓口職員"}, {"supervisor", "責任者"}, {NULL, NULL}};
static const struct field_word revenue_words[] = {
    {"usage_fee", "使用料（市の歳入）"}, {"operator_fee", "利用料金（指定管理者の収入）"}, {NULL, NULL}};
static const struct field_word refund_words[] = {
    {"none", "還付しない（手数料不還付）"}, {"same_day", "当日の取消のみ"}, {"later", "後日も還付する"}, {NULL, NULL}};
static const struct field_word means_words[] = {
    {"cash", "現金"}, {"gateway", "決済会社経由"}, {"bank_transfer", "口座振込"}, {NULL, NULL}};
static const struct field_word per_words[] = {{"unit", "一つごとに"}, {"use", "全体で一度"}, {NULL, NULL}};
static const struct field_word title_words[] = {{"receipt", "領収書"}, {"usage", "利用明細"}, {NULL, NULL}};
static const struct field_word check_words[] = {
    {"none", "なし"}, {"mod10_w3", "モジュラス10 ウェイト3（GS1）"}, {"mod11", "モジュラス11"}, {NULL, NULL}};
static const struct field_word form_words[] = {{"receipt", "領収書"},
                                               {"shop_copy", "加盟店控"},
                                               {"void", "取消票"},
                                               {"in_doubt", "処理未了"},
                                               {"refund", "還付票"},
                                               {"float", "つり銭票"},
                                               {"cash", "入出金票"},
                                               {"handover", "引継票"},
                                               {"hold", "保留票"},
                                               {"payment_code", "お支払い用コード"},
                                               {"inspection", "点検票（X）"},
                                               {"close", "精算票（Z）"},
                                               {"deposit", "現金払込書"},
                                               {"day_report", "収納日報"},
                                               {"ticket", "入場・駐車券"},
                                               {"test", "印字テスト"},
                                               {NULL, NULL}};

static const struct field_word closing_words[] = {
    {"daily", "毎日"}, {"semimonthly", "15日と月末"}, {"monthly", "毎月"}, {NULL, NULL}};
static const struct field_word holiday_words[] = {
    {"before", "前営業日"}, {"after", "翌営業日"}, {"none", "動かさない"}, {NULL, NULL}};
static const struct field_word deposit_words[] = {{"gross", "総額払い"}, {"net", "差引払い"}, {NULL, NULL}};
static const struct field_word rounding_words[] = {
    {"floor", "切捨て"}, {"half_up", "四捨五入"}, {"ceiling", "切上げ"}, {NULL, NULL}};
static const struct field_word fee_unit_words[] = {
    {"line", "明細ごと"}, {"payout", "入金・ブランドごと"}, {NULL, NULL}};

#define CODE                                                                                                           \
    {                                                                                                                  \
        .key = "code", .title = "コード", .kind = FIELD_CODE                                                           \
    }
#define NAME                                                                                                           \
    {                                                                                                                  \
        .key = "name", .title = "名称", .kind = FIELD_TEXT, .minimum = 1, .maximum = NAME_BYTES                        \
    }
#define NAME_IN(language, text)                                                                                        \
    {                                                                                                                  \
        .key = "name_" language, .title = (text), .kind = FIELD_TEXT, .is_optional = true, .maximum = NAME_BYTES       \
    }
/* For the citizen's window and display. */
#define OTHER_NAMES NAME_IN("en", "英語名"), NAME_IN("zh", "中国語名（簡体字）"), NAME_IN("ko", "韓国語名")
#define VALID_FROM                                                                                                     \
    {                                                                                                                  \
        .key = "valid_from", .title = "適用開始日", .kind = FIELD_DATE                                                 \
    }
#define VALID_TO                                                                                                       \
    {                                                                                                                  \
        .key = "valid_to", .title = "適用終了日", .kind = FIELD_DATE, .is_optional = true                              \
    }
#define POLICY                                                                                                         \
    {                                                                                                                  \
        .key = "policy", .title = "取扱方針", .kind = FIELD_REFERENCE, .is_optional = true, .refers_to = "policies"    \
    }
#define ONLY_ITEMS                                                                                                     \
    {                                                                                                                  \
        .key = "items", .title = "対象の品目", .kind = FIELD_REFERENCES, .is_optional = true, .refers_to = "items",    \
        .most = ITEMS_MAX                                                                                              \
    }
#define FACILITIES(text)                                                                                               \
    {                                                                                                                  \
        .key = "facilities", .title = (text), .kind = FIELD_REFERENCES, .is_optional = true,                           \
        .refers_to = "facilities", .most = FACILITIES_MAX                                                              \
    }
#define POSITION(name, text)                                                                                           \
    {                                                                                                                  \
        .key = (name), .title = (text), .kind = FIELD_INTEGER, .is_optional = true, .minimum = 1, .maximum = SCAN_MAX  \
    }

const struct field masters_common_fields[] = {
    {.key = "sample", .title = "見本", .kind = FIELD_BOOLEAN, .is_optional = true},
    {.key = "note", .title = "メモ", .kind = FIELD_TEXT, .is_optional = true, .maximum = 1000},
};
const size_t masters_common_field_count = COUNT(masters_common_fields);

static const struct field issuer_fields[] = {
    CODE,
    NAME,
    {.key = "registration_number", .title = "登録番号", .kind = FIELD_REGISTRATION_NUMBER},
};

static const struct field account_fields[] = {
    CODE,
    {.key = "fund", .title = "会計", .kind = FIELD_CODE_NAME},
    {.key = "kan", .title = "款", .kind = FIELD_CODE_NAME},
    {.key = "kou", .title = "項", .kind = FIELD_CODE_NAME},
    {.key = "moku", .title = "目", .kind = FIELD_CODE_NAME},
    {.key = "setsu", .title = "節", .kind = FIELD_CODE_NAME},
    {.key = "saisetsu", .title = "細節", .kind = FIELD_CODE_NAME, .is_optional = true},
};

static const struct field section_fields[] = {
    CODE,
    NAME,
    {.key = "cash_officer", .title = "出納員", .kind = FIELD_TEXT, .is_optional = true, .maximum = NAME_BYTES},
};

static const struct field facility_fields[] = {
    CODE,
    NAME,
    {.key = "section", .title = "所属", .kind = FIELD_REFERENCE, .refers_to = "sections"},
    {.key = "revenue", .title = "収入の区分", .kind = FIELD_WORD, .words = revenue_words},
    {.key = "operator", .title = "指定管理者", .kind = FIELD_TEXT, .is_optional = true, .maximum = NAME_BYTES},
    VALID_FROM,
    VALID_TO,
};

static const struct field place_fields[] = {
    CODE,
    NAME,
    OTHER_NAMES,
    {.key = "section", .title = "所属", .kind = FIELD_REFERENCE, .refers_to = "sections"},
    {.key = "categories", .title = "分類のキー", .kind = FIELD_TEXTS, .maximum = NAME_BYTES, .most = CATEGORIES_MAX},
    {.key = "receipt_note",
     .title = "領収書の結び",
     .kind = FIELD_TEXT,
     .is_optional = true,
     .minimum = 0,
     .maximum = NOTE_BYTES},
    FACILITIES("扱う施設"),
    POLICY,
};

static const struct field drawer_fields[] = {
    CODE,
    NAME,
    {.key = "place", .title = "窓口", .kind = FIELD_REFERENCE, .refers_to = "places"},
    {.key = "terminal", .title = "端末", .kind = FIELD_TERMINAL},
};

static const struct field item_fields[] = {
    CODE,
    NAME,
    {.key = "kana", .title = "よみ", .kind = FIELD_TEXT, .minimum = 0, .maximum = NAME_BYTES},
    OTHER_NAMES,
    {.key = "category", .title = "分類", .kind = FIELD_TEXT, .minimum = 1, .maximum = NAME_BYTES},
    {.key = "price_yen",
     .title = "単価",
     .kind = FIELD_INTEGER,
     .is_optional = true,
     .is_yen = true,
     .minimum = 0,
     .maximum = PRICE_MAX},
    {.key = "tariff", .title = "料金表", .kind = FIELD_REFERENCE, .is_optional = true, .refers_to = "tariffs"},
    {.key = "tax", .title = "消費税", .kind = FIELD_WORD, .words = tax_words},
    {.key = "account", .title = "歳入科目", .kind = FIELD_REFERENCE, .refers_to = "accounts"},
    {.key = "section", .title = "所属", .kind = FIELD_REFERENCE, .refers_to = "sections"},
    {.key = "issuer", .title = "発行者", .kind = FIELD_REFERENCE, .refers_to = "issuers"},
    {.key = "facility", .title = "施設", .kind = FIELD_REFERENCE, .is_optional = true, .refers_to = "facilities"},
    POLICY,
    VALID_FROM,
    VALID_TO,
    {.key = "favourite", .title = "よく使う", .kind = FIELD_BOOLEAN, .is_optional = true},
};

static const struct field tariff_fields[] = {
    CODE, NAME, {.key = "form", .title = "形式", .kind = FIELD_CODE}, VALID_FROM, VALID_TO,
};

static const struct field rate_fields[] = {
    {.key = "part", .title = "部分", .kind = FIELD_CODE},
    {.key = "percent", .title = "減免率", .kind = FIELD_INTEGER, .is_optional = true, .minimum = 1, .maximum = 100},
    {.key = "yen",
     .title = "減免額",
     .kind = FIELD_INTEGER,
     .is_optional = true,
     .is_yen = true,
     .minimum = 1,
     .maximum = PRICE_MAX},
    {.key = "per", .title = "減免額の単位", .kind = FIELD_WORD, .is_optional = true, .words = per_words},
};

static const struct field reduction_fields[] = {
    CODE,
    NAME,
    {.key = "granters", .title = "決定者", .kind = FIELD_TEXTS, .maximum = NAME_BYTES, .most = GRANTERS_MAX},
    {.key = "rates",
     .title = "減免の割合",
     .kind = FIELD_ROWS,
     .least = 1,
     .most = RATES_MAX,
     .fields = rate_fields,
     .field_count = COUNT(rate_fields)},
    ONLY_ITEMS,
    FACILITIES("対象の施設"),
    VALID_FROM,
    VALID_TO,
};

static const struct field exemption_fields[] = {
    CODE,
    NAME,
    {.key = "reasons", .title = "理由", .kind = FIELD_TEXTS, .maximum = NAME_BYTES, .most = REASONS_MAX},
    {.key = "places",
     .title = "対象の窓口",
     .kind = FIELD_REFERENCES,
     .is_optional = true,
     .refers_to = "places",
     .most = PLACES_MAX},
    ONLY_ITEMS,
};

static const struct field_word account_kind_words[] = {{"1", "普通"}, {"2", "当座"}, {NULL, NULL}};

/* A text of exactly COUNT bytes: rules.c wants digits. */
#define DIGITS(member, words, count)                                                                                   \
    {                                                                                                                  \
        .key = member, .title = words, .kind = FIELD_TEXT, .minimum = count, .maximum = count                          \
    }
static const struct field transfer_account_fields[] = {
    CODE,
    NAME,
    DIGITS("consignor_code", "委託者コード（10桁）", 10),
    {.key = "consignor_kana", .title = "委託者名カナ（半角）", .kind = FIELD_TEXT, .minimum = 1, .maximum = NAME_BYTES},
    DIGITS("bank", "金融機関番号（4桁）", 4),
    {.key = "bank_kana",
     .title = "金融機関名カナ（半角）",
     .kind = FIELD_TEXT,
     .is_optional = true,
     .maximum = NAME_BYTES},
    DIGITS("branch", "支店番号（3桁）", 3),
    {.key = "branch_kana",
     .title = "支店名カナ（半角）",
     .kind = FIELD_TEXT,
     .is_optional = true,
     .maximum = NAME_BYTES},
    {.key = "account_kind", .title = "預金種目", .kind = FIELD_WORD, .words = account_kind_words},
    DIGITS("account_number", "口座番号（7桁）", 7),
};

static const struct field policy_fields[] = {
    CODE,
    NAME,
    {.key = "methods",
     .title = "支払方法",
     .kind = FIELD_WORDS,
     .words = method_words,
     .least = 1,
     .most = METHODS_MAX},
    {.key = "mixed_payment", .title = "現金との併用", .kind = FIELD_BOOLEAN},
    {.key = "price_override", .title = "単価の変更（責任者）", .kind = FIELD_BOOLEAN},
    {.key = "refund", .title = "還付", .kind = FIELD_WORD, .words = refund_words},
    {.key = "refund_means", .title = "還付の方法", .kind = FIELD_WORDS, .words = means_words, .most = MEANS_MAX},
    {.key = "receipt_title", .title = "キャッシュレスの表題", .kind = FIELD_WORD, .words = title_words},
    {.key = "shop_copy", .title = "加盟店控を印字（カード）", .kind = FIELD_BOOLEAN},
    VALID_FROM,
    VALID_TO,
};

static const struct field brand_fields[] = {
    CODE,
    NAME,
    OTHER_NAMES,
    {.key = "method", .title = "種類", .kind = FIELD_WORD, .words = brand_method_words},
    {.key = "trustee", .title = "指定納付受託者", .kind = FIELD_REFERENCE, .refers_to = "trustees"},
    {.key = "can_void", .title = "取消できる", .kind = FIELD_BOOLEAN},
    {.key = "in_doubt", .title = "処理未了の扱い", .kind = FIELD_WORD, .words = doubt_words, .is_optional = true},
    {.key = "code_prefixes",
     .title = "コードの先頭",
     .kind = FIELD_TEXTS,
     .is_optional = true,
     .maximum = PREFIX_BYTES,
     .most = PREFIXES_MAX},
    VALID_FROM,
    VALID_TO,
};

static const struct field trustee_fields[] = {
    CODE,
    NAME,
    {.key = "kana", .title = "振込名義カナ", .kind = FIELD_TEXT, .minimum = 1, .maximum = NAME_BYTES},
    {.key = "layout", .title = "明細の様式", .kind = FIELD_CODE},
};

static const struct field terms_fields[] = {
    CODE,
    NAME,
    {.key = "trustee", .title = "指定納付受託者", .kind = FIELD_REFERENCE, .refers_to = "trustees"},
    {.key = "brand",
     .title = "ブランド（空欄は全部）",
     .kind = FIELD_REFERENCE,
     .is_optional = true,
     .refers_to = "brands"},
    {.key = "closing", .title = "締め", .kind = FIELD_WORD, .words = closing_words},
    {.key = "closing_day",
     .title = "締め日（毎月のとき。31は月末）",
     .kind = FIELD_INTEGER,
     .is_optional = true,
     .minimum = 1,
     .maximum = MONTH_DAYS_MAX},
    {.key = "pay_after",
     .title = "入金まで（毎日: 営業日、15日と月末: 締めの回数、毎月: か月）",
     .kind = FIELD_INTEGER,
     .minimum = 0,
     .maximum = TERMS_DAYS_MAX},
    {.key = "pay_day",
     .title = "入金日（毎月のとき。31は月末）",
     .kind = FIELD_INTEGER,
     .is_optional = true,
     .minimum = 1,
     .maximum = MONTH_DAYS_MAX},
    {.key = "holiday", .title = "入金日が銀行休業日のとき", .kind = FIELD_WORD, .words = holiday_words},
    {.key = "statement_days",
     .title = "締めから明細が届くまで（営業日）",
     .kind = FIELD_INTEGER,
     .minimum = 0,
     .maximum = TERMS_DAYS_MAX},
    {.key = "deposit", .title = "手数料の払い方", .kind = FIELD_WORD, .words = deposit_words},
    {.key = "fee_rate",
     .title = "手数料率（100万分の1。2%は20000）",
     .kind = FIELD_INTEGER,
     .is_optional = true,
     .minimum = 0,
     .maximum = FEE_RATE_MAX},
    {.key = "fee_rounding", .title = "手数料の端数", .kind = FIELD_WORD, .words = rounding_words, .is_optional = true},
    {.key = "fee_unit", .title = "手数料の計算", .kind = FIELD_WORD, .words = fee_unit_words, .is_optional = true},
    {.key = "together",
     .title = "同じ入金日の入金番号をまとめて1件で振り込む",
     .kind = FIELD_BOOLEAN,
     .is_optional = true},
    {.key = "minimum_yen",
     .title = "最低振込額（円。満たない入金は次へ繰越し）",
     .kind = FIELD_INTEGER,
     .is_optional = true,
     .minimum = 0,
     .maximum = MINIMUM_YEN_MAX},
    {.key = "carry_negative",
     .title = "マイナスの入金を次の入金から差し引く",
     .kind = FIELD_BOOLEAN,
     .is_optional = true},
    VALID_FROM,
    VALID_TO,
};

static const struct field bank_holiday_fields[] = {
    {.key = "code", .title = "日付（2026-11-23）", .kind = FIELD_CODE},
    NAME,
};

static const struct field scan_rule_fields[] = {
    CODE,
    NAME,
    {.key = "prefix", .title = "先頭の文字", .kind = FIELD_TEXT, .minimum = 1, .maximum = PREFIX_BYTES},
    {.key = "length", .title = "桁数", .kind = FIELD_INTEGER, .minimum = 1, .maximum = SCAN_MAX},
    {.key = "item", .title = "品目", .kind = FIELD_REFERENCE, .is_optional = true, .refers_to = "items"},
    POSITION("item_from", "品目の開始桁"),
    POSITION("item_length", "品目の桁数"),
    POSITION("amount_from", "金額の開始桁"),
    POSITION("amount_length", "金額の桁数"),
    POSITION("reference_from", "番号の開始桁"),
    POSITION("reference_length", "番号の桁数"),
    {.key = "check", .title = "検査数字", .kind = FIELD_WORD, .words = check_words},
};

static const struct field template_fields[] = {
    {.key = "form", .title = "帳票", .kind = FIELD_WORD, .words = form_words},
    {.key = "columns",
     .title = "桁数",
     .kind = FIELD_INTEGER,
     .is_optional = true,
     .minimum = COLUMNS_MIN,
     .maximum = COLUMNS_MAX},
    {.key = "markup", .title = "様式", .kind = FIELD_TEXT, .minimum = 1, .maximum = MARKUP_BYTES},
    VALID_FROM,
    VALID_TO,
};

static const struct field clerk_fields[] = {
    CODE,
    NAME,
    {.key = "pin_hash", .title = "PIN", .kind = FIELD_PIN_HASH},
    {.key = "role", .title = "役割", .kind = FIELD_WORD, .words = role_words},
    {.key = "places", .title = "窓口", .kind = FIELD_REFERENCES, .refers_to = "places", .most = PLACES_MAX},
};

#define FIELDS(array) .fields = (array), .field_count = COUNT(array)

const struct table masters_tables[] = {
    {.key = "issuers", .title = "発行者", FIELDS(issuer_fields), .rows_max = 100},
    {.key = "accounts", .title = "歳入科目", FIELDS(account_fields), .rows_max = 2000},
    {.key = "sections", .title = "所属", FIELDS(section_fields), .rows_max = 2000},
    {.key = "facilities",
     .title = "施設",
     FIELDS(facility_fields),
     .rows_max = FACILITIES_MAX,
     .has_validity = true,
     .is_optional = true},
    {.key = "places", .title = "窓口", FIELDS(place_fields), .rows_max = PLACES_MAX},
    {.key = "drawers", .title = "ドロア", FIELDS(drawer_fields), .rows_max = PLACES_MAX, .is_optional = true},
    {.key = "items", .title = "品目", FIELDS(item_fields), .rows_max = ITEMS_MAX, .has_validity = true},
    {.key = "tariffs",
     .title = "料金表",
     FIELDS(tariff_fields),
     .rows_max = 5000,
     .has_validity = true,
     .is_optional = true,
     .has_other_members = true},
    {.key = "reductions",
     .title = "減免",
     FIELDS(reduction_fields),
     .rows_max = 500,
     .has_validity = true,
     .is_optional = true},
    {.key = "exemptions", .title = "無料の理由", FIELDS(exemption_fields), .rows_max = 100},
    {.key = "policies",
     .title = "取扱方針",
     FIELDS(policy_fields),
     .rows_max = 200,
     .has_validity = true,
     .is_optional = true},
    {.key = "transfer_accounts",
     .title = "振込元の口座",
     FIELDS(transfer_account_fields),
     .rows_max = 20,
     .is_optional = true},
    {.key = "brands", .title = "決済ブランド", FIELDS(brand_fields), .rows_max = 200, .has_validity = true},
    {.key = "trustees", .title = "指定納付受託者", FIELDS(trustee_fields), .rows_max = 100},
    {.key = "terms",
     .title = "決済会社との取決め",
     FIELDS(terms_fields),
     .rows_max = 500,
     .has_validity = true,
     .is_optional = true},
    {.key = "bank_holidays",
     .title = "祝日（銀行休業日）",
     FIELDS(bank_holiday_fields),
     .rows_max = 1000,
     .is_optional = true},
    {.key = "scan_rules", .title = "バーコード", FIELDS(scan_rule_fields), .rows_max = 200, .is_optional = true},
    {.key = "templates",
     .title = "帳票の様式",
     FIELDS(template_fields),
     .rows_max = 200,
     .second_key = "columns",
     .has_validity = true,
     .is_optional = true,
     .code_key = "form"},
    {.key = "clerks", .title = "職員", FIELDS(clerk_fields), .rows_max = 2000},
};
const size_t masters_table_count = COUNT(masters_tables);

#define VERSION                                                                                                        \
    {                                                                                                                  \
        .key = "version", .title = "版", .kind = FIELD_INTEGER, .minimum = 1, .maximum = INT64_C(1000000000)           \
    }
#define QUICK_TENDERS                                                                                                  \
    {                                                                                                                  \
        .key = "quick_tender_yen", .title = "現金のキー", .kind = FIELD_INTEGERS, .is_yen = true, .minimum = 1,        \
        .maximum = PRICE_MAX, .most = QUICK_TENDERS_MAX                                                                \
    }
#define DAY_START                                                                                                      \
    {                                                                                                                  \
        .key = "day_start_minutes", .title = "営業日の切替（0時からの分）", .kind = FIELD_INTEGER, .minimum = 0,       \
        .maximum = DAY_MINUTES_MAX                                                                                     \
    }
#define IDLE_LOCK                                                                                                      \
    {                                                                                                                  \
        .key = "idle_lock_minutes", .title = "操作がないときの施錠（分）", .kind = FIELD_INTEGER, .minimum = 1,        \
        .maximum = IDLE_MINUTES_MAX                                                                                    \
    }
#define CASH_LIMIT                                                                                                     \
    {                                                                                                                  \
        .key = "cash_limit_yen", .title = "払込を促す現金", .kind = FIELD_INTEGER, .is_optional = true,                \
        .is_yen = true, .minimum = 1, .maximum = CASH_LIMIT_MAX                                                        \
    }
#define CASH_APPROVAL                                                                                                  \
    {                                                                                                                  \
        .key = "cash_approval_yen", .title = "承認なしで入出金できる額（円）", .kind = FIELD_INTEGER,                  \
        .is_optional = true, .is_yen = true, .minimum = 0, .maximum = CASH_LIMIT_MAX                                   \
    }
/* 払込 (docs/cash.md). */
#define REMITTANCE_DAYS                                                                                                \
    {                                                                                                                  \
        .key = "remittance_days", .title = "現金の払込期限（営業日の翌日から数えた銀行営業日。0は即日）",              \
        .kind = FIELD_INTEGER, .is_optional = true, .minimum = 0, .maximum = REMITTANCE_DAYS_MAX                       \
    }
#define REMITTANCE_SMALL                                                                                               \
    {                                                                                                                  \
        .key = "remittance_small_yen", .title = "まとめて払い込める少額の現金（所属ごと）", .kind = FIELD_INTEGER,     \
        .is_optional = true, .is_yen = true, .minimum = 0, .maximum = CASH_LIMIT_MAX                                   \
    }
#define REMITTANCE_SMALL_DAYS                                                                                          \
    {                                                                                                                  \
        .key = "remittance_small_days", .title = "少額の現金の払込期限（銀行営業日）", .kind = FIELD_INTEGER,          \
        .is_optional = true, .minimum = 0, .maximum = REMITTANCE_DAYS_MAX                                              \
    }
#define REMITTANCE_FROM                                                                                                \
    {                                                                                                                  \
        .key = "remittance_from", .title = "払込をこのシステムで管理し始める営業日", .kind = FIELD_DATE,               \
        .is_optional = true                                                                                            \
    }

const struct field masters_root_fields[] = {VERSION, QUICK_TENDERS};
const size_t masters_root_field_count = COUNT(masters_root_fields);

const struct field masters_municipality_fields[] = {CODE, NAME};
const size_t masters_municipality_field_count = COUNT(masters_municipality_fields);

const struct field masters_settings_fields[] = {
    DAY_START,       IDLE_LOCK, CASH_LIMIT, CASH_APPROVAL, REMITTANCE_DAYS, REMITTANCE_SMALL, REMITTANCE_SMALL_DAYS,
    REMITTANCE_FROM,
};
const size_t masters_settings_field_count = COUNT(masters_settings_fields);

static const struct field settings_row_fields[] = {
    QUICK_TENDERS,         DAY_START,       IDLE_LOCK, CASH_LIMIT, CASH_APPROVAL, REMITTANCE_DAYS, REMITTANCE_SMALL,
    REMITTANCE_SMALL_DAYS, REMITTANCE_FROM,
};
const struct table masters_settings_row = {
    .key = "settings", .title = "設定", FIELDS(settings_row_fields), .rows_max = 1};

const struct table *
masters_table(const char *key)
{
    for (size_t i = 0; i < masters_table_count; i++) {
        if (strcmp(masters_tables[i].key, key) == 0) {
            return &masters_tables[i];
        }
    }
    return NULL;
}

static const struct field *
find_field(const struct field *fields, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(fields[i].key, key) == 0) {
            return &fields[i];
        }
    }
    return NULL;
}

const struct field *
table_field(const struct table *table, const char *key)
{
    const struct field *field = find_field(table->fields, table->field_count, key);
    return field != NULL ? field : find_field(masters_common_fields, masters_common_field_count, key);
}

const char *
table_code_key(const struct table *table)
{
    return table->code_key != NULL ? table->code_key : "code";
}
