/* Two days of a gym. */
#include "tests/unit/settlement/core/whole_till.h"

#include <stdio.h>

#define LINE_A                                                                                                                   \
    "[{\"item\":\"gym-room\",\"name\":\"会議室\",\"unit_price_yen\":1000,\"quantity\":2,\"amount_yen\":1500,"                 \
    "\"tax\":\"standard10\",\"account\":\"14010901\",\"section\":\"sports\",\"issuer\":\"general\",\"exemption\":"               \
    "null,"                                                                                                                      \
    "\"facility\":\"gym\",\"reduction\":{\"rule\":\"disabled\",\"name\":\"障害者減免\",\"granter\":\"障がい福祉課\"," \
    "\"yen\":500},\"pricing\":{\"tariff\":\"gym-2026\",\"set\":1,\"facts\":{\"hours\":2},\"rows\":[{\"text\":"                   \
    "\"1時間1,000円×2\",\"yen\":2000},{\"text\":\"障害者減免\",\"yen\":-500}]}}]"
#define LINES_MIXED(ticket)                                                                                            \
    "[{\"item\":\"koseki-zenbu\",\"name\":\"戸籍全部事項証明\",\"unit_price_yen\":450,\"quantity\":1,"         \
    "\"amount_yen\":450,\"tax\":\"exempt\",\"account\":\"14020101\",\"section\":\"shimin\",\"issuer\":\"general\","    \
    "\"exemption\":null},{\"item\":\"gym-hour\",\"name\":\"体育館\",\"unit_price_yen\":550,\"quantity\":2,"         \
    "\"amount_yen\":1100,\"tax\":\"standard10\",\"account\":\"14010901\",\"section\":\"sports\",\"issuer\":"           \
    "\"general\",\"exemption\":null,\"facility\":\"gym\"" ticket "}]"
#define TAXES_MIXED                                                                                                    \
    "[{\"tax\":\"exempt\",\"issuer\":\"general\",\"subject_yen\":450,\"tax_yen\":0},{\"tax\":\"standard10\","          \
    "\"issuer\":\"general\",\"subject_yen\":1100,\"tax_yen\":100}]"
#define CASH_MIXED "\"cash\":{\"amount_yen\":600,\"tendered_yen\":1000,\"change_yen\":400}"
#define LINE_C                                                                                                         \
    "[{\"item\":\"parking\",\"name\":\"駐車場\",\"unit_price_yen\":300,\"quantity\":1,\"amount_yen\":300,\"tax\":"  \
    "\"exempt\",\"account\":\"14010902\",\"section\":\"sports\",\"issuer\":\"general\",\"exemption\":null,"            \
    "\"facility\":\"gym\",\"override\":{\"list_price_yen\":500,\"reason\":\"精算機の故障\",\"approved_by\":"     \
    "\"suzuki\"}}]"
#define LINE_E                                                                                                         \
    "[{\"item\":\"gym-room\",\"name\":\"会議室\",\"unit_price_yen\":1000,\"quantity\":1,\"amount_yen\":0,\"tax\":"  \
    "\"standard10\",\"account\":\"14010901\",\"section\":\"sports\",\"issuer\":\"general\",\"exemption\":{\"rule\":"   \
    "\"official\",\"name\":\"公用\",\"reason\":\"選挙事務\"},\"facility\":\"gym\",\"pricing\":{\"tariff\":"      \
    "\"gym-2026\",\"set\":1,\"facts\":{},\"rows\":[{\"text\":\"1時間1,000円\",\"yen\":1000}]}}]"
#define LINE_F                                                                                                          \
    "[{\"item\":\"arena\",\"name\":\"アイスアリーナ\",\"unit_price_yen\":660,\"quantity\":1,\"amount_yen\":660," \
    "\"tax\":\"standard10\",\"account\":\"14010901\",\"section\":\"sports\",\"issuer\":\"general\",\"exemption\":"      \
    "null,"                                                                                                             \
    "\"facility\":\"arena\"}]"
#define COUNTS_30000 "[{\"yen\":10000,\"count\":2},{\"yen\":1000,\"count\":10}]"

void
whole_sale(struct maker *maker, unsigned sale, const char *lines, int64_t total_yen, const char *taxes,
           const char *payment)
{
    char id[TEST_ID_SIZE];
    char date[CIVIL_DATE_TEXT_SIZE];
    maker_line(maker, "sale.recorded",
               "{\"sale\":\"%s\",\"receipt_number\":\"%s-%04d%02d%02d-%04u\",\"received_on\":\"%s\",\"clerk\":\"sato\","
               "\"lines\":%s,\"total_yen\":%lld,\"taxes\":%s,\"payment\":%s}",
               test_id(id, sale), maker->terminal, maker->business_date.year, maker->business_date.month,
               maker->business_date.day, ++maker->receipt_serial, civil_date_format(date, maker->business_date), lines,
               (long long)total_yen, taxes, payment);
}

