/* Finds where a command ends. The one idea: a command is either wholly there or waits in `pending` for its rest, so
 * that nothing below ever sees half of one. */
#include "drivers/paper/machine.h"

#include <string.h>

const char *
paper_command_family(unsigned char prefix)
{
    switch (prefix) {
    case 0x10:
        return "DLE";
    case 0x1b:
        return "ESC";
    case 0x1c:
        return "FS";
    default:
        return "GS";
    }
}

static size_t
parse_command(struct paper *paper, const unsigned char *bytes, size_t length)
{
    if (length < 2) {
        return 0;
    }
    const struct command *command = paper_command_find(bytes[0], bytes[1]);
    if (command == NULL) {
        machine_unknown(paper, paper_command_family(bytes[0]), bytes[1]);
        return 2;
    }
    size_t arguments = command->fixed;
    if (command->measure != NULL) {
        arguments = command->measure(bytes + 2, length - 2);
        if (arguments == 0) {
            return 0;
        }
    }
    if (2 + arguments > PENDING_MAX_BYTES) {
        paper->report.dropped++;
        paper->skip = 2 + arguments - length; /* `length` bytes are taken now; pending cannot be longer than that */
        return length;
    }
    if (length < 2 + arguments) {
        return 0;
    }
    if (command->apply != NULL) {
        command->apply(paper, bytes + 2, arguments);
    }
    return 2 + arguments;
}

static void
tabulate(struct paper *paper)
{
    const unsigned stop = TAB_COLUMNS * CELL_WIDTH;
    machine_move_to(paper, (paper->x / stop + 1) * stop);
}

static size_t
parse_pair(struct paper *paper, const unsigned char *bytes, size_t length)
{
    if (length < 2) {
        return 0;
    }
    const bool is_shift_jis = paper->now.kanji_code == KANJI_SHIFT_JIS;
    uint32_t code_point = paper_user_code_point(paper, bytes[0], bytes[1]);
    if (code_point != 0) {
        machine_put(paper, code_point, 2);
        return 2;
    }
    code_point = is_shift_jis ? paper_charset_shift_jis(bytes[0], bytes[1]) : paper_charset_jis(bytes[0], bytes[1]);
    if (code_point == 0) {
        paper->report.unknown_characters++;
        return 1;
    }
    machine_put(paper, code_point, 2);
    return 2;
}

static bool
begins_pair(const struct paper *paper, unsigned char byte)
{
    if (paper->now.kanji_code == KANJI_SHIFT_JIS) {
        return (byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc);
    }
    return paper->now.is_kanji_mode && byte >= 0x21 && byte <= 0x7e;
}

static size_t
parse_character(struct paper *paper, const unsigned char *bytes, size_t length)
{
    if (begins_pair(paper, bytes[0])) {
        return parse_pair(paper, bytes, length);
    }
    uint32_t code_point = paper_charset_single(bytes[0], paper->now.code_page, paper->now.country);
    if (code_point == 0) {
        paper->report.unknown_characters++;
        return 1;
    }
    machine_put(paper, code_point, 1);
    return 1;
}

size_t
paper_parse_one(struct paper *paper, const unsigned char *bytes, size_t length)
{
    switch (bytes[0]) {
    case 0x00:
    case 0x0c: /* FF ends a page in page mode only */
    case 0x0d: /* CR moves nothing unless set by a switch */
    case 0x18: /* CAN clears a page in page mode only */
        return 1;
    case 0x09:
        tabulate(paper);
        return 1;
    case 0x0a:
        machine_line_feed(paper);
        return 1;
    case 0x10:
    case 0x1b:
    case 0x1c:
    case 0x1d:
        return parse_command(paper, bytes, length);
    default:
        break;
    }
    if (bytes[0] < 0x20) {
        machine_unknown(paper, "control", bytes[0]);
        return 1;
    }
    return parse_character(paper, bytes, length);
}

static size_t
parse_all(struct paper *paper, const unsigned char *bytes, size_t length)
{
    size_t done = 0;
    while (done < length) {
        size_t step = paper_parse_one(paper, bytes + done, length - done);
        if (step == 0) {
            break;
        }
        done += step;
    }
    return done;
}

static size_t
skip_oversized(struct paper *paper, size_t length)
{
    size_t skipped = paper->skip < length ? paper->skip : length;
    paper->skip -= skipped;
    return skipped;
}

void
paper_feed(struct paper *paper, const void *bytes, size_t length)
{
    const unsigned char *cursor = bytes;
    while (length > 0) {
        size_t skipped = skip_oversized(paper, length);
        cursor += skipped;
        length -= skipped;

        /* A slice at a time, so that `pending` never meets its limit whatever the caller hands over at once. */
        if (paper->pending.length == PENDING_MAX_BYTES) {
            paper->report.dropped++; /* a command whose end never came */
            buffer_clear(&paper->pending);
        }
        const size_t room = PENDING_MAX_BYTES - paper->pending.length;
        const size_t slice = length < room ? length : room;
        buffer_append(&paper->pending, cursor, slice);
        if (buffer_check(&paper->pending, NULL) != STATUS_OK) {
            paper->report.dropped++;
            buffer_clear(&paper->pending);
            return;
        }
        cursor += slice;
        length -= slice;
        buffer_drop_front(&paper->pending,
                          parse_all(paper, (const unsigned char *)paper->pending.data, paper->pending.length));
    }
}
