/* The door to code scanners: applies the repeat window and refuses what no payment code can be.
 *
 * The window slides: a scanner left staring at a phone reads it again and again, and that is one scan until the code
 * has been out of sight for SCANNER_REPEAT_WINDOW_MS. Only a digest of the last code is kept. */
#include "drivers/scanner/scanner_driver.h"

#include "common/clock/clock.h"
#include "common/signing/signing.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(((struct scanner *)0)->last_digest) == SHA256_SIZE, "the digest is a SHA-256");

enum {
    SCANNER_TIMEOUT_MAX_MS = 10 * 60 * 1000 /* a till that waits all day asks again */
};

static bool
code_is_printable(const struct scanned_code *code)
{
    if (code->length == 0 || code->length >= SCANNER_CODE_SIZE || code->text[code->length] != '\0') {
        return false;
    }
    for (size_t i = 0; i < code->length; i++) {
        if (code->text[i] < ' ' || code->text[i] > '~') {
            return false;
        }
    }
    return true;
}

/* Whether CODE is the one seen within the window; remembers it either way. */
static bool
code_is_repeated(struct scanner *scanner, const struct scanned_code *code, int64_t now_ms)
{
    uint8_t digest[SHA256_SIZE];
    sha256(digest, code->text, code->length);
    bool is_repeated = scanner->has_last && now_ms - scanner->last_at_ms < SCANNER_REPEAT_WINDOW_MS &&
                       memcmp(digest, scanner->last_digest, sizeof digest) == 0;

    memcpy(scanner->last_digest, digest, sizeof digest);
    scanner->last_at_ms = now_ms;
    scanner->has_last = true;
    return is_repeated;
}

const char *
scanner_name(const struct scanner *scanner)
{
    assert(scanner != NULL);
    return scanner->driver->name;
}

enum status
scanner_wait(struct scanner *scanner, unsigned timeout_ms, struct scanned_code *out, struct error_detail *err)
{
    assert(scanner != NULL);
    assert(out != NULL);

    const struct clock_source clock = clock_system();
    const int64_t wait_ms = timeout_ms < SCANNER_TIMEOUT_MAX_MS ? timeout_ms : SCANNER_TIMEOUT_MAX_MS;
    const int64_t deadline_ms = clock_monotonic_ms(&clock) + wait_ms;
    struct scanned_code code;
    enum status status;
    bool is_repeated;

    do {
        const int64_t left_ms = deadline_ms - clock_monotonic_ms(&clock);
        memset(&code, 0, sizeof code);
        is_repeated = false;
        status = scanner->driver->wait(scanner, left_ms > 0 ? (unsigned)left_ms : 0, &code, err);
        if (status == STATUS_OK && !code_is_printable(&code)) {
            error_set(err, "scan_unreadable", "読み取ったコードに使えない文字が含まれています。");
            status = STATUS_INVALID;
        } else if (status == STATUS_OK) {
            is_repeated = code_is_repeated(scanner, &code, clock_monotonic_ms(&clock));
        }
    } while (is_repeated && clock_monotonic_ms(&clock) < deadline_ms);

    if (is_repeated) {
        error_set(err, "scan_none", "コードが読み取られませんでした。");
        status = STATUS_NOT_FOUND;
    } else if (status == STATUS_OK) {
        *out = code;
    }
    secret_wipe(&code, sizeof code);
    return status;
}

void
scanner_interrupt(struct scanner *scanner)
{
    assert(scanner != NULL);
    scanner->driver->interrupt(scanner);
}

void
scanner_close(struct scanner *scanner)
{
    if (scanner != NULL) {
        scanner->driver->close(scanner);
    }
}
