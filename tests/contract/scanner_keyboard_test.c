/* The scanner suite on a scanner of umockdev that types, and the faults that only it can have. */
#include "drivers/keyboard_scanner/keyboard_scanner.h"
#include "tests/contract/scanner_bench.h"
#include "tests/contract/support/mock_node.h"

#include <errno.h>
#include <linux/input.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <cmocka.h>

enum { PATIENCE_MS = 30 * 1000, SOON_MS = 50, LONG_MS = 10 * 60 * 1000 };

struct typist {
    struct mock_node node;
    atomic_int grabs;         /* how often it was grabbed */
    atomic_bool is_elsewhere; /* another program has it */
};

static gboolean
answer(UMockdevIoctlClient *client, gulong request, UMockdevIoctlData *argument, void *context)
{
    static const char name[] = "Example Wedge";
    struct typist *typist = context;
    if (request == EVIOCGRAB) {
        const bool is_refused = atomic_load(&typist->is_elsewhere);
        atomic_fetch_add(&typist->grabs, is_refused ? 0 : 1);
        umockdev_ioctl_client_complete(client, is_refused ? -1 : 0, is_refused ? EBUSY : 0);
        return TRUE;
    }
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(argument, 0, _IOC_SIZE(request), NULL);
    glong result = 0;
    if (data == NULL) {
        return FALSE;
    }
    if (request == EVIOCGID) {
        const struct input_id id = {.bustype = BUS_USB, .vendor = 0x05F9, .product = 0x2203};
        memcpy(data->data, &id, sizeof id);
    } else if (_IOC_NR(request) == _IOC_NR(EVIOCGNAME(0)) && _IOC_SIZE(request) >= sizeof name) {
        memcpy(data->data, name, sizeof name);
        result = sizeof name;
    } else if (_IOC_NR(request) == _IOC_NR(EVIOCGBIT(EV_KEY, 0))) {
        memset(data->data, 0xFF, KEY_KPDOT / 8); /* all keys of a keyboard */
        result = KEY_KPDOT / 8;
    } else {
        g_object_unref(data);
        return FALSE;
    }
    umockdev_ioctl_client_complete(client, result, 0);
    g_object_unref(data);
    return TRUE;
}

static struct input_event *
put(struct input_event *next, unsigned type, unsigned code, int value)
{
    *next = (struct input_event){.type = (__u16)type, .code = (__u16)code, .value = value};
    return next + 1;
}

static struct input_event *
put_key(struct input_event *next, unsigned key, int value)
{
    return put(put(next, EV_KEY, key, value), EV_SYN, SYN_REPORT, 0);
}

/* The key that types CHARACTER: looked up the other way, since the tables are the driver's and have their own test. */
static struct input_event *
put_character(struct input_event *next, char character)
{
    unsigned key = 0;
    bool is_shifted = false;
    for (unsigned i = 0; i < 128 && key == 0; i++) {
        for (int shift = 0; shift < 2 && key == 0; shift++) {
            key = keymap_character(KEYBOARD_US, i, shift != 0) == character ? i : 0;
            is_shifted = shift != 0;
        }
    }
    assert_true(key != 0);
    next = is_shifted ? put_key(next, KEY_LEFTSHIFT, 1) : next;
    next = put_key(put_key(next, key, 1), key, 0);
    return is_shifted ? put_key(next, KEY_LEFTSHIFT, 0) : next;
}

static void
type(struct typist *typist, const char *text)
{
    struct input_event *events = calloc(strlen(text) * 8 + 8, sizeof *events);
    struct input_event *next = events;
    assert_non_null(events);
    for (; *text != '\0'; text++) {
        next = put_character(next, *text);
    }
    mock_node_send(&typist->node, events, (size_t)(next - events) * sizeof *events);
    free(events);
}

static void
show(struct scanner_bench *bench, const char *text)
{
    type(bench->context, text);
    type(bench->context, "\r");
}

static void
set_gone(struct scanner_bench *bench, bool is_gone)
{
    struct typist *typist = bench->context;
    if (is_gone) {
        mock_node_unplug(&typist->node);
    } else {
        mock_node_plug_in(&typist->node);
    }
}

static struct keyboard_scanner_options
options_for(const char *device)
{
    struct keyboard_scanner_options options = {
        .layout = KEYBOARD_US, .framing = {.suffix = "\r", .gap_ms = LONG_MS}, .keep_ms = LONG_MS};
    assert_int_equal(device_match_read(&options.device, device, NULL), STATUS_OK);
    return options;
}

