/* A till made of nothing. */
#include "tests/unit/settlement/core/journal_maker.h"

#include "common/bytes/encoding.h"
#include "settlement/store/place.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PENDING_MAX_BYTES = 16 * 1024 * 1024, BODY_MAX_BYTES = 60000 };

static void
must(enum status status, const struct error_detail *err)
{
    if (status != STATUS_OK) {
        fprintf(stderr, "the test's till failed: %s\n", err->message);
        abort();
    }
}

void
maker_init(struct maker *maker, const char *terminal, const char *place)
{
    struct error_detail err;
    *maker = (struct maker){.business_date = {2026, 11, 22}, .at_ms = INT64_C(1795305600000), .first_pending = 1};
    snprintf(maker->terminal, sizeof maker->terminal, "%s", terminal);
    snprintf(maker->place, sizeof maker->place, "%s", place);
    must(signing_key_generate(&maker->key, &err), &err);
    signing_key_public(maker->key, maker->public_key);
    buffer_init(&maker->pending, PENDING_MAX_BYTES);
}

void
maker_finish(struct maker *maker)
{
    signing_key_destroy(maker->key);
    buffer_finish(&maker->pending);
}

void
maker_line(struct maker *maker, const char *kind, const char *body_format, ...)
{
    struct error_detail err;
    struct buffer body;
    buffer_init(&body, BODY_MAX_BYTES);
    char text[8192];
    va_list arguments;
    va_start(arguments, body_format);
    int length = vsnprintf(text, sizeof text, body_format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof text) {
        abort();
    }
    struct journal_line line = {
        .sequence = ++maker->sequence,
        .at_ms = maker->at_ms += 1000,
        .business_date = maker->business_date,
        .body = text,
        .body_length = (size_t)length,
    };
    memcpy(line.previous, maker->previous, sizeof line.previous);
    snprintf(line.terminal, sizeof line.terminal, "%s", maker->terminal);
    snprintf(line.kind, sizeof line.kind, "%s", kind);
    size_t before = maker->pending.length;
    must(journal_line_write(&line, &maker->pending, &err), &err);
    journal_line_hash(maker->previous, maker->pending.data + before, maker->pending.length - before);
    buffer_append_byte(&maker->pending, '\n');
    buffer_finish(&body);
}

const char *
test_id(char out[TEST_ID_SIZE], unsigned number)
{
    snprintf(out, TEST_ID_SIZE, "01934f00-0000-7000-8000-%012x", number);
    return out;
}

void
maker_enrolled(struct maker *maker)
{
    char key[2 * PUBLIC_KEY_SIZE + 1];
    hex_encode(key, maker->public_key, PUBLIC_KEY_SIZE);
    maker_line(maker, "terminal.enrolled",
               "{\"municipality\":\"072036\",\"terminal\":\"%s\",\"place\":\"%s\",\"public_key\":\"%s\"}",
               maker->terminal, maker->place, key);
}

void
maker_day_opened(struct maker *maker, unsigned day, int64_t float_yen)
{
    char id[TEST_ID_SIZE];
    maker->receipt_serial = 0;
    maker->day_opened_at = maker->sequence + 1;
    maker_line(maker, "day.opened", "{\"day\":\"%s\",\"clerk\":\"sato\",\"float_yen\":%lld}", test_id(id, day),
               (long long)float_yen);
}

void
maker_day_closed(struct maker *maker, unsigned day, int64_t float_yen, int64_t expected_yen, int64_t counted_yen,
                 const char *totals)
{
    char id[TEST_ID_SIZE];
    maker_line(maker, "day.closed",
               "{\"day\":\"%s\",\"clerk\":\"sato\",\"first_sequence\":%lld,\"last_sequence\":%lld,\"float_yen\":%lld,"
               "\"expected_cash_yen\":%lld,\"counted_cash_yen\":%lld,\"difference_yen\":%lld,\"difference_reason\":%s,"
               "\"zero_count\":0,\"totals\":%s,\"unresolved\":[]}",
               test_id(id, day), (long long)maker->day_opened_at, (long long)maker->sequence, (long long)float_yen,
               (long long)expected_yen, (long long)counted_yen, (long long)(counted_yen - expected_yen),
               counted_yen == expected_yen ? "null" : "\"数え直しても合わない\"", totals);
}

static void
next_receipt_number(struct maker *maker, char out[64])
{
    snprintf(out, 64, "%s-%04d%02d%02d-%04u", maker->terminal, maker->business_date.year, maker->business_date.month,
             maker->business_date.day, ++maker->receipt_serial);
}

