/* Lines from an XML file (camt.053): one element is a group (an account's statement), elements below it are its lines.
 *
 * expat reads as far as the end of the next line and pauses. While an element is open, the texts at the paths that the
 * layout names are gathered in slots, those of the group and those of the line apart. Documents with a DTD are refused:
 * a bank sends none, and entities are how XML is made to explode or to read files. */
#include "settlement/statements/reader_state.h"
#include "settlement/statements/xml_sums.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    XML_DEPTH_MAX = 64,           /* camt.053 has 15 */
    XML_PATH_MAX_BYTES = 4096,    /* the names of all open elements */
    XML_CHUNK_BYTES = 1024 * 1024 /* handed to expat at once */
};

/* INVARIANT: path is the names of the open elements, with '/' between; lengths[i] is its length at depth i + 1.
 * `scope` of a record is the length of its element's path, 0 while it is not open. */
struct xml_state {
    XML_Parser parser;
    const char *bytes;
    size_t length;
    size_t fed;
    bool is_paused;
    char path[XML_PATH_MAX_BYTES];
    size_t lengths[XML_DEPTH_MAX];
    unsigned depth;
    size_t group_scope;
    size_t line_scope;
    struct slots group;
    struct slots line;
    struct xml_sums sums;
    unsigned first_skip; /* the line's slots from here on are the places of `skip` */
    bool is_group_decoded;
    bool has_line; /* the line's slots are whole */
    uint32_t line_number;
    enum status status; /* of a handler */
    struct error_detail err;
};

static const struct record_plan *
plan_of(const struct reader *reader, enum record_role role)
{
    return &reader->layout->records[role == RECORD_HEADER ? 0 : 1];
}

static unsigned
line_of(const struct xml_state *xml)
{
    return (unsigned)XML_GetCurrentLineNumber(xml->parser);
}

static void
fail(struct xml_state *xml, enum status status, const char *code, const char *sentence)
{
    error_set_at(&xml->err, line_of(xml), (unsigned)XML_GetCurrentColumnNumber(xml->parser) + 1, code, "%s", sentence);
    xml->status = status;
    XML_StopParser(xml->parser, XML_FALSE);
}

/* The attributes of the element at RELATIVE as texts of "RELATIVE/@name". */
static void
take_attributes(struct xml_state *xml, struct slots *slots, const char *relative, const char **attributes,
                bool is_of_detail)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        char path[LAYOUT_PATH_MAX_BYTES + 1];
        int length = snprintf(path, sizeof path, "%s%s@%s", relative, relative[0] == '\0' ? "" : "/", attributes[i]);
        if (length > 0 && (size_t)length < sizeof path) {
            xml_slots_open(slots, path, xml->depth + 1, is_of_detail);
            xml_slots_fill(slots, xml->depth + 1, attributes[i + 1], strlen(attributes[i + 1]));
            xml_slots_close(slots, xml->depth + 1);
        }
    }
}

/* What stands below SCOPE in the path, "" for the record's own element. */
static const char *
relative_path(const struct xml_state *xml, size_t scope)
{
    return xml->path[scope] == '/' ? xml->path + scope + 1 : xml->path + scope;
}

static void
open_records(struct reader *reader, struct xml_state *xml)
{
    size_t length = xml->lengths[xml->depth - 1];
    if (xml->group_scope == 0 && strcmp(xml->path, reader->layout->group_path) == 0) {
        xml_slots_clear(&xml->group);
        xml_sums_begin_group(&xml->sums);
        xml->group_scope = length;
        xml->is_group_decoded = false;
        xml->status = record_flow_take(&reader->flow, &reader->tally, RECORD_HEADER, line_of(xml), &xml->err);
        if (xml->status != STATUS_OK) {
            XML_StopParser(xml->parser, XML_FALSE);
        }
    } else if (xml->group_scope > 0 && xml->line_scope == 0 &&
               strcmp(relative_path(xml, xml->group_scope), reader->layout->line_path) == 0) {
        xml_slots_clear(&xml->line);
        xml_sums_begin_line(&xml->sums);
        xml->line_scope = length;
        /* Lines are told apart by their number, also where a bank writes the whole file as one line. */
        xml->line_number = line_of(xml) > xml->line_number ? line_of(xml) : xml->line_number + 1;
    } else if (xml->group_scope > 0 && xml->line_scope == 0) {
        xml_sums_open(&xml->sums.balance, relative_path(xml, xml->group_scope), length);
    } else if (xml->line_scope > 0 && xml_sums_open(&xml->sums.detail, relative_path(xml, xml->line_scope), length) &&
               ++xml->sums.detail_count == 2) {
        xml_slots_clear_details(&xml->line);
    }
}

