/* The printing thread: papers one after the other, the drawer in between, and the sensors while nothing is to be done.
 */
#include "common/log/log.h"
#include "pos/peripherals/peripherals_parts.h"
#include "pos/receipt/receipt.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    IDLE_WAIT_MS = 1000, /* how often the sensors are asked while nothing is printed */
    QUERY_TIMEOUT_MS = 1500,
    PRINT_TIMEOUT_MS = 20000, /* the longest receipt takes a few seconds; a jam is seen by then */
    DRAWER_TIMEOUT_MS = 1500,
    DRAWER_LOOKS = 10, /* after a test opened it: a spring takes a fraction of a second */
    DRAWER_PAUSE_MS = 150
};

/* The layout of each paper. */
static const enum receipt_form layouts[PAPER_FORMS] = {
    [FORM_RECEIPT] = RECEIPT_SALE,
    [FORM_VOID] = RECEIPT_VOID,
    [FORM_SHOP_COPY] = RECEIPT_SHOP_COPY,
    [FORM_VOID_SHOP_COPY] = RECEIPT_SHOP_COPY,
    [FORM_REFUND_SHOP_COPY] = RECEIPT_SHOP_COPY,
    [FORM_IN_DOUBT] = RECEIPT_IN_DOUBT,
    [FORM_REFUND] = RECEIPT_REFUND,
    [FORM_CLOSE] = RECEIPT_DAY,
    [FORM_DEPOSIT] = RECEIPT_DEPOSIT,
    [FORM_DAY_REPORT] = RECEIPT_DAY_REPORT,
    [FORM_INSPECTION] = RECEIPT_INSPECTION,
    [FORM_FLOAT] = RECEIPT_FLOAT,
    [FORM_CASH] = RECEIPT_CASH,
    [FORM_HANDOVER] = RECEIPT_HANDOVER,
    [FORM_TICKET] = RECEIPT_TICKET,
    [FORM_HOLD] = RECEIPT_HOLD,
    [FORM_PAYMENT_CODE] = RECEIPT_PAYMENT_CODE,
    [FORM_TEST] = RECEIPT_TEST,
};

/* A city's template is checked before it is published; if one is wrong all the same, the paper comes by ours. */
static enum status
write_paper(struct receipt_input *input, unsigned columns, struct buffer *out, struct error_detail *err)
{
    const size_t start = out->length;
    enum status status = receipt_write(input, columns, out, err);
    if (status == STATUS_OK || input->markup == NULL) {
        return status;
    }
    log_failure(LOG_LEVEL_WARNING, papers_form_word(receipt_papers_form(input->form)),
                "printing by the city's template", status, err);
    buffer_truncate(out, start);
    out->has_failed = false; /* it was the city's paper that did not fit */
    input->markup = NULL;
    return receipt_write(input, columns, out, err);
}

enum status
paper_of_task(const struct print_task *task, const char *markup, unsigned columns, int64_t printed_at_ms,
              struct buffer *out, struct error_detail *err)
{
    struct receipt_name facilities[PAPER_FACILITIES_MAX];
    for (size_t i = 0; i < task->facility_count; i++) {
        facilities[i] = (struct receipt_name){task->facilities[i].code, task->facilities[i].name};
    }
    struct receipt_hold hold = task->hold;
    hold.content = &task->sale.content;
    struct receipt_input input = {
        .form = layouts[task->form],
        .is_training = task->is_training,
        .copy = task->copy,
        .at_ms = task->at_ms,
        .printed_at_ms = printed_at_ms,
        .municipality_name = task->municipality_name,
        .place_name = task->place_name,
        .terminal = task->terminal,
        .clerk_name = task->clerk_name,
        .brand_name = task->brand_name,
        .note = task->receipt_note,
        .issuers = task->issuers,
        .issuer_count = task->issuer_count,
        .is_usage_titled = task->is_usage_titled,
        .facilities = facilities,
        .facility_count = task->facility_count,
        .markup = markup,
        .sale = &task->sale,
        .void_reason = task->void_reason,
        .voided_at_ms = task->voided_at_ms,
        .day = &task->day,
        .in_doubt = &task->in_doubt,
        .refund = &task->refund,
        .cash = &task->cash,
        .handover = &task->handover,
        .ticket = &task->ticket,
        .shop_event = task->shop_event,
        .hold = &hold,
        .payment_code = &task->payment_code,
    };
    return write_paper(&input, columns, out, err);
}