void
maker_cash_sale(struct maker *maker, unsigned sale, int64_t quantity)
{
    char id[TEST_ID_SIZE];
    char receipt[64];
    char date[CIVIL_DATE_TEXT_SIZE];
    next_receipt_number(maker, receipt);
    long long total_yen = (long long)quantity * 450;
    maker_line(maker, "sale.recorded",
               "{\"sale\":\"%s\",\"receipt_number\":\"%s\",\"received_on\":\"%s\",\"clerk\":\"sato\",\"lines\":[{"
               "\"item\":\"koseki-zenbu\",\"name\":\"戸籍全部事項証明\",\"unit_price_yen\":450,\"quantity\":%lld,"
               "\"amount_yen\":%lld,\"tax\":\"exempt\",\"account\":\"14020101\",\"section\":\"shimin\",\"issuer\":"
               "\"general\",\"exemption\":null}],\"total_yen\":%lld,\"taxes\":[{\"tax\":\"exempt\",\"issuer\":"
               "\"general\",\"subject_yen\":%lld,\"tax_yen\":0}],\"payment\":{\"method\":\"cash\",\"tendered_yen\":"
               "%lld,\"change_yen\":50}}",
               test_id(id, sale), receipt, civil_date_format(date, maker->business_date), (long long)quantity,
               total_yen, total_yen, total_yen, total_yen + 50);
}

void
maker_qr_sale(struct maker *maker, unsigned sale, unsigned payment, const char *brand, int64_t quantity,
              const char *received_on)
{
    char sale_id[TEST_ID_SIZE];
    char payment_id[TEST_ID_SIZE];
    char receipt[64];
    next_receipt_number(maker, receipt);
    long long total_yen = (long long)quantity * 200;
    maker_line(maker, "sale.recorded",
               "{\"sale\":\"%s\",\"receipt_number\":\"%s\",\"received_on\":\"%s\",\"clerk\":\"sato\",\"lines\":[{"
               "\"item\":\"bijutsu-ippan\",\"name\":\"常設展 一般\",\"unit_price_yen\":200,\"quantity\":%lld,"
               "\"amount_yen\":%lld,\"tax\":\"standard10\",\"account\":\"14010901\",\"section\":\"bijutsukan\","
               "\"issuer\":\"general\",\"exemption\":null}],\"total_yen\":%lld,\"taxes\":[{\"tax\":\"standard10\","
               "\"issuer\":\"general\",\"subject_yen\":%lld,\"tax_yen\":%lld}],\"payment\":{\"method\":\"qr\","
               "\"brand\":\"%s\",\"payment\":\"%s\",\"amount_yen\":%lld,\"accepted_at\":null}}",
               test_id(sale_id, sale), receipt, received_on, (long long)quantity, total_yen, total_yen, total_yen,
               total_yen * 10 / 110, brand, test_id(payment_id, payment), total_yen);
}

void
maker_payment_started(struct maker *maker, unsigned payment, unsigned sale, const char *brand, int64_t amount_yen)
{
    char payment_id[TEST_ID_SIZE];
    char sale_id[TEST_ID_SIZE];
    maker_line(maker, "payment.started",
               "{\"payment\":\"%s\",\"sale\":\"%s\",\"method\":\"qr\",\"brand\":\"%s\",\"amount_yen\":%lld,"
               "\"sequence_number\":%u,\"clerk\":\"sato\",\"basket\":{\"lines\":[],\"total_yen\":%lld,\"taxes\":[]}}",
               test_id(payment_id, payment), test_id(sale_id, sale), brand, (long long)amount_yen, payment,
               (long long)amount_yen);
}

void
maker_payment_resolved(struct maker *maker, unsigned payment, const char *result, const char *how)
{
    char id[TEST_ID_SIZE];
    maker_line(maker, "payment.resolved",
               "{\"payment\":\"%s\",\"result\":\"%s\",\"reason\":null,\"how\":\"%s\",\"acquirer_reference\":\"Q%09u\","
               "\"approval_code\":null,\"slip_number\":null,\"masked_number\":null,\"accepted_at\":null}",
               test_id(id, payment), result, how, payment);
}

void
maker_voided(struct maker *maker, unsigned sale, const char *receipt_number, int64_t total_yen, const char *method)
{
    char id[TEST_ID_SIZE];
    maker_line(
        maker, "sale.voided",
        "{\"sale\":\"%s\",\"receipt_number\":\"%s\",\"clerk\":\"suzuki\",\"reason\":\"誤請求\",\"total_yen\":%lld,"
        "\"method\":\"%s\",\"brand\":null,\"payment\":null}",
        test_id(id, sale), receipt_number, (long long)total_yen, method);
}

void
maker_sign(const struct maker *maker, int64_t first, int64_t last, const uint8_t last_hash[SHA256_SIZE],
           uint8_t out[SIGNATURE_SIZE])
{
    struct error_detail err;
    struct buffer statement;
    buffer_init(&statement, 256);
    must(journal_upload_statement(&statement, maker->terminal, first, last, last_hash, &err), &err);
    must(signing_key_sign(maker->key, buffer_text(&statement), statement.length, out, &err), &err);
    buffer_finish(&statement);
}

void
maker_upload(struct maker *maker, struct upload *out)
{
    struct error_detail err;
    uint8_t signature[SIGNATURE_SIZE];
    maker_sign(maker, maker->first_pending, maker->sequence, maker->previous, signature);
    must(upload_read(out, maker->terminal, buffer_text(&maker->pending), maker->pending.length, maker->public_key,
                     signature, &err),
         &err);
}

