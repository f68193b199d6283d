/* Conversations with a USB printer, word for word: stalls, silence, transfers taken in part, a cable pulled in the
 * middle, printers that come and go, and which printer is meant. In each: how it ended, and that no byte went out
 * twice.
 *
 * The device is umockdev's (support/usb_printer.h); what is behind its endpoints is a few lines here: it keeps every
 * byte it took, and answers DLE EOT, GS r and GS ( H. Run under umockdev-wrapper. */
#include "common/bytes/buffer.h"
#include "drivers/escpos_printer/escpos_printer.h"
#include "drivers/monitor/monitor.h"
#include "drivers/transport/usb_transport.h"
#include "tests/contract/support/usb_printer.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum {
    PATIENCE_MS = 20 * 1000,
    SHORT_MS = 700, /* a wait that is meant to end by its deadline */
    TAKEN_MAX_BYTES = 1024 * 1024,
    JOB_BYTES = 40000,
    LONG_BYTES = 200000,
    WINDOW_BYTES = 16
};

/* INVARIANT: `taken` is every byte of the bulk endpoint, in order; `window` the last of them. Both belong to umockdev's
 * thread while a call of the driver's is on, to the test otherwise. */
struct bench {
    struct usb_printer *device;
    struct buffer taken;
    char window[WINDOW_BYTES];
    bool has_no_paper;
    size_t paper_ends_at; /* when so many bytes were taken; 0: not */
    bool is_silent, acknowledges_nothing;
    bool keeps_answers; /* … until it is asked the next time after this has ended */
    char kept[WINDOW_BYTES];
    size_t kept_length;
    pthread_mutex_t kept_lock; /* of `kept`, which the teller empties */
    pthread_t teller;
    bool is_telling; /* the teller was started */
    struct transport *transport;
    struct printer *printer;
};

static const char *const epson_id = "MFG:EPSON;CMD:ESC/POS;MDL:TM-m30III;CLS:PRINTER;";

/* Tell what is kept a little later, one answer at a time: whoever took the first for his own asks on meanwhile. */
static void *
tell_the_rest(void *context)
{
    enum { PAUSE_NS = 30 * 1000 * 1000 };
    struct bench *bench = context;
    char rest[WINDOW_BYTES];
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
    pthread_mutex_lock(&bench->kept_lock);
    const size_t length = bench->kept_length;
    memcpy(rest, bench->kept, length);
    bench->kept_length = 0;
    pthread_mutex_unlock(&bench->kept_lock);
    for (size_t i = 0; i < length; i++) {
        usb_printer_say(bench->device, rest + i, 1);
    }
    return NULL;
}

static void
answer_status(struct bench *bench, char n)
{
    static const char ready[] = {0x16, 0x12, 0x12, 0x12}, empty[] = {0x1e, 0x32, 0x12, 0x72};
    const char answer = (bench->has_no_paper ? empty : ready)[n - 1];
    pthread_mutex_lock(&bench->kept_lock);
    const bool waits = bench->keeps_answers || bench->kept_length > 0;
    if (waits && bench->kept_length < sizeof bench->kept) {
        bench->kept[bench->kept_length++] = answer;
    }
    if (!waits) {
        usb_printer_answer(bench->device, &answer, 1);
    } else if (!bench->keeps_answers && !bench->is_telling) {
        usb_printer_answer(bench->device, bench->kept, 1);
        memmove(bench->kept, bench->kept + 1, --bench->kept_length);
        bench->is_telling = pthread_create(&bench->teller, NULL, tell_the_rest, bench) == 0;
    }
    pthread_mutex_unlock(&bench->kept_lock);
}

