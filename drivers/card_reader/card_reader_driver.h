/* Contactless card readers, for implementers. Callers include card_reader.h. */
#pragma once

#include "drivers/card_reader/card_reader.h"
#include "drivers/felica/felica.h"

#include <stdatomic.h>

enum {
    CARD_ID_SIZE = 10,      /* an IDm has 8 bytes, a UID 4, 7 or 10 */
    CARD_LOOK_MS = 200,     /* how long `find` may look before the door asks whether to go on */
    CARD_EXCHANGE_MS = 500, /* for one answer of a card */
};

/* A card in the field. */
struct card_presence {
    uint8_t id[CARD_ID_SIZE];
    size_t id_length;
    bool is_felica; /* `exchange` works with it */
};

/* All entries are required and called from one thread. */
struct card_reader_driver {
    const char *name;
    /* Look for a card for TIMEOUT_MS at most. STATUS_NOT_FOUND when there is none; STATUS_DEVICE_GONE, STATUS_BUSY,
     * STATUS_UNAUTHORIZED, STATUS_IO of the reader. */
    enum status (*find)(struct card_reader *reader, unsigned timeout_ms, struct card_presence *out,
                        struct error_detail *err);
    /* One FeliCa command and its answer. STATUS_NOT_FOUND: no card answered. STATUS_DEVICE_GONE, STATUS_IO: the reader.
     */
    enum status (*exchange)(struct card_reader *reader, const struct felica_frame *command, unsigned timeout_ms,
                            struct felica_frame *out_answer, struct error_detail *err);
    /* Whether the reader is there, whatever lies on it; soon answered, and no card is disturbed. Not during an inquiry.
     */
    enum status (*check)(struct card_reader *reader, struct error_detail *err);
    /* The inquiry is over, however it ended: field off, card let go. Never fails. */
    void (*release)(struct card_reader *reader);
    void (*close)(struct card_reader *reader);
};

/* First member of every implementation's struct. */
struct card_reader {
    const struct card_reader_driver *driver;
    atomic_bool is_interrupted;
};

void card_reader_init(struct card_reader *reader, const struct card_reader_driver *driver);

/* The sentences that all drivers share. */
void card_reader_describe_absence(struct error_detail *err); /* no reader */
void card_reader_describe_no_card(struct error_detail *err);