static void
mixed_sale(struct maker *maker, unsigned sale, unsigned payment, const char *lines)
{
    char sale_id[TEST_ID_SIZE];
    char payment_id[TEST_ID_SIZE];
    char paid[400];
    maker_line(
        maker, "payment.started",
        "{\"payment\":\"%s\",\"sale\":\"%s\",\"method\":\"qr\",\"brand\":\"paypay\",\"amount_yen\":950,"
        "\"sequence_number\":1,\"clerk\":\"sato\",\"basket\":{\"lines\":[],\"total_yen\":1550,\"taxes\":[]}," CASH_MIXED
        "}",
        test_id(payment_id, payment), test_id(sale_id, sale));
    maker_payment_resolved(maker, payment, "approved", "answer");
    snprintf(
        paid, sizeof paid,
        "{\"method\":\"qr\",\"brand\":\"paypay\",\"payment\":\"%s\",\"amount_yen\":950,\"accepted_at\":null," CASH_MIXED
        "}",
        payment_id);
    whole_sale(maker, sale, lines, 1550, TAXES_MIXED, paid);
}

void
whole_mixed_sale(struct maker *maker, unsigned sale, unsigned payment)
{
    mixed_sale(maker, sale, payment, LINES_MIXED(""));
}

static void
day_line(struct maker *maker, const char *kind, unsigned day, const char *rest)
{
    char id[TEST_ID_SIZE];
    maker_line(maker, kind, "{\"day\":\"%s\",%s}", test_id(id, day), rest);
}

static void
morning(struct maker *maker)
{
    maker_enrolled(maker);
    maker_line(maker, "masters.applied", "{\"version\":1,\"sha256\":\"00\"}");
    day_line(maker, "cash.counted", WHOLE_DAY_1,
             "\"purpose\":\"open\",\"clerk\":\"sato\",\"counts\":" COUNTS_30000 ",\"total_yen\":30000");
    maker_day_opened(maker, WHOLE_DAY_1, 30000);
    maker_line(maker, "ticket.issued",
               "{\"ticket\":\"T-1\",\"facility\":\"gym\",\"item\":\"parking\",\"entered_at\":"
               "\"2026-11-21T09:00:00.000+09:00\",\"clerk\":\"sato\",\"label\":\"郡山 300 あ 1\"}");
    maker_line(maker, "entry.counted", "{\"facility\":\"gym\",\"category\":\"child\",\"count\":3,\"clerk\":\"sato\"}");
    whole_sale(maker, WHOLE_SALE_A, LINE_A, 1500,
               "[{\"tax\":\"standard10\",\"issuer\":\"general\",\"subject_yen\":1500,\"tax_yen\":136}]",
               "{\"method\":\"cash\",\"tendered_yen\":2000,\"change_yen\":500}");
    mixed_sale(maker, WHOLE_SALE_B, WHOLE_PAYMENT_B, LINES_MIXED(",\"ticket\":\"T-1\""));
    whole_sale(maker, WHOLE_SALE_C, LINE_C, 300,
               "[{\"tax\":\"exempt\",\"issuer\":\"general\",\"subject_yen\":300,\"tax_yen\":0}]",
               "{\"method\":\"cash\",\"tendered_yen\":300,\"change_yen\":0}");
    maker_line(maker, "basket.held", "{\"hold\":\"h1\"}");
    maker_line(maker, "basket.recalled", "{\"hold\":\"h1\",\"clerk\":\"sato\"}");
    maker_line(maker, "basket.discarded", "{\"hold\":\"h1\",\"clerk\":\"sato\",\"reason\":\"お帰りになった\"}");
}

