/* madoguchi-pos code: what a scanned string is, and the code that a merchant shows. */
#include "common/signing/signing.h"
#include "drivers/escpos/encoder.h"
#include "drivers/paper/paper.h"
#include "pos/codes/citizen_code.h"
#include "pos/codes/merchant_code.h"
#include "pos/codes/observed_prefixes.h"
#include "pos/commands/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: madoguchi-pos code --decode STRING        (- reads one line from standard input)\n"
    "       madoguchi-pos code --merchant-presented --name NAME --city CITY --postal-code NNNNNNN\n"
    "            --jpqr LV1,LV2,LV3,LV4 [--amount-yen N] [--reference TEXT] [--terminal ID]\n"
    "            [--category NNNN] [--local-name NAME] [--png FILE]\n"
    "\n"
    "--decode tells the kind, the brands that may be meant, and the fields; what can pay is not shown. Exit codes: 0 a "
    "code\n"
    "that can be charged, or was read; 1 it is none (the sentence says why); 2 usage; 3 unreadable input.\n";

static const char *const kind_words[] = {
    [SCANNED_JPQR] = "JPQR, shown by the citizen",
    [SCANNED_EMV] = "EMVCo, shown by the citizen",
    [SCANNED_BARCODE] = "one-dimensional payment code",
    [SCANNED_MERCHANT_CODE] = "a merchant's code (the wrong side of a payment)",
    [SCANNED_NOTHING_KNOWN] = "not a payment code",
};

static int
print_citizen_code(const char *text, size_t length)
{
    static struct citizen_code code;
    static char shown[CITIZEN_FIELD_TEXT_SIZE];
    struct error_detail err;
    enum status status = citizen_code_read(&code, text, length, &err);
    for (size_t i = 0; i < code.field_count && status == STATUS_OK; i++) {
        const struct citizen_field *field = &code.fields[i];
        printf("%*s%-6X %-44s %s\n", (int)(2 * field->depth), "", (unsigned)field->tag, citizen_field_name(field->tag),
               citizen_field_text(field, shown));
    }
    secret_wipe(&code, sizeof code);
    if (status != STATUS_OK) {
        printf("why not: %s\n", err.message);
        return EXIT_FOUND;
    }
    return EXIT_DONE;
}

static bool
is_control(char byte)
{
    return (unsigned char)byte < ' ' || byte == 0x7f;
}

/* A stranger's text as a line: what would command the window that shows it becomes '?'. */
static void
print_tamed(const char *text)
{
    for (; *text != '\0'; text++) {
        putchar(is_control(*text) ? '?' : *text);
    }
    putchar('\n');
}

static int
print_merchant_code(const char *text, size_t length)
{
    struct merchant_code code;
    struct error_detail err;
    if (merchant_code_read(&code, text, length, &err) != STATUS_OK) {
        printf("why not: %s\n", err.message);
        return EXIT_FOUND;
    }
    const struct row {
        const char *label;
        const char *value;
    } rows[] = {
        {"name", code.name},
        {"local name", code.local_name},
        {"city", code.city},
        {"country", code.country},
        {"postal code", code.postal_code},
        {"currency", code.currency},
        {"amount", code.amount},
        {"category", code.category},
        {"reference", code.reference_label},
        {"terminal", code.terminal_label},
        {"store", code.store_label},
        {"bill", code.bill_number},
    };
    printf("profile: %s, %s, %zu account(s)\n", code.is_jpqr ? "JPQR" : "EMVCo",
           code.is_dynamic ? "made for one payment" : "a poster", code.account_count);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].value[0] != '\0') {
            printf("  %-12s ", rows[i].label);
            print_tamed(rows[i].value);
        }
    }
    return EXIT_FOUND; /* sound, but nothing can be charged with it */
}

static int
decode(const char *text)
{
    struct classification found;
    const size_t length = strcspn(text, "\r\n");
    classify_code(text, length, observed_prefixes, observed_prefix_count, &found);
    printf("kind: %s\n", kind_words[found.kind]);
    if (found.kind == SCANNED_BARCODE) {
        printf("digits: %zu; brands that begin so (observed table " OBSERVED_PREFIXES_VERSION "):", length);
        for (size_t i = 0; i < found.candidate_count; i++) {
            printf(" %s", found.candidates[i]);
        }
        putchar('\n');
    }
    const char *advice = classification_advice(&found);
    if (advice[0] != '\0') {
        printf("%s\n", advice);
    }
    if (found.kind == SCANNED_MERCHANT_CODE) {
        return print_merchant_code(text, length);
    }
    if (found.kind == SCANNED_JPQR || found.kind == SCANNED_EMV) {
        return print_citizen_code(text, length);
    }
    return found.candidate_count == 1 ? EXIT_DONE : EXIT_FOUND;
}

