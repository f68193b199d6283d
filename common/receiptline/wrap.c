/* Rows that do not fit side by side: each cell's text in one piece, broken as Japanese is broken, the cells' rows
 * beside each other. A paragraph that begins with spaces or a point ・ keeps that much free before its later rows. */
#include "common/receiptline/painter.h"

#include "common/text/utf8.h"

#include <string.h>

#define POINT "・"

/* A cell's text being given out row by row. Paragraphs end with NULs. */
struct stream {
    const char *text;
    size_t length, at;
    size_t first_span, span_count;
    enum receiptline_align align;
    unsigned width;
    bool is_cutting, is_done, begins_paragraph;
    size_t paragraph_end, limit, prefix; /* bytes up to its NUL; columns for a row; bytes of spaces and point */
    size_t prefix_columns;
};

/* A row of a stream: two stretches of its text, of which the first (the prefix) may be blank paper instead. */
struct stretch {
    size_t blank_columns;
    size_t from, to;
    size_t columns; /* all of it */
};

static const struct typeset_span *
spans_of(const struct painter *painter, const struct stream *stream)
{
    return painter->spans + stream->first_span;
}

/* The cell's pieces as one text with spans. What is so large that not even one character fits its cell is made smaller.
 */
static struct stream
join(struct painter *painter, const struct content *content, unsigned width, bool is_cutting)
{
    struct stream stream = {.first_span = painter->span_count,
                            .align = content->align,
                            .width = width,
                            .is_cutting = is_cutting || width < 2,
                            .begins_paragraph = true};
    const size_t start = painter->joined.length;
    for (size_t i = 0; i < content->piece_count; i++) {
        const struct piece *piece = &painter->pieces[content->first_piece + i];
        if (piece->is_break) {
            buffer_append_byte(&painter->joined, '\0');
        } else {
            buffer_append(&painter->joined, piece->text, piece->length);
        }
        struct receiptline_style style = piece->style;
        while (style.width > 1 && style.width * 2u > width) {
            style.width--;
        }
        painter->styles[painter->span_count] = style;
        painter->spans[painter->span_count++] = (struct typeset_span){painter->joined.length - start, style.width};
    }
    stream.length = painter->joined.length - start;
    stream.span_count = painter->span_count - stream.first_span;
    buffer_append_byte(&painter->joined, '\0');
    stream.text = NULL; /* set when all are joined: the buffer may move */
    stream.at = start;
    return stream;
}

static void
settle(struct painter *painter, struct stream *stream)
{
    stream->text = buffer_text(&painter->joined) + stream->at;
    stream->at = 0;
    stream->is_done = stream->length == 0;
}

/* Columns of bytes FROM … TO, enlarged as they are. */
static size_t
measure(const struct painter *painter, const struct stream *stream, size_t from, size_t to)
{
    const struct typeset_span *spans = spans_of(painter, stream);
    size_t columns = 0, span = 0;
    const char *cursor = stream->text + from;
    const char *end = stream->text + to;
    while (cursor < end) {
        while (span + 1 < stream->span_count && spans[span].end <= (size_t)(cursor - stream->text)) {
            span++;
        }
        columns += (size_t)utf8_columns(utf8_next(&cursor, end)) * spans[span].factor;
    }
    return columns;
}

/* The one factor of all text from FROM to TO; 0 when they differ. */
static unsigned
common_factor(const struct painter *painter, const struct stream *stream, size_t from, size_t to)
{
    const struct typeset_span *spans = spans_of(painter, stream);
    unsigned factor = 0;
    size_t begin = 0;
    for (size_t i = 0; i < stream->span_count; begin = spans[i++].end) {
        if (spans[i].end > from && begin < to && spans[i].end > begin) {
            if (factor != 0 && factor != spans[i].factor) {
                return 0;
            }
            factor = spans[i].factor;
        }
    }
    return factor;
}

/* Bytes of the spaces and the point that PARAGRAPH begins with. */
static size_t
prefix_of(const char *paragraph)
{
    const size_t spaces = strspn(paragraph, " ");
    return spaces + (strncmp(paragraph + spaces, POINT, strlen(POINT)) == 0 ? strlen(POINT) : 0);
}

