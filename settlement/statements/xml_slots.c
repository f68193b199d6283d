/* Few slots, looked at one by one. */
#include "settlement/statements/xml_slots.h"

#include <string.h>

void
xml_slot_add(struct slots *slots, const struct place *place)
{
    struct slot *slot = &slots->slots[slots->count++];
    slot->place = place;
    buffer_init(&slot->text, XML_TEXT_MAX_BYTES);
}

bool
xml_slots_add(struct slots *slots, const struct record_plan *plan)
{
    for (unsigned i = 0; i < plan->field_count; i++) {
        for (unsigned k = 0; k < plan->fields[i].place_count; k++) {
            if (slots->count == XML_SLOTS_MAX) {
                return false;
            }
            xml_slot_add(slots, &plan->fields[i].places[k]);
        }
    }
    for (unsigned i = 0; i < plan->check_count; i++) {
        for (unsigned k = 0; k < plan->checks[i].place_count; k++) {
            if (slots->count == XML_SLOTS_MAX) {
                return false;
            }
            xml_slot_add(slots, &plan->checks[i].places[k]);
        }
    }
    return true;
}

void
xml_slots_clear(struct slots *slots)
{
    for (unsigned i = 0; i < slots->count; i++) {
        buffer_clear(&slots->slots[i].text);
        slots->slots[i].is_there = false;
        slots->slots[i].depth = 0;
    }
}

static bool
names(const struct place *place, const char *path)
{
    bool is_it = strcmp(place->path, path) == 0;
    for (unsigned i = 0; i < place->alias_count; i++) {
        is_it = is_it || text_view_equals(place->aliases[i], text_view_of(path));
    }
    return is_it;
}

void
xml_slots_open(struct slots *slots, const char *path, unsigned depth, bool is_of_detail)
{
    for (unsigned i = 0; i < slots->count; i++) {
        if (!slots->slots[i].is_there && slots->slots[i].depth == 0 && names(slots->slots[i].place, path)) {
            slots->slots[i].depth = depth;
            slots->slots[i].is_of_detail = is_of_detail;
        }
    }
}

void
xml_slots_fill(struct slots *slots, unsigned depth, const char *text, size_t length)
{
    for (unsigned i = 0; i < slots->count; i++) {
        if (slots->slots[i].depth == depth) {
            buffer_append(&slots->slots[i].text, text, length);
        }
    }
}

void
xml_slots_close(struct slots *slots, unsigned depth)
{
    for (unsigned i = 0; i < slots->count; i++) {
        if (slots->slots[i].depth == depth) {
            slots->slots[i].depth = 0;
            slots->slots[i].is_there = true;
        }
    }
}

void
xml_slots_clear_details(struct slots *slots)
{
    for (unsigned i = 0; i < slots->count; i++) {
        if (slots->slots[i].is_of_detail) {
            buffer_clear(&slots->slots[i].text);
            slots->slots[i].is_there = false;
            slots->slots[i].depth = 0;
            slots->slots[i].is_of_detail = false;
        }
    }
}

void
xml_slots_finish(struct slots *slots)
{
    for (unsigned i = 0; i < slots->count; i++) {
        buffer_finish(&slots->slots[i].text);
    }
}

struct text_view
xml_slot_text(const struct slot *slot)
{
    struct text_view text = {buffer_text(&slot->text), slot->text.length};
    while (text.length > 0 && strchr(" \t\r\n", text.at[0]) != NULL) {
        text = (struct text_view){text.at + 1, text.length - 1};
    }
    while (text.length > 0 && strchr(" \t\r\n", text.at[text.length - 1]) != NULL) {
        text.length--;
    }
    return text;
}
