/* The display thread: what the citizen sees on the line display, whenever it changes. A display that is gone is tried
 * again with every change and every few seconds; nothing waits for it. */
#include "common/log/log.h"
#include "common/money/yen.h"
#include "pos/peripherals/peripherals_parts.h"
#include "pos/till/citizen.h"

#include <stdio.h>
#include <string.h>

enum {
    SHOW_TIMEOUT_MS = 500,
    RETRY_MS = 3000 /* a display that is plugged in again shows something within this time */
};

/* The texts of both rows; `rows` points into it. */
struct rows {
    char amounts[LINE_DISPLAY_ROWS][YEN_TEXT_SIZE + 4];
    char name[NAME_SIZE + 8];
    char kana[NAME_SIZE + 8];
    struct line_display_row rows[LINE_DISPLAY_ROWS];
};

static void
set_amount(struct rows *out, unsigned row, const char *label, const char *kana, int64_t amount_yen)
{
    char text[YEN_TEXT_SIZE];
    snprintf(out->amounts[row], sizeof out->amounts[row], "¥%s", yen_format(text, amount_yen));
    out->rows[row] = (struct line_display_row){label, kana, out->amounts[row]};
}

static void
set_text(struct rows *out, unsigned row, const char *text, const char *kana)
{
    out->rows[row] = (struct line_display_row){text, kana, ""};
}

static void
set_item(struct rows *out, const struct citizen_summary *summary)
{
    char count[16] = "";
    if (summary->item_quantity > 1) {
        snprintf(count, sizeof count, "x%lld", (long long)summary->item_quantity);
    }
    snprintf(out->name, sizeof out->name, "%s%s", summary->item_name, count);
    snprintf(out->kana, sizeof out->kana, "%s%s", summary->item_kana, summary->item_kana[0] != '\0' ? count : "");
    set_amount(out, 0, out->name, out->kana, summary->item_amount_yen);
    set_amount(out, 1, "合計", "ごうけい", summary->total_yen);
}

static void
describe(struct rows *out, const struct citizen_summary *summary)
{
    set_text(out, 0, "", "");
    set_text(out, 1, "", "");
    switch (summary->view) {
    case CITIZEN_CLOSED:
        set_text(out, 0, "休止中", "きゅうしちゅう");
        break;
    case CITIZEN_IDLE:
        set_text(out, 0, "いらっしゃいませ", "");
        break;
    case CITIZEN_ITEMS:
        set_item(out, summary);
        break;
    case CITIZEN_PAYING:
        set_amount(out, 0, "お支払い", "おしはらい", summary->total_yen);
        break;
    case CITIZEN_PAID:
        if (summary->is_cash) {
            set_amount(out, 0, "お預かり", "おあずかり", summary->tendered_yen);
            set_amount(out, 1, "おつり", "", summary->change_yen);
        } else {
            set_amount(out, 0, "お支払い済み", "おしはらいずみ", summary->total_yen);
            set_text(out, 1, "ありがとうございます", "");
        }
        break;
    }
}

void *
displaying_main(void *context)
{
    struct peripherals *peripherals = context;
    struct citizen_summary summary;
    int64_t seen = -1;
    bool was_gone = false;
    while (!atomic_load(&peripherals->is_stopping)) {
        struct error_detail err;
        struct rows texts;
        const int64_t revision = till_await_citizen(peripherals->devices.till, seen, RETRY_MS, &summary);
        if (revision == seen && !was_gone) {
            continue;
        }
        describe(&texts, &summary);
        enum status status = line_display_show(peripherals->devices.display, texts.rows, SHOW_TIMEOUT_MS, &err);
        if (status != STATUS_OK && !was_gone) {
            log_failure(LOG_LEVEL_WARNING, "display", "showing the citizen's rows", status, &err);
        }
        was_gone = status != STATUS_OK;
        seen = revision;
    }
    return NULL;
}