static void
afternoon(struct maker *maker)
{
    day_line(maker, "cash.moved", WHOLE_DAY_1,
             "\"direction\":\"in\",\"amount_yen\":5000,\"reason\":\"両替\",\"clerk\":\"sato\",\"approved_by\":null");
    day_line(maker, "cash.moved", WHOLE_DAY_1,
             "\"direction\":\"out\",\"amount_yen\":2000,\"reason\":\"両替\",\"clerk\":\"sato\",\"approved_by\":"
             "\"suzuki\"");
    day_line(maker, "float.moved", WHOLE_DAY_1,
             "\"direction\":\"lent\",\"amount_yen\":10000,\"clerk\":\"sato\",\"reason\":null,\"counts\":[{\"yen\":1000,"
             "\"count\":10}]");
    day_line(maker, "day.inspected", WHOLE_DAY_1,
             "\"clerk\":\"sato\",\"number\":1,\"first_sequence\":4,\"last_sequence\":17,\"float_yen\":40000,"
             "\"cash_in_yen\":5000,\"cash_out_yen\":2000,\"expected_cash_yen\":45400,\"zero_count\":0,\"totals\":[{"
             "\"method\":\"cash\",\"brand\":null,\"count\":2,\"amount_yen\":2400,\"void_count\":0,\"void_yen\":0},{"
             "\"method\":\"qr\",\"brand\":\"paypay\",\"count\":1,\"amount_yen\":950,\"void_count\":0,\"void_yen\":0}],"
             "\"unresolved\":[]");
    day_line(maker, "cash.counted", WHOLE_DAY_1,
             "\"purpose\":\"handover\",\"clerk\":\"sato\",\"counts\":[{\"yen\":10000,\"count\":4},{\"yen\":1000,"
             "\"count\":5},{\"yen\":100,\"count\":4}],\"total_yen\":45400");
    day_line(maker, "shift.handed_over", WHOLE_DAY_1,
             "\"from\":\"sato\",\"to\":\"ito\",\"counted_cash_yen\":45400,\"expected_cash_yen\":45400,"
             "\"difference_yen\":0,\"difference_reason\":null");
    day_line(maker, "float.moved", WHOLE_DAY_1,
             "\"direction\":\"returned\",\"amount_yen\":5000,\"clerk\":\"ito\",\"reason\":\"多すぎる\"");
    maker_line(maker, "ticket.closed", "{\"ticket\":\"T-1\",\"outcome\":\"left\",\"clerk\":\"ito\",\"reason\":null}");
    maker_line(maker, "entry.counted", "{\"facility\":\"gym\",\"category\":\"child\",\"count\":-1,\"clerk\":\"ito\"}");
    day_line(maker, "cash.counted", WHOLE_DAY_1,
             "\"purpose\":\"close\",\"clerk\":\"ito\",\"counts\":[{\"yen\":10000,\"count\":4},{\"yen\":100,"
             "\"count\":3},{\"yen\":10,\"count\":9}],\"total_yen\":40390");
    day_line(maker, "day.closed", WHOLE_DAY_1,
             "\"clerk\":\"ito\",\"first_sequence\":4,\"last_sequence\":24,\"float_yen\":35000,"
             "\"expected_cash_yen\":40400,\"counted_cash_yen\":40390,\"difference_yen\":-10,\"difference_reason\":"
             "\"釣銭の渡し間違い\",\"zero_count\":0,\"totals\":[{\"method\":\"cash\",\"brand\":null,\"count\":2,"
             "\"amount_yen\":2400,\"void_count\":0,\"void_yen\":0},{\"method\":\"qr\",\"brand\":\"paypay\",\"count\":1,"
             "\"amount_yen\":950,\"void_count\":0,\"void_yen\":0}],\"unresolved\":[],\"number\":1,\"counts\":[{\"yen\":"
             "10000,\"count\":4},{\"yen\":100,\"count\":3},{\"yen\":10,\"count\":9}],\"cash_in_yen\":5000,"
             "\"cash_out_yen\":2000,\"refund_cash_yen\":0,\"float_returned_yen\":35000,\"deposit_yen\":5390,"
             "\"discarded\":[]");
}

