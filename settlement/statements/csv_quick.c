/* Many plain lines at once: the path that nearly every line of a statement takes. A record is taken only when every
 * field of it is understood by decoder_read_quickly; otherwise nothing of it has happened, and csv_reader.c reads it.
 */
#include "settlement/statements/reader_state.h"

#define CSV_INLINE static inline __attribute__((always_inline))

/* Whether RECORD is what the layout calls the trailer. */
CSV_INLINE bool
is_trailer(const struct reader *reader, const struct csv_record *record, enum csv_style style)
{
    if (reader->layout->record_count < 2) {
        return false;
    }
    const struct record_selector *selector = &reader->layout->records[1].selectors[0];
    if (selector->place.column >= record->field_count) {
        return false;
    }
    /* Several words: csv_reader_next has to look at every record. */
    return selector->text_count > 1 ||
           text_view_equals(csv_record_field_in(record, style, reader->layout->csv.quote, selector->place.column),
                            selector->texts[0]);
}

/* Decode the fields of RECORD, whose file is of STYLE, into LINE. False: one is not plain. */
CSV_INLINE bool
decode_plain(const struct reader *reader, const struct csv_record *record, enum csv_style style,
             struct statement_line *line)
{
    const unsigned char quote = reader->layout->csv.quote;
    const struct csv_step *steps = reader->csv.columns[0].steps;
    const struct csv_step *end = steps + reader->csv.columns[0].step_count;
    for (const struct csv_step *step = steps; step < end; step++) {
        struct text_view text = csv_record_field_in(record, style, quote, step->column);
        if (!decoder_read_quickly(&reader->decoder, &step->decode, text, (union line_pointer){.statement = line})) {
            return false;
        }
    }
    return true;
}

/* The lines of one style; the style is a constant where this is inlined. */
CSV_INLINE size_t
take_lines(struct reader *reader, enum csv_style style, struct statement_line *lines, size_t capacity)
{
    struct csv_scanner *scanner = &reader->csv.scanner;
    size_t count = 0;
    while (count < capacity) {
        struct csv_record record;
        uint32_t last;
        struct statement_line *line = &lines[count];
        if (!csv_scanner_peek(scanner, &record, &last) || record.field_count != reader->csv.width ||
            is_trailer(reader, &record, style)) {
            break;
        }
        *line = reader->prototype.statement;
        line->line = record.line;
        if (!decode_plain(reader, &record, style, line)) {
            break;
        }
        decoder_finish_line(&reader->decoder, &reader->layout->records[0], (union line_pointer){.statement = line});
        if (tally_add(&reader->tally, line->kind, line->amount_yen) != STATUS_OK) {
            tally_take_back(&reader->tally, line->kind,
                            line->amount_yen); /* csv_reader_next says it again, with words */
            break;
        }
        csv_scanner_step(scanner, last);
        reader->tally.records++;
        count++;
    }
    return count;
}

size_t
csv_reader_take_plain(struct reader *reader, struct statement_line *lines, size_t capacity)
{
    if (!reader->csv.are_plain || reader->csv.has_trailer || reader->csv.below > 0) {
        return 0;
    }
    switch (csv_scanner_style(&reader->csv.scanner)) {
    case CSV_STYLE_BARE:
        return take_lines(reader, CSV_STYLE_BARE, lines, capacity);
    case CSV_STYLE_QUOTED:
        return take_lines(reader, CSV_STYLE_QUOTED, lines, capacity);
    case CSV_STYLE_MIXED:
        return take_lines(reader, CSV_STYLE_MIXED, lines, capacity);
    }
    return 0;
}
