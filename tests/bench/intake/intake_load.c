/* The load of the intake benchmark.
 *
 *   intake_load serve HOST PORT TILLS UPLOADS LINES < codes     one enrolment code a line, one till each
 *   intake_load bare DATABASE TILLS UPLOADS LINES GROUP         the same lines into a bare table, GROUP rows a commit
 *
 * Prints one JSON object: lines, bytes, seconds. Everything is prepared before the clock starts: keys, lines,
 * signatures. */
#include "common/bytes/encoding.h"
#include "common/http/client.h"
#include "common/json/writer.h"
#include "common/records/journal_line.h"
#include "common/sqlite/database.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TILLS_MAX = 256, UPLOAD_MAX_BYTES = 4 * 1024 * 1024 };

struct upload {
    struct buffer lines;
    char signature[128]; /* the whole header */
};

struct till {
    char terminal[TERMINAL_ID_SIZE];
    char code[64];
    struct signing_key *key;
    struct journal_position_like {
        int64_t sequence;
        uint8_t hash[SHA256_SIZE];
    } tail;
    struct upload *uploads;
    int upload_count;
    const char *url;
    int failures;
};

static double
now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
die(const char *what, const struct error_detail *err)
{
    fprintf(stderr, "intake_load: %s: %s\n", what, err != NULL ? err->message : "");
    exit(1);
}

/* One cash sale of a certificate, as a till writes it: about 640 bytes. */
static void
write_body(struct buffer *out, int64_t sequence, const char *terminal)
{
    buffer_clear(out);
    buffer_printf(
        out,
        "{\"sale\":\"019aa000-0000-7000-8000-%012lld\",\"receipt_number\":\"%s-20261122-%04lld\","
        "\"received_on\":\"2026-11-22\",\"clerk\":\"sato\",\"lines\":[{\"item\":\"juminhyo\",\"name\":\"住民票の写し\","
        "\"unit_price_yen\":300,\"quantity\":1,\"amount_yen\":300,\"tax\":\"exempt\",\"account\":\"tesuryo-shimin\","
        "\"section\":\"shimin\",\"issuer\":\"general\",\"exemption\":null}],\"total_yen\":300,\"taxes\":[{\"tax\":"
        "\"exempt\","
        "\"issuer\":\"general\",\"subject_yen\":300,\"tax_yen\":0}],\"payment\":{\"method\":\"cash\",\"tendered_yen\":"
        "300,"
        "\"change_yen\":0}}",
        (long long)sequence, terminal, (long long)sequence);
}

static void
append_line(struct till *till, struct buffer *out, struct buffer *body)
{
    struct error_detail err;
    struct journal_line line = {.sequence = till->tail.sequence + 1, .at_ms = 1795300000000 + till->tail.sequence};
    line.business_date = civil_date_at(line.at_ms);
    memcpy(line.previous, till->tail.hash, SHA256_SIZE);
    memcpy(line.terminal, till->terminal, sizeof line.terminal);
    snprintf(line.kind, sizeof line.kind, "sale.recorded");
    write_body(body, line.sequence, till->terminal);
    line.body = buffer_text(body);
    line.body_length = body->length;
    size_t start = out->length;
    if (journal_line_write(&line, out, &err) != STATUS_OK) {
        die("writing a line", &err);
    }
    journal_line_hash(till->tail.hash, out->data + start, out->length - start);
    till->tail.sequence = line.sequence;
    buffer_append_byte(out, '\n');
}

static void
prepare_uploads(struct till *till, int uploads, int lines)
{
    struct buffer body;
    struct error_detail err;
    buffer_init(&body, JOURNAL_LINE_MAX_BYTES);
    till->uploads = calloc((size_t)uploads, sizeof *till->uploads);
    till->upload_count = uploads;
    for (int u = 0; u < uploads; u++) {
        struct upload *upload = &till->uploads[u];
        struct buffer statement;
        uint8_t signature[SIGNATURE_SIZE];
        char text[BASE64_SIZE(SIGNATURE_SIZE)];
        int64_t first = till->tail.sequence + 1;
        buffer_init(&upload->lines, UPLOAD_MAX_BYTES);
        buffer_init(&statement, 512);
        for (int i = 0; i < lines; i++) {
            append_line(till, &upload->lines, &body);
        }
        if (till->key != NULL) {
            if (journal_upload_statement(&statement, till->terminal, first, till->tail.sequence, till->tail.hash,
                                         &err) != STATUS_OK ||
                signing_key_sign(till->key, buffer_text(&statement), statement.length, signature, &err) != STATUS_OK) {
                die("signing", &err);
            }
            base64_encode(text, signature, sizeof signature);
            snprintf(upload->signature, sizeof upload->signature, "Madoguchi-Signature: %s", text);
        }
        buffer_finish(&statement);
    }
    buffer_finish(&body);
}

