/* The load of the intake benchmark: simulated tills by number (tills.h), and the same lines into a bare table.
 *
 *   intake_load enrol DATABASE MUNICIPALITY PLACE SEED TILLS       rows of enrolled tills, straight into a stopped
 * service's database intake_load serve PORT SEED TILLS ROUNDS LINES CONNECTIONS kept|fresh FILE intake_load bare
 * DATABASE SEED TILLS ROUNDS LINES GROUP FILE   GROUP rows a commit
 *
 * Prints one JSON object. Everything is prepared (in FILE) before the clock starts: keys, lines, signatures. */
#include "common/signing/signing.h"
#include "common/sqlite/database.h"
#include "senders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TILLS_MAX = 1000000, ROUNDS_MAX = 100000, LINES_MAX = 500 };

static int
number(const char *text, int maximum)
{
    char *end;
    long value = strtol(text, &end, 10);
    if (*end != '\0' || value < 1 || value > maximum) {
        die("wrong number", text);
    }
    return (int)value;
}

static void
must(enum status status, const char *what, const struct error_detail *err)
{
    if (status != STATUS_OK) {
        die(what, err->message);
    }
}

/* What the enrolment of a till leaves behind, without a code for each. */
static void
enrol(const char *path, const char *municipality, const char *place, const struct till_set *tills)
{
    struct database *db;
    struct statement *insert;
    struct error_detail err;
    static const uint8_t zeros[SHA256_SIZE];
    must(database_open(&db, path, DATABASE_READ_WRITE, NULL, &err), "opening", &err);
    must(database_begin(db, &err), "begin", &err);
    for (int till = 0; till < tills->count; till++) {
        char name[TERMINAL_ID_SIZE];
        uint8_t key[PUBLIC_KEY_SIZE];
        till_name(name, till);
        till_public_key(tills, till, key);
        must(database_statement(
                 db,
                 "INSERT INTO terminal (terminal, municipality, place, public_key, software, state,"
                 " state_reason, state_since_ms, enrolled_at_ms, head_sequence, head_hash, last_upload_ms)"
                 " VALUES (?1, ?2, ?3, ?4, 'intake_load', 'active', '', 1, 1, 0, ?5, NULL)",
                 &insert, &err),
             "insert", &err);
        statement_bind_text(insert, 1, name);
        statement_bind_text(insert, 2, municipality);
        statement_bind_text(insert, 3, place);
        statement_bind_blob(insert, 4, key, sizeof key);
        statement_bind_blob(insert, 5, zeros, sizeof zeros);
        must(statement_run(insert, &err), "insert", &err);
    }
    must(database_commit(db, &err), "commit", &err);
    database_close(db);
    printf("{\"enrolled\":%d}\n", tills->count);
}

static void
serve(int port, struct till_set *tills, int rounds, int lines, int connections, bool is_kept, const char *file)
{
    struct load load;
    struct send_result result;
    char host[64];
    snprintf(host, sizeof host, "127.0.0.1:%d", port);
    load_prepare(&load, tills, file, host, rounds, lines, is_kept);
    send_load(&load, port, connections, tills->count, is_kept, &result);
    printf(
        "{\"lines\":%zu,\"uploads\":%zu,\"bytes\":%zu,\"acknowledged\":%ld,\"asked_to_wait\":%ld,\"reconnected\":%ld,"
        "\"refused\":%ld,\"seconds\":%.6f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"worst_ms\":%.3f}\n",
        load.count * (size_t)lines, load.count, load.body_bytes, result.acknowledged, result.asked_to_wait,
        result.reconnected, result.refused, result.seconds, result.p50_ms, result.p99_ms, result.worst_ms);
}

static void
insert_line(struct database *db, int till, int64_t sequence, const char *line, size_t length)
{
    struct error_detail err;
    struct statement *insert;
    uint8_t hash[SHA256_SIZE];
    char name[TERMINAL_ID_SIZE];
    till_name(name, till);
    journal_line_hash(hash, line, length);
    must(database_statement(db, "INSERT INTO line (terminal, sequence, line, hash) VALUES (?1, ?2, ?3, ?4)", &insert,
                            &err),
         "insert", &err);
    statement_bind_text(insert, 1, name);
    statement_bind_int(insert, 2, sequence);
    statement_bind_blob(insert, 3, line, length);
    statement_bind_blob(insert, 4, hash, sizeof hash);
    must(statement_run(insert, &err), "insert", &err);
}

