/* One line per event on stderr, with the priority prefix that journald reads ("<6>…", sd-daemon(3)).
 *
 * Only main, web and the long-running threads log; everything below returns its errors. Never card data, payment codes
 * or secrets: types for secrets have no print function. Lines are scrubbed of card numbers anyway, as a last fence.
 * Control characters become spaces, bytes that are not UTF-8 '?'; a line is cut at 2 KiB. Safe from any thread; a line
 * is written whole. */
#pragma once

#include "common/outcome/status.h"

#include <stdint.h>

enum log_level {
    LOG_LEVEL_ERROR = 3, /* someone must act */
    LOG_LEVEL_WARNING = 4,
    LOG_LEVEL_NOTICE = 5, /* rare and normal: start, stop, enrolment */
    LOG_LEVEL_INFO = 6,
    LOG_LEVEL_DEBUG = 7
};

/* How lines are written: as text for people and journald, or each as one JSON object (`time`, `level`, `subject`,
 * `message`, and the members of log_event) for programs. */
enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };
void log_set_format(enum log_format format); /* default: LOG_FORMAT_TEXT; before other threads log */

/* A member of an event: TEXT, or NUMBER where TEXT is NULL. NAME is a constant of the program, snake_case. */
struct log_member {
    const char *name;
    const char *text;
    int64_t number;
};

/* An event with members: in JSON beside the others, in text as " name=value" behind MESSAGE. */
void log_event(enum log_level level, const char *subject, const char *message, const struct log_member *members,
               size_t count);

/* Lines above LEVEL are dropped. Default: LOG_LEVEL_INFO. */
void log_set_level(enum log_level level);

/* SUBJECT names the object ("till KO-01", "payment 0192…", "import 12"): what, then what happened, then the outcome. */
void log_line(enum log_level level, const char *subject, const char *format, ...) PRINTF_LIKE(3, 4);

/* A failure: "SUBJECT: what failed: message [status, code]". */
void log_failure(enum log_level level, const char *subject, const char *what, enum status status,
                 const struct error_detail *err);

/* A card number here is 13–19 digits with a right check digit (Luhn) that begin with 3–6 or 2221–2720, in one piece or
 * in the groups of a card (4-4-4-4, 4-6-5, 4-6-4, 6-10 …) with a space or hyphen between. UUIDs, receipt numbers,
 * hashes and runs of 20 and more digits are not taken for one. A reference that is written exactly as a card number is.
 */

/* Replace every card number in TEXT by 'x's, keeping the last four digits. Returns how many there were. Also used at
 * the payment terminal's border. */
size_t card_numbers_scrub(char *text);
bool card_number_is_present(const char *text, size_t length);

/* For a short text of a stranger's that would be kept, and may as well be left out: whether its digits, also full-width
 * ones (UTF-8), are a card number whatever stands between them but letters: "4111.1111.1111.1111", "41111111 11111111",
 * 「４１１１…」. It takes more than card_number_is_present() for one, so it is none to refuse an answer by. A UUID shows
 * none. */
bool card_digits_are_present(const char *text);