/* Open the slots of a balance or a detail that the element stands in. */
static void
open_sum(struct xml_state *xml, struct xml_open_sum *sum, const char **attributes)
{
    if (sum->scope > 0) {
        xml_slots_open(&sum->slots, relative_path(xml, sum->scope), xml->depth, false);
        take_attributes(xml, &sum->slots, relative_path(xml, sum->scope), attributes, false);
    }
}

static void
start_element(void *context, const char *name, const char **attributes)
{
    struct reader *reader = context;
    struct xml_state *xml = reader->xml;
    const char *colon = strchr(name, ':');
    const char *local = colon != NULL ? colon + 1 : name; /* banks differ in the namespace's prefix */
    size_t used = xml->depth > 0 ? xml->lengths[xml->depth - 1] : 0;
    size_t needed = strlen(local) + 1;
    if (xml->depth == XML_DEPTH_MAX || used + needed + 1 > sizeof xml->path) {
        fail(xml, STATUS_INVALID, "statement_xml",
             "要素の入れ子が深すぎます。別の種類のファイルでないか確かめてください。");
        return;
    }
    int written = snprintf(xml->path + used, sizeof xml->path - used, "%s%s", used > 0 ? "/" : "", local);
    xml->lengths[xml->depth++] = used + (size_t)written;
    open_records(reader, xml);
    if (xml->group_scope > 0) {
        xml_slots_open(&xml->group, relative_path(xml, xml->group_scope), xml->depth, false);
        take_attributes(xml, &xml->group, relative_path(xml, xml->group_scope), attributes, false);
    }
    bool is_of_detail = xml->sums.detail.scope > 0;
    if (xml->line_scope > 0 && !(is_of_detail && xml->sums.detail_count > 1)) {
        xml_slots_open(&xml->line, relative_path(xml, xml->line_scope), xml->depth, is_of_detail);
        take_attributes(xml, &xml->line, relative_path(xml, xml->line_scope), attributes, is_of_detail);
    }
    open_sum(xml, &xml->sums.balance, attributes);
    open_sum(xml, &xml->sums.detail, attributes);
}

static void
take_text(void *context, const char *text, int length)
{
    struct xml_state *xml = ((struct reader *)context)->xml;
    if (xml->group_scope > 0) {
        xml_slots_fill(&xml->group, xml->depth, text, (size_t)length);
    }
    if (xml->line_scope > 0) {
        xml_slots_fill(&xml->line, xml->depth, text, (size_t)length);
    }
    xml_sums_fill(&xml->sums, xml->depth, text, (size_t)length);
}

/* The group ends: what it says of its lines must hold. */
static void
check_group(struct reader *reader, struct xml_state *xml)
{
    const struct record_plan *plan = plan_of(reader, RECORD_HEADER);
    unsigned slot = 0;
    for (unsigned i = 0; i < plan->field_count; i++) {
        slot += plan->fields[i].place_count;
    }
    for (unsigned i = 0; xml->status == STATUS_OK && i < plan->check_count; i++) {
        const struct record_check *check = &plan->checks[i];
        struct text_view texts[2] = {{"", 0}, {"", 0}};
        for (unsigned k = 0; k < check->place_count; k++) {
            texts[k] = xml_slot_text(&xml->group.slots[slot++]);
        }
        int64_t theirs = 0;
        if (check->is_optional && texts[0].length == 0 && texts[1].length == 0) {
            continue;
        }
        xml->status = tally_read_figure(check, texts, &theirs, &xml->err);
        if (xml->status == STATUS_OK) {
            xml->status = tally_check(&reader->tally, TALLY_GROUP, check, theirs, &xml->err);
        }
    }
    if (xml->status == STATUS_OK) {
        xml->status = xml_sums_check_balance(&xml->sums, &reader->tally, &xml->err);
    }
    if (xml->status != STATUS_OK) {
        xml->err.line = line_of(xml);
        xml->err.column = 1;
        XML_StopParser(xml->parser, XML_FALSE);
    }
}

static void
end_element(void *context, const char *name)
{
    (void)name;
    struct reader *reader = context;
    struct xml_state *xml = reader->xml;
    size_t length = xml->lengths[xml->depth - 1];
    xml_slots_close(&xml->group, xml->depth);
    xml_slots_close(&xml->line, xml->depth);
    if (xml->status == STATUS_OK) {
        xml->status = xml_sums_close(&xml->sums, xml->depth, length, &xml->err);
        if (xml->status != STATUS_OK) {
            xml->err.line = line_of(xml);
            xml->err.column = 1;
            XML_StopParser(xml->parser, XML_FALSE);
        }
    }
    if (xml->line_scope == length) {
        xml->line_scope = 0;
        xml->has_line = true;
        XML_StopParser(xml->parser, XML_TRUE);
    } else if (xml->group_scope == length) {
        xml->group_scope = 0;
        check_group(reader, xml);
    }
    xml->depth--;
    xml->path[xml->depth > 0 ? xml->lengths[xml->depth - 1] : 0] = '\0';
}

