/* Bounded by READER_FAULTS_MAX. */
#include "settlement/imports/faults.h"

enum { FAULTS_ARENA_BYTES = 8 * 1024 * 1024 /* a thousand lines and sentences */ };

void
faults_init(struct faults *faults, enum text_encoding encoding)
{
    *faults = (struct faults){.encoding = encoding};
    arena_init(&faults->arena, FAULTS_ARENA_BYTES);
    growing_init(&faults->list, sizeof(struct fault), READER_FAULTS_MAX + 1, 0);
}

void
faults_finish(struct faults *faults)
{
    growing_finish(&faults->list);
    arena_finish(&faults->arena);
}

const char *
fault_text(struct arena *arena, enum text_encoding encoding, struct text_view text)
{
    text.length = text.length < FAULT_RAW_MAX_BYTES ? text.length : FAULT_RAW_MAX_BYTES;
    const char *bad = text_encoding_find_fault(encoding, text);
    if (bad != NULL) { /* most likely cut inside its last character */
        text.length = (size_t)(bad - text.at);
    }
    struct text_view shown;
    if (text_encoding_to_utf8(encoding, arena, text, &shown, NULL) != STATUS_OK) {
        return "";
    }
    const char *copy = arena_copy(arena, shown.at, shown.length);
    return copy != NULL ? copy : "";
}

void
faults_add(const struct error_detail *fault, struct text_view raw, void *context)
{
    struct faults *faults = context;
    struct fault *added = growing_add(&faults->list);
    if (added == NULL) {
        faults->has_failed = true;
        return;
    }
    const char *sentence = arena_copy(&faults->arena, fault->message, strlen(fault->message));
    faults->has_failed = faults->has_failed || sentence == NULL;
    *added = (struct fault){
        .line = fault->line,
        .column = fault->column,
        .sentence = sentence != NULL ? sentence : "",
        .raw = fault_text(&faults->arena, faults->encoding, raw),
    };
}
