/* Every name that a template may use, with its kind, the papers that have it, and what it means. One list gives the
 * schema (names.c) and the indices by which the till fills a record (pos/receipt), so that the two cannot differ.
 *
 * X(INDEX, name, KIND, papers, meaning) */
#pragma once

#include "common/papers/papers.h"

#define ON(form) (UINT32_C(1) << PAPERS_##form)
#define ON_ALL (~UINT32_C(0))
#define ON_SALE (ON(RECEIPT) | ON(VOID) | ON(SHOP_COPY))
#define ON_SOLD (ON_SALE | ON(REFUND) | ON(HOLD))
#define ON_PAID (ON_SALE | ON(REFUND))
#define ON_METHOD (ON_PAID | ON(IN_DOUBT))
#define ON_DAY (ON(CLOSE) | ON(INSPECTION) | ON(DEPOSIT) | ON(DAY_REPORT))
#define ON_DRAWER (ON(FLOAT) | ON(CASH))
#define ON_COUNTED (ON(INSPECTION) | ON(CLOSE) | ON(DEPOSIT) | ON(HANDOVER) | ON_DRAWER)

#define PAPERS_NAMES(X)                                                                                                \
    /* every paper */                                                                                                  \
    X(MUNICIPALITY, municipality, TEXT, ON_ALL, "市町村の名前")                                                        \
    X(PLACE, place, TEXT, ON_ALL, "窓口・施設の名前")                                                                  \
    X(TERMINAL, terminal, TEXT, ON_ALL, "端末の番号")                                                                  \
    X(CLERK, clerk, TEXT, ON_ALL, "取扱者")                                                                            \
    X(AT, at, MOMENT, ON_ALL, "行われた日時")                                                                          \
    X(PRINTED_AT, printed_at, MOMENT, ON_ALL, "印刷した日時")                                                          \
    X(COPY, copy, NUMBER, ON_ALL, "再発行の回数。最初の一枚は 0")                                                      \
    X(IS_TRAINING, is_training, FLAG, ON_ALL, "訓練")                                                                  \
    X(NOTE, note, PARAGRAPH, ON_ALL, "窓口・施設の結びの言葉")                                                         \
    /* what was sold */                                                                                                \
    X(RECEIPT_NUMBER, receipt_number, TEXT, ON_PAID, "領収書番号")                                                     \
    X(RECEIVED_ON, received_on, DATE, ON_PAID, "領収日")                                                               \
    X(IS_RECORDED_LATER, is_recorded_later, FLAG, ON_SALE, "領収日と記録した日が違う")                                 \
    X(IS_FREE, is_free, FLAG, ON_PAID, "支払がない (無料)")                                                            \
    X(IS_USAGE_TITLED, is_usage_titled, FLAG, ON_SALE, "取扱方針: 電子決済の標題は「ご利用明細兼領収書」")             \
    X(PIECES, pieces, NUMBER, ON_SOLD, "点数")                                                                         \
    X(TOTAL, total, YEN, ON_SOLD, "合計")                                                                              \
    X(ISSUER_COUNT, issuer_count, NUMBER, ON_SOLD, "発行者の数")                                                       \
    X(ISSUERS, issuers, LIST, ON_SOLD, "発行者ごとの明細と税額")                                                       \
    X(LINES, lines, LIST, ON_SOLD, "全部の明細")                                                                       \
    X(REFERENCE_KIND, reference_kind, TEXT, ON_SOLD, "関連番号の種類: reservation application slip")                   \
    X(REFERENCE_NUMBER, reference_number, TEXT, ON_SOLD, "予約・申請・納付書の番号")                                   \
    /* how it was paid */                                                                                              \
    X(METHOD, method, TEXT, ON_METHOD, "支払方法: none cash qr emoney credit")                                         \
    X(METHOD_NAME, method_name, TEXT, ON_METHOD, "支払方法の名前")                                                     \
    X(IS_CASHLESS, is_cashless, FLAG, ON_METHOD, "電子決済")                                                           \
    X(BRAND, brand, TEXT, ON_METHOD | ON(PAYMENT_CODE), "ブランドの名前")                                              \
    X(CARD_NUMBER, card_number, TEXT, ON_PAID, "カード番号。お客様控は下4桁、加盟店控は上6桁と下4桁だけ")              \
    X(AMOUNT, amount, YEN, ON_METHOD | ON_DRAWER | ON(PAYMENT_CODE), "電子決済の額、返金額、入出金の額")               \
    X(CASH_PART, cash_part, YEN, ON_PAID, "併用した現金の額")                                                          \
    X(TENDERED, tendered, YEN, ON_PAID, "お預かり")                                                                    \
    X(CHANGE, change, YEN, ON_PAID, "お釣り")                                                                          \
    X(ACCEPTED_AT, accepted_at, MOMENT, ON_PAID, "決済日時")                                                           \
    X(APPROVAL_CODE, approval_code, TEXT, ON_PAID, "承認番号")                                                         \
    X(SLIP_NUMBER, slip_number, TEXT, ON_PAID, "伝票番号")                                                             \
    X(ACQUIRER_REFERENCE, acquirer_reference, TEXT, ON_METHOD, "取引番号")                                             \
    /* void, in doubt, refund */                                                                                       \
    X(EVENT, event, TEXT, ON(SHOP_COPY), "加盟店控の種類: sale void refund")                                           \
    X(REASON, reason, TEXT, ON(VOID) | ON(SHOP_COPY) | ON(REFUND) | ON_DRAWER | ON_DAY | ON(HANDOVER), "理由")         \
    X(VOIDED_AT, voided_at, MOMENT, ON(VOID) | ON(SHOP_COPY), "取消日時")                                              \
    X(PAYMENT, payment, TEXT, ON(IN_DOUBT) | ON(PAYMENT_CODE), "決済の受付番号")                                       \
    X(GUIDANCE, guidance, PARAGRAPH, ON(IN_DOUBT), "ブランドの案内")                                                   \
    X(REFUND, refund, TEXT, ON(REFUND) | ON(SHOP_COPY), "返金の受付番号")                                              \
    X(MEANS, means, TEXT, ON(REFUND), "返金方法: cash gateway bank_transfer")                                          \
    X(MEANS_NAME, means_name, TEXT, ON(REFUND), "返金方法の名前")                                                      \
    X(SALE_TOTAL, sale_total, YEN, ON(REFUND), "元の領収額")                                                           \
    X(HAS_REMAINING, has_remaining, FLAG, ON(REFUND), "返金できる残りが分かっている")                                  \
    X(REMAINING, remaining, YEN, ON(REFUND), "返金できる残り")                                                         \
    X(IS_PAID, is_paid, FLAG, ON(REFUND), "返金した")                                                                  \
    X(PAID_AT, paid_at, MOMENT, ON(REFUND), "返金日時")                                                                \
    X(APPROVED_BY, approved_by, TEXT, ON(REFUND) | ON_DRAWER, "承認者")                                                \
    /* drawer */                                                                                                       \
    X(DIRECTION, direction, TEXT, ON_DRAWER, "向き: lent returned in out")                                             \
    X(COUNTS, counts, LIST, ON_COUNTED, "金種ごとの枚数")                                                              \
    X(COUNTED_BY_KIND, counted_by_kind, YEN, ON_COUNTED, "金種の合計")                                                 \
    X(FROM_CLERK, from_clerk, TEXT, ON(HANDOVER), "引き継ぐ人")                                                        \
    X(TO_CLERK, to_clerk, TEXT, ON(HANDOVER), "引き継がれる人")                                                        \
    X(EXPECTED_CASH, expected_cash, YEN, ON_DAY | ON(HANDOVER), "現金の計算残高")                                      \
    X(COUNTED_CASH, counted_cash, YEN, ON_DAY | ON(HANDOVER), "現金の実際残高")                                        \
    X(DIFFERENCE, difference, YEN, ON_DAY | ON(HANDOVER), "過不足")                                                    \
    /* the day */                                                                                                      \
    X(BUSINESS_DATE, business_date, DATE, ON_DAY, "営業日")                                                            \
    X(NUMBER, number, NUMBER, ON_DAY, "精算・点検の番号")                                                              \
    X(FIRST_SEQUENCE, first_sequence, NUMBER, ON_DAY, "最初の記録番号")                                                \
    X(LAST_SEQUENCE, last_sequence, NUMBER, ON_DAY, "最後の記録番号")                                                  \
    X(FLOAT, float, YEN, ON_DAY, "つり銭準備金")                                                                       \
    X(HAS_CASH_DETAIL, has_cash_detail, FLAG, ON_DAY, "現金の動きが分かっている")                                      \
    X(CASH_SALES, cash_sales, YEN, ON_DAY, "現金の収納 (取消を除く)")                                                  \
    X(CASHLESS_SALES, cashless_sales, YEN, ON_DAY, "電子決済の収納 (取消を除く)")                                      \
    X(CASH_IN, cash_in, YEN, ON_DAY, "入金")                                                                           \
    X(CASH_OUT, cash_out, YEN, ON_DAY, "出金")                                                                         \
    X(REFUND_CASH, refund_cash, YEN, ON_DAY, "現金の返金")                                                             \
    X(FLOAT_RETURNED, float_returned, YEN, ON_DAY, "返したつり銭")                                                     \
    X(DEPOSIT, deposit, YEN, ON_DAY, "払込額")                                                                         \
    X(FLOAT_MISSING, float_missing, YEN, ON_DAY, "つり銭の不足 (数えた現金がつり銭準備金より少ない分)")                \
    X(METHODS, methods, LIST, ON_DAY, "支払方法ごとの計")                                                              \
    X(VOIDS, voids, LIST, ON_DAY, "取消の内訳")                                                                        \
    X(SALE_COUNT, sale_count, NUMBER, ON_DAY, "取扱件数")                                                              \
    X(SALE_AMOUNT, sale_amount, YEN, ON_DAY, "取扱額")                                                                 \
    X(VOID_COUNT, void_count, NUMBER, ON_DAY, "取消件数")                                                              \
    X(VOID_AMOUNT, void_amount, YEN, ON_DAY, "取消額 (負の数)")                                                        \
    X(NET_COUNT, net_count, NUMBER, ON_DAY, "差引件数")                                                                \
    X(NET_AMOUNT, net_amount, YEN, ON_DAY, "差引額")                                                                   \
    X(ZERO_COUNT, zero_count, NUMBER, ON_DAY, "無料の件数")                                                            \
    X(UNRESOLVED_COUNT, unresolved_count, NUMBER, ON_DAY, "結果未確認・処理未了の件数")                                \
    X(UNRESOLVED, unresolved, LIST, ON_DAY, "結果未確認・処理未了の決済")                                              \
    X(UNRESOLVED_MORE, unresolved_more, NUMBER, ON_DAY, "一覧にない決済の件数")                                        \
    X(NO_SALE_COUNT, no_sale_count, NUMBER, ON_DAY, "会計によらずドロワーを開けた回数")                                \
    X(DISCARDED_COUNT, discarded_count, NUMBER, ON_DAY, "破棄した保留の件数")                                          \
    X(FACILITIES, facilities, LIST, ON_DAY, "施設・科目ごとの収納")                                                    \
    X(ACCOUNTS, accounts, LIST, ON_DAY, "歳入科目ごとの収納")                                                          \
    /* hold, ticket */                                                                                                 \
    X(HOLD, hold, TEXT, ON(HOLD), "保留の番号")                                                                        \
    X(LABEL, label, TEXT, ON(HOLD) | ON(TICKET), "覚え書き")                                                           \
    X(TICKET, ticket, TEXT, ON(TICKET), "券の番号")                                                                    \
    X(FACILITY, facility, TEXT, ON(TICKET), "施設の名前")                                                              \
    X(ITEM, item, TEXT, ON(TICKET), "券の種類")                                                                        \
    X(IS_PARKING, is_parking, FLAG, ON(TICKET), "駐車券")                                                              \
    X(ENTERED_AT, entered_at, MOMENT, ON(TICKET), "入場・入庫の日時")                                                  \
    X(TERMS, terms, PARAGRAPH, ON(TICKET), "料金と条件")                                                               \
    /* code that the citizen scans */                                                                                  \
    X(PAYLOAD, payload, TEXT, ON(PAYMENT_CODE), "コードの中身")                                                        \
    X(EXPIRES_AT, expires_at, MOMENT, ON(PAYMENT_CODE), "コードの期限")

