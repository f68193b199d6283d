/* Taking in a file: read by its layout, kept as it came, all or nothing.
 *
 *   judged (whole, nothing written) ──▶ one transaction: bytes, lines, sums, what people must know ──▶ committed
 *                                    └─▶ many lines are staged first, piece by piece (staging.h) ──▶ ┘
 *
 * Sums and trailers may refuse a file at its very end, so it is judged before the store is touched. Cut off anywhere
 * before the commit (cancelled, killed, power lost) nothing of it counts, and the same file again goes on behind the
 * last piece that was staged; cut off behind it, the same file again is a repeat. */
#pragma once

#include "settlement/access/actor.h"
#include "settlement/imports/difference.h"
#include "settlement/imports/faults.h"
#include "settlement/imports/layouts.h"
#include "settlement/store/store.h"
#include "settlement/work/work.h"

#include <stdint.h>

enum {
    /* Two and a half million lines of 200: more than any company's month. How long the last transaction takes grows
     * with it; the memory needed does not. */
    IMPORT_MAX_BYTES = 512 * 1024 * 1024,
    IMPORT_UPLOAD_MAX_BYTES = 64 * 1024 * 1024, /* from a browser: 300,000 lines; more comes by the command line */
    IMPORT_FILE_NAME_MAX_BYTES = 255,
    IMPORT_LAYOUT_NAME_SIZE = 65,
    IMPORT_DATES_AHEAD_DAYS = 400 /* a deposit is announced at most a year ahead; tells 令和 from an older era */
};

/* A file as it came. All borrowed. */
struct import_request {
    const struct layout_entry *layout;
    const char *file_name; /* for people; folders before it are dropped */
    const void *bytes;
    size_t length;
    bool is_mapped;                /* BYTES are the pages of a file, which are given back once they are read */
    struct work *work;             /* NULL, or who watches it and may cancel */
    int64_t layout_version;        /* of a city's own layout; 0: the program's */
    struct faults *faults;         /* NULL, or where to put the lines that cannot be read (initialised) */
    bool is_dry_run;               /* read and judge, store nothing */
    int64_t supersedes;            /* 0, or the import whose place it takes (replacement.h) */
    const char *reason;            /* for that; NULL: none given */
    struct difference *difference; /* NULL, or where to put what it changes (initialised) */
};

/* What became of it. */
struct import_result {
    int64_t id; /* 0 for a dry run */
    bool is_repeat;
    int64_t line_count;
    int64_t fault_count;   /* lines that could not be read: left out, kept beside the import */
    int64_t resumed_lines; /* of a large file, that stood there from an earlier attempt */
    int64_t amount_yen;
    int64_t fee_yen;
    int64_t replacement; /* that was proposed; 0: none */
    bool is_replaced;    /* it says the same, and has taken the earlier one's place already */
    char first_on[11];
    char last_on[11];
    char sha256[65];
};

/* Take REQUEST in. The same bytes again change nothing: STATUS_OK with `is_repeat` and the first one's id
 * (同一ファイル再取込). STATUS_CANCELLED: nothing of it counts. Lines that cannot be read do not stop the others, but
 * a file without a readable one is STATUS_INVALID "no_readable_line". STATUS_CONFLICT "same_file_other_layout".
 * STATUS_INVALID and STATUS_OVERFLOW come from the reader, with line and column: nothing is stored then but the fact,
 * as a discrepancy 明細ファイル不完全, when the file contradicts its own trailer.
 *
 * With `supersedes` the file is kept, none of its lines counts, and it is proposed in the place of that import: what
 * follows is in replacement.h, and so are the reasons for a refusal. Bytes that are stored already are proposed
 * likewise, which takes a replacement back. */
enum status import_file(struct store *store, const struct actor *actor, const struct import_request *request,
                        int64_t now_ms, struct import_result *out, struct error_detail *err) MUST_CHECK;