static void
react(struct bench *bench)
{
    const char *end = bench->window + WINDOW_BYTES;
    if (bench->is_silent) {
        return;
    }
    if (memcmp(end - 3, "\x10\x04", 2) == 0 && end[-1] >= 1 && end[-1] <= 4) {
        answer_status(bench, end[-1]);
    } else if (bench->has_no_paper || bench->acknowledges_nothing) {
        return;
    } else if (memcmp(end - 3, "\x1dr\x01", 3) == 0) {
        usb_printer_answer(bench->device, "", 1);
    } else if (memcmp(end - 11, "\x1d(H\x06\0\x30\x30", 7) == 0) {
        const char block[] = {0x37, 0x22, end[-4], end[-3], end[-2], end[-1], 0};
        usb_printer_answer(bench->device, block, sizeof block);
    }
}

static size_t
take(void *context, const unsigned char *bytes, size_t length)
{
    struct bench *bench = context;
    for (size_t i = 0; i < length; i++) {
        if (bench->paper_ends_at > 0 && bench->taken.length == bench->paper_ends_at) {
            static const char report[] = {0x1c, 0x00, 0x0c, 0x0f};
            bench->has_no_paper = true;
            bench->paper_ends_at = 0;
            usb_printer_answer(bench->device, report, sizeof report);
        }
        if (bench->has_no_paper && bench->taken.length > JOB_BYTES / 2) {
            return i; /* it stops reading */
        }
        buffer_append_byte(&bench->taken, bytes[i]);
        memmove(bench->window, bench->window + 1, WINDOW_BYTES - 1);
        bench->window[WINDOW_BYTES - 1] = (char)bytes[i];
        react(bench);
    }
    return length;
}

static const struct usb_printer_options epson = {
    .vendor = 0x04b8, .product = 0x0e32, .interface_class = 7, .protocol = 2};

/* A bench on the device of OPTIONS, plugged in, with a transport that means SELECTION. */
static struct bench *
create_bench(struct usb_printer_options options, struct usb_selection selection)
{
    struct bench *bench = calloc(1, sizeof *bench);
    assert_non_null(bench);
    buffer_init(&bench->taken, TAKEN_MAX_BYTES);
    assert_int_equal(pthread_mutex_init(&bench->kept_lock, NULL), 0);
    options.take = take;
    options.context = bench;
    bench->device = usb_printer_create(&options);
    usb_printer_plug(bench->device);
    assert_int_equal(usb_transport_create(&bench->transport, &selection, NULL), STATUS_OK);
    return bench;
}

static void
open_printer(struct bench *bench, const char *model)
{
    const struct escpos_printer_options options = {.transport = bench->transport, .model = model, .columns = 48};
    assert_int_equal(escpos_printer_open(&options, &bench->printer, NULL), STATUS_OK);
    bench->transport = NULL; /* now the printer's */
}

static void
destroy_bench(struct bench *bench)
{
    if (bench->is_telling) {
        pthread_join(bench->teller, NULL);
    }
    pthread_mutex_destroy(&bench->kept_lock);
    printer_close(bench->printer);
    transport_destroy(bench->transport);
    usb_printer_destroy(bench->device);
    buffer_finish(&bench->taken);
    free(bench);
}

static int
set_up(void **state)
{
    struct usb_printer_options options = epson;
    options.device_id = epson_id;
    options.serial = "J0001";
    *state = create_bench(options, (struct usb_selection){0});
    return 0;
}

static int
set_up_old_controller(void **state)
{
    struct usb_printer_options options = epson;
    options.device_id = epson_id;
    options.has_no_scatter = true;
    *state = create_bench(options, (struct usb_selection){0});
    return 0;
}

static int
set_up_printer(void **state)
{
    (void)set_up(state);
    open_printer(*state, "auto");
    return 0;
}

static int
tear_down(void **state)
{
    destroy_bench(*state);
    return 0;
}

static int64_t
in_ms(int64_t duration_ms)
{
    return monitor_now_ms() + duration_ms;
}

static enum status
begin(struct bench *bench)
{
    bool is_new;
    return transport_begin(bench->transport, in_ms(PATIENCE_MS), &is_new, NULL);
}