static void
refuse_doctype(void *context, const char *name, const char *system_id, const char *public_id, int has_subset)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)has_subset;
    fail(((struct reader *)context)->xml, STATUS_INVALID, "statement_xml",
         "DTD（DOCTYPE）のある XML は、安全のため読みません。送付元に確かめてください。");
}

/* The places that tell whether a line is to be stepped over: behind those of its fields. */
static bool
add_skips(struct xml_state *xml, const struct xml_plan *plan)
{
    xml->first_skip = xml->line.count;
    for (unsigned i = 0; i < plan->skip_count && xml->line.count < XML_SLOTS_MAX; i++) {
        xml_slot_add(&xml->line, &plan->skips[i].place);
    }
    return xml->line.count == xml->first_skip + plan->skip_count;
}

static bool
is_skipped(const struct xml_state *xml, const struct xml_plan *plan)
{
    for (unsigned i = 0; i < plan->skip_count; i++) {
        if (xml_selector_holds(&plan->skips[i], xml_slot_text(&xml->line.slots[xml->first_skip + i]))) {
            return true;
        }
    }
    return false;
}

enum status
xml_reader_begin(struct reader *reader, const char *bytes, size_t length, struct error_detail *err)
{
    struct xml_state *xml = calloc(1, sizeof *xml);
    if (xml == NULL) {
        return STATUS_NO_MEMORY;
    }
    reader->xml = xml;
    xml->bytes = bytes;
    xml->length = length;
    xml->parser = XML_ParserCreate(NULL);
    record_flow_begin(&reader->flow, reader->layout);
    if (xml->parser == NULL) {
        return STATUS_NO_MEMORY;
    }
    xml_sums_init(&xml->sums, &reader->layout->xml);
    if (!xml_slots_add(&xml->group, plan_of(reader, RECORD_HEADER)) ||
        !xml_slots_add(&xml->line, plan_of(reader, RECORD_LINE)) || !add_skips(xml, &reader->layout->xml)) {
        error_set(err, "layout_invalid", "書式の項目が多すぎます。");
        return STATUS_OVERFLOW;
    }
    XML_SetUserData(xml->parser, reader);
    XML_SetElementHandler(xml->parser, start_element, end_element);
    XML_SetCharacterDataHandler(xml->parser, take_text);
    XML_SetStartDoctypeDeclHandler(xml->parser, refuse_doctype);
    return STATUS_OK;
}

void
xml_reader_finish(struct reader *reader)
{
    struct xml_state *xml = reader->xml;
    if (xml == NULL) {
        return;
    }
    xml_slots_finish(&xml->group);
    xml_slots_finish(&xml->line);
    xml_sums_finish(&xml->sums);
    if (xml->parser != NULL) {
        XML_ParserFree(xml->parser);
    }
    free(xml);
    reader->xml = NULL;
}

size_t
xml_reader_position(const struct reader *reader)
{
    return reader->xml->fed;
}

static enum status
refuse_xml(struct xml_state *xml, struct error_detail *err)
{
    if (xml->status != STATUS_OK) { /* a handler stopped it */
        if (err != NULL) {
            *err = xml->err;
        }
        return xml->status;
    }
    enum XML_Error error = XML_GetErrorCode(xml->parser);
    bool is_cut = error == XML_ERROR_NO_ELEMENTS || error == XML_ERROR_UNCLOSED_TOKEN ||
                  error == XML_ERROR_PARTIAL_CHAR || (error == XML_ERROR_INVALID_TOKEN && xml->fed == 0);
    error_set_at(err, line_of(xml), (unsigned)XML_GetCurrentColumnNumber(xml->parser) + 1,
                 is_cut ? "statement_incomplete" : "statement_xml",
                 is_cut ? "明細ファイル不完全: XML が途中で終わっています（%s）。送付元から受け取り直してください。"
                        : "XML として読めません（%s）。別の種類のファイルか、壊れたファイルです。",
                 XML_ErrorString(error));
    return STATUS_INVALID;
}

/* Read on until a line is whole or the file ends (*OUT_IS_END). */
static enum status
parse_on(struct xml_state *xml, bool *out_is_end, struct error_detail *err)
{
    while (!xml->has_line) {
        enum XML_Status result;
        if (xml->is_paused) {
            result = XML_ResumeParser(xml->parser);
        } else {
            size_t left = xml->length - xml->fed;
            size_t chunk = left < XML_CHUNK_BYTES ? left : XML_CHUNK_BYTES;
            bool is_last = chunk == left;
            result = XML_Parse(xml->parser, xml->bytes + xml->fed, (int)chunk, is_last ? 1 : 0);
            xml->fed += chunk;
        }
        if (result == XML_STATUS_ERROR || xml->status != STATUS_OK) {
            return refuse_xml(xml, err);
        }
        xml->is_paused = result == XML_STATUS_SUSPENDED;
        if (!xml->is_paused && !xml->has_line && xml->fed == xml->length) {
            *out_is_end = true;
            return STATUS_OK;
        }
    }
    return STATUS_OK;
}