static int
set_up(void **state)
{
    const struct keyboard_scanner_options options = options_for("05f9:2203");
    struct scanner_bench *bench = calloc(1, sizeof *bench);
    struct typist *typist = calloc(1, sizeof *typist);
    if (bench == NULL || typist == NULL || keyboard_scanner_open(&options, &bench->scanner, NULL) != STATUS_OK) {
        return -1;
    }
    typist->node = (struct mock_node){
        .answer = answer, .context = typist, .subsystem = "input", .folder = "input/", .prefix = "event"};
    mock_node_create(&typist->node);
    mock_node_plug_in(&typist->node);
    *bench = (struct scanner_bench){.scanner = bench->scanner, .context = typist, .show = show, .set_gone = set_gone};
    *state = bench;
    return 0;
}

static int
tear_down(void **state)
{
    struct scanner_bench *bench = *state;
    struct typist *typist = bench->context;
    scanner_close(bench->scanner);
    mock_node_destroy(&typist->node);
    free(typist);
    free(bench);
    return 0;
}

static void
the_scanner_is_taken_away_from_the_screen(void **state)
{
    struct scanner_bench *bench = *state;
    struct typist *typist = bench->context;
    struct scanned_code code;
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);
    assert_int_equal(atomic_load(&typist->grabs), 1);
}

static void
a_scanner_that_another_program_has_is_not_read_beside_it(void **state)
{
    struct scanner_bench *bench = *state;
    struct typist *typist = bench->context;
    struct scanned_code code;
    atomic_store(&typist->is_elsewhere, true);
    show(bench, "not for us");
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_BUSY);
    atomic_store(&typist->is_elsewhere, false);
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
}

static void
the_clerks_keyboard_is_left_alone(void **state)
{
    struct scanner_bench *bench = *state;
    struct typist *typist = bench->context;
    const struct keyboard_scanner_options options = options_for("05f9:2204");
    struct scanned_code code;
    struct scanner *other = NULL;
    assert_int_equal(keyboard_scanner_open(&options, &other, NULL), STATUS_OK);
    show(bench, "typed by the clerk");
    assert_int_equal(scanner_wait(other, SOON_MS, &code, NULL), STATUS_DEVICE_GONE);
    assert_int_equal(atomic_load(&typist->grabs), 0);
    scanner_close(other);
}

static void
a_scanner_without_a_name_is_refused(void **state)
{
    (void)state;
    const struct keyboard_scanner_options options = options_for("");
    struct scanner *other = NULL;
    struct error_detail err = {0};
    assert_int_equal(keyboard_scanner_open(&options, &other, &err), STATUS_INVALID);
    assert_non_null(strstr(err.message, "vendor:product"));
}

static void
half_a_code_at_unplugging_is_no_part_of_the_next(void **state)
{
    struct scanner_bench *bench = *state;
    struct scanned_code code;
    type(bench->context, "12345");
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);

    set_gone(bench, true);
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_DEVICE_GONE);
    set_gone(bench, false);
    show(bench, "67890");

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "67890");
}

static void
a_code_of_which_the_kernel_lost_keys_is_refused(void **state)
{
    struct scanner_bench *bench = *state;
    struct typist *typist = bench->context;
    struct input_event lost[4];
    struct scanned_code code;
    type(typist, "9000");
    put_key(put(put(lost, EV_SYN, SYN_DROPPED, 0), EV_KEY, KEY_9, 1), KEY_9, 0);
    mock_node_send(&typist->node, lost, sizeof lost);
    type(typist, "8118\r");

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_INVALID);
    show(bench, "90008118");
    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "90008118");
}

static void
an_event_that_is_read_in_two_halves_is_one(void **state)
{
    struct scanner_bench *bench = *state;
    struct typist *typist = bench->context;
    struct input_event events[8];
    struct scanned_code code;
    struct input_event *next = put_character(events, '7');
    next = put_character(next, '\r');
    const size_t length = (size_t)(next - events) * sizeof *events;
    mock_node_send(&typist->node, events, 10);
    assert_int_equal(scanner_wait(bench->scanner, SOON_MS, &code, NULL), STATUS_NOT_FOUND);
    mock_node_send(&typist->node, (const char *)events + 10, length - 10);

    assert_int_equal(scanner_wait(bench->scanner, PATIENCE_MS, &code, NULL), STATUS_OK);
    assert_string_equal(code.text, "7");
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest own[] = {
        TEST(the_scanner_is_taken_away_from_the_screen),
        TEST(a_scanner_that_another_program_has_is_not_read_beside_it),
        TEST(the_clerks_keyboard_is_left_alone),
        TEST(a_scanner_without_a_name_is_refused),
        TEST(half_a_code_at_unplugging_is_no_part_of_the_next),
        TEST(a_code_of_which_the_kernel_lost_keys_is_refused),
        TEST(an_event_that_is_read_in_two_halves_is_one),
    };
#undef TEST
    return scanner_contract_run("scanner: keyboard", set_up, tear_down) + cmocka_run_group_tests(own, NULL, NULL);
}
