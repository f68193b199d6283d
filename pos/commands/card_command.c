/* madoguchi-pos card: what a contactless card tells of itself. */
#include "common/signing/signing.h"
#include "drivers/simulated/control.h"
#include "pos/commands/card_device.h"
#include "pos/commands/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MS = 30 * 1000, USES_SHOWN = 5 };

static const char usage[] =
    "usage: madoguchi-pos card --read [--reader pcsc|rc-s380|simulated] [--name PART] [--card SAMPLE]\n"
    "\n"
    "Waits 30 seconds for a card, and prints the end of its id, its balances and last uses. --name chooses a pcsc "
    "reader by\n"
    "a part of its name; --card lays a sample on the simulated one (transit, edy, nanaco, waon, phone, empty).\n"
    "\n"
    "It reads what a card shows to everybody, and nothing else: it cannot pay, charge, or change anything on a card, "
    "it\n"
    "reads no card number, and an id that it shows proves nothing, for ids can be copied. Exit codes: 0 read; 1 no "
    "card\n"
    "came; 2 usage; 3 unknown reader; 4 the reader failed.\n";

static const char *const kinds[] = {
    [STORED_VALUE_PAID] = "paid", [STORED_VALUE_CHARGED] = "charged", [STORED_VALUE_OTHER] = "other"};

static void
print_use(const struct stored_value_use *use)
{
    char time[8] = "", amount[32] = "";
    if (use->has_time) {
        snprintf(time, sizeof time, "%02u:%02u", use->hour % 100, use->minute % 100);
    }
    if (use->amount_yen >= 0) {
        snprintf(amount, sizeof amount, "%lld", (long long)use->amount_yen);
    }
    printf("    %04u-%02u-%02u %-5s  %-8s %7s  balance %lld\n", use->year, use->month, use->day, time, kinds[use->kind],
           amount, (long long)use->balance_yen);
}

static void
print_card(const struct card_inquiry *card)
{
    printf("card: %s, id %s\n", card->is_felica ? "FeliCa" : "not FeliCa", card->masked_id);
    for (size_t i = 0; i < card->value_count; i++) {
        const struct stored_value *value = &card->values[i];
        printf("  %s: %lld yen\n", stored_value_word(value->scheme), (long long)value->balance_yen);
        for (size_t j = 0; j < value->use_count && j < USES_SHOWN; j++) {
            print_use(&value->uses[j]);
        }
    }
    if (card->value_count == 0) {
        puts("  no balance that can be read");
    }
    puts("Read only: nothing was changed on the card, and nothing can be paid with this.");
}

static int
read_card(const char *kind, const char *name, const char *sample)
{
    struct card_reader *reader = NULL;
    struct card_inquiry card;
    struct error_detail err;
    enum status status = card_device_open_kind(kind, name, &reader, &err);
    if (status == STATUS_OK && strcmp(kind, "simulated") == 0 && !simulated_card_reader_lay(reader, sample)) {
        error_set(&err, "sample", "there is no sample card \"%s\"", sample);
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        fputs("lay the card on the reader\n", stderr);
        status = card_reader_inquire(reader, WAIT_MS, &card, &err);
    }
    if (status == STATUS_OK) {
        print_card(&card);
        secret_wipe(&card, sizeof card);
    }
    card_reader_close(reader);
    if (status == STATUS_NOT_FOUND) {
        puts("no card came");
        return EXIT_FOUND;
    }
    return status == STATUS_OK ? EXIT_DONE : fail_with("card", status, &err);
}

int
card_command(int argc, char **argv)
{
    static const char *const allowed[] = {"--read", "--reader=", "--name=", "--card=", "--help", NULL};
    if (!options_are_known(argc, argv, allowed)) {
        return EXIT_USAGE;
    }
    if (option_is_given(argc, argv, "--help")) {
        fputs(usage, stdout);
        return EXIT_DONE;
    }
    if (!option_is_given(argc, argv, "--read")) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    const char *kind = option_value(argc, argv, "--reader");
    const char *name = option_value(argc, argv, "--name");
    return read_card(kind != NULL ? kind : "pcsc", name != NULL ? name : "", option_value(argc, argv, "--card"));
}