/* The till's word for what the sensors say, and the sentence that goes with it. */
static const char *
state_word(enum status status, const struct printer_state *state, const char **out_message)
{
    if (status != STATUS_OK || !state->is_known) {
        *out_message = status == STATUS_OK ? "" : "プリンタにつながりません。電源とケーブルを確かめてください。";
        return status == STATUS_OK ? "ready" : "offline";
    }
    if (state->cover_is_open) {
        *out_message = "プリンタのカバーが開いています。閉めてください。";
        return "cover_open";
    }
    if (state->paper_is_out) {
        *out_message = "プリンタの用紙がありません。用紙を入れると、後で印字できます。";
        return "paper_out";
    }
    if (state->cutter_has_failed || state->needs_attention) {
        *out_message = "プリンタに異常があります。紙詰まりを確かめ、電源を入れ直してください。";
        return "error";
    }
    if (!state->is_online) {
        *out_message = "プリンタがオフラインです。プリンタの操作パネルを確かめてください。";
        return "offline";
    }
    if (state->paper_is_near_end) {
        *out_message = "プリンタの用紙が残り少なくなりました。";
        return "paper_near_end";
    }
    *out_message = "";
    return "ready";
}

/* Ask the sensors and tell the till. Whether a paper can be printed now; *OUT_WHY_NOT is the sentence, never NULL. */
static bool
look_at_printer(struct peripherals *peripherals, const char **out_why_not)
{
    struct printer_state state = {0};
    struct error_detail err;
    const char *message;
    enum status status = printer_query(peripherals->devices.printer, QUERY_TIMEOUT_MS, &state, &err);
    const char *word = state_word(status, &state, &message);
    health_report(peripherals->health, PERIPHERAL_PRINTER, word, message);
    *out_why_not = message;
    return strcmp(word, "ready") == 0 || strcmp(word, "paper_near_end") == 0;
}

/* A drawer on the printer is asked nothing of its own: as many questions as the printer answers are enough. */
static void
look_at_drawer(struct peripherals *peripherals)
{
    struct error_detail ignored; /* health has a sentence of its own */
    enum drawer_position position;
    if (peripherals->devices.drawer == NULL) {
        return;
    }
    enum status status = STATUS_DEVICE_GONE;
    if (!cash_drawer_hangs_on_printer(peripherals->devices.drawer)) {
        status = cash_drawer_query(peripherals->devices.drawer, DRAWER_TIMEOUT_MS, &position, &ignored);
    } else if (!health_is_offline(peripherals->health, PERIPHERAL_PRINTER)) {
        status = STATUS_OK; /* it opens without paper, and with the cover open */
    }
    health_report_reached(peripherals->health, PERIPHERAL_DRAWER, status);
}

/* How a test page ended; whoever asked for it. */
static void
note_test(struct peripherals *peripherals, enum print_outcome outcome, const char *why_not)
{
    switch (outcome) {
    case PRINT_DONE:
        health_end_test(peripherals->health, PERIPHERAL_PRINTER, TEST_PASSED,
                        "試し刷りを印字しました。文字とコードがきれいに出ているか、目で確かめてください。");
        break;
    case PRINT_NOT_DONE:
        health_end_test(peripherals->health, PERIPHERAL_PRINTER, TEST_FAILED, why_not);
        break;
    case PRINT_UNKNOWN:
        health_end_test(peripherals->health, PERIPHERAL_PRINTER, TEST_FAILED,
                        "試し刷りの途中で応答がなくなりました。プリンタの紙と電源を確かめてください。");
        break;
    }
}

static void
finish(struct peripherals *peripherals, const struct print_task *task, enum print_outcome outcome, const char *why_not)
{
    struct error_detail err;
    enum status status = till_print_finished(peripherals->devices.till, task, print_outcome_word(outcome), "", &err);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, task->subject, "recording that a paper was printed", status, &err);
    }
    if (task->form == FORM_TEST) {
        note_test(peripherals, outcome, why_not);
    }
}

/* Write the start ahead, send the bytes, record how it ended. */
static void
print_bytes(struct peripherals *peripherals, struct print_task *task, const struct buffer *bytes)
{
    struct till *till = peripherals->devices.till;
    struct error_detail err = {0};
    const char *why_not;
    enum print_outcome outcome = PRINT_NOT_DONE;
    enum status status = till_print_started(till, task, &err);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, task->subject, "recording the start of a paper", status, &err);
        finish(peripherals, task, PRINT_NOT_DONE, err.message);
        return;
    }
    health_report(peripherals->health, PERIPHERAL_PRINTER, "printing", "");
    status = printer_print(peripherals->devices.printer, (uint64_t)task->job, buffer_text(bytes), bytes->length,
                           PRINT_TIMEOUT_MS, &outcome, &err);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, task->subject, "printing", status, &err);
    }
    finish(peripherals, task, outcome, err.message);
    (void)look_at_printer(peripherals, &why_not);
}