/* issuers */
#define PAPERS_ISSUER_NAMES(X)                                                                                         \
    X(ISSUER_NAME, issuer, TEXT, ON_ALL, "発行者の名前")                                                               \
    X(ISSUER_REGISTRATION, registration_number, TEXT, ON_ALL, "登録番号")                                              \
    X(ISSUER_IS_FIRST, is_first, FLAG, ON_ALL, "最初の発行者")                                                         \
    X(ISSUER_SUBTOTAL, subtotal, YEN, ON_ALL, "小計")                                                                  \
    X(ISSUER_LINES, lines, LIST, ON_ALL, "この発行者の明細")                                                           \
    X(ISSUER_TAXES, taxes, LIST, ON_ALL, "この発行者の税率ごとの計")

/* lines */
#define PAPERS_LINE_NAMES(X)                                                                                           \
    X(LINE_NAME, name, TEXT, ON_ALL, "品名")                                                                           \
    X(LINE_UNIT_PRICE, unit_price, YEN, ON_ALL, "単価")                                                                \
    X(LINE_QUANTITY, quantity, NUMBER, ON_ALL, "数量")                                                                 \
    X(LINE_AMOUNT, line_amount, YEN, ON_ALL, "金額")                                                                   \
    X(LINE_MARK, mark, TEXT, ON_ALL, "内 (10%税込)、非 (非課税)、免 (免除)")                                           \
    X(LINE_IS_TAXED, is_taxed, FLAG, ON_ALL, "10%対象")                                                                \
    X(LINE_FACILITY, facility_name, TEXT, ON_ALL, "施設の名前")                                                        \
    X(LINE_TICKET, ticket_number, TEXT, ON_ALL, "券の番号")                                                            \
    X(LINE_EXEMPTION, exemption, TEXT, ON_ALL, "免除の名前")                                                           \
    X(LINE_EXEMPTION_REASON, exemption_reason, TEXT, ON_ALL, "免除の理由")                                             \
    X(LINE_REDUCTION, reduction, TEXT, ON_ALL, "減免の名前")                                                           \
    X(LINE_REDUCTION_GRANTER, reduction_granter, TEXT, ON_ALL, "減免を認めた者")                                       \
    X(LINE_REDUCTION_AMOUNT, reduction_amount, YEN, ON_ALL, "減免額 (負の数)")                                         \
    X(LINE_LIST_PRICE, list_price, YEN, ON_ALL, "変更前の単価")                                                        \
    X(LINE_OVERRIDE_REASON, override_reason, TEXT, ON_ALL, "単価を変えた理由")                                         \
    X(LINE_PRICING, pricing, LIST, ON_ALL, "料金の計算の内訳")