/* LENGTH bytes of which no two stretches are alike, none of them a command. */
static const unsigned char *
make_bytes(void)
{
    static unsigned char bytes[LONG_BYTES];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(0x30 + (i * 7 + i / 64 * 3 + i / 4096) % 64);
    }
    return bytes;
}

/* ---- bytes ------------------------------------------------------------------------------------------------------- */

static void
the_interface_is_taken_from_the_kernel_and_given_back(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(begin(bench), STATUS_OK);
    assert_string_equal(transport_identity(bench->transport), "TM-m30III");
    transport_end(bench->transport);
    assert_int_equal(begin(bench), STATUS_OK);
    transport_end(bench->transport);

    transport_drop(bench->transport);

    const struct usb_printer_counts counts = usb_printer_counts(bench->device);
    assert_int_equal(counts.detached, 1);
    assert_int_equal(counts.claims, 1);
    assert_int_equal(counts.releases, 1);
    assert_int_equal(counts.refused, 0);
}

static void
a_long_job_arrives_whole(void **state)
{
    struct bench *bench = *state;
    size_t sent = 0;
    assert_int_equal(begin(bench), STATUS_OK);

    assert_int_equal(transport_write(bench->transport, make_bytes(), LONG_BYTES, in_ms(PATIENCE_MS), &sent, NULL),
                     STATUS_OK);

    assert_int_equal(sent, LONG_BYTES);
    assert_int_equal(bench->taken.length, LONG_BYTES);
    assert_memory_equal(bench->taken.data, make_bytes(), LONG_BYTES);
}

static void
a_stall_is_cleared_and_the_rest_follows(void **state)
{
    struct bench *bench = *state;
    size_t sent = 0;
    assert_int_equal(begin(bench), STATUS_OK);
    usb_printer_break(bench->device, USB_FAULT_STALL, 5000);

    assert_int_equal(transport_write(bench->transport, make_bytes(), JOB_BYTES, in_ms(PATIENCE_MS), &sent, NULL),
                     STATUS_OK);

    assert_int_equal(sent, JOB_BYTES);
    assert_int_equal(usb_printer_counts(bench->device).cleared_halts, 1);
    assert_int_equal(bench->taken.length, JOB_BYTES);
    assert_memory_equal(bench->taken.data, make_bytes(), JOB_BYTES);
}

static void
a_device_that_stalls_for_ever_is_given_up(void **state)
{
    struct bench *bench = *state;
    size_t sent = 0;
    assert_int_equal(begin(bench), STATUS_OK);
    usb_printer_break(bench->device, USB_FAULT_STALLS, 100);

    assert_int_equal(transport_write(bench->transport, make_bytes(), JOB_BYTES, in_ms(PATIENCE_MS), &sent, NULL),
                     STATUS_DEVICE_GONE);

    assert_int_equal(sent, 100);
    assert_int_equal(bench->taken.length, 100);
}

static void
what_a_device_that_holds_off_took_is_known_and_not_sent_again(void **state)
{
    enum { TAKEN_FIRST = 12345 };
    struct bench *bench = *state;
    size_t sent = 0;
    assert_int_equal(begin(bench), STATUS_OK);
    usb_printer_break(bench->device, USB_FAULT_NAK, TAKEN_FIRST);

    assert_int_equal(transport_write(bench->transport, make_bytes(), JOB_BYTES, in_ms(SHORT_MS), &sent, NULL),
                     STATUS_BUSY);
    assert_int_equal(sent, TAKEN_FIRST);
    usb_printer_go_on(bench->device);
    assert_int_equal(transport_write(bench->transport, make_bytes() + TAKEN_FIRST, JOB_BYTES - TAKEN_FIRST,
                                     in_ms(PATIENCE_MS), &sent, NULL),
                     STATUS_OK);

    assert_int_equal(bench->taken.length, JOB_BYTES);
    assert_memory_equal(bench->taken.data, make_bytes(), JOB_BYTES);
}

