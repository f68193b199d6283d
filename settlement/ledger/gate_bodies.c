/* Bodies from facility gates: tickets and visitors. No money. */
#include "settlement/ledger/effect_readers.h"

enum { VISITORS_MAX = 100000 /* in one line; a stadium holds fewer */ };

enum status
effect_read_ticket_issued(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct ticket_effect *ticket = &effect->ticket;
    struct member_reader reader = {.object = body, .err = err};
    body_text(&reader, "ticket", REFERENCE_MAX_BYTES, &ticket->ticket);
    body_text(&reader, "facility", CODE_MAX_BYTES, &ticket->facility);
    body_text(&reader, "item", CODE_MAX_BYTES, &ticket->item);
    body_instant_or_none(&reader, "entered_at", &ticket->entered_at_ms);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &ticket->clerk);
    body_text_or_none(&reader, "label", NAME_MAX_BYTES, &ticket->label);
    if (reader.status == STATUS_OK && ticket->entered_at_ms == 0) {
        body_refuse(&reader, "wrong_body", "入場の時刻がありません。");
    }
    return reader.status;
}

enum status
effect_read_ticket_closed(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    static const char *const words[] = {"left", "voided", NULL};
    struct ticket_effect *ticket = &effect->ticket;
    struct member_reader reader = {.object = body, .err = err};
    body_text(&reader, "ticket", REFERENCE_MAX_BYTES, &ticket->ticket);
    body_word(&reader, "outcome", words, &ticket->outcome);
    body_text(&reader, "clerk", CODE_MAX_BYTES, &ticket->clerk);
    body_text_or_none(&reader, "reason", SENTENCE_MAX_BYTES, &ticket->reason);
    return reader.status;
}

enum status
effect_read_entry_counted(struct effect *effect, const struct json_value *body, struct error_detail *err)
{
    struct entry_effect *entry = &effect->entry;
    struct member_reader reader = {.object = body, .err = err};
    body_text(&reader, "facility", CODE_MAX_BYTES, &entry->facility);
    body_text(&reader, "category", CODE_MAX_BYTES, &entry->category);
    if (reader.status == STATUS_OK) {
        reader.status = json_get_int(body, "count", -VISITORS_MAX, VISITORS_MAX, &entry->count, err);
    }
    body_text(&reader, "clerk", CODE_MAX_BYTES, &entry->clerk);
    return reader.status;
}
