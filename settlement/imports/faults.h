/* The lines of one file that could not be read, kept while it is taken in. */
#pragma once

#include "settlement/arena/arena.h"
#include "settlement/arena/growing.h"
#include "settlement/statements/reader.h"

enum {
    FAULT_RAW_MAX_BYTES = 600 /* of the line, to recognise it */
};

/* Texts live in the set. `raw` is UTF-8, "" when the bytes are no text of the encoding. */
struct fault {
    uint32_t line;
    uint32_t column;
    const char *sentence;
    const char *raw;
};

struct faults {
    enum text_encoding encoding;
    struct arena arena;
    struct growing list; /* struct fault */
    bool has_failed;     /* memory did not suffice for all */
};

void faults_init(struct faults *faults, enum text_encoding encoding);
void faults_finish(struct faults *faults);

/* A reader_fault_sink; CONTEXT is a struct faults. */
void faults_add(const struct error_detail *fault, struct text_view raw, void *context);

/* CSV, fixed and XML alike: what TEXT (bytes in ENCODING, perhaps cut inside a character) shows, in ARENA; "" when it
 * cannot be shown. */
const char *fault_text(struct arena *arena, enum text_encoding encoding, struct text_view text);