static void
a_cable_that_is_pulled_in_a_transfer_tells_how_much_was_taken(void **state)
{
    enum { TAKEN_FIRST = 20001 };
    struct bench *bench = *state;
    size_t sent = 0;
    assert_int_equal(begin(bench), STATUS_OK);
    usb_printer_break(bench->device, USB_FAULT_UNPLUG, TAKEN_FIRST);

    assert_int_equal(transport_write(bench->transport, make_bytes(), JOB_BYTES, in_ms(PATIENCE_MS), &sent, NULL),
                     STATUS_DEVICE_GONE);

    assert_int_equal(sent, TAKEN_FIRST);
    assert_int_equal(bench->taken.length, TAKEN_FIRST);
    transport_drop(bench->transport);
}

static void
an_endpoint_that_stalls_on_the_way_in_is_cleared(void **state)
{
    struct bench *bench = *state;
    char answer[16];
    size_t length = 0;
    assert_int_equal(begin(bench), STATUS_OK);
    usb_printer_stall_in(bench->device);
    assert_int_equal(transport_read(bench->transport, answer, sizeof answer, in_ms(SHORT_MS), &length, NULL),
                     STATUS_NOT_FOUND);

    usb_printer_say(bench->device, "abc", 3);

    assert_int_equal(transport_read(bench->transport, answer, sizeof answer, in_ms(PATIENCE_MS), &length, NULL),
                     STATUS_OK);
    assert_int_equal(length, 3);
    assert_memory_equal(answer, "abc", 3);
}

static void
what_is_said_between_two_questions_is_kept(void **state)
{
    struct bench *bench = *state;
    char answer[16];
    size_t length = 0;
    assert_int_equal(begin(bench), STATUS_OK);
    usb_printer_say(bench->device, "abcdef", 6);

    assert_int_equal(transport_read(bench->transport, answer, 4, in_ms(PATIENCE_MS), &length, NULL), STATUS_OK);
    assert_int_equal(length, 4);
    transport_end(bench->transport);
    assert_int_equal(begin(bench), STATUS_OK);
    assert_int_equal(transport_read(bench->transport, answer, sizeof answer, in_ms(PATIENCE_MS), &length, NULL),
                     STATUS_OK);
    assert_int_equal(length, 2);
    assert_memory_equal(answer, "ef", 2);
}

static void
a_reset_throws_away_and_talking_goes_on(void **state)
{
    struct bench *bench = *state;
    char answer[16];
    size_t length = 0;
    assert_int_equal(begin(bench), STATUS_OK);

    assert_true(transport_reset(bench->transport));

    assert_int_equal(usb_printer_counts(bench->device).resets, 1);
    assert_int_equal(transport_write(bench->transport, "\x10\x04\x01", 3, in_ms(PATIENCE_MS), &length, NULL),
                     STATUS_OK);
    assert_int_equal(transport_read(bench->transport, answer, sizeof answer, in_ms(PATIENCE_MS), &length, NULL),
                     STATUS_OK);
    assert_int_equal(length, 1);
    assert_int_equal(answer[0], 0x16);
}

/* ---- which printer ----------------------------------------------------------------------------------------------- */

static enum status
begin_with(struct usb_printer_options options, struct usb_selection selection)
{
    struct bench *bench = create_bench(options, selection);
    const enum status status = begin(bench);
    destroy_bench(bench);
    return status;
}

static void
a_printer_that_comes_later_or_again_is_found(void **state)
{
    struct bench *bench = *state;
    usb_printer_unplug(bench->device);
    assert_int_equal(begin(bench), STATUS_DEVICE_GONE);

    for (int i = 0; i < 3; i++) {
        usb_printer_plug(bench->device);
        assert_int_equal(begin(bench), STATUS_OK);
        transport_end(bench->transport);
        usb_printer_unplug(bench->device);
        assert_int_equal(begin(bench), STATUS_DEVICE_GONE);
    }
}