/* A code on a command line is seen by whoever lists processes; "-" reads it from standard input. */
static int
decode_argument(const char *argument)
{
    char line[MERCHANT_CODE_MAX_BYTES + 2];
    if (strcmp(argument, "-") != 0) {
        return decode(argument);
    }
    const size_t length = fread(line, 1, sizeof line - 1, stdin);
    line[length] = '\0';
    const size_t end = strcspn(line, "\r\n");
    int exit_code = EXIT_INPUT;
    if (length == 0) {
        fputs("madoguchi-pos code: standard input is empty\n", stderr);
    } else if (end < length && line[end] == '\0') {
        fputs("madoguchi-pos code: standard input holds a NUL, which no code does\n", stderr);
    } else {
        exit_code = decode(line);
    }
    secret_wipe(line, sizeof line);
    return exit_code;
}

static enum status
take_option(int argc, char **argv, const char *option, const char *otherwise, char *out, size_t size,
            struct error_detail *err)
{
    const char *value = option_value(argc, argv, option);
    value = value != NULL ? value : otherwise;
    if (strlen(value) >= size) {
        error_set(err, "option", "%s is longer than %zu bytes", option, size - 1);
        return STATUS_INVALID;
    }
    for (const char *byte = value; *byte != '\0'; byte++) {
        if (is_control(*byte)) {
            error_set(err, "option", "%s holds a control character", option);
            return STATUS_INVALID;
        }
    }
    snprintf(out, size, "%s", value);
    return STATUS_OK;
}

static enum status
take_levels(const char *text, struct merchant_code *out, struct error_detail *err)
{
    static const size_t digits[JPQR_LEVELS] = {13, 4, 6, 6};
    for (size_t i = 0; i < JPQR_LEVELS; i++) {
        const size_t length = strcspn(text, ",");
        if (length != digits[i] || strspn(text, "0123456789") != length) {
            error_set(err, "option", "--jpqr wants four numbers of 13, 4, 6 and 6 digits with commas between them");
            return STATUS_INVALID;
        }
        memcpy(out->jpqr_levels[i], text, length);
        out->jpqr_levels[i][length] = '\0';
        text += length + (text[length] == ',' && i + 1 < JPQR_LEVELS ? 1 : 0);
    }
    if (text[0] != '\0') {
        error_set(err, "option", "--jpqr wants four numbers, and more stand there: \"%s\"", text);
        return STATUS_INVALID;
    }
    out->is_jpqr = true;
    return STATUS_OK;
}

/* As payments are: 1 to 9,999,999 yen. Without an amount a citizen would be asked to type one. */
static bool
amount_is_valid(const char *text)
{
    enum { DIGITS_MAX = 7 };
    const size_t length = strlen(text);
    return length >= 1 && length <= DIGITS_MAX && text[0] != '0' && strspn(text, "0123456789") == length;
}