void
maker_forget_pending(struct maker *maker)
{
    buffer_clear(&maker->pending);
    maker->first_pending = maker->sequence + 1;
}

void
maker_enrol(struct maker *maker, struct store *store)
{
    struct error_detail err;
    struct store_txn *txn;
    struct terminal terminal = {.municipality = "072036", .software = "test", .state = TERMINAL_ACTIVE};
    memcpy(terminal.terminal, maker->terminal, sizeof terminal.terminal);
    memcpy(terminal.place, maker->place, sizeof terminal.place);
    memcpy(terminal.public_key, maker->public_key, sizeof terminal.public_key);
    must(store_begin_write(store, &txn, &err), &err);
    must(terminal_put(txn, &terminal, &err), &err);
    must(store_commit(txn, &err), &err);
    store_end(txn);
}

struct acceptance
accept_upload(struct store *store, const struct upload *upload)
{
    struct error_detail err;
    struct store_txn *txn;
    struct acceptance acceptance;
    must(store_begin_write(store, &txn, &err), &err);
    must(intake_accept(txn, upload, 1795305600000, &acceptance, &err), &err);
    must(store_commit(txn, &err), &err);
    store_end(txn);
    return acceptance;
}

void
maker_send(struct maker *maker, struct store *store)
{
    struct upload upload;
    maker_upload(maker, &upload);
    struct acceptance acceptance = accept_upload(store, &upload);
    if (acceptance.verdict != VERDICT_ACKNOWLEDGED || acceptance.sequence != maker->sequence) {
        fprintf(stderr, "the upload was not acknowledged (verdict %d)\n", (int)acceptance.verdict);
        abort();
    }
    maker_forget_pending(maker);
}

int64_t
query_file(const char *path, const char *sql)
{
    struct error_detail err;
    struct database *db;
    int64_t value = INT64_MIN;
    must(store_database_open(&db, path, &err), &err);
    enum status status = database_query_int(db, sql, &value, &err);
    if (status != STATUS_NOT_FOUND) {
        must(status, &err);
    }
    database_close(db);
    return value;
}

/* The same in PostgreSQL's words: CAST(x AS BLOB) and CAST(x AS TEXT) are of UTF-8 there, and a trigger goes with its
 * function, which has its name. */
static void
append_postgresql(struct buffer *out, const char *sql)
{
    static const char cast[] = "CAST(";
    static const char drop[] = "DROP TRIGGER ";
    static const char zeros[] = "zeroblob(";
    for (const char *at = sql; *at != '\0'; at++) {
        if (strncmp(at, drop, strlen(drop)) == 0) {
            size_t length = strcspn(at, ";") - strlen(drop);
            buffer_printf(out, "DROP FUNCTION %.*s CASCADE", (int)length, at + strlen(drop));
            at += strlen(drop) + length - 1;
            continue;
        }
        if (strncmp(at, "x'", 2) == 0 && at > sql && at[-1] == ' ') { /* bytes in hexadecimal */
            size_t length = strcspn(at + 2, "'");
            buffer_printf(out, "decode('%.*s', 'hex')", (int)length, at + 2);
            at += 2 + length;
            continue;
        }
        if (strncmp(at, zeros, strlen(zeros)) == 0) {
            buffer_printf(out, "decode(repeat('00', %d), 'hex')", atoi(at + strlen(zeros)));
            at += strcspn(at, ")");
            continue;
        }
        if (strncmp(at, cast, strlen(cast)) != 0) {
            buffer_append(out, at, 1);
            continue;
        }
        const char *end = at + strlen(cast);
        for (int depth = 1; depth > 0; end++) {
            depth += *end == '(' ? 1 : *end == ')' ? -1 : 0;
        }
        const char *type = end - strlen(" AS TEXT)");
        char inner[20000];
        snprintf(inner, sizeof inner, "%.*s", (int)(type - at) - (int)strlen(cast), at + strlen(cast));
        buffer_append_text(out, strncmp(type, " AS TEXT)", strlen(" AS TEXT)")) == 0 ? "convert_from(" : "convert_to(");
        append_postgresql(out, inner);
        buffer_append_text(out, ", 'UTF8')");
        at = end - 1;
    }
}

enum status
change_store(const char *path, const char *sql, struct error_detail *err)
{
    struct database *db;
    struct buffer text;
    buffer_init(&text, 1024 * 1024);
    enum status status = store_database_open(&db, path, err);
    if (status == STATUS_OK) {
        if (database_dialect(db) == DIALECT_POSTGRESQL) {
            append_postgresql(&text, sql);
        } else {
            buffer_append_text(&text, sql);
        }
        status = database_execute(db, buffer_text(&text), err);
        database_close(db);
    }
    buffer_finish(&text);
    return status;
}

void
change_file(const char *path, const char *sql)
{
    struct error_detail err;
    must(change_store(path, sql, &err), &err);
}