static void
a_printer_is_chosen_by_its_ids_and_serial_number(void **state)
{
    (void)state;
    struct usb_printer_options options = epson;
    options.serial = "J0001";
    options.device_id = epson_id;

    assert_int_equal(begin_with(options, (struct usb_selection){.vendor = 0x04b8, .product = 0x0e32}), STATUS_OK);
    assert_int_equal(begin_with(options, (struct usb_selection){.serial = "J0001"}), STATUS_OK);
    assert_int_equal(begin_with(options, (struct usb_selection){.vendor = 0x04b8, .product = 0x0e33}),
                     STATUS_DEVICE_GONE);
    assert_int_equal(begin_with(options, (struct usb_selection){.serial = "J0002"}), STATUS_DEVICE_GONE);
}

static void
the_office_printer_is_left_alone_unless_it_is_named(void **state)
{
    (void)state;
    struct usb_printer_options inkjet = epson, laser = epson;
    inkjet.device_id = "MFG:EPSON;CMD:ESCPL2,BDC,D4;MDL:EW-452A Series;CLS:PRINTER;";
    laser.vendor = 0x04a9;
    laser.product = 0x1234;
    laser.device_id = "MFG:Canon;CMD:LIPSLX,PCL;MDL:LBP6230;CLS:PRINTER;";

    assert_int_equal(begin_with(inkjet, (struct usb_selection){0}), STATUS_DEVICE_GONE);
    assert_int_equal(begin_with(laser, (struct usb_selection){0}), STATUS_DEVICE_GONE);
    assert_int_equal(begin_with(laser, (struct usb_selection){.vendor = 0x04a9, .product = 0x1234}), STATUS_OK);
}

static void
receipt_printers_of_every_kind_are_found_without_being_named(void **state)
{
    (void)state;
    struct usb_printer_options own_class = epson, clone = epson, newcomer = epson;
    own_class.interface_class = 0xff;
    own_class.protocol = 0xff;
    clone.vendor = 0x0416; /* stalls the request for a device id */
    clone.product = 0x5011;
    newcomer.vendor = 0x1234;
    newcomer.device_id = "MANUFACTURER:New;COMMAND SET:ESC/POS;MODEL:N-80;";

    assert_int_equal(begin_with(own_class, (struct usb_selection){0}), STATUS_OK);
    assert_int_equal(begin_with(clone, (struct usb_selection){0}), STATUS_OK);
    assert_int_equal(begin_with(newcomer, (struct usb_selection){0}), STATUS_OK);
}

static void
the_list_tells_what_is_plugged_in(void **state)
{
    struct bench *bench = *state;
    struct usb_printer_found found[USB_PRINTERS_MAX];
    size_t count = 0;

    assert_int_equal(usb_printers_list(found, USB_PRINTERS_MAX, &count, NULL), STATUS_OK);

    assert_int_equal(count, 1);
    assert_int_equal(found[0].vendor, 0x04b8);
    assert_int_equal(found[0].product, 0x0e32);
    assert_int_equal(found[0].access, STATUS_OK);
    assert_string_equal(found[0].serial, "J0001");
    assert_string_equal(found[0].maker, "EPSON");
    assert_string_equal(found[0].model, "TM-m30III");
    assert_true(found[0].is_printer_class);
    assert_true(found[0].is_held_by_kernel);
    assert_int_equal(usb_printer_counts(bench->device).claims, 0);
    usb_printer_unplug(bench->device);
    assert_int_equal(usb_printers_list(found, USB_PRINTERS_MAX, &count, NULL), STATUS_OK);
    assert_int_equal(count, 0);
}

/* ---- jobs -------------------------------------------------------------------------------------------------------- */

static enum status
print(struct bench *bench, const void *bytes, size_t length, unsigned timeout_ms, enum print_outcome *out_outcome)
{
    return printer_print(bench->printer, 1, bytes, length, timeout_ms, out_outcome, NULL);
}

