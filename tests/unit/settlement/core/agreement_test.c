/* Two readings of one journal: whatever a broken till writes, ledger and audit must understand the same.
 *
 * Random journals over a handful of ids, so that lines repeat, contradict and refer to each other, with bytes of their
 * bodies changed at random. The ledger books what it accepts; the audit, which shares no rule with it, must find no
 * difference but those between the till's own claims. */
#include "settlement/audit/audit.h"

#include "settlement/ledger/ledger.h"
#include "settlement/store/journal_store.h"
#include "tests/unit/common/seeded_random.h"
#include "tests/unit/settlement/core/journal_maker.h"
#include "tests/unit/settlement/core/store_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { JOURNALS = 40, LINES = 200, IDS = 6, BODY_SIZE = 3000 };

/* A body being made up. */
struct draft {
    struct seeded_random *random;
    char kind[JOURNAL_KIND_SIZE];
    char body[BODY_SIZE];
};

static size_t
below(struct seeded_random *random, size_t limit)
{
    return (size_t)seeded_between(random, 0, (int64_t)limit - 1);
}

static const char *
pick(struct draft *draft, const char *const *words, size_t count)
{
    return words[below(draft->random, count)];
}

#define PICK(draft, ...)                                                                                               \
    pick(draft, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static const char *
some_id(struct draft *draft, unsigned base, char out[TEST_ID_SIZE])
{
    return test_id(out, base + (unsigned)below(draft->random, IDS));
}

static long long
some_amount(struct draft *draft)
{
    static const long long amounts[] = {200, 200, 200, 400, 450, 0, 1, 10000000001};
    return amounts[below(draft->random, sizeof amounts / sizeof amounts[0])];
}

#define CASH_100 ",\"cash\":{\"amount_yen\":100,\"tendered_yen\":500,\"change_yen\":400}"

/* What a line of 300円 a piece may say beyond its price, right or wrong; a reduction takes 100円 off. */
static const char *
some_particular(struct draft *draft, bool *out_is_reduced)
{
    static const char *const particulars[] = {
        "",
        "",
        ",\"facility\":\"gym\",\"ticket\":\"T-1\"",
        ",\"reduction\":{\"rule\":\"r\",\"name\":\"R\",\"granter\":\"g\",\"yen\":100}",
        ",\"override\":{\"list_price_yen\":500,\"reason\":\"x\",\"approved_by\":\"suzuki\"}",
        ",\"override\":{\"list_price_yen\":500,\"reason\":\"x\",\"approved_by\":null}",
        ",\"pricing\":{\"tariff\":\"t\",\"set\":1,\"facts\":{},\"rows\":[{\"text\":\"x\",\"yen\":200}]}",
    };
    size_t which = below(draft->random, sizeof particulars / sizeof particulars[0]);
    *out_is_reduced = which == 3;
    return particulars[which];
}

static void
draft_sale(struct draft *draft)
{
    char sale[TEST_ID_SIZE];
    char payment[TEST_ID_SIZE];
    char paid[400];
    long long yen = some_amount(draft);
    const char *tax = PICK(draft, "exempt", "standard10");
    const char *method = PICK(draft, "cash", "qr", "none", "qr");
    bool is_reduced;
    const char *particular = some_particular(draft, &is_reduced);
    if (strcmp(method, "cash") == 0) {
        snprintf(paid, sizeof paid, "{\"method\":\"cash\",\"tendered_yen\":%lld,\"change_yen\":100}", yen + 100);
    } else if (strcmp(method, "none") == 0) {
        snprintf(paid, sizeof paid, "{\"method\":\"none\"}");
    } else {
        const char *cash = PICK(draft, "", CASH_100);
        snprintf(paid, sizeof paid, "{\"method\":\"qr\",\"brand\":\"%s\",\"payment\":\"%s\",\"amount_yen\":%lld%s}",
                 PICK(draft, "paypay", "paypay", "merpay"), some_id(draft, 200, payment), yen, cash);
        yen += cash[0] != '\0' ? 100 : 0;
    }
    snprintf(draft->kind, sizeof draft->kind, "sale.recorded");
    snprintf(
        draft->body, sizeof draft->body,
        "{\"sale\":\"%s\",\"receipt_number\":\"R-%u\",\"received_on\":\"2026-11-2%u\",\"clerk\":\"sato\",\"lines\":[{"
        "\"item\":\"a\",\"name\":\"A\",\"unit_price_yen\":%lld,\"quantity\":1,\"amount_yen\":%lld,\"tax\":\"%s\","
        "\"account\":\"1\",\"section\":\"s\",\"issuer\":\"g\",\"exemption\":null%s}],\"total_yen\":%lld,\"taxes\":[{"
        "\"tax\":\"%s\",\"issuer\":\"g\",\"subject_yen\":%lld,\"tax_yen\":%lld}],\"payment\":%s%s}",
        some_id(draft, 100, sale), (unsigned)below(draft->random, 20), (unsigned)below(draft->random, 3),
        is_reduced ? yen + 100 : yen, yen, tax, particular, yen, tax, yen,
        strcmp(tax, "standard10") == 0 ? yen * 10 / 110 : 0, paid,
        PICK(draft, "", ",\"reference\":{\"kind\":\"reservation\",\"number\":\"Y-1\"}"));
}

static void
draft_payment(struct draft *draft)
{
    char payment[TEST_ID_SIZE];
    char sale[TEST_ID_SIZE];
    some_id(draft, 200, payment);
    switch (below(draft->random, 8)) {
    case 0:
    case 1:
        snprintf(draft->kind, sizeof draft->kind, "payment.started");
        snprintf(draft->body, sizeof draft->body,
                 "{\"payment\":\"%s\",\"sale\":\"%s\",\"method\":\"qr\",\"brand\":%s,\"amount_yen\":%lld,"
                 "\"sequence_number\":1,\"clerk\":\"sato\"%s}",
                 payment, some_id(draft, 100, sale), PICK(draft, "null", "\"paypay\"", "\"merpay\""),
                 some_amount(draft), PICK(draft, "", CASH_100));
        return;
    case 2:
        snprintf(draft->kind, sizeof draft->kind, "payment.unknown");
        snprintf(draft->body, sizeof draft->body, "{\"payment\":\"%s\",\"cause\":\"no_answer\"}", payment);
        return;
    case 3:
        snprintf(draft->kind, sizeof draft->kind, "%s", PICK(draft, "payment.in_doubt", "payment.abandoned"));
        snprintf(draft->body, sizeof draft->body,
                 "{\"payment\":\"%s\",\"acquirer_reference\":%s,\"clerk\":\"sato\",\"reason\":\"x\"%s}", payment,
                 PICK(draft, "null", "\"E1\""), PICK(draft, "", ",\"rule\":\"counts_as_sale\""));
        return;
    case 4:
        snprintf(draft->kind, sizeof draft->kind, "payment.proved");
        snprintf(draft->body, sizeof draft->body, "{\"payment\":\"%s\",\"result\":\"%s\",\"how\":\"touch\"}", payment,
                 PICK(draft, "charged", "not_charged"));
        return;
    default:
        snprintf(draft->kind, sizeof draft->kind, "payment.resolved");
        snprintf(draft->body, sizeof draft->body,
                 "{\"payment\":\"%s\",\"result\":\"%s\",\"reason\":null,\"how\":\"%s\",\"acquirer_reference\":\"Q1\","
                 "\"approval_code\":null,\"slip_number\":\"7\",\"masked_number\":null,\"accepted_at\":%s%s}",
                 payment, PICK(draft, "approved", "approved", "approved", "held", "declined", "reversed"),
                 PICK(draft, "answer", "inquiry", "cancel", "touch"),
                 PICK(draft, "null", "\"2026-11-21T23:59:59+09:00\""),
                 PICK(draft, "", "", "", ",\"brand\":\"merpay\"", ",\"brand\":\"paypay\"", ",\"brand\":7"));
        return;
    }
}

static void
draft_void_or_reversal(struct draft *draft)
{
    char sale[TEST_ID_SIZE];
    char payment[TEST_ID_SIZE];
    char reversal[TEST_ID_SIZE];
    some_id(draft, 100, sale);
    some_id(draft, 200, payment);
    some_id(draft, 300, reversal);
    if (below(draft->random, 2) == 0) {
        snprintf(draft->kind, sizeof draft->kind, "sale.voided");
        snprintf(draft->body, sizeof draft->body,
                 "{\"sale\":\"%s\",\"receipt_number\":\"R-%u\",\"clerk\":\"sato\",\"reason\":\"x\",\"total_yen\":%lld,"
                 "\"method\":\"%s\",\"brand\":null,\"payment\":null}",
                 sale, (unsigned)below(draft->random, 20), some_amount(draft), PICK(draft, "cash", "qr"));
        return;
    }
    snprintf(draft->kind, sizeof draft->kind, "%s",
             PICK(draft, "reversal.started", "reversal.unknown", "reversal.resolved"));
    snprintf(draft->body, sizeof draft->body,
             "{\"reversal\":\"%s\",\"payment\":\"%s\",\"sale\":\"%s\",\"amount_yen\":%lld,\"clerk\":\"sato\","
             "\"reason\":\"x\",\"cause\":\"no_answer\",\"result\":\"%s\"}",
             reversal, payment, sale, some_amount(draft), PICK(draft, "reversed", "refused"));
}

static void
draft_day(struct draft *draft, int64_t sequence)
{
    char day[TEST_ID_SIZE];
    some_id(draft, 400, day);
    if (below(draft->random, 2) == 0) {
        snprintf(draft->kind, sizeof draft->kind, "day.opened");
        snprintf(draft->body, sizeof draft->body, "{\"day\":\"%s\",\"clerk\":\"sato\",\"float_yen\":%lld}", day,
                 some_amount(draft));
        return;
    }
    long long expected_yen = some_amount(draft);
    long long counted_yen = some_amount(draft);
    snprintf(draft->kind, sizeof draft->kind, "day.closed");
    snprintf(draft->body, sizeof draft->body,
             "{\"day\":\"%s\",\"clerk\":\"sato\",\"first_sequence\":1,\"last_sequence\":%lld,\"float_yen\":%lld,"
             "\"expected_cash_yen\":%lld,\"counted_cash_yen\":%lld,\"difference_yen\":%lld,\"difference_reason\":null,"
             "\"zero_count\":0,\"totals\":[{\"method\":\"cash\",\"brand\":null,\"count\":1,\"amount_yen\":200,"
             "\"void_count\":0,\"void_yen\":0}],\"unresolved\":[]%s}",
             day, (long long)sequence, some_amount(draft), expected_yen, counted_yen, counted_yen - expected_yen,
             PICK(draft, "", ",\"number\":3,\"cash_in_yen\":200,\"refund_cash_yen\":1,\"float_returned_yen\":0",
                  ",\"counts\":[{\"yen\":100,\"count\":2}]", ",\"deposit_yen\":0,\"float_returned_yen\":200"));
}

static void
draft_refund(struct draft *draft)
{
    char refund[TEST_ID_SIZE];
    char sale[TEST_ID_SIZE];
    char payment[TEST_ID_SIZE];
    snprintf(draft->kind, sizeof draft->kind, "%s",
             PICK(draft, "refund.requested", "refund.requested", "refund.paid", "refund.withdrawn", "refund.started",
                  "refund.unknown", "refund.refused"));
    snprintf(draft->body, sizeof draft->body,
             "{\"refund\":\"%s\",\"sale\":\"%s\",\"receipt_number\":\"R-1\",\"amount_yen\":%lld,\"means\":\"%s\","
             "\"reason\":\"x\",\"clerk\":\"sato\",\"cause\":\"no_answer\",\"payment\":\"%s\",\"approved_by\":%s%s}",
             some_id(draft, 500, refund), some_id(draft, 100, sale), some_amount(draft),
             PICK(draft, "cash", "cash", "gateway", "bank_transfer"), some_id(draft, 200, payment),
             PICK(draft, "\"suzuki\"", "\"suzuki\"", "null"),
             PICK(draft, "", ",\"lines\":[{\"line\":1,\"amount_yen\":150},{\"line\":3,\"amount_yen\":50}]"));
}

static void
draft_gate(struct draft *draft)
{
    snprintf(draft->kind, sizeof draft->kind, "%s",
             PICK(draft, "ticket.issued", "ticket.closed", "entry.counted", "basket.held", "basket.discarded"));
    snprintf(draft->body, sizeof draft->body,
             "{\"ticket\":\"T-%u\",\"facility\":\"%s\",\"item\":\"i\",\"entered_at\":\"2026-11-22T09:00:00+09:00\","
             "\"clerk\":\"sato\",\"label\":null,\"outcome\":\"%s\",\"reason\":null,\"category\":\"%s\",\"count\":%u}",
             (unsigned)below(draft->random, 9), PICK(draft, "gym", "arena"), PICK(draft, "left", "voided"),
             PICK(draft, "adult", "child"), (unsigned)below(draft->random, 5));
}

/* Cash of the day that some line may have opened. */
static void
draft_cash(struct draft *draft, int64_t sequence)
{
    char day[TEST_ID_SIZE];
    long long yen = some_amount(draft);
    long long expected_yen = some_amount(draft);
    const char *counts = PICK(draft, "[{\"yen\":100,\"count\":2}]", "[{\"yen\":50,\"count\":4}]",
                              "[{\"yen\":100,\"count\":1},{\"yen\":50,\"count\":2}]", "[]");
    some_id(draft, 400, day);
    snprintf(draft->kind, sizeof draft->kind, "%s",
             PICK(draft, "cash.moved", "float.moved", "cash.counted", "shift.handed_over", "day.inspected"));
    bool is_float = strcmp(draft->kind, "float.moved") == 0;
    snprintf(draft->body, sizeof draft->body,
             "{\"day\":\"%s\",\"direction\":\"%s\",\"amount_yen\":%lld,\"reason\":\"x\",\"clerk\":\"sato\","
             "\"approved_by\":null,\"purpose\":\"%s\",\"counts\":%s,\"total_yen\":%lld,\"from\":\"a\",\"to\":\"b\","
             "\"counted_cash_yen\":%lld,\"expected_cash_yen\":%lld,\"difference_yen\":%lld,\"difference_reason\":null,"
             "\"number\":1,\"first_sequence\":1,\"last_sequence\":%lld,\"float_yen\":200,\"cash_in_yen\":0,"
             "\"cash_out_yen\":0,\"zero_count\":0,\"totals\":[],\"unresolved\":[]}",
             day, is_float ? PICK(draft, "lent", "returned") : PICK(draft, "in", "out"), yen,
             PICK(draft, "open", "handover", "close", "close"), counts, yen, yen, expected_yen, yen - expected_yen,
             (long long)sequence + 1);
}

/* Change one letter or digit of the body into another, so that a key, a word, an id or an amount is wrong. */
static void
damage(struct draft *draft)
{
    size_t length = strlen(draft->body);
    for (int tries = 0; tries < 20; tries++) {
        size_t at = below(draft->random, length);
        char letter = draft->body[at];
        if (letter >= '0' && letter <= '9') {
            draft->body[at] = (char)('0' + below(draft->random, 10));
            return;
        }
        if (letter >= 'a' && letter <= 'z') {
            draft->body[at] = (char)('a' + below(draft->random, 26));
            return;
        }
    }
}

/* A refund that the till carries out itself, as far as chance lets it come. */
static void
write_refund_run(struct maker *maker, struct seeded_random *random, const char *sale, const char *payment)
{
    static const char *const ends[] = {"refund.unknown", "refund.refused", "refund.started", "refund.withdrawn",
                                       "refund.paid"};
    char refund[TEST_ID_SIZE];
    test_id(refund, 500 + (unsigned)below(random, 3 * IDS));
    maker_line(maker, "refund.requested",
               "{\"refund\":\"%s\",\"sale\":\"%s\",\"receipt_number\":\"R-1\",\"amount_yen\":100,\"means\":\"gateway\","
               "\"reason\":\"x\",\"clerk\":\"sato\",\"approved_by\":null,\"lines\":null}",
               refund, sale);
    maker_line(maker, "refund.started",
               "{\"refund\":\"%s\",\"sale\":\"%s\",\"payment\":\"%s\",\"amount_yen\":%u,\"clerk\":\"sato\","
               "\"approved_by\":\"suzuki\"}",
               refund, sale, payment, below(random, 4) == 0 ? 99U : 100U);
    for (size_t count = below(random, 4); count > 0; count--) {
        maker_line(maker, ends[below(random, sizeof ends / sizeof ends[0])],
                   "{\"refund\":\"%s\",\"sale\":\"%s\",\"payment\":\"%s\",\"amount_yen\":100,\"cause\":\"no_answer\","
                   "\"clerk\":\"sato\",\"approved_by\":\"suzuki\",\"reason\":\"x\",\"means\":\"gateway\"}",
                   refund, sale, payment);
    }
}

/* Lines that fit each other, which chance alone would hardly write: a sale of two lines, partly in cash. */
static void
write_mixed_sale(struct maker *maker, struct seeded_random *random)
{
    char sale[TEST_ID_SIZE];
    char payment[TEST_ID_SIZE];
    unsigned number = (unsigned)below(random, 3 * IDS); /* often one that no other line uses */
    maker_line(maker, "payment.started",
               "{\"payment\":\"%s\",\"sale\":\"%s\",\"method\":\"qr\",\"brand\":\"paypay\",\"amount_yen\":200,"
               "\"sequence_number\":1,\"clerk\":\"sato\"" CASH_100 "}",
               test_id(payment, 200 + number), test_id(sale, 100 + number));
    if (below(random, 2) == 0) {
        maker_line(maker, "payment.in_doubt", "{\"payment\":\"%s\",\"rule\":\"counts_as_sale\"}", payment);
    }
    maker_payment_resolved(maker, 200 + number, "approved", "answer");
    maker_line(
        maker, "sale.recorded",
        "{\"sale\":\"%s\",\"receipt_number\":\"R-%u\",\"received_on\":\"2026-11-22\",\"clerk\":\"sato\",\"lines\":[{"
        "\"item\":\"a\",\"name\":\"A\",\"unit_price_yen\":60,\"quantity\":1,\"amount_yen\":60,\"tax\":\"exempt\","
        "\"account\":\"1\",\"section\":\"s\",\"issuer\":\"g\",\"exemption\":null},{\"item\":\"b\",\"name\":\"B\","
        "\"unit_price_yen\":120,\"quantity\":2,\"amount_yen\":240,\"tax\":\"exempt\",\"account\":\"2\",\"section\":"
        "\"s\",\"issuer\":\"g\",\"exemption\":null}],\"total_yen\":300,\"taxes\":[],\"payment\":{\"method\":\"qr\","
        "\"brand\":\"paypay\",\"payment\":\"%s\",\"amount_yen\":200" CASH_100 "}}",
        sale, 100 + number, payment);
    maker_line(maker, "payment.proved", "{\"payment\":\"%s\",\"result\":\"not_charged\",\"how\":\"inquiry\"}", payment);
    write_refund_run(maker, random, sale, payment);
}

static void
write_journal(struct maker *maker, struct seeded_random *random)
{
    struct draft draft = {.random = random};
    maker_enrolled(maker);
    for (int i = 0; i < LINES; i++) {
        if (below(random, 40) == 0) {
            write_mixed_sale(maker, random);
        }
        switch (below(random, 14)) {
        case 0:
        case 1:
        case 2:
            draft_sale(&draft);
            break;
        case 3:
        case 4:
        case 5:
            draft_payment(&draft);
            break;
        case 6:
            draft_void_or_reversal(&draft);
            break;
        case 7:
        case 8:
            draft_day(&draft, maker->sequence);
            break;
        case 9:
        case 10:
            draft_refund(&draft);
            break;
        case 11:
            draft_gate(&draft);
            break;
        default:
            draft_cash(&draft, maker->sequence);
            break;
        }
        if (below(random, 6) == 0) {
            damage(&draft);
        }
        if (below(random, 40) == 0) {
            maker->business_date = civil_date_add_days(maker->business_date, 1);
        }
        maker_line(maker, draft.kind, "%s", draft.body);
    }
}

/* What a till says of itself may be wrong; that is the till's, not the books'. */
static bool
is_of_the_till(const struct finding *finding)
{
    static const char *const codes[] = {
        "drawer_differs",       "till_total_differs",  "close_range_differs", "receipt_gap",
        "float_differs",        "cash_in_differs",     "cash_out_differs",    "refund_cash_differs",
        "counted_cash_differs", "counts_differ",       "deposit_differs",     "line_amount_differs",
        "reduction_too_large",  "override_unapproved", "pricing_differs",     "mixed_parts_differ",
        "refund_unapproved",    "refund_lines_differ", "refund_exceeds_line", "refund_unlike_request",
        "refund_exceeds_sale",  "refund_without_sale",
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(finding->code, codes[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* For whoever must find out why. */
static void
print_line(struct bench *bench, const char *terminal, int64_t sequence)
{
    struct error_detail err;
    struct store_txn *txn;
    struct buffer line;
    int64_t received_at_ms;
    buffer_init(&line, JOURNAL_LINE_MAX_BYTES);
    if (store_begin_read(bench->store, &txn, &err) == STATUS_OK &&
        journal_line_of(txn, terminal, sequence, &line, &received_at_ms, &err) == STATUS_OK) {
        print_message("%s\n", buffer_text(&line));
    }
    store_end(txn);
    buffer_finish(&line);
}

static void
assert_agreement(struct bench *bench, unsigned seed)
{
    struct error_detail err;
    struct ledger_advance advance;
    struct audit_report report;
    struct maker maker;
    struct seeded_random random = {.state = seed * UINT64_C(0x9E3779B97F4A7C15)};
    char terminal[TERMINAL_ID_SIZE];
    snprintf(terminal, sizeof terminal, "T-%u", seed);
    maker_init(&maker, terminal, "shimin-1");
    maker_enrol(&maker, bench->store);
    write_journal(&maker, &random);
    maker_send(&maker, bench->store);
    maker_finish(&maker);
    if (ledger_catch_up(bench->store, &advance, &err) != STATUS_OK) {
        fail_msg("seed %u: the ledger failed: %s", seed, err.message);
    }
    if (audit_run(bench->store, NULL, &report, &err) != STATUS_OK) {
        fail_msg("seed %u: the audit failed: %s", seed, err.message);
    }
    for (size_t i = 0; i < report.findings.kept; i++) {
        const struct finding *finding = &report.findings.list[i];
        if (!is_of_the_till(finding)) {
            print_line(bench, finding->terminal, finding->sequence);
            fail_msg("seed %u: %s line %lld: %s", seed, finding->code, (long long)finding->sequence, finding->message);
        }
    }
    audit_report_finish(&report);
}

static void
ledger_and_audit_agree_on_whatever_a_broken_till_writes(void **state)
{
    (void)state;
    int64_t sales = 0;
    int64_t parked = 0;
    struct {
        const char *sql;
        int64_t count;
    } seen[] = {
        {"SELECT count(*) FROM refund WHERE state = 'paid'", 0},
        {"SELECT count(*) FROM refund WHERE state = 'withdrawn'", 0},
        {"SELECT count(*) FROM refund_line", 0},
        {"SELECT count(*) FROM refund WHERE run = 'running'", 0},
        {"SELECT count(*) FROM refund WHERE run = 'unknown'", 0},
        {"SELECT count(*) FROM refund WHERE run = 'refused'", 0},
        {"SELECT count(*) FROM parked_line WHERE kind = 'refund.started'", 0},
        {"SELECT count(*) FROM payment WHERE proved <> ''", 0},
        {"SELECT count(*) FROM cash_movement", 0},
        {"SELECT count(*) FROM cash_count", 0},
        {"SELECT count(*) FROM shift_change", 0},
        {"SELECT count(*) FROM day_inspection", 0},
        {"SELECT count(*) FROM ticket", 0},
        {"SELECT count(*) FROM ticket_closing", 0},
        {"SELECT count(*) FROM daily_entry", 0},
        {"SELECT count(*) FROM sale WHERE cash_yen BETWEEN 1 AND total_yen - 1", 0},
        {"SELECT count(*) FROM sale_line WHERE reduction_yen > 0", 0},
        {"SELECT count(*) FROM sale_line WHERE list_price_yen IS NOT NULL", 0},
        {"SELECT count(*) FROM sale_line WHERE tariff <> ''", 0},
        {"SELECT count(*) FROM business_day WHERE number = 3", 0},
    };

    for (unsigned seed = 1; seed <= JOURNALS; seed++) {
        void *own = NULL; /* ids repeat between journals, so that each has a database of its own */
        assert_int_equal(bench_setup(&own), 0);
        struct bench *bench = own;
        assert_agreement(bench, seed);
        sales += query_file(bench->path, "SELECT count(*) FROM sale");
        parked += query_file(bench->path, "SELECT count(*) FROM parked_line");
        for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
            seen[i].count += query_file(bench->path, seen[i].sql);
        }
        bench_teardown(&own);
    }

    assert_true(sales > 3 * JOURNALS); /* the journals are not all nonsense, and not all right */
    assert_true(parked > 20 * JOURNALS);
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        if (seen[i].count == 0) {
            fail_msg("no journal had any: %s", seen[i].sql);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ledger_and_audit_agree_on_whatever_a_broken_till_writes),
    };
    return cmocka_run_group_tests_name("settlement agreement", tests, NULL, NULL);
}