#define PAPERS_PRICING_NAMES(X)                                                                                        \
    X(PRICING_TEXT, pricing_text, TEXT, ON_ALL, "内訳の説明")                                                          \
    X(PRICING_AMOUNT, pricing_amount, YEN, ON_ALL, "内訳の額")

/* taxes */
#define PAPERS_TAX_NAMES(X)                                                                                            \
    X(TAX_IS_TAXED, is_taxed, FLAG, ON_ALL, "10%対象。そうでなければ非課税")                                           \
    X(TAX_SUBJECT, subject, YEN, ON_ALL, "対象額 (税込)")                                                              \
    X(TAX_AMOUNT, tax, YEN, ON_ALL, "うち消費税等")

/* counts */
#define PAPERS_COUNT_NAMES(X)                                                                                          \
    X(COUNT_YEN, yen, YEN, ON_ALL, "金種")                                                                             \
    X(COUNT_NUMBER, count, NUMBER, ON_ALL, "枚数")                                                                     \
    X(COUNT_AMOUNT, count_amount, YEN, ON_ALL, "額")

/* methods, brands, voids */
#define PAPERS_SUM_NAMES(X)                                                                                            \
    X(SUM_NAME, name, TEXT, ON_ALL, "支払方法・ブランドの名前")                                                        \
    X(SUM_COUNT, count, NUMBER, ON_ALL, "件数")                                                                        \
    X(SUM_AMOUNT, sum, YEN, ON_ALL, "額")                                                                              \
    X(SUM_BRANDS, brands, LIST, ON_ALL, "ブランドごとの計 (支払方法だけ)")

