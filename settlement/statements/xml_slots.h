/* Texts gathered from the elements and attributes of an XML file while they are open. For xml_reader.c and xml_sums.c.
 */
#pragma once

#include "common/bytes/buffer.h"
#include "settlement/statements/layout_plan.h"

enum {
    XML_TEXT_MAX_BYTES = 64 * 1024, /* as a field of CSV */
    XML_SLOTS_MAX = 128             /* fields times places, and checks */
};

/* The text at one path. */
struct slot {
    const struct place *place;
    struct buffer text;
    unsigned depth; /* of the element that is being gathered; 0: none */
    bool is_there;
    bool is_of_detail; /* it stands below a detail of its line */
};

struct slots {
    struct slot slots[XML_SLOTS_MAX];
    unsigned count;
};

void xml_slot_add(struct slots *slots, const struct place *place);

/* Slots for all places of PLAN, in order: fields, then checks. False: too many. */
bool xml_slots_add(struct slots *slots, const struct record_plan *plan);

void xml_slots_finish(struct slots *slots);
void xml_slots_clear(struct slots *slots);

/* Forget what came from below a detail: it has several, and none of them speaks for all. */
void xml_slots_clear_details(struct slots *slots);

/* Gather into the slots at PATH (relative to their record). Of several such elements the first counts. */
void xml_slots_open(struct slots *slots, const char *path, unsigned depth, bool is_of_detail);
void xml_slots_fill(struct slots *slots, unsigned depth, const char *text, size_t length);
void xml_slots_close(struct slots *slots, unsigned depth);

/* The text of SLOT without the white space around it. Borrowed. */
struct text_view xml_slot_text(const struct slot *slot);