static void
refunds(struct maker *maker)
{
    char refund[TEST_ID_SIZE];
    char sale[TEST_ID_SIZE];
    maker_line(maker, "refund.requested",
               "{\"refund\":\"%s\",\"sale\":\"%s\",\"receipt_number\":\"KO-11-20261121-0001\",\"amount_yen\":500,"
               "\"means\":\"cash\",\"reason\":\"雨天中止\",\"clerk\":\"sato\",\"approved_by\":null}",
               test_id(refund, WHOLE_REFUND_A), test_id(sale, WHOLE_SALE_A));
    maker_line(maker, "refund.paid",
               "{\"refund\":\"%s\",\"sale\":\"%s\",\"amount_yen\":500,\"means\":\"cash\",\"clerk\":\"sato\","
               "\"approved_by\":\"suzuki\"}",
               refund, sale);
    maker_line(
        maker, "refund.requested",
        "{\"refund\":\"%s\",\"sale\":\"%s\",\"receipt_number\":\"KO-11-20261121-0002\",\"amount_yen\":950,"
        "\"means\":\"gateway\",\"reason\":\"雨天中止\",\"clerk\":\"sato\",\"approved_by\":\"suzuki\",\"lines\":[{"
        "\"line\":1,\"amount_yen\":50},{\"line\":2,\"amount_yen\":900}]}",
        test_id(refund, WHOLE_REFUND_B), test_id(sale, WHOLE_SALE_B));
    maker_line(maker, "refund.requested",
               "{\"refund\":\"%s\",\"sale\":\"%s\",\"receipt_number\":\"KO-11-20261121-0003\",\"amount_yen\":300,"
               "\"means\":\"bank_transfer\",\"reason\":\"誤り\",\"clerk\":\"sato\",\"approved_by\":null}",
               test_id(refund, WHOLE_REFUND_C), test_id(sale, WHOLE_SALE_C));
    maker_line(maker, "refund.withdrawn", "{\"refund\":\"%s\",\"clerk\":\"sato\",\"reason\":\"申出の取下げ\"}", refund);
}

static void
voided_mixed_sale(struct maker *maker)
{
    char reversal[TEST_ID_SIZE];
    char payment[TEST_ID_SIZE];
    char sale[TEST_ID_SIZE];
    test_id(reversal, WHOLE_REVERSAL_D);
    test_id(payment, WHOLE_PAYMENT_D);
    test_id(sale, WHOLE_SALE_D);
    whole_mixed_sale(maker, WHOLE_SALE_D, WHOLE_PAYMENT_D);
    maker_line(maker, "reversal.started",
               "{\"reversal\":\"%s\",\"payment\":\"%s\",\"sale\":\"%s\",\"amount_yen\":950,\"clerk\":\"suzuki\","
               "\"reason\":\"誤請求\"}",
               reversal, payment, sale);
    maker_line(maker, "reversal.resolved",
               "{\"reversal\":\"%s\",\"payment\":\"%s\",\"sale\":\"%s\",\"result\":\"reversed\",\"reason\":null}",
               reversal, payment, sale);
    maker_voided(maker, WHOLE_SALE_D, "KO-11-20261122-0001", 1550, "qr");
}

static void
second_day(struct maker *maker)
{
    maker->business_date.day = 22;
    maker_day_opened(maker, WHOLE_DAY_2, 20000);
    refunds(maker);
    voided_mixed_sale(maker);
    whole_sale(maker, WHOLE_SALE_E, LINE_E, 0, "[]", "{\"method\":\"none\"}");
    whole_sale(maker, WHOLE_SALE_F, LINE_F, 660,
               "[{\"tax\":\"standard10\",\"issuer\":\"general\",\"subject_yen\":660,\"tax_yen\":60}]",
               "{\"method\":\"cash\",\"tendered_yen\":1000,\"change_yen\":340}");
    maker_line(maker, "ticket.issued",
               "{\"ticket\":\"T-2\",\"facility\":\"gym\",\"item\":\"parking\",\"entered_at\":"
               "\"2026-11-22T09:00:00.000+09:00\",\"clerk\":\"sato\"}");
    day_line(maker, "day.closed", WHOLE_DAY_2,
             "\"clerk\":\"sato\",\"first_sequence\":26,\"last_sequence\":40,\"float_yen\":20000,"
             "\"expected_cash_yen\":20160,\"counted_cash_yen\":20160,\"difference_yen\":0,\"difference_reason\":null,"
             "\"zero_count\":1,\"totals\":[{\"method\":\"cash\",\"brand\":null,\"count\":1,\"amount_yen\":1260,"
             "\"void_count\":0,\"void_yen\":600},{\"method\":\"none\",\"brand\":null,\"count\":1,\"amount_yen\":0,"
             "\"void_count\":0,\"void_yen\":0},{\"method\":\"qr\",\"brand\":\"paypay\",\"count\":1,\"amount_yen\":950,"
             "\"void_count\":1,\"void_yen\":950}],\"unresolved\":[],\"number\":2,\"refund_cash_yen\":500,"
             "\"float_returned_yen\":20000,\"deposit_yen\":160");
}

void
whole_till_make(struct maker *maker, struct store *store)
{
    maker_init(maker, "KO-11", "gym-1");
    maker->business_date.day = 21;
    maker_enrol(maker, store);
    morning(maker);
    afternoon(maker);
    second_day(maker);
}