#define PAPERS_UNRESOLVED_NAMES(X) X(UNRESOLVED_PAYMENT, payment, TEXT, ON_ALL, "決済の番号")

/* facilities, their items, accounts */
#define PAPERS_TAKING_NAMES(X)                                                                                         \
    X(TAKING_NAME, name, TEXT, ON_ALL, "施設・科目・品目の名前")                                                       \
    X(TAKING_QUANTITY, quantity, NUMBER, ON_ALL, "数量")                                                               \
    X(TAKING_AMOUNT, sum, YEN, ON_ALL, "収納額")                                                                       \
    X(TAKING_CASH, cash, YEN, ON_ALL, "うち現金")                                                                      \
    X(TAKING_CASHLESS, cashless, YEN, ON_ALL, "うち電子決済")                                                          \
    X(TAKING_ITEMS, items, LIST, ON_ALL, "品目ごと (施設だけ)")

#define PAPERS_INDEX(index, name, kind, papers, meaning) PAPERS_AT_##index,
enum { PAPERS_NAMES(PAPERS_INDEX) PAPERS_NAME_COUNT };
enum { PAPERS_ISSUER_NAMES(PAPERS_INDEX) PAPERS_ISSUER_NAME_COUNT };
enum { PAPERS_LINE_NAMES(PAPERS_INDEX) PAPERS_LINE_NAME_COUNT };
enum { PAPERS_PRICING_NAMES(PAPERS_INDEX) PAPERS_PRICING_NAME_COUNT };
enum { PAPERS_TAX_NAMES(PAPERS_INDEX) PAPERS_TAX_NAME_COUNT };
enum { PAPERS_COUNT_NAMES(PAPERS_INDEX) PAPERS_COUNT_NAME_COUNT };
enum { PAPERS_SUM_NAMES(PAPERS_INDEX) PAPERS_SUM_NAME_COUNT };
enum { PAPERS_UNRESOLVED_NAMES(PAPERS_INDEX) PAPERS_UNRESOLVED_NAME_COUNT };
enum { PAPERS_TAKING_NAMES(PAPERS_INDEX) PAPERS_TAKING_NAME_COUNT };
#undef PAPERS_INDEX