static void
begin_paragraph(const struct painter *painter, struct stream *stream)
{
    const char *paragraph = stream->text + stream->at;
    stream->paragraph_end = stream->at + strlen(paragraph);
    stream->prefix = 0;
    stream->prefix_columns = 0;
    stream->limit = stream->width;
    if (stream->is_cutting || measure(painter, stream, stream->at, stream->paragraph_end) <= stream->width) {
        return;
    }
    if (stream->align == RECEIPTLINE_LEFT) {
        const size_t prefix = prefix_of(paragraph);
        const size_t columns = measure(painter, stream, stream->at, stream->at + prefix);
        if (columns * 2 <= stream->width && columns + 2 <= stream->width) {
            stream->prefix = prefix;
            stream->prefix_columns = columns;
            stream->limit = stream->width - columns;
        }
    }
    /* Prose over the whole paper is set so that no character or two stand alone on its last row; a column of a table
     * keeps to its width. */
    const unsigned factor = common_factor(painter, stream, stream->at, stream->paragraph_end);
    if (stream->width < painter->columns || factor == 0 || stream->limit / factor < 2) {
        return;
    }
    const char *body = paragraph + stream->prefix;
    if (stream->align == RECEIPTLINE_LEFT) {
        stream->limit = typeset_unwidowed_columns(body, stream->limit / factor) * factor;
    } else if (stream->align == RECEIPTLINE_CENTER) {
        stream->limit = typeset_balanced_columns(body, stream->limit / factor) * factor;
    }
}

/* As many characters from FROM as fit LIMIT. */
static struct typeset_row
cut_row(const struct painter *painter, const struct stream *stream, size_t from, size_t limit)
{
    struct typeset_row row = {.next = stream->paragraph_end - from};
    while (from + row.length < stream->paragraph_end) {
        const size_t start = from + row.length;
        const char *cursor = stream->text + start;
        utf8_next(&cursor, stream->text + stream->paragraph_end);
        const size_t end = (size_t)(cursor - stream->text);
        const size_t columns = measure(painter, stream, start, end);
        if (row.columns + columns > limit) {
            break;
        }
        row.length = end - from;
        row.columns += columns;
    }
    return row;
}

/* The next row of STREAM, which is not done. */
static struct stretch
next_row(const struct painter *painter, struct stream *stream)
{
    struct stretch out = {0};
    const bool is_first = stream->begins_paragraph;
    if (is_first) {
        begin_paragraph(painter, stream);
    }
    const size_t from = stream->at + (is_first ? stream->prefix : 0);
    struct typeset_row row;
    if (stream->is_cutting) {
        row = cut_row(painter, stream, from, stream->limit);
    } else {
        row = typeset_break_scaled(stream->text + from, stream->paragraph_end - from,
                                   stream->span_count > 0 ? spans_of(painter, stream) : NULL, from, stream->limit);
    }
    if (row.next == 0 &&
        from < stream->paragraph_end) { /* nothing fits: leave the rest out rather than turn in circles */
        row.next = stream->paragraph_end - from;
    }
    out.blank_columns = is_first ? 0 : stream->prefix_columns;
    out.from = is_first ? stream->at : from;
    out.to = from + row.length;
    out.columns = stream->prefix_columns + row.columns;
    stream->at = from + row.next;
    stream->begins_paragraph = stream->at >= stream->paragraph_end;
    if (stream->begins_paragraph) {
        stream->is_done = stream->paragraph_end >= stream->length;
        stream->at = stream->paragraph_end + 1;
    }
    return out;
}

/* Print bytes FROM … TO in their styles. */
static void
print_stretch(struct painter *painter, const struct stream *stream, size_t from, size_t to)
{
    const struct typeset_span *spans = spans_of(painter, stream);
    size_t begin = 0;
    for (size_t i = 0; i < stream->span_count && begin < to; begin = spans[i++].end) {
        const size_t start = begin > from ? begin : from;
        const size_t end = spans[i].end < to ? spans[i].end : to;
        if (start < end) {
            const size_t columns = measure(painter, stream, start, end) / spans[i].factor;
            painter_text(painter, painter->styles[stream->first_span + i], stream->text + start, end - start, columns);
        }
    }
}

static void
print_row_of(struct painter *painter, const struct stream *stream, const struct stretch *row, unsigned left)
{
    const unsigned gap = 2 * left + painter_align_gap(stream->align, stream->width, row->columns);
    if (row->to > row->from) {
        painter_gap_to(painter, gap + 2 * (unsigned)row->blank_columns);
        print_stretch(painter, stream, row->from, row->to);
    }
}