/* EMVCo: name and city are printable ASCII of 25 and 15 characters; what has other characters is --local-name. */
static enum status
check_ascii(const char *option, const char *text, size_t characters_max, struct error_detail *err)
{
    const size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] > '~') {
            error_set(err, "option", "%s is printed in ASCII; give Japanese by --local-name", option);
            return STATUS_INVALID;
        }
    }
    if (length > characters_max) {
        error_set(err, "option", "%s has %zu characters, and a code has room for %zu", option, length, characters_max);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status
check_digits(const char *option, const char *text, size_t digits, struct error_detail *err)
{
    if (strlen(text) == digits && strspn(text, "0123456789") == digits) {
        return STATUS_OK;
    }
    error_set(err, "option", "%s wants %zu digits and nothing else, not \"%s\"", option, digits, text);
    return STATUS_INVALID;
}

static enum status
check_texts(const struct merchant_code *code, struct error_detail *err)
{
    enum { NAME_CHARACTERS = 25, CITY_CHARACTERS = 15, LABEL_CHARACTERS = 25 };
    enum status status = check_ascii("--name", code->name, NAME_CHARACTERS, err);
    if (status == STATUS_OK) {
        status = check_ascii("--city", code->city, CITY_CHARACTERS, err);
    }
    if (status == STATUS_OK) {
        status = check_ascii("--reference", code->reference_label, LABEL_CHARACTERS, err);
    }
    if (status == STATUS_OK) {
        status = check_ascii("--terminal", code->terminal_label, LABEL_CHARACTERS, err);
    }
    if (status == STATUS_OK) {
        status = check_digits("--postal-code", code->postal_code, 7, err);
    }
    return status == STATUS_OK ? check_digits("--category", code->category, 4, err) : status;
}

static enum status
code_of_options(int argc, char **argv, struct merchant_code *out, struct error_detail *err)
{
    const struct option {
        const char *name;
        const char *otherwise;
        char *out;
        size_t size;
    } options[] = {
        {"--name", "", out->name, sizeof out->name},
        {"--city", "", out->city, sizeof out->city},
        {"--postal-code", "", out->postal_code, sizeof out->postal_code},
        {"--category", "9399", out->category, sizeof out->category}, /* government services */
        {"--amount-yen", "", out->amount, sizeof out->amount},
        {"--reference", "", out->reference_label, sizeof out->reference_label},
        {"--terminal", "", out->terminal_label, sizeof out->terminal_label},
        {"--local-name", "", out->local_name, sizeof out->local_name},
    };
    *out = (struct merchant_code){.currency = "392", .country = "JP", .language = "JA"};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof options / sizeof options[0] && status == STATUS_OK; i++) {
        status = take_option(argc, argv, options[i].name, options[i].otherwise, options[i].out, options[i].size, err);
    }
    const bool has_amount = option_value(argc, argv, "--amount-yen") != NULL;
    if (status == STATUS_OK && has_amount && !amount_is_valid(out->amount)) {
        error_set(err, "option", "--amount-yen wants 1 to 9999999 in digits, not \"%s\"", out->amount);
        status = STATUS_INVALID;
    }
    out->is_dynamic = has_amount;
    const char *levels = option_value(argc, argv, "--jpqr");
    if (status == STATUS_OK) {
        status = take_levels(levels != NULL ? levels : "", out, err);
    }
    return status == STATUS_OK ? check_texts(out, err) : status;
}

/* The code as a printer draws it, so that the picture is what a citizen's camera will see. */
static enum status
draw(const struct buffer *payload, const char *path, struct error_detail *err)
{
    struct buffer bytes, picture;
    struct escpos printer;
    struct paper *paper = NULL;
    buffer_init(&bytes, 64 * 1024);
    buffer_init(&picture, 4 * 1024 * 1024);
    escpos_init(&printer, &bytes, 48);
    escpos_begin(&printer);
    escpos_align(&printer, ESCPOS_CENTER);
    escpos_qr(&printer, buffer_text(payload), payload->length, 6, ESCPOS_QR_M);
    enum status status = escpos_finish(&printer, err);
    if (status == STATUS_OK) {
        status = paper_create(&paper, 48, err);
    }
    if (status == STATUS_OK) {
        paper_feed(paper, bytes.data, bytes.length);
        paper_tear(paper);
        status = paper_png(paper, 0, &picture, err);
    }
    if (status == STATUS_OK) {
        status = file_write_durably(path, picture.data, picture.length, 0644, err);
    }
    paper_destroy(paper);
    buffer_finish(&picture);
    buffer_finish(&bytes);
    return status;
}

static int
make(int argc, char **argv)
{
    struct merchant_code code;
    struct buffer payload;
    struct error_detail err;
    const char *path = option_value(argc, argv, "--png");
    buffer_init(&payload, MERCHANT_CODE_MAX_BYTES);
    enum status status = code_of_options(argc, argv, &code, &err);
    if (status == STATUS_OK) {
        status = merchant_code_write(&code, &payload, &err);
    }
    if (status == STATUS_OK && path != NULL) {
        status = draw(&payload, path, &err);
    }
    if (status == STATUS_OK) {
        puts(buffer_text(&payload));
    }
    buffer_finish(&payload);
    return status == STATUS_OK ? EXIT_DONE : fail_with("code", status, &err);
}

int
code_command(int argc, char **argv)
{
    static const char *const allowed[] = {"--decode=",      "--merchant-presented",
                                          "--name=",        "--city=",
                                          "--postal-code=", "--jpqr=",
                                          "--amount-yen=",  "--reference=",
                                          "--terminal=",    "--category=",
                                          "--local-name=",  "--png=",
                                          "--help",         NULL};
    if (!options_are_known(argc, argv, allowed)) {
        return EXIT_USAGE;
    }
    const char *text = option_value(argc, argv, "--decode");
    if (option_is_given(argc, argv, "--help")) {
        fputs(usage, stdout);
        return EXIT_DONE;
    }
    if (text != NULL) {
        return decode_argument(text);
    }
    if (option_is_given(argc, argv, "--merchant-presented")) {
        return make(argc, argv);
    }
    fputs(usage, stderr);
    return EXIT_USAGE;
}