/* All uploads in the order in which the service gets them. */
static void
insert_load(struct database *db, const struct load *load, const struct till_set *tills, int lines, int group)
{
    struct error_detail err;
    int in_group = 0;
    for (size_t u = 0; u < load->count; u++) {
        const struct prepared *upload = &load->uploads[u];
        const char *at = load->bytes + upload->offset + upload->body_offset;
        int64_t sequence = (int64_t)(u / (size_t)tills->count) * lines;
        for (int l = 0; l < lines; l++) {
            const char *end = memchr(at, '\n', upload->length);
            if (in_group == 0) {
                must(database_begin(db, &err), "begin", &err);
            }
            insert_line(db, upload->till, ++sequence, at, (size_t)(end - at));
            if (++in_group == group) {
                in_group = 0;
                must(database_commit(db, &err), "commit", &err);
            }
            at = end + 1;
        }
    }
    if (in_group > 0) {
        must(database_commit(db, &err), "commit", &err);
    }
}

static void
bare(const char *path, struct till_set *tills, int rounds, int lines, int group, const char *file)
{
    struct load load;
    struct database *db;
    struct error_detail err;
    load_prepare(&load, tills, file, "-", rounds, lines, true);
    must(database_open(&db, path, DATABASE_READ_WRITE, NULL, &err), "opening", &err);
    must(database_execute(db,
                          "CREATE TABLE line (terminal TEXT NOT NULL, sequence INTEGER NOT NULL, line BLOB NOT NULL,"
                          " hash BLOB NOT NULL); CREATE UNIQUE INDEX line_key ON line (terminal, sequence)",
                          &err),
         "opening", &err);
    double start = now_seconds();
    insert_load(db, &load, tills, lines, group);
    double seconds = now_seconds() - start;
    database_close(db);
    printf("{\"lines\":%zu,\"bytes\":%zu,\"seconds\":%.6f}\n", load.count * (size_t)lines, load.body_bytes, seconds);
}

static double
processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What one signature check of the service costs, alone on a processor. */
static void
check(void)
{
    enum { CHECKS = 2000 };
    static const char text[120] = "as long as the statement of an upload";
    struct signing_key *key;
    struct error_detail err;
    uint8_t public_key[PUBLIC_KEY_SIZE];
    uint8_t signature[SIGNATURE_SIZE];
    must(signing_key_generate(&key, &err), "a key", &err);
    signing_key_public(key, public_key);
    must(signing_key_sign(key, text, sizeof text, signature, &err), "signing", &err);
    signing_key_destroy(key);
    double start = processor_seconds();
    for (int i = 0; i < CHECKS; i++) {
        if (!signature_is_valid(public_key, text, sizeof text, signature)) {
            die("check", "a signature that was just made is wrong");
        }
    }
    printf("{\"us\":%.1f}\n", (processor_seconds() - start) / CHECKS * 1e6);
}

int
main(int argc, char **argv)
{
    struct till_set tills = {0};
    if (argc == 2 && strcmp(argv[1], "check") == 0) {
        check();
    } else if (argc == 7 && strcmp(argv[1], "enrol") == 0) {
        tills = (struct till_set){.seed = (unsigned)number(argv[5], 1000000), .count = number(argv[6], TILLS_MAX)};
        enrol(argv[2], argv[3], argv[4], &tills);
    } else if (argc == 10 && strcmp(argv[1], "serve") == 0) {
        tills = (struct till_set){.seed = (unsigned)number(argv[3], 1000000), .count = number(argv[4], TILLS_MAX)};
        serve(number(argv[2], 65535), &tills, number(argv[5], ROUNDS_MAX), number(argv[6], LINES_MAX),
              number(argv[7], 4000), strcmp(argv[8], "kept") == 0, argv[9]);
    } else if (argc == 9 && strcmp(argv[1], "bare") == 0) {
        tills = (struct till_set){.seed = (unsigned)number(argv[3], 1000000), .count = number(argv[4], TILLS_MAX)};
        bare(argv[2], &tills, number(argv[5], ROUNDS_MAX), number(argv[6], LINES_MAX), number(argv[7], 1000000),
             argv[8]);
    } else {
        fputs("usage: intake_load enrol DATABASE MUNICIPALITY PLACE SEED TILLS\n"
              "       intake_load serve PORT SEED TILLS ROUNDS LINES CONNECTIONS kept|fresh FILE\n"
              "       intake_load bare DATABASE SEED TILLS ROUNDS LINES GROUP FILE\n"
              "       intake_load check\n",
              stderr);
        return 2;
    }
    return 0;
}