static void
enrol(struct till *till, struct http_client *client)
{
    char url[300];
    char body[300];
    char key[2 * PUBLIC_KEY_SIZE + 1];
    uint8_t public_key[PUBLIC_KEY_SIZE];
    struct error_detail err;
    struct http_answer answer;
    static const char *const headers[] = {"Content-Type: application/json", NULL};
    if (signing_key_generate(&till->key, &err) != STATUS_OK) {
        die("making a key", &err);
    }
    signing_key_public(till->key, public_key);
    hex_encode(key, public_key, sizeof public_key);
    snprintf(url, sizeof url, "%s/v1/enrolments", till->url);
    snprintf(body, sizeof body, "{\"code\":\"%s\",\"public_key\":\"%s\",\"software\":\"intake_load\"}", till->code,
             key);
    buffer_init(&answer.body, 65536);
    const struct http_call call = {
        .method = "POST", .url = url, .headers = headers, .body = body, .body_length = strlen(body)};
    if (http_client_call(client, &call, &answer, &err) != STATUS_OK || answer.http_status != 201) {
        die("enrolling", &err);
    }
    buffer_finish(&answer.body);
}

static void *
upload_main(void *context)
{
    struct till *till = context;
    struct http_client *client;
    struct http_answer answer;
    struct error_detail err;
    char url[300];
    snprintf(url, sizeof url, "%s/v1/terminals/%s/journal", till->url, till->terminal);
    buffer_init(&answer.body, 65536);
    if (http_client_create(&client, &err) != STATUS_OK) {
        die("client", &err);
    }
    for (int u = 0; u < till->upload_count; u++) {
        const char *headers[] = {"Content-Type: application/x-ndjson", till->uploads[u].signature, NULL};
        const struct http_call call = {.method = "POST",
                                       .url = url,
                                       .headers = headers,
                                       .body = till->uploads[u].lines.data,
                                       .body_length = till->uploads[u].lines.length,
                                       .timeout_ms = 60000};
        enum status status = http_client_call(client, &call, &answer, &err);
        if (status == STATUS_OK && answer.http_status == 503) {
            u--; /* asked to come later */
        } else if (status != STATUS_OK || answer.http_status != 200) {
            fprintf(stderr, "%s: %u %s\n", till->terminal, answer.http_status, buffer_text(&answer.body));
            till->failures++;
        }
    }
    http_client_destroy(client);
    buffer_finish(&answer.body);
    return NULL;
}

static void
report(const struct till *tills, int count, int uploads, int lines, double seconds)
{
    size_t bytes = 0;
    int failures = 0;
    for (int i = 0; i < count; i++) {
        for (int u = 0; u < uploads; u++) {
            bytes += tills[i].uploads[u].lines.length;
        }
        failures += tills[i].failures;
    }
    printf("{\"lines\":%d,\"bytes\":%zu,\"failures\":%d,\"seconds\":%.6f}\n", count * uploads * lines, bytes, failures,
           seconds);
}

static void
run_service(struct till *tills, int count, int uploads, int lines)
{
    struct http_client *client;
    struct error_detail err;
    pthread_t threads[TILLS_MAX];
    if (http_client_create(&client, &err) != STATUS_OK) {
        die("client", &err);
    }
    for (int i = 0; i < count; i++) {
        enrol(&tills[i], client);
        prepare_uploads(&tills[i], uploads, lines);
    }
    http_client_destroy(client);
    double start = now_seconds();
    for (int i = 0; i < count; i++) {
        if (pthread_create(&threads[i], NULL, upload_main, &tills[i]) != 0) {
            die("thread", NULL);
        }
    }
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    report(tills, count, uploads, lines, now_seconds() - start);
}