static bool
xml_text_of(struct reader *reader, const struct record_plan *plan, unsigned index, const void *record,
            struct text_view texts[LAYOUT_PLACES_MAX])
{
    const struct slots *slots = record;
    unsigned slot = 0;
    for (unsigned i = 0; i < index; i++) {
        slot += plan->fields[i].place_count;
    }
    for (unsigned k = 0; k < plan->fields[index].place_count; k++) {
        struct text_view text = xml_slot_text(&slots->slots[slot + k]);
        const char *copy = arena_copy(reader->decoder.arena, text.at, text.length);
        texts[k] = (struct text_view){copy, copy != NULL ? text.length : 0};
        if (copy == NULL) {
            return false;
        }
    }
    return true;
}

static enum status
decode(struct reader *reader, const struct record_plan *plan, const struct slots *slots, union line_pointer line,
       struct error_detail *err)
{
    enum status status = decoder_prepare(&reader->decoder, plan, line, err);
    for (unsigned i = 0; status == STATUS_OK && i < plan->field_count; i++) {
        struct text_view texts[LAYOUT_PLACES_MAX];
        if (plan->fields[i].place_count == 0) {
            continue;
        }
        if (!xml_text_of(reader, plan, i, slots, texts)) {
            error_set(err, "out_of_memory", "明細の文字を置くメモリーが足りません。");
            return STATUS_OVERFLOW;
        }
        status = decoder_read_places(&reader->decoder, plan, i, texts, line, err);
    }
    if (status == STATUS_OK && plan->role == RECORD_LINE) {
        decoder_finish_line(&reader->decoder, plan, line);
    }
    return status;
}

/* The fields of the group go into its lines: they stand above them. */
static enum status
decode_group(struct reader *reader, struct xml_state *xml, struct error_detail *err)
{
    if (xml->is_group_decoded) {
        return STATUS_OK;
    }
    reader_begin_header(reader);
    enum status status = decode(reader, plan_of(reader, RECORD_HEADER), &xml->group,
                                (union line_pointer){.any = &reader->prototype}, err);
    reader_end_header(reader);
    if (status != STATUS_OK && err != NULL) {
        err->line = xml->line_number;
        err->column = 1;
    }
    xml->is_group_decoded = true;
    return status;
}

static enum status
take_line(struct reader *reader, union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    struct xml_state *xml = reader->xml;
    const struct record_plan *plan = plan_of(reader, RECORD_LINE);
    struct error_detail fault = {0};
    xml->has_line = false;
    if (is_skipped(xml, &reader->layout->xml)) {
        return STATUS_OK;
    }
    enum status status = decode_group(reader, xml, err);
    if (status == STATUS_OK) {
        status = record_flow_take(&reader->flow, &reader->tally, RECORD_LINE, xml->line_number, err);
    }
    if (status != STATUS_OK) {
        return status;
    }
    reader_copy_prototype(reader, line);
    line.statement->line = xml->line_number; /* first member of either kind of line */
    status = decode(reader, plan, &xml->line, line, &fault);
    if (status == STATUS_OK && reader->layout->gives == LAYOUT_GIVES_BANK) {
        status = xml_sums_check_details(&xml->sums, line.bank, &fault);
    }
    if (status != STATUS_OK) {
        fault.line = xml->line_number;
        fault.column = 1;
    }
    if (status == STATUS_INVALID) {
        return reader_take_fault(reader, plan, line, xml_text_of, &xml->line, &fault, (struct text_view){"", 0}, err);
    }
    bool is_ignored = status == STATUS_OK && decoder_is_ignored(&reader->decoder, line);
    if (status == STATUS_OK) {
        status = reader_count(reader, line, &fault);
    }
    if (status != STATUS_OK && err != NULL) {
        *err = fault;
    }
    *out_has_line = status == STATUS_OK && !is_ignored;
    return status;
}

enum status
xml_reader_next(struct reader *reader, union line_pointer line, bool *out_has_line, struct error_detail *err)
{
    for (;;) {
        bool is_end = false;
        *out_has_line = false;
        enum status status = parse_on(reader->xml, &is_end, err);
        if (status != STATUS_OK) {
            return status;
        }
        if (is_end) {
            return record_flow_finish(&reader->flow, &reader->tally, reader->layout, line_of(reader->xml), err);
        }
        status = take_line(reader, line, out_has_line, err);
        if (status != STATUS_OK || *out_has_line) {
            return status;
        }
    }
}
