/* Lines, keys and signatures of the simulated tills. */
#include "tills.h"

#include "common/bytes/encoding.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_MAX_BYTES = 5 * 1024 * 1024 };

_Noreturn void
die(const char *what, const char *why)
{
    fprintf(stderr, "intake_load: %s: %s\n", what, why);
    exit(1);
}

double
now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void
till_name(char out[TERMINAL_ID_SIZE], int till)
{
    snprintf(out, TERMINAL_ID_SIZE, "L-%06d", till);
}

static struct signing_key *
till_key(const struct till_set *tills, int till)
{
    char name[64];
    uint8_t secret[SHA256_SIZE];
    struct signing_key *key;
    struct error_detail err;
    int length = snprintf(name, sizeof name, "simulated till %u %d", tills->seed, till);
    sha256(secret, name, (size_t)length);
    if (signing_key_from_secret(&key, secret, &err) != STATUS_OK) {
        die("making a key", err.message);
    }
    return key;
}

void
till_public_key(const struct till_set *tills, int till, uint8_t out[PUBLIC_KEY_SIZE])
{
    struct signing_key *key = till_key(tills, till);
    signing_key_public(key, out);
    signing_key_destroy(key);
}

/* One cash sale of a certificate, as a till writes it: about 640 bytes. */
static void
write_sale(struct buffer *out, int64_t sequence, int till)
{
    char name[TERMINAL_ID_SIZE];
    till_name(name, till);
    buffer_clear(out);
    buffer_printf(
        out,
        "{\"sale\":\"019aa000-0000-7000-8%03x-%08x%04x\",\"receipt_number\":\"%s-20261122-%04lld\","
        "\"received_on\":\"2026-11-22\",\"clerk\":\"sato\",\"lines\":[{\"item\":\"juminhyo\",\"name\":\"住民票の写し\","
        "\"unit_price_yen\":300,\"quantity\":1,\"amount_yen\":300,\"tax\":\"exempt\",\"account\":\"tesuryo-shimin\","
        "\"section\":\"shimin\",\"issuer\":\"general\",\"exemption\":null}],\"total_yen\":300,\"taxes\":[{\"tax\":"
        "\"exempt\",\"issuer\":\"general\",\"subject_yen\":300,\"tax_yen\":0}],\"payment\":{\"method\":\"cash\","
        "\"tendered_yen\":300,\"change_yen\":0}}",
        (unsigned)(till >> 12) & 0xFFFU, (unsigned)till & 0xFFFU, (unsigned)sequence & 0xFFFFU, name,
        (long long)sequence);
}

static void
append_line(struct till_set *tills, int till, struct buffer *out, struct buffer *body)
{
    struct till_tail *tail = &tills->tails[till];
    struct error_detail err;
    struct journal_line line = {.sequence = tail->sequence + 1, .at_ms = 1795300000000 + tail->sequence};
    line.business_date = civil_date_at(line.at_ms);
    memcpy(line.previous, tail->hash, SHA256_SIZE);
    till_name(line.terminal, till);
    snprintf(line.kind, sizeof line.kind, "sale.recorded");
    write_sale(body, line.sequence, till);
    line.body = buffer_text(body);
    line.body_length = body->length;
    size_t start = out->length;
    if (journal_line_write(&line, out, &err) != STATUS_OK) {
        die("writing a line", err.message);
    }
    journal_line_hash(tail->hash, out->data + start, out->length - start);
    tail->sequence = line.sequence;
    buffer_append_byte(out, '\n');
}

static void
sign_run(const struct till_set *tills, int till, int64_t first, char out[BASE64_SIZE(SIGNATURE_SIZE)])
{
    char name[TERMINAL_ID_SIZE];
    uint8_t signature[SIGNATURE_SIZE];
    struct error_detail err;
    struct buffer statement;
    struct signing_key *key = till_key(tills, till);
    const struct till_tail *tail = &tills->tails[till];
    till_name(name, till);
    buffer_init(&statement, 512);
    if (journal_upload_statement(&statement, name, first, tail->sequence, tail->hash, &err) != STATUS_OK ||
        signing_key_sign(key, buffer_text(&statement), statement.length, signature, &err) != STATUS_OK) {
        die("signing", err.message);
    }
    base64_encode(out, signature, sizeof signature);
    buffer_finish(&statement);
    signing_key_destroy(key);
}

/* The whole request into REQUEST; where its body begins. */
static size_t
write_request(struct till_set *tills, int till, const char *host, int lines, bool is_kept, struct buffer *request,
              struct buffer *run, struct buffer *body)
{
    char name[TERMINAL_ID_SIZE];
    char signature[BASE64_SIZE(SIGNATURE_SIZE)];
    int64_t first = tills->tails[till].sequence + 1;
    till_name(name, till);
    buffer_clear(run);
    buffer_clear(request);
    for (int i = 0; i < lines; i++) {
        append_line(tills, till, run, body);
    }
    sign_run(tills, till, first, signature);
    buffer_printf(request,
                  "POST /v1/terminals/%s/journal HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-ndjson\r\n"
                  "Madoguchi-Signature: %s\r\nContent-Length: %zu\r\n%s\r\n",
                  name, host, signature, run->length, is_kept ? "" : "Connection: close\r\n");
    size_t body_offset = request->length;
    buffer_append(request, buffer_text(run), run->length);
    return body_offset;
}

static void
map_file(struct load *load, int file)
{
    void *bytes = mmap(NULL, load->length, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (bytes == MAP_FAILED) {
        die("mapping the prepared uploads", "no memory");
    }
    load->bytes = bytes;
}

void
load_prepare(struct load *out, struct till_set *tills, const char *path, const char *host, int rounds, int lines,
             bool is_kept)
{
    struct buffer request;
    struct buffer run;
    struct buffer body;
    buffer_init(&request, REQUEST_MAX_BYTES);
    buffer_init(&run, REQUEST_MAX_BYTES);
    buffer_init(&body, JOURNAL_LINE_MAX_BYTES);
    FILE *file = fopen(path, "w+b");
    *out = (struct load){.uploads = calloc((size_t)tills->count * (size_t)rounds, sizeof *out->uploads)};
    tills->tails = calloc((size_t)tills->count, sizeof *tills->tails);
    if (file == NULL || out->uploads == NULL || tills->tails == NULL) {
        die("preparing uploads", path);
    }
    for (int round = 0; round < rounds; round++) {
        for (int till = 0; till < tills->count; till++) {
            struct prepared *upload = &out->uploads[out->count++];
            size_t body_offset = write_request(tills, till, host, lines, is_kept, &request, &run, &body);
            *upload = (struct prepared){
                .offset = out->length, .length = request.length, .body_offset = body_offset, .till = till};
            out->length += request.length;
            out->body_bytes += run.length;
            if (fwrite(request.data, 1, request.length, file) != request.length) {
                die("writing the prepared uploads", path);
            }
        }
    }
    if (fflush(file) != 0) {
        die("writing the prepared uploads", path);
    }
    map_file(out, fileno(file));
    fclose(file);
    unlink(path); /* the mapping keeps it */
    buffer_finish(&request);
    buffer_finish(&run);
    buffer_finish(&body);
}
