/* Two tills, three days. */
#include "tests/unit/settlement/core/good_city.h"

static void
payment_line(struct maker *maker, const char *kind, unsigned payment, const char *rest)
{
    char id[TEST_ID_SIZE];
    maker_line(maker, kind, "{\"payment\":\"%s\",%s}", test_id(id, payment), rest);
}

static void
first_morning(struct maker *maker)
{
    maker_enrolled(maker);
    maker_line(maker, "masters.applied", "{\"version\":1,\"sha256\":\"00\"}");
    maker_line(maker, "clerk.signed_in", "{\"clerk\":\"sato\"}");
    maker_day_opened(maker, 1, 30000);
    maker_cash_sale(maker, SALE_CASH_450, 1);
    maker_line(maker, "drawer.opened", "{\"clerk\":\"sato\",\"reason\":\"sale\"}");
    maker_line(maker, "print.started", "{\"job\":1,\"sale\":null,\"form\":\"receipt\",\"copy\":0}");
    maker_cash_sale(maker, SALE_CASH_900, 2);
    maker_voided(maker, SALE_CASH_900, "KO-01-20261121-0002", 900, "cash");
    maker_payment_started(maker, PAYMENT_400, SALE_QR_400, "paypay", 400);
    maker_payment_resolved(maker, PAYMENT_400, "approved", "answer");
    maker_qr_sale(maker, SALE_QR_400, PAYMENT_400, "paypay", 2, "2026-11-21");
}

static void
first_afternoon(struct maker *maker)
{
    char reversal[TEST_ID_SIZE];
    char payment[TEST_ID_SIZE];
    char sale[TEST_ID_SIZE];
    test_id(reversal, REVERSAL_200);
    test_id(payment, PAYMENT_200);
    test_id(sale, SALE_QR_200);
    maker_payment_started(maker, PAYMENT_200, SALE_QR_200, "", 200);
    maker_payment_resolved(maker, PAYMENT_200, "approved", "inquiry");
    maker_qr_sale(maker, SALE_QR_200, PAYMENT_200, "merpay", 1, "2026-11-21");
    maker_line(maker, "reversal.started",
               "{\"reversal\":\"%s\",\"payment\":\"%s\",\"sale\":\"%s\",\"amount_yen\":200,\"clerk\":\"suzuki\","
               "\"reason\":\"誤請求\"}",
               reversal, payment, sale);
    maker_line(maker, "reversal.unknown", "{\"reversal\":\"%s\",\"cause\":\"no_answer\"}", reversal);
    maker_line(maker, "reversal.resolved",
               "{\"reversal\":\"%s\",\"payment\":\"%s\",\"sale\":\"%s\",\"result\":\"reversed\",\"reason\":null}",
               reversal, payment, sale);
    maker_voided(maker, SALE_QR_200, "KO-01-20261121-0004", 200, "qr");
    maker_payment_started(maker, PAYMENT_LATE_600, SALE_LATE_600, "paypay", 600);
    payment_line(maker, "payment.unknown", PAYMENT_LATE_600, "\"cause\":\"no_answer\"");
    maker_payment_started(maker, PAYMENT_DOUBT_200, 110, "edy", 200);
    payment_line(maker, "payment.unknown", PAYMENT_DOUBT_200, "\"cause\":\"no_answer\"");
    payment_line(maker, "payment.in_doubt", PAYMENT_DOUBT_200, "\"acquirer_reference\":\"E0001\"");
    maker_payment_started(maker, PAYMENT_DECLINED_800, 111, "paypay", 800);
    maker_payment_resolved(maker, PAYMENT_DECLINED_800, "declined", "answer");
    maker_day_closed(
        maker, 1, 30000, 30450, 30460,
        "[{\"method\":\"cash\",\"brand\":null,\"count\":2,\"amount_yen\":1350,\"void_count\":1,\"void_yen\":900},{"
        "\"method\":\"qr\",\"brand\":\"merpay\",\"count\":1,\"amount_yen\":200,\"void_count\":1,\"void_yen\":200},{"
        "\"method\":\"qr\",\"brand\":\"paypay\",\"count\":1,\"amount_yen\":400,\"void_count\":0,\"void_yen\":0}]");
}

