/* The other side of simulated devices: what paper came out, who shows a code, which fault comes next. Every function
 * may be called from any thread, but not after the device was closed. DEVICE must be a simulated one (asserted). */
#pragma once

#include "common/bytes/buffer.h"
#include "drivers/simulated/simulated.h"

/* ---- printer ---- */

/* What happens to the next job, once it has been printed half: a fault that leaves PRINT_UNKNOWN. */
enum simulated_job_fault {
    SIMULATED_JOB_PRINTS,
    SIMULATED_JOB_JAMS,       /* leaves is_jammed */
    SIMULATED_JOB_PAPER_ENDS, /* leaves paper_is_out */
    SIMULATED_JOB_VANISHES    /* leaves has_vanished */
};

struct simulated_printer_condition {
    bool paper_is_out;
    bool paper_is_near_end;
    bool cover_is_open;
    bool is_offline;
    bool is_jammed; /* the cutter is stuck; clearing it tears off what hangs out */
    bool has_vanished;
    enum simulated_job_fault next_job;
};

void simulated_printer_set(struct printer *printer, const struct simulated_printer_condition *condition);
struct simulated_printer_condition simulated_printer_get(struct printer *printer);

/* Sheets are numbered from 1 in the order in which they were begun, for ever; the last PAPER_SHEETS_MAX (50) are kept.
 * *OUT_FIRST is the oldest kept, and *OUT_COUNT how many there are. */
void simulated_printer_sheets(struct printer *printer, uint64_t *out_first, size_t *out_count);

/* Append sheet NUMBER to OUT. STATUS_NOT_FOUND when it is not kept. */
enum status simulated_printer_text(struct printer *printer, uint64_t number, struct buffer *out,
                                   struct error_detail *err) MUST_CHECK;
enum status simulated_printer_png(struct printer *printer, uint64_t number, struct buffer *out,
                                  struct error_detail *err) MUST_CHECK;
size_t simulated_printer_pulses(struct printer *printer);           /* drawer pulses so far */
size_t simulated_printer_unknown_commands(struct printer *printer); /* bytes that no printer would understand */

/* ---- cash drawer ---- */

struct simulated_drawer_condition {
    bool is_stuck; /* the pulse comes, the drawer stays shut */
    bool has_vanished;
};

void simulated_cash_drawer_set(struct cash_drawer *drawer, const struct simulated_drawer_condition *condition);
void simulated_cash_drawer_shut(struct cash_drawer *drawer); /* the clerk pushes it shut */
size_t simulated_cash_drawer_openings(struct cash_drawer *drawer);

/* ---- line display ---- */

/* Append what stands in ROW (0 or 1), 20 columns, as UTF-8. */
enum status simulated_line_display_text(struct line_display *display, size_t row, struct buffer *out,
                                        struct error_detail *err) MUST_CHECK;
void simulated_line_display_unplug(struct line_display *display, bool is_unplugged);

/* ---- scanner ---- */

/* Hold a code before the scanner. Too long a code is read as a real scanner reads it: not at all, STATUS_OVERFLOW for
 * whoever waits. */
void simulated_scanner_show(struct scanner *scanner, const char *text);
void simulated_scanner_unplug(struct scanner *scanner, bool is_unplugged);

/* ---- card reader ---- */

/* Lay a sample card on the reader: "transit", "edy", "nanaco", "waon", "phone" (transit, Edy and nanaco in one), "empty";
 * NULL takes it away. False when there is no such card. */
bool simulated_card_reader_lay(struct card_reader *reader, const char *card);

/* The card that lies there leaves after ANSWERS more answers. */
void simulated_card_reader_lose_after(struct card_reader *reader, unsigned answers);
void simulated_card_reader_unplug(struct card_reader *reader, bool is_unplugged);

/* ---- payment terminal ---- */

/* How a sale goes. The amounts in brackets go so by themselves, for training without this header. */
enum simulated_sale {
    SIMULATED_SALE_APPROVED,
    SIMULATED_SALE_CENTER_ERROR,        /* (¥9,901) */
    SIMULATED_SALE_COMMUNICATION_ERROR, /* (¥9,902) */
    SIMULATED_SALE_DEFICIENT,           /* (¥9,903, and e-money above what is on the card) */
    SIMULATED_SALE_NO_CARD,             /* (¥9,904) */
    SIMULATED_SALE_CANCELLED,           /* (¥9,905) */
    SIMULATED_SALE_NOT_ALLOWED,         /* (¥9,906) */
    SIMULATED_SALE_BUSY,                /* (¥9,907) */
    SIMULATED_SALE_IN_DOUBT_CHARGED,    /* (¥9,908) 処理未了; touching the card again shows that it was debited */
    SIMULATED_SALE_IN_DOUBT_FREE,       /* (¥9,909) 処理未了; touching the card again shows that it was not */
    SIMULATED_SALE_LOST_CHARGED,        /* (¥9,910) approved, but the answer is lost */
    SIMULATED_SALE_LOST_FREE,           /* (¥9,911) lost on the way there */
    SIMULATED_SALE_WAITS                /* (¥9,912) waits for a card until aborted or timed out */
};

struct simulated_terminal_condition {
    bool has_vanished;
    bool center_is_unreachable;
    unsigned processing_ms; /* how long an ordinary sale takes; 0 … 10,000 */
};

void simulated_terminal_set(struct payment_terminal *terminal, const struct simulated_terminal_condition *condition);

/* The next sale goes so, whatever its amount. */
void simulated_terminal_next(struct payment_terminal *terminal, enum simulated_sale sale);

/* Touch the card of an in-doubt sale again, or of all of them (REFERENCE NULL): the truth shows in later queries.
 * Returns how many were resolved. */
size_t simulated_terminal_touch(struct payment_terminal *terminal, const char *reference);
