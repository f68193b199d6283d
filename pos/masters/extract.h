/* The extract: what one place needs of a masters document, cut out once, when the document is applied.
 *
 * It is a head (one JSON object: the few rows of brands, clerks, policies …, and the directory of the pages) and pages
 * of items and tariffs (shelf.h). The same document gives the same extract, byte for byte. */
#pragma once

#include "pos/masters/masters.h"

enum {
    EXTRACT_FORMAT = 2,                 /* of head and pages; another one is cut anew from the document */
    EXTRACT_HEAD_MAX = 4 * 1024 * 1024, /* the templates of a city are the largest part */
    EXTRACT_ITEMS_MAX = 20000,          /* beyond any city's catalogue */
    EXTRACT_ROWS_MAX = 2000             /* of any other kind */
};

/* Where parts go: 1 … in order, then part 0, the head. */
struct extract_sink {
    enum status (*put)(void *context, size_t part, const void *bytes, size_t length, struct error_detail *err);
    void *context;
};

/* What the journal says of an extract. */
struct extract_identity {
    int64_t version;
    char document_sha256[SHA256_TEXT_SIZE];
    char head_sha256[SHA256_TEXT_SIZE];
};

/* Cut DOCUMENT for PLACE into SINK. STATUS_INVALID names the member, STATUS_NOT_FOUND when the document does not know
 * the place, STATUS_OVERFLOW beyond a limit, or what the sink says. Every item is read once, so that one which cannot
 * be sold is found here and not by a citizen. */
enum status extract_write(const char *document, size_t length, const char *place, const struct extract_sink *sink,
                          struct extract_identity *out, struct error_detail *err) MUST_CHECK;

/* The version that a document says it is, without reading further. */
enum status
extract_peek_version(const char *document, size_t length, int64_t *out, struct error_detail *err) MUST_CHECK;
