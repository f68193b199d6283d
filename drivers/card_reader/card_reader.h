/* Contactless card readers (UnifiedPOS ElectronicValueRW, of which only the balance inquiry), for callers.
 *
 * Reads what cards show to everybody. It never moves value, and nothing it tells may be booked. Callers show what they
 * get and forget it: it is neither logged nor stored. */
#pragma once

#include "drivers/stored_value/stored_value.h"

struct card_reader;

enum { CARD_MASKED_ID_SIZE = 24 };

/* What one card says. A card may hold several values (an Edy beside a nanaco), or none that we can read. */
struct card_inquiry {
    char masked_id[CARD_MASKED_ID_SIZE]; /* "************89AB": enough to tell two cards on a desk apart */
    bool is_felica;
    struct stored_value values[STORED_VALUE_SCHEMES];
    size_t value_count;
};

enum { CARD_INQUIRY_TIMEOUT_MAX_MS = 120 * 1000 };

const char *card_reader_name(const struct card_reader *reader);

/* Wait up to TIMEOUT_MS for a card, and read it. STATUS_NOT_FOUND: no card came, or interrupted. STATUS_IO: the card
 * left before all was read, or the reader failed; worth another try. STATUS_DEVICE_GONE: no reader; one that is plugged
 * in later is found. STATUS_BUSY, STATUS_UNAUTHORIZED: there is one, but it is in use or not ours. STATUS_REFUSED: it
 * cannot read values. */
enum status card_reader_inquire(struct card_reader *reader, unsigned timeout_ms, struct card_inquiry *out,
                                struct error_detail *err) MUST_CHECK;

/* Whether the reader is plugged in, without looking for a card. STATUS_DEVICE_GONE, STATUS_BUSY, STATUS_UNAUTHORIZED,
 * STATUS_IO as above. Not while another thread inquires. */
enum status card_reader_check(struct card_reader *reader, struct error_detail *err) MUST_CHECK;

/* Make a card_reader_inquire of another thread end soon, with STATUS_NOT_FOUND. The only call allowed from another
 * thread. It is remembered when nobody waits. */
void card_reader_interrupt(struct card_reader *reader);
void card_reader_close(struct card_reader *reader); /* NULL is fine */
