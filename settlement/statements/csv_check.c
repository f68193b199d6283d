/* The slow and exact reading of one CSV record: what the bit masks doubted is accepted here or named with its place. */
#include "settlement/statements/csv_scanner.h"

void
csv_record_place(const struct csv_record *record, const char *at, unsigned *out_line, unsigned *out_column)
{
    unsigned line = record->line;
    const char *line_start = record->start;
    for (const char *byte = record->start; byte < at; byte++) {
        bool is_end = *byte == '\n' || (*byte == '\r' && (byte + 1 == at || byte[1] != '\n'));
        if (is_end) {
            line++;
            line_start = byte + 1;
        }
    }
    *out_line = line;
    *out_column = (unsigned)(at - line_start) + 1;
}

static enum status
refuse(const struct csv_record *record, const char *at, const char *code, const char *sentence,
       struct error_detail *err)
{
    unsigned line, column;
    csv_record_place(record, at, &line, &column);
    error_set_at(err, line, column, code, "%s", sentence);
    return STATUS_INVALID;
}

static enum status
refuse_control(const struct csv_record *record, const char *at, struct error_detail *err)
{
    unsigned line, column;
    csv_record_place(record, at, &line, &column);
    error_set_at(err, line, column, "statement_control",
                 "制御文字 0x%02X があります。壊れたファイルか、CSV ではないファイルです。受け取り直してください。",
                 (unsigned)(unsigned char)*at);
    return STATUS_INVALID;
}

/* A reading position that knows the record's end. */
struct walk {
    struct csv_record *record;
    const struct csv_format *format;
    const char *at;
    const char *end;
    uint32_t line_ends;
};

static bool
is_bad_control(char byte)
{
    return (unsigned char)byte < 0x20 && byte != '\t' && byte != '\r' && byte != '\n';
}

/* From after the opening quote to after the closing one. */
static enum status
walk_quoted(struct walk *walk, struct error_detail *err)
{
    static const char unclosed[] = "この引用符が閉じていません。項目の終わりの引用符を補うか、受け取り直してください。";
    const char *opening = walk->at - 1;
    uint32_t line_ends_before = walk->line_ends;
    for (;;) {
        if (walk->at == walk->end) {
            return refuse(walk->record, opening, "statement_quote", unclosed, err);
        }
        char byte = *walk->at++;
        if (is_bad_control(byte)) {
            return refuse_control(walk->record, walk->at - 1, err);
        }
        bool is_lone_cr = byte == '\r' && (walk->at == walk->end || *walk->at != '\n');
        walk->line_ends += byte == '\n' || is_lone_cr ? 1 : 0;
        if ((unsigned char)byte != walk->format->quote) {
            continue;
        }
        if (walk->at < walk->end && (unsigned char)*walk->at == walk->format->quote) {
            walk->record->has_doubled_quotes = true;
            walk->at++;
            continue;
        }
        break;
    }
    if (walk->at < walk->end && (unsigned char)*walk->at != walk->format->separator) {
        /* After a line end within the field, its quote was most likely never closed and this one opens the next. */
        bool is_unclosed = walk->line_ends > line_ends_before;
        return refuse(walk->record, is_unclosed ? opening : walk->at, "statement_quote",
                      is_unclosed ? unclosed
                                  : "引用符で閉じた項目の後に文字があります。項目の中の引用符は二つ重ねてください。",
                      err);
    }
    return STATUS_OK;
}

static enum status
walk_unquoted(struct walk *walk, struct error_detail *err)
{
    while (walk->at < walk->end && (unsigned char)*walk->at != walk->format->separator) {
        if ((unsigned char)*walk->at == walk->format->quote) {
            return refuse(walk->record, walk->at, "statement_quote",
                          "引用符が項目の途中にあります。項目全体を引用符で囲み、中の引用符は二つ重ねてください。",
                          err);
        }
        if (is_bad_control(*walk->at)) {
            return refuse_control(walk->record, walk->at, err);
        }
        walk->at++;
    }
    return STATUS_OK;
}

enum status
csv_record_check(struct csv_record *record, const struct csv_format *format, uint32_t *out_line_ends,
                 struct error_detail *err)
{
    struct walk walk = {.record = record, .format = format, .at = record->start, .end = record->start + record->length};
    for (;;) {
        enum status status;
        if (walk.at < walk.end && (unsigned char)*walk.at == format->quote) {
            walk.at++;
            status = walk_quoted(&walk, err);
        } else {
            status = walk_unquoted(&walk, err);
        }
        if (status != STATUS_OK) {
            return status;
        }
        if (walk.at == walk.end) {
            break;
        }
        walk.at++; /* the separator */
    }
    *out_line_ends = walk.line_ends;
    return STATUS_OK;
}