static void
print_task(struct peripherals *peripherals, struct print_task *task)
{
    struct clock_source clock = clock_system();
    struct error_detail err;
    struct buffer bytes;
    const char *why_not;
    buffer_init(&bytes, RECEIPT_MAX_BYTES);
    unsigned columns = printer_capabilities(peripherals->devices.printer).columns;
    char *markup = till_copy_template(peripherals->devices.till, task->form, columns);
    enum status status = paper_of_task(task, markup, columns, clock_now_ms(&clock), &bytes, &err);
    free(markup);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_ERROR, task->subject, "laying out a paper", status, &err);
        finish(peripherals, task, PRINT_NOT_DONE, err.message);
    } else if (!look_at_printer(peripherals, &why_not)) {
        finish(peripherals, task, PRINT_NOT_DONE, why_not);
    } else {
        print_bytes(peripherals, task, &bytes);
    }
    buffer_finish(&bytes);
}

/* Where the drawer is once its bolt had time to move; the position asked for last. */
static enum drawer_position
await_opened(struct peripherals *peripherals)
{
    const struct timespec pause = {.tv_nsec = DRAWER_PAUSE_MS * 1000000};
    struct error_detail ignored;
    enum drawer_position position = DRAWER_UNKNOWN;
    for (int i = 0; i < DRAWER_LOOKS && !atomic_load(&peripherals->is_stopping); i++) {
        enum status status = cash_drawer_query(peripherals->devices.drawer, DRAWER_TIMEOUT_MS, &position, &ignored);
        if (status != STATUS_OK || position != DRAWER_CLOSED) {
            break;
        }
        nanosleep(&pause, NULL);
    }
    return position;
}

static void
end_drawer_test(struct peripherals *peripherals, enum status opened, const struct error_detail *err)
{
    const enum drawer_position position = opened == STATUS_OK ? await_opened(peripherals) : DRAWER_UNKNOWN;
    if (opened != STATUS_OK) {
        health_end_test(peripherals->health, PERIPHERAL_DRAWER, TEST_FAILED, err->message);
    } else if (position == DRAWER_OPENED) {
        health_end_test(peripherals->health, PERIPHERAL_DRAWER, TEST_PASSED,
                        "引き出しが開いたことを確かめました。閉めてください。");
    } else if (position == DRAWER_CLOSED) {
        health_end_test(
            peripherals->health, PERIPHERAL_DRAWER, TEST_FAILED,
            "開ける合図は送りましたが、開いた知らせがありません。鍵がかかっていないか、ケーブルを確かめてください。");
    } else {
        health_end_test(peripherals->health, PERIPHERAL_DRAWER, TEST_LOOK,
                        "開ける合図を送りました。開いたかどうか、目で確かめてください。");
    }
}

static void
open_drawer(struct peripherals *peripherals)
{
    struct error_detail err;
    if (peripherals->devices.drawer == NULL) {
        return;
    }
    enum status status = cash_drawer_open(peripherals->devices.drawer, DRAWER_TIMEOUT_MS, &err);
    if (status != STATUS_OK) {
        log_failure(LOG_LEVEL_WARNING, "drawer", "opening", status, &err);
    }
    if (health_test_runs(peripherals->health, PERIPHERAL_DRAWER)) {
        end_drawer_test(peripherals, status, &err);
    }
}

void *
printing_main(void *context)
{
    struct peripherals *peripherals = context;
    static struct print_task task; /* large; there is one printing thread */
    while (!atomic_load(&peripherals->is_stopping)) {
        struct error_detail err;
        enum status status = till_next_print(peripherals->devices.till, IDLE_WAIT_MS, &task, &err);
        if (till_next_drawer_request(peripherals->devices.till)) {
            open_drawer(peripherals); /* before the paper: the clerk's hand is already at the drawer */
        }
        if (status == STATUS_OK) {
            print_task(peripherals, &task);
        } else if (status == STATUS_NOT_FOUND) {
            const char *why_not;
            (void)look_at_printer(peripherals, &why_not);
            look_at_drawer(peripherals);
        } else {
            log_failure(LOG_LEVEL_ERROR, "till", "reading the next paper", status, &err);
        }
    }
    return NULL;
}