/* How much of the job of LENGTH bytes went out, from its beginning and nothing twice; fails on anything else. */
static size_t
gone_out(const struct bench *bench, const unsigned char *job, size_t length)
{
    const char *data = buffer_text(&bench->taken);
    size_t at = 0;
    while (at < bench->taken.length &&
           memcmp(data + at, job, bench->taken.length - at < 16 ? bench->taken.length - at : 16) != 0) {
        at++;
    }
    size_t count = 0;
    while (count < length && at + count < bench->taken.length && (unsigned char)data[at + count] == job[count]) {
        count++;
    }
    /* What follows is commands: none of them holds a stretch of the job. */
    for (size_t i = at + count; i + 16 <= bench->taken.length; i++) {
        for (size_t j = 0; j + 16 <= length; j += 64) {
            assert_memory_not_equal(data + i, job + j, 16);
        }
    }
    return count;
}

static void
a_job_is_acknowledged_and_goes_out_once(void **state)
{
    struct bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;

    assert_int_equal(print(bench, make_bytes(), JOB_BYTES, PATIENCE_MS, &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(gone_out(bench, make_bytes(), JOB_BYTES), JOB_BYTES);
}

static void
a_stall_in_a_job_costs_nothing(void **state)
{
    struct bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;
    usb_printer_break(bench->device, USB_FAULT_STALL, 20000);

    assert_int_equal(print(bench, make_bytes(), JOB_BYTES, PATIENCE_MS, &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(usb_printer_counts(bench->device).cleared_halts, 1);
    assert_int_equal(gone_out(bench, make_bytes(), JOB_BYTES), JOB_BYTES);
}

static void
a_job_that_is_held_off_ends_as_unknown(void **state)
{
    struct bench *bench = *state;
    enum print_outcome outcome = PRINT_DONE;
    usb_printer_break(bench->device, USB_FAULT_NAK, 20000);

    assert_int_equal(print(bench, make_bytes(), JOB_BYTES, 3 * SHORT_MS, &outcome), STATUS_IO);

    assert_int_equal(outcome, PRINT_UNKNOWN);
    assert_int_equal(bench->taken.length, 20000);
    assert_in_range(gone_out(bench, make_bytes(), JOB_BYTES), 19000, 20000);
}

static void
a_job_that_is_held_off_for_a_while_goes_out_once(void **state)
{
    struct bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;
    /* Ends in the question for the state, which is asked again. */
    usb_printer_break(bench->device, USB_FAULT_NAK, 2);
    assert_int_equal(print(bench, make_bytes(), JOB_BYTES, SHORT_MS, &outcome), STATUS_IO);
    assert_int_equal(outcome, PRINT_NOT_DONE);
    assert_int_equal(bench->taken.length, 2);
    usb_printer_go_on(bench->device);

    assert_int_equal(print(bench, make_bytes(), JOB_BYTES, PATIENCE_MS, &outcome), STATUS_OK);

    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(gone_out(bench, make_bytes(), JOB_BYTES), JOB_BYTES);
}

static void
a_cable_pulled_in_a_job_leaves_it_unknown_and_the_next_one_whole(void **state)
{
    struct bench *bench = *state;
    enum print_outcome outcome = PRINT_DONE;
    usb_printer_break(bench->device, USB_FAULT_UNPLUG, 20000);
    assert_int_equal(print(bench, make_bytes(), JOB_BYTES, PATIENCE_MS, &outcome), STATUS_DEVICE_GONE);
    assert_int_equal(outcome, PRINT_UNKNOWN);
    assert_in_range(gone_out(bench, make_bytes(), JOB_BYTES), 19000, 20000);
    buffer_clear(&bench->taken);
    assert_int_equal(print(bench, "next\n", 5, PATIENCE_MS, &outcome), STATUS_DEVICE_GONE);
    assert_int_equal(outcome, PRINT_NOT_DONE);

    usb_printer_plug(bench->device);

    assert_int_equal(print(bench, "next\n", 5, PATIENCE_MS, &outcome), STATUS_OK);
    assert_int_equal(outcome, PRINT_DONE);
    assert_int_equal(gone_out(bench, make_bytes(), JOB_BYTES), 0);
}

static void
a_printer_that_was_replugged_between_jobs_is_not_noticed(void **state)
{
    struct bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;
    assert_int_equal(print(bench, "first\n", 6, PATIENCE_MS, &outcome), STATUS_OK);

    usb_printer_unplug(bench->device);
    usb_printer_plug(bench->device);

    assert_int_equal(print(bench, make_bytes(), JOB_BYTES, PATIENCE_MS, &outcome), STATUS_OK);
    assert_int_equal(gone_out(bench, make_bytes(), JOB_BYTES), JOB_BYTES);
}

static void
without_paper_no_byte_of_the_job_goes_out(void **state)
{
    struct bench *bench = *state;
    enum print_outcome outcome = PRINT_UNKNOWN;
    bench->has_no_paper = true;

    assert_int_equal(print(bench, make_bytes(), JOB_BYTES, PATIENCE_MS, &outcome), STATUS_PAPER_OUT);

    assert_int_equal(outcome, PRINT_NOT_DONE);
    assert_int_equal(gone_out(bench, make_bytes(), JOB_BYTES), 0);
}

static void
paper_that_ends_in_a_job_is_heard_while_nothing_is_taken(void **state)
{
    struct bench *bench = *state;
    enum print_outcome outcome = PRINT_DONE;
    bench->paper_ends_at = 20000;

    assert_int_equal(print(bench, make_bytes(), JOB_BYTES, PATIENCE_MS, &outcome), STATUS_PAPER_OUT);

    assert_int_equal(outcome, PRINT_UNKNOWN);
    assert_in_range(gone_out(bench, make_bytes(), JOB_BYTES), 19000, 30000);
}

static void
a_job_that_is_not_acknowledged_is_unknown(void **state)
{
    struct bench *bench = *state;
    enum print_outcome outcome = PRINT_DONE;
    bench->acknowledges_nothing = true;

    assert_int_equal(print(bench, make_bytes(), JOB_BYTES, 3 * SHORT_MS, &outcome), STATUS_IO);

    assert_int_equal(outcome, PRINT_UNKNOWN);
    assert_int_equal(gone_out(bench, make_bytes(), JOB_BYTES), JOB_BYTES);
}

static void
a_clone_without_acknowledgement_is_believed_by_its_sensors(void **state)
{
    struct usb_printer_options options = epson;
    options.vendor = 0x0416;
    options.product = 0x5011;
    struct bench *bench = create_bench(options, (struct usb_selection){0});
    enum print_outcome outcome = PRINT_UNKNOWN;
    (void)state;
    open_printer(bench, "generic-58");
    bench->acknowledges_nothing = true;

    assert_int_equal(print(bench, make_bytes(), 500, PATIENCE_MS, &outcome), STATUS_OK);
    assert_int_equal(outcome, PRINT_DONE);
    buffer_clear(&bench->taken);
    bench->paper_ends_at = 300;
    assert_int_equal(print(bench, make_bytes(), 500, PATIENCE_MS, &outcome), STATUS_PAPER_OUT);
    assert_int_equal(outcome, PRINT_UNKNOWN);
    destroy_bench(bench);
}

static void
a_printer_that_never_says_anything_leaves_every_job_unknown(void **state)
{
    struct usb_printer_options options = epson;
    struct bench *bench;
    enum print_outcome outcome = PRINT_DONE;
    struct printer_state printer;
    (void)state;
    options.is_one_way = true;
    options.protocol = 1;
    options.device_id = epson_id;
    bench = create_bench(options, (struct usb_selection){0});
    open_printer(bench, "mute");

    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_false(printer.is_known);
    assert_int_equal(print(bench, make_bytes(), JOB_BYTES, PATIENCE_MS, &outcome), STATUS_IO);

    assert_int_equal(outcome, PRINT_UNKNOWN);
    assert_int_equal(gone_out(bench, make_bytes(), JOB_BYTES), JOB_BYTES);
    destroy_bench(bench);
}

/* ---- answers that come late -------------------------------------------------------------------------------------- */

static void
assert_ready(struct bench *bench)
{
    struct printer_state printer;
    assert_int_equal(printer_query(bench->printer, PATIENCE_MS, &printer, NULL), STATUS_OK);
    assert_true(printer.is_online && !printer.cover_is_open && !printer.paper_is_out && !printer.needs_attention);
}

static void
ask_in_vain(struct bench *bench)
{
    struct printer_state printer;
    bench->keeps_answers = true;
    assert_int_equal(printer_query(bench->printer, SHORT_MS, &printer, NULL), STATUS_IO);
    bench->keeps_answers = false;
}

static void
late_answers_are_not_taken_for_answers_to_other_questions(void **state)
{
    struct bench *bench = *state;
    ask_in_vain(bench);
    ask_in_vain(bench);

    assert_ready(bench);

    assert_ready(bench);
}

static void
questions_that_a_printer_forgot_when_it_was_switched_off_are_not_waited_for(void **state)
{
    struct bench *bench = *state;
    ask_in_vain(bench);
    bench->kept_length = 0;

    assert_ready(bench);

    assert_ready(bench);
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
#define JOB(function) cmocka_unit_test_setup_teardown(function, set_up_printer, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_interface_is_taken_from_the_kernel_and_given_back),
        TEST(a_long_job_arrives_whole),
        cmocka_unit_test_setup_teardown(a_long_job_arrives_whole, set_up_old_controller, tear_down),
        TEST(a_stall_is_cleared_and_the_rest_follows),
        TEST(a_device_that_stalls_for_ever_is_given_up),
        TEST(what_a_device_that_holds_off_took_is_known_and_not_sent_again),
        TEST(a_cable_that_is_pulled_in_a_transfer_tells_how_much_was_taken),
        TEST(an_endpoint_that_stalls_on_the_way_in_is_cleared),
        TEST(what_is_said_between_two_questions_is_kept),
        TEST(a_reset_throws_away_and_talking_goes_on),
        TEST(a_printer_that_comes_later_or_again_is_found),
        cmocka_unit_test(a_printer_is_chosen_by_its_ids_and_serial_number),
        cmocka_unit_test(the_office_printer_is_left_alone_unless_it_is_named),
        cmocka_unit_test(receipt_printers_of_every_kind_are_found_without_being_named),
        TEST(the_list_tells_what_is_plugged_in),
        JOB(a_job_is_acknowledged_and_goes_out_once),
        JOB(a_stall_in_a_job_costs_nothing),
        JOB(a_job_that_is_held_off_ends_as_unknown),
        JOB(a_job_that_is_held_off_for_a_while_goes_out_once),
        JOB(a_cable_pulled_in_a_job_leaves_it_unknown_and_the_next_one_whole),
        JOB(a_printer_that_was_replugged_between_jobs_is_not_noticed),
        JOB(without_paper_no_byte_of_the_job_goes_out),
        JOB(paper_that_ends_in_a_job_is_heard_while_nothing_is_taken),
        JOB(a_job_that_is_not_acknowledged_is_unknown),
        cmocka_unit_test(a_clone_without_acknowledgement_is_believed_by_its_sensors),
        cmocka_unit_test(a_printer_that_never_says_anything_leaves_every_job_unknown),
        JOB(late_answers_are_not_taken_for_answers_to_other_questions),
        JOB(questions_that_a_printer_forgot_when_it_was_switched_off_are_not_waited_for),
    };
#undef TEST
#undef JOB
    return cmocka_run_group_tests_name("conversations with a USB printer", tests, NULL, NULL);
}