static unsigned
tallest_of(const struct painter *painter)
{
    unsigned height = 1;
    for (size_t i = 0; i < painter->span_count; i++) {
        height = painter->styles[i].height > height ? painter->styles[i].height : height;
    }
    return height;
}

static bool
join_all(struct painter *painter, struct stream *streams, const struct slot *slots, size_t count, bool is_cutting)
{
    buffer_clear(&painter->joined);
    painter->span_count = 0;
    for (size_t i = 0; i < count; i++) {
        streams[i] = join(painter, &painter->contents[i], slots[i].width, is_cutting);
    }
    if (buffer_check(&painter->joined, NULL) != STATUS_OK) {
        painter->status = STATUS_OVERFLOW;
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        settle(painter, &streams[i]);
        streams[i].is_done = streams[i].is_done || slots[i].width == 0;
    }
    return true;
}

/* One row of all streams that are not done. Returns whether all are now. */
static bool
print_beside(struct painter *painter, struct stream *streams, const struct slot *slots, size_t places, size_t count)
{
    const unsigned height = painter->frame.is_open ? tallest_of(painter) : 1;
    bool is_done = true;
    unsigned end = 0;
    for (size_t i = 0; i < places; i++) {
        if (slots[i].width == 0) {
            continue;
        }
        painter_bar(painter, slots[i].left - painter->frame.is_open, height);
        end = slots[i].left + slots[i].width;
        if (i < count && !streams[i].is_done) {
            const struct stretch row = next_row(painter, &streams[i]);
            print_row_of(painter, &streams[i], &row, slots[i].left);
            is_done = is_done && streams[i].is_done;
        }
    }
    painter_bar(painter, end, height);
    painter_end_row(painter);
    return is_done;
}

static void
print_centered(struct painter *painter, struct stream *stream)
{
    while (!stream->is_done && painter->status == STATUS_OK) {
        const struct stretch row = next_row(painter, stream);
        painter->output->center(painter->output->context);
        print_stretch(painter, stream, row.from, row.to);
        painter_end_row(painter);
    }
}

void
painter_wrap(struct painter *painter, const struct slot *slots, size_t places, size_t count, bool is_cutting)
{
    struct stream streams[RECEIPTLINE_CELLS_MAX];
    if (!join_all(painter, streams, slots, count, is_cutting)) {
        return;
    }
    if (places == 1 && slots[0].width == painter->columns && streams[0].align == RECEIPTLINE_CENTER) {
        print_centered(painter, &streams[0]);
        return;
    }
    bool is_done = false;
    while (!is_done && painter->status == STATUS_OK) {
        is_done = print_beside(painter, streams, slots, places, count);
    }
}

/* The second cell at the right edge: on the row that the first ended on, where it fits there. */
static void
print_flow_right(struct painter *painter, struct stream *right)
{
    const struct content *content = &painter->contents[1];
    const unsigned used = (painter->x + 1) / 2;
    const bool fits_here = !content->has_break && used + (used > 0) + content->columns <= painter->columns;
    if (used > 0 && !fits_here) {
        painter_end_row(painter);
    }
    while (!right->is_done && painter->status == STATUS_OK) {
        const struct stretch row = next_row(painter, right);
        print_row_of(painter, right, &row, 0);
        painter_end_row(painter);
    }
}

void
painter_wrap_flow(struct painter *painter, size_t count)
{
    struct stream streams[2];
    const struct slot slots[2] = {{0, painter->columns}, {0, painter->columns}};
    if (!join_all(painter, streams, slots, count, /* is_cutting= */ false)) {
        return;
    }
    if (count == 1 && streams[0].align == RECEIPTLINE_CENTER) {
        print_centered(painter, &streams[0]);
        return;
    }
    if (count == 2) {
        streams[0].align = RECEIPTLINE_LEFT;
        streams[1].align = RECEIPTLINE_RIGHT;
    }
    while (!streams[0].is_done && painter->status == STATUS_OK) {
        const struct stretch row = next_row(painter, &streams[0]);
        print_row_of(painter, &streams[0], &row, 0);
        if (!streams[0].is_done || count == 1 || streams[1].is_done) {
            painter_end_row(painter);
        }
    }
    if (count == 2 && !streams[1].is_done) {
        print_flow_right(painter, &streams[1]);
    }
}