static void
insert_line(struct database *db, const struct till *till, int64_t sequence, const char *line, size_t length)
{
    struct error_detail err;
    struct statement *insert;
    uint8_t hash[SHA256_SIZE];
    journal_line_hash(hash, line, length);
    if (database_statement(db, "INSERT INTO line (terminal, sequence, line, hash) VALUES (?1, ?2, ?3, ?4)", &insert,
                           &err) != STATUS_OK) {
        die("insert", &err);
    }
    statement_bind_text(insert, 1, till->terminal);
    statement_bind_int(insert, 2, sequence);
    statement_bind_blob(insert, 3, line, length);
    statement_bind_blob(insert, 4, hash, sizeof hash);
    if (statement_run(insert, &err) != STATUS_OK) {
        die("insert", &err);
    }
}

/* All tills in turn, upload by upload, as they would arrive. */
static void
run_bare(const char *path, struct till *tills, int count, int uploads, int lines, int group)
{
    struct database *db;
    struct error_detail err;
    int in_group = 0;
    if (database_open(&db, path, DATABASE_READ_WRITE, NULL, &err) != STATUS_OK ||
        database_execute(db,
                         "CREATE TABLE line (terminal TEXT NOT NULL, sequence INTEGER NOT NULL, line BLOB NOT NULL,"
                         " hash BLOB NOT NULL); CREATE UNIQUE INDEX line_key ON line (terminal, sequence)",
                         &err) != STATUS_OK) {
        die("opening", &err);
    }
    for (int i = 0; i < count; i++) {
        prepare_uploads(&tills[i], uploads, lines);
    }
    double start = now_seconds();
    for (int u = 0; u < uploads; u++) {
        for (int i = 0; i < count; i++) {
            const char *at = tills[i].uploads[u].lines.data;
            for (int l = 0; l < lines; l++) {
                const char *end = strchr(at, '\n');
                if (in_group == 0 && database_begin(db, &err) != STATUS_OK) {
                    die("begin", &err);
                }
                insert_line(db, &tills[i], (int64_t)u * lines + l + 1, at, (size_t)(end - at));
                if (++in_group == group) {
                    in_group = 0;
                    if (database_commit(db, &err) != STATUS_OK) {
                        die("commit", &err);
                    }
                }
                at = end + 1;
            }
        }
    }
    if (in_group > 0 && database_commit(db, &err) != STATUS_OK) {
        die("commit", &err);
    }
    report(tills, count, uploads, lines, now_seconds() - start);
    database_close(db);
}

int
main(int argc, char **argv)
{
    bool is_bare = argc == 7 && strcmp(argv[1], "bare") == 0;
    if (!is_bare && (argc != 7 || strcmp(argv[1], "serve") != 0)) {
        fputs("usage: intake_load serve HOST PORT TILLS UPLOADS LINES | bare DATABASE TILLS UPLOADS LINES GROUP\n",
              stderr);
        return 2;
    }
    int count = atoi(argv[is_bare ? 3 : 4]);
    int uploads = atoi(argv[is_bare ? 4 : 5]);
    int lines = atoi(argv[is_bare ? 5 : 6]);
    if (count < 1 || count > TILLS_MAX || uploads < 1 || lines < 1 || lines > 500) {
        fputs("intake_load: 1–256 tills, 1–500 lines\n", stderr);
        return 2;
    }
    struct till *tills = calloc((size_t)count, sizeof *tills);
    char url[128];
    snprintf(url, sizeof url, "http://%s:%s", argv[2], is_bare ? "0" : argv[3]);
    for (int i = 0; i < count; i++) {
        tills[i].url = url;
        snprintf(tills[i].terminal, sizeof tills[i].terminal, "B-%03d", i % 1000);
        if (!is_bare && scanf("%63s", tills[i].code) != 1) {
            die("too few enrolment codes on standard input", NULL);
        }
    }
    if (is_bare) {
        run_bare(argv[2], tills, count, uploads, lines, atoi(argv[6]));
    } else {
        run_service(tills, count, uploads, lines);
    }
    return 0;
}