static void
second_day(struct maker *maker)
{
    char sale[TEST_ID_SIZE];
    maker->business_date.day = 22;
    maker_day_opened(maker, 2, 30000);
    maker_payment_resolved(maker, PAYMENT_LATE_600, "approved", "inquiry");
    maker_qr_sale(maker, SALE_LATE_600, PAYMENT_LATE_600, "paypay", 3, "2026-11-21");
    maker_payment_started(maker, PAYMENT_HELD_1000, 112, "edy", 1000);
    payment_line(maker, "payment.unknown", PAYMENT_HELD_1000, "\"cause\":\"restart\"");
    payment_line(maker, "payment.abandoned", PAYMENT_HELD_1000, "\"clerk\":\"sato\",\"reason\":\"現金でお支払い\"");
    maker_payment_resolved(maker, PAYMENT_HELD_1000, "held", "inquiry");
    maker_line(maker, "sale.recorded",
               "{\"sale\":\"%s\",\"receipt_number\":\"KO-01-20261122-0002\",\"received_on\":\"2026-11-22\",\"clerk\":"
               "\"sato\",\"lines\":[{\"item\":\"juminhyo\",\"name\":\"住民票の写し\",\"unit_price_yen\":300,"
               "\"quantity\":2,\"amount_yen\":0,\"tax\":\"exempt\",\"account\":\"14020102\",\"section\":\"shimin\","
               "\"issuer\":\"general\",\"exemption\":{\"rule\":\"official\",\"name\":\"公用\",\"reason\":"
               "\"庁内の業務\"}}],\"total_yen\":0,\"taxes\":[],\"payment\":{\"method\":\"none\"}}",
               test_id(sale, SALE_FREE));
    maker_line(maker, "weather.observed", "{\"rain\":true}");
    maker_line(maker, "drawer.opened", "{\"clerk\":\"suzuki\",\"reason\":\"no_sale\",\"note\":\"両替\"}");
    maker_day_closed(
        maker, 2, 30000, 30000, 30000,
        "[{\"method\":\"none\",\"brand\":null,\"count\":1,\"amount_yen\":0,\"void_count\":0,\"void_yen\":0},{"
        "\"method\":\"qr\",\"brand\":\"paypay\",\"count\":1,\"amount_yen\":600,\"void_count\":0,\"void_yen\":0}]");
}

void
city_make(struct city *city, struct store *store)
{
    maker_init(&city->shimin, "KO-01", "shimin-1");
    maker_init(&city->museum, "KO-02", "museum-1");
    city->shimin.business_date.day = 21;
    maker_enrol(&city->shimin, store);
    maker_enrol(&city->museum, store);
    first_morning(&city->shimin);
    maker_send(&city->shimin, store);
    maker_enrolled(&city->museum);
    maker_day_opened(&city->museum, 3, 0);
    maker_send(&city->museum, store);
    first_afternoon(&city->shimin);
    maker_send(&city->shimin, store);
    maker_line(&city->museum, "masters.applied", "{\"version\":1,\"sha256\":\"00\"}");
    maker_cash_sale(&city->museum, SALE_MUSEUM, 3);
    maker_line(&city->museum, "clerk.signed_out", "{\"clerk\":\"sato\"}");
    maker_day_closed(
        &city->museum, 3, 0, 1350, 1350,
        "[{\"method\":\"cash\",\"brand\":null,\"count\":1,\"amount_yen\":1350,\"void_count\":0,\"void_yen\":0}]");
    second_day(&city->shimin);
    maker_send(&city->shimin, store);
    maker_send(&city->museum, store);
}

void
city_finish(struct city *city)
{
    maker_finish(&city->shimin);
    maker_finish(&city->museum);
}
