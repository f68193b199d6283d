/* generate LINES SEED ORDER SALES STATEMENT: a sales extract and the aggregator's statement of the same payments.
 *
 * Of every 1,000 payments: 10 were voided (a line of their own on both sides), 10 lost our reference on the statement,
 * 2 are missing on the statement, 2 are on the statement alone, 2 have another amount and 2 another brand. ORDER is how
 * the statement's lines stand: "window" (by time, shuffled within 8,192 lines) or "random". */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW = 8192, BUFFER_BYTES = 1 << 20 };

static uint64_t
mix(uint64_t value)
{
    value = (value ^ value >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    value = (value ^ value >> 27) * UINT64_C(0x94D049BB133111EB);
    return value ^ value >> 31;
}

/* Payment i of the seed; the void of a payment has the number of its payment and `is_void`. */
struct payment {
    uint64_t number;
    bool is_void;
};

static uint64_t seed;

static unsigned
fate(uint64_t number)
{
    return (unsigned)(mix(number * 3 + seed) % 1000);
}

static bool
is_voided(uint64_t number)
{
    return fate(number) < 10;
}

static const char *const brands[] = {"paypay", "dbarai", "aupay", "rakutenpay", "merpay",     "suica",
                                     "waon",   "nanaco", "id",    "visa",       "mastercard", "jcb"};

static void
write_reference(FILE *out, uint64_t number)
{
    uint64_t low = mix(number + seed);
    uint64_t ms = UINT64_C(0x19AC0000000) + number * 7;
    fprintf(out, "%08" PRIx64 "-%04" PRIx64 "-7%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64, ms >> 16 & 0xFFFFFFFF,
            ms & 0xFFFF, low & 0xFFF, 0x8000 | (low >> 12 & 0x3FFF), low >> 16);
}

static int
amount_of(uint64_t number)
{
    static const int amounts[] = {300, 450, 750, 1500, 200, 350, 3450};
    return amounts[mix(number + 17) % 7];
}

/* The second of the day, in order of the numbers. */
static unsigned
second_of(struct payment payment, uint64_t count)
{
    unsigned second = (unsigned)(30000 + payment.number * 30000 / (count == 0 ? 1 : count));
    return payment.is_void ? second + 60 : second;
}

static void
write_sale(FILE *out, struct payment payment, uint64_t count)
{
    unsigned second = second_of(payment, count);
    int amount = payment.is_void ? -amount_of(payment.number) : amount_of(payment.number);
    write_reference(out, payment.number);
    fprintf(out, ",%c%010" PRIu64 ",%s,KO-%04" PRIu64 ",2026-11-22T%02u:%02u:%02u.%03u+09:00,%d\n",
            payment.is_void ? 'V' : 'Q', payment.number, brands[mix(payment.number) % 12],
            mix(payment.number + 1) % 3000, second / 3600, second / 60 % 60, second % 60,
            (unsigned)(payment.number % 1000), amount);
}

/* Returns the amount. */
static int
write_line(FILE *out, uint64_t line, struct payment payment, uint64_t count, bool is_foreign)
{
    unsigned second = second_of(payment, count);
    unsigned what = payment.is_void ? 500 : fate(payment.number);
    int amount = payment.is_void ? -amount_of(payment.number) : amount_of(payment.number);
    amount += what == 24 || what == 25 ? 100 : 0;
    size_t brand = mix(payment.number) % 12 + (what == 26 || what == 27 ? 1 : 0);
    fprintf(out, "\"%" PRIu64 "\",\"", line);
    if (what < 10 || what >= 20) {
        write_reference(out, is_foreign ? payment.number + (UINT64_C(1) << 40) : payment.number);
    }
    fprintf(out,
            "\",\"%c%010" PRIu64 "\",\"%s\",\"KO-%04" PRIu64 "\",\"2026/11/22 %02u:%02u:%02u\",\"%s\",\"%d\",\"%d\","
            "\"2026/11/"
            "24\",\"P20261124-%02u\",\"\x8C\x53\x8E\x52\x8E\x73\x96\xF0\x8F\x8A\x81\x40\x8E\x73\x96\xAF\x89\xDB\","
            "\"2026-11-23 02:00 batch 01\"\r\n",
            is_foreign        ? 'X'
            : payment.is_void ? 'V'
                              : 'Q',
            payment.number, brands[brand % 12], mix(payment.number + 1) % 3000, second / 3600, second / 60 % 60,
            second % 60, payment.is_void ? "\x8E\xE6\x8F\xC1" : "\x94\x84\x8F\xE3", amount, amount * 2 / 100,
            (unsigned)(mix(payment.number) % 12));
    return amount;
}

/* The payments of the first COUNT lines of the sales. */
static struct payment *
make_payments(uint64_t count)
{
    struct payment *payments = malloc(count * sizeof *payments);
    uint64_t number = 0;
    for (uint64_t i = 0; payments != NULL && i < count; number++) {
        payments[i++] = (struct payment){number, false};
        if (is_voided(number) && i < count) {
            payments[i++] = (struct payment){number, true};
        }
    }
    return payments;
}

static void
shuffle(struct payment *payments, uint64_t count, uint64_t window)
{
    for (uint64_t start = 0; start < count; start += window) {
        uint64_t length = count - start < window ? count - start : window;
        for (uint64_t i = length; i > 1; i--) {
            uint64_t other = mix(start + i + seed * 5) % i;
            struct payment swap = payments[start + i - 1];
            payments[start + i - 1] = payments[start + other];
            payments[start + other] = swap;
        }
    }
}

static bool
write_statement(FILE *out, const struct payment *payments, uint64_t count)
{
    static const char header[] =
        "\"\x96\xBE\x8D\xD7\x94\xD4\x8D\x86\",\"\x89\xC1\x96\xBF\x93\x58\x8E\xE6\x88\xF8ID\","
        "\"\x8C\x88\x8D\xCF\x89\xEF\x8E\xD0\x8E\xE6\x88\xF8ID\",\"\x83\x75\x83\x89\x83\x93\x83\x68\","
        "\"\x92\x5B\x96\x96\x94\xD4\x8D\x86\",\"\x8E\xE6\x88\xF8\x93\xFA\x8E\x9E\","
        "\"\x8E\xE6\x88\xF8\x8B\xE6\x95\xAA\","
        "\"\x8E\xE6\x88\xF8\x8B\xE0\x8A\x7A\",\"\x8E\xE8\x90\x94\x97\xBF\","
        "\"\x93\xFC\x8B\xE0\x97\x5C\x92\xE8\x93\xFA\","
        "\"\x93\xFC\x8B\xE0\x94\xD4\x8D\x86\",\"\x93\x58\x95\xDC\x96\xBC\",\"\x94\xF5\x8D\x6C\"\r\n";
    fputs(header, out);
    uint64_t line = 0;
    int64_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        unsigned what = payments[i].is_void ? 500 : fate(payments[i].number);
        if (what == 20 || what == 21) {
            continue;
        }
        sum += write_line(out, ++line, payments[i], count, /* is_foreign= */ false);
        if (what == 22 || what == 23) {
            sum += write_line(out, ++line, payments[i], count, /* is_foreign= */ true);
        }
    }
    fprintf(out, "\"\x8D\x87\x8C\x76\",\"%" PRIu64 "\",\"%" PRId64 "\"\r\n", line, sum);
    return fflush(out) == 0 && ferror(out) == 0;
}

int
main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: generate LINES SEED window|random SALES STATEMENT\n");
        return 2;
    }
    uint64_t count = strtoull(argv[1], NULL, 10);
    seed = strtoull(argv[2], NULL, 10);
    struct payment *payments = make_payments(count);
    FILE *sales = fopen(argv[4], "wb");
    FILE *statement = fopen(argv[5], "wb");
    if (payments == NULL || sales == NULL || statement == NULL) {
        perror("generate");
        return 1;
    }
    setvbuf(sales, NULL, _IOFBF, BUFFER_BYTES);
    setvbuf(statement, NULL, _IOFBF, BUFFER_BYTES);
    fputs("reference,acquirer_reference,brand,terminal,accepted_at,amount\n", sales);
    for (uint64_t i = 0; i < count; i++) {
        write_sale(sales, payments[i], count);
    }
    shuffle(payments, count, strcmp(argv[3], "random") == 0 ? count : WINDOW);
    bool is_done = write_statement(statement, payments, count) && fflush(sales) == 0 && ferror(sales) == 0;
    fclose(sales);
    fclose(statement);
    free(payments);
    return is_done ? 0 : 1;
}
