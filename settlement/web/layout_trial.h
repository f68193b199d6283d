/* Trying a layout out on a file: for /api/layouts/try, which stores nothing, and for /api/layouts, which keeps what was
 * read for the second person. For this folder only. */
#pragma once

#include "common/http/server.h"
#include "common/json/writer.h"
#include "settlement/statements/layout.h"

/* A body that is a descriptor, `descriptor_bytes` long, and a file behind it. All but `layout` is borrowed from the
 * request. */
struct layout_trial_request {
    struct layout *layout; /* given: layout_destroy */
    const char *descriptor;
    size_t descriptor_length;
    const char *bytes;
    size_t length;
};

/* STATUS_INVALID names what is missing, or the key of the descriptor that is wrong; nothing is given then. */
enum status layout_trial_asked(struct layout_trial_request *out, const struct http_request *request,
                               struct error_detail *err) MUST_CHECK;

/* What came of it; `err` says why the file as a whole would be refused, unless `status` is STATUS_OK. */
struct layout_trial {
    enum status status;
    struct error_detail err;
    int64_t line_count;
};

/* Read BYTES by LAYOUT, and write the members of a trial (finance-http.md) into the object that WRITER is in. */
void layout_trial_write(struct json_writer *writer, const struct layout *layout, const char *bytes, size_t length,
                        int64_t now_ms, struct layout_trial *out);
