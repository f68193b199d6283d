/* The display thread: what the citizen sees on the line display, whenever it changes. A display that is gone is tried
 * again every second; nothing waits for it. */
#include "common/log/log.h"
#include "common/money/yen.h"
#include "pos/peripherals/peripherals_parts.h"
#include "pos/till/citizen.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    SHOW_TIMEOUT_MS = 500,
    RETRY_MS = 3000,      /* how often a display that has nothing new to show is looked for */
    GONE_PAUSE_MS = 1000, /* between looks for one that is not there */
    TEST_SHOWN_MS = 3000,
    SLICE_MS = 100 /* how soon a stop is noticed */
};

/* The texts of both rows; `rows` points into it. */
struct rows {
    char amounts[LINE_DISPLAY_ROWS][YEN_TEXT_SIZE + 4];
    char name[NAME_SIZE + 8];
    char plain[NAME_SIZE + 8];
    bool is_japanese;
    struct line_display_row rows[LINE_DISPLAY_ROWS];
};

/* What stands on the display, in Japanese, its reading for displays without kanji ("": it has none), and in English. */
struct words {
    const char *ja, *kana, *en;
};
static const struct words closed = {"休止中", "きゅうしちゅう", "Closed"};
static const struct words welcome = {"いらっしゃいませ", "", "Welcome"};
static const struct words total = {"合計", "ごうけい", "Total"};
static const struct words to_pay = {"お支払い", "おしはらい", "Please pay"};
static const struct words tendered = {"お預かり", "おあずかり", "Received"};
static const struct words change = {"おつり", "", "Change"};
static const struct words paid = {"お支払い済み", "おしはらいずみ", "Paid"};
static const struct words thanks = {"ありがとうございます", "", "Thank you"};

static void
set_words(struct rows *out, unsigned row, const struct words *words)
{
    out->rows[row].left = out->is_japanese ? words->ja : words->en;
    out->rows[row].left_kana = out->is_japanese ? words->kana : "";
}

static void
set_amount(struct rows *out, unsigned row, int64_t amount_yen)
{
    char text[YEN_TEXT_SIZE];
    snprintf(out->amounts[row], sizeof out->amounts[row], "¥%s", yen_format(text, amount_yen));
    out->rows[row].right = out->amounts[row];
}

static void
set_item(struct rows *out, const struct citizen_summary *summary)
{
    char count[16] = "";
    if (summary->item_quantity > 1) {
        snprintf(count, sizeof count, "x%lld", (long long)summary->item_quantity);
    }
    snprintf(out->name, sizeof out->name, "%s%s", summary->item_name, count);
    snprintf(out->plain, sizeof out->plain, "%s%s", summary->item_plain, summary->item_plain[0] != '\0' ? count : "");
    out->rows[0].left = out->name;
    out->rows[0].left_kana = out->plain;
    set_amount(out, 0, summary->item_amount_yen);
    set_words(out, 1, &total);
    set_amount(out, 1, summary->total_yen);
}

static void
set_paid(struct rows *out, const struct citizen_summary *summary)
{
    set_words(out, 0, summary->is_cash ? &tendered : &paid);
    set_amount(out, 0, summary->is_cash ? summary->tendered_yen : summary->total_yen);
    set_words(out, 1, summary->is_cash ? &change : &thanks);
    if (summary->is_cash) {
        set_amount(out, 1, summary->change_yen);
    }
}

static void
describe(struct rows *out, const struct citizen_summary *summary)
{
    out->is_japanese = summary->is_japanese;
    for (unsigned row = 0; row < LINE_DISPLAY_ROWS; row++) {
        out->rows[row] = (struct line_display_row){"", "", ""};
    }
    switch (summary->view) {
    case CITIZEN_CLOSED:
        set_words(out, 0, &closed);
        break;
    case CITIZEN_IDLE:
        set_words(out, 0, &welcome);
        break;
    case CITIZEN_ITEMS:
        set_item(out, summary);
        break;
    case CITIZEN_PAYING:
        set_words(out, 0, &to_pay);
        set_amount(out, 0, summary->total_yen);
        break;
    case CITIZEN_PAID:
        set_paid(out, summary);
        break;
    }
}

/* Long enough to be read by whoever walks around the counter; a sale that begins meanwhile is shown afterwards. */
static void
stay(const struct peripherals *peripherals, unsigned ms)
{
    const struct timespec slice = {.tv_nsec = SLICE_MS * 1000000};
    for (unsigned passed_ms = 0; passed_ms < ms && !atomic_load(&peripherals->is_stopping); passed_ms += SLICE_MS) {
        nanosleep(&slice, NULL);
    }
}

static enum status
show_test(struct peripherals *peripherals, struct error_detail *err)
{
    static const struct line_display_row rows[LINE_DISPLAY_ROWS] = {
        {.left = "表示の点検", .left_kana = "ひょうじのてんけん", .right = "012"},
        {.left = "ｱｲｳｴｵ ABC", .left_kana = "", .right = "¥1,234,567"},
    };
    const enum status status = line_display_show(peripherals->devices.display, rows, SHOW_TIMEOUT_MS, err);
    if (status == STATUS_OK) {
        health_end_test(peripherals->health, PERIPHERAL_DISPLAY, TEST_LOOK,
                        "表示器に「表示の点検」と「¥1,234,567」を3秒のあいだ出しました。目で確かめてください。");
        stay(peripherals, TEST_SHOWN_MS);
    } else {
        health_end_test(peripherals->health, PERIPHERAL_DISPLAY, TEST_FAILED,
                        "表示器につながりません。ケーブルと電源を確かめてください。");
    }
    return status;
}

/* What is to be shown now, or only whether the display is there when it shows that already. */
static enum status
look_after(struct peripherals *peripherals, const struct citizen_summary *summary, bool must_show,
           struct error_detail *err)
{
    struct rows texts;
    if (!must_show) {
        return line_display_check(peripherals->devices.display, SHOW_TIMEOUT_MS, err);
    }
    describe(&texts, summary);
    return line_display_show(peripherals->devices.display, texts.rows, SHOW_TIMEOUT_MS, err);
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
        enum status status;
        const int64_t revision = till_await_citizen(peripherals->devices.till, seen, RETRY_MS, &summary);
        if (health_test_runs(peripherals->health, PERIPHERAL_DISPLAY)) {
            status = show_test(peripherals, &err);
            seen = -1; /* the citizen's rows come next */
        } else {
            status = look_after(peripherals, &summary, revision != seen || was_gone, &err);
            seen = revision;
        }
        if (status != STATUS_OK && !was_gone) {
            log_failure(LOG_LEVEL_WARNING, "display", "showing the citizen's rows", status, &err);
        }
        was_gone = status != STATUS_OK;
        health_report_reached(peripherals->health, PERIPHERAL_DISPLAY, status == STATUS_INVALID ? STATUS_OK : status);
        if (was_gone) {
            stay(peripherals, GONE_PAUSE_MS);
        }
    }
    return NULL;
}
