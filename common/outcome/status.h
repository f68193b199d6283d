/* The expected outcomes of everything that can fail, and the sentence that goes with one.
 *
 * A status is what the caller acts on; an error_detail is what a person reads. The detail is written once, where the
 * failure happened, and passed up unchanged. Errors of the programmer are asserts, not statuses. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_index, first) __attribute__((format(printf, format_index, first)))

/* name, word in logs and JSON, what the caller may conclude */
#define STATUS_LIST(X)                                                                                                 \
    X(STATUS_OK, "ok")                           /* done */                                                            \
    X(STATUS_INVALID, "invalid")                 /* the input breaks a rule; nothing was done */                       \
    X(STATUS_NOT_FOUND, "not_found")             /* no such thing */                                                   \
    X(STATUS_CONFLICT, "conflict")               /* same identity, other content */                                    \
    X(STATUS_REFUSED, "refused")                 /* understood, not allowed in this state */                           \
    X(STATUS_UNAUTHORIZED, "unauthorized")       /* who asks is not known or has no right */                           \
    X(STATUS_OVERFLOW, "overflow")               /* a number or size is outside its range */                           \
    X(STATUS_BUSY, "busy")                       /* later would work */                                                \
    X(STATUS_UNREACHABLE, "unreachable")         /* the peer was not reached: nothing was sent */                      \
    X(STATUS_UNKNOWN_OUTCOME, "unknown_outcome") /* sent, not answered: it may have happened */                        \
    X(STATUS_CORRUPT, "corrupt")                 /* stored data contradict themselves */                               \
    X(STATUS_IO, "io")                           /* disk, socket or device failed */                                   \
    X(STATUS_NO_MEMORY, "no_memory")                                                                                   \
    X(STATUS_CANCELLED, "cancelled")     /* somebody asked for the end of it before it was done */                     \
    X(STATUS_DEVICE_GONE, "device_gone") /* unplugged or switched off */                                               \
    X(STATUS_PAPER_OUT, "paper_out")                                                                                   \
    X(STATUS_COVER_OPEN, "cover_open")

enum status {
#define STATUS_AS_ENUM(name, word) name,
    STATUS_LIST(STATUS_AS_ENUM)
#undef STATUS_AS_ENUM
};

/* The word for STATUS in logs and JSON, a static string, never NULL. */
const char *status_word(enum status status);

enum { ERROR_CODE_SIZE = 48, ERROR_MESSAGE_SIZE = 480 };

/* INVARIANT: both texts are NUL-terminated UTF-8 cut at a character. `code` is a stable lower_snake word that a program
 * may test; `message` is for a person: Japanese where a clerk or finance sees it, English where an operator does.
 * `line` and `column` count from 1; 0 means that the failure has no place in a file. */
struct error_detail {
    char code[ERROR_CODE_SIZE];
    char message[ERROR_MESSAGE_SIZE];
    unsigned line;
    unsigned column;
};

/* Fill ERR (may be NULL) with CODE and the formatted message, and clear its place. Too long a message is cut; bytes
 * that are not UTF-8 (a file name, a request's path) become '?'. The arguments may point into ERR. */
void error_set(struct error_detail *err, const char *code, const char *format, ...) PRINTF_LIKE(3, 4);

/* The same, with a place in a file: LINE and COLUMN from 1, or 0 where unknown. */
void error_set_at(struct error_detail *err, unsigned line, unsigned column, const char *code, const char *format, ...)
    PRINTF_LIKE(5, 6);

/* Put the formatted words before ERR's message ("reading masters.json: …"); the code and place stay. */
void error_prefix(struct error_detail *err, const char *format, ...) PRINTF_LIKE(2, 3);
