/* The command line around one paper: read the document or take the sample, and print it by a template; or check one. */
#include "pos/receipt/receipt_command.h"

#include "drivers/paper/paper.h"
#include "drivers/receiptline/sample.h"
#include "pos/receipt/document.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum exit_code { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_INPUT = 3, EXIT_FILES = 4 };

enum {
    DOCUMENT_MAX_BYTES = 1024 * 1024, /* a sale of the largest basket is a journal line, 64 KiB */
    COPY_MAX = 9999,
    DEFAULT_COLUMNS = 48
};

static const char usage[] =
    "usage: madoguchi-pos receipt --sale FILE --as escpos|text|png [--template FILE] [--columns 48|42|32] [--copy N]\n"
    "                             [--out FILE]\n"
    "       madoguchi-pos receipt --sample FORM --as escpos|text|png [--template FILE] [--columns N] [--out FILE]\n"
    "       madoguchi-pos receipt --check FILE [--form FORM]\n"
    "       madoguchi-pos receipt --builtin FORM | --names FORM [--out FILE]\n"
    "\n"
    "Render one paper, from data or from its sample, by the built-in template or one's own; check a template.\n"
    "\n"
    "  --sale FILE     the document (docs/receipt.md), a body of sale.recorded or day.closed, or a line of the\n"
    "                  journal; - reads standard input\n"
    "  --sample FORM   the sample of a paper: receipt, void, in_doubt, close, shop_copy, refund, float, cash, "
    "inspection,\n"
    "                  deposit, day_report, handover, hold, ticket, test\n"
    "  --as FORM       escpos: the bytes for the printer; text: what a person reads; png: a picture of the paper\n"
    "  --template FILE a template in ReceiptLine markup instead of the built-in one\n"
    "  --columns N     half-width characters a row: 48 or 42 (80 mm paper), 32 (58 mm); 48 unless told\n"
    "  --copy N        0 the original, 1 ... 9999 the N-th copy; the document's own unless told\n"
    "  --check FILE    check a template; its form is --form FORM, else the file's name without its ending\n"
    "  --builtin FORM  write the built-in template: what one's own may begin with\n"
    "  --names FORM    write the names that templates of this form may use, and what they mean\n"
    "  --out FILE      write there and not to standard output\n"
    "  --help          this text\n"
    "\n"
    "exit codes: 0 done, 2 usage, 3 the document or template cannot be read (the place is named), 4 a file cannot be\n"
    "read or written\n";

struct options {
    const char *sale, *sample, *check, *builtin, *names; /* exactly one */
    const char *medium;
    const char *template;
    const char *form;
    const char *out; /* NULL: standard output */
    unsigned columns;
    int64_t copy; /* −1: the document's */
    bool wants_help;
};

static bool
parse_number(const char *text, long max, long *out)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < 0 || value > max) {
        return false;
    }
    *out = value;
    return true;
}

static bool
is_form(const char *word)
{
    enum papers_form form;
    return papers_form_from_word(word, &form);
}

static bool
is_medium(const char *word)
{
    return strcmp(word, "escpos") == 0 || strcmp(word, "text") == 0 || strcmp(word, "png") == 0;
}

/* Take option NAME with VALUE. False when either is wrong. */
static bool
take_option(struct options *options, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **out;
        bool (*is_good)(const char *word); /* NULL: anything */
    } texts[] = {{"--sale", &options->sale, NULL},
                 {"--sample", &options->sample, is_form},
                 {"--check", &options->check, NULL},
                 {"--builtin", &options->builtin, is_form},
                 {"--names", &options->names, is_form},
                 {"--as", &options->medium, is_medium},
                 {"--template", &options->template, NULL},
                 {"--form", &options->form, is_form},
                 {"--out", &options->out, NULL}};
    long number;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(name, texts[i].name) == 0) {
            *texts[i].out = value;
            return texts[i].is_good == NULL || texts[i].is_good(value);
        }
    }
    if (strcmp(name, "--columns") == 0 && parse_number(value, DEFAULT_COLUMNS, &number)) {
        options->columns = (unsigned)number;
        return number == 48 || number == 42 || number == 32;
    }
    if (strcmp(name, "--copy") == 0 && parse_number(value, COPY_MAX, &number)) {
        options->copy = number;
        return true;
    }
    return false;
}

static bool
parse_options(struct options *options, int argc, char **argv)
{
    *options = (struct options){.columns = DEFAULT_COLUMNS, .copy = -1};
    for (int i = 1; i < argc; i += 2) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            options->wants_help = true;
            return true;
        }
        if (i + 1 == argc || !take_option(options, argv[i], argv[i + 1])) {
            fprintf(stderr, "madoguchi-pos receipt: %s%s%s is not understood\n", argv[i], i + 1 == argc ? "" : " ",
                    i + 1 == argc ? "" : argv[i + 1]);
            return false;
        }
    }
    const int subjects = (options->sale != NULL) + (options->sample != NULL) + (options->check != NULL) +
                         (options->builtin != NULL) + (options->names != NULL);
    const bool is_printed = options->sale != NULL || options->sample != NULL;
    if (subjects != 1 || is_printed != (options->medium != NULL)) {
        fprintf(stderr, "madoguchi-pos receipt: --sale or --sample with --as, or --check, --builtin or --names\n");
        return false;
    }
    return true;
}

static enum status
read_input(struct buffer *out, const char *path, struct error_detail *err)
{
    if (strcmp(path, "-") != 0) {
        return buffer_read_file(out, path, err);
    }
    char block[4096];
    size_t length;
    while ((length = fread(block, 1, sizeof block, stdin)) > 0) {
        buffer_append(out, block, length);
    }
    if (ferror(stdin)) {
        error_set(err, "read", "standard input: %s", strerror(errno));
        return STATUS_IO;
    }
    return buffer_check(out, err);
}

static enum status
write_output(const struct buffer *bytes, const char *path, struct error_detail *err)
{
    FILE *file = path != NULL ? fopen(path, "wb") : stdout;
    if (file == NULL) {
        error_set(err, "write", "%s: %s", path, strerror(errno));
        return STATUS_IO;
    }
    const bool is_written = fwrite(buffer_text(bytes), 1, bytes->length, file) == bytes->length && fflush(file) == 0;
    const int reason = errno;
    const bool is_closed = path == NULL || fclose(file) == 0;
    if (!is_written || !is_closed) {
        error_set(err, "write", "%s: %s", path != NULL ? path : "standard output",
                  strerror(is_written ? errno : reason));
        return STATUS_IO;
    }
    return STATUS_OK;
}

static enum receiptline_medium
medium_of(const char *word)
{
    return strcmp(word, "escpos") == 0 ? RECEIPTLINE_AS_ESCPOS
           : strcmp(word, "text") == 0 ? RECEIPTLINE_AS_TEXT
                                       : RECEIPTLINE_AS_PNG;
}

/* DOCUMENT_TEXT as a paper by MARKUP (NULL: the built-in template). */
static enum status
make_paper(const struct buffer *document_text, const char *markup, const struct options *options, struct buffer *out,
           struct error_detail *err)
{
    struct receipt_document *document = NULL;
    enum status status = receipt_document_read(&document, buffer_text(document_text), document_text->length, err);
    if (status == STATUS_OK) {
        struct receipt_input *input = receipt_document_input(document);
        input->copy = options->copy >= 0 ? options->copy : input->copy;
        input->markup = markup;
        status = receipt_preview(input, options->columns, medium_of(options->medium), out, err);
    }
    receipt_document_destroy(document);
    return status;
}

static enum status
make_sample(const struct buffer *markup, const struct options *options, struct buffer *out, struct error_detail *err)
{
    enum papers_form form = PAPERS_RECEIPT;
    (void)papers_form_from_word(options->sample, &form); /* seen to be one when it was taken */
    return receiptline_preview_sample(form, options->template != NULL ? buffer_text(markup) : NULL, markup->length,
                                      options->columns, medium_of(options->medium), out, err);
}

/* The form that a template is for: told, or the name of its file. */
static bool
form_of_check(const struct options *options, enum papers_form *out)
{
    char word[32];
    if (options->form != NULL) {
        return papers_form_from_word(options->form, out);
    }
    const char *slash = strrchr(options->check, '/');
    const char *name = slash != NULL ? slash + 1 : options->check;
    snprintf(word, sizeof word, "%.*s", (int)strcspn(name, "."), name);
    return papers_form_from_word(word, out);
}

static void
write_names(const struct receiptline_schema *schema, uint32_t scope, unsigned depth, struct buffer *out)
{
    static const char *const kinds[] = {"text", "paragraph", "yen", "number", "date", "moment", "flag", "list"};
    for (size_t i = 0; i < schema->count; i++) {
        const struct receiptline_name *name = &schema->names[i];
        if ((name->scope & scope) == 0) {
            continue;
        }
        buffer_printf(out, "%*s%-20s %-9s %s\n", (int)(2 * depth), "", name->name, kinds[name->kind], name->meaning);
        /* Brands and items repeat the names of what they belong to. */
        if (name->kind == RECEIPTLINE_LIST && name->rows->names != schema->names) {
            write_names(name->rows, ~UINT32_C(0), depth + 1, out);
        }
    }
}

static enum exit_code
describe_form(const struct options *options, struct buffer *out)
{
    enum papers_form form = PAPERS_RECEIPT;
    (void)papers_form_from_word(options->names != NULL ? options->names : options->builtin, &form);
    if (options->names != NULL) {
        write_names(papers_schema(), papers_form_scope(form), 0, out);
    } else {
        size_t length;
        const char *markup = papers_template(form, &length);
        buffer_append(out, markup, length);
    }
    return EXIT_DONE;
}

static enum exit_code
tell_failure(enum exit_code code, const char *subject, const struct error_detail *err)
{
    fprintf(stderr, "madoguchi-pos receipt: %s: %s\n", subject, err->message);
    return code;
}

static enum exit_code
check_template(const struct options *options, const struct buffer *markup)
{
    struct receiptline_template *template = NULL;
    struct error_detail err = {0};
    enum papers_form form;
    if (!form_of_check(options, &form)) {
        fprintf(stderr, "madoguchi-pos receipt: %s: --form is needed: the name of the file is no form\n",
                options->check);
        return EXIT_USAGE;
    }
    enum status status = papers_compile(&template, form, buffer_text(markup), markup->length, &err);
    receiptline_destroy(template);
    return status == STATUS_OK ? EXIT_DONE : tell_failure(EXIT_INPUT, options->check, &err);
}

/* What OPTIONS ask for, into OUT; INPUT and MARKUP are scratch. */
static enum exit_code
make_output(const struct options *options, struct buffer *input, struct buffer *markup, struct buffer *out)
{
    struct error_detail err = {0};
    const char *template = options->template != NULL ? options->template : options->check;
    if (options->builtin != NULL || options->names != NULL) {
        return describe_form(options, out);
    }
    if (template != NULL && read_input(markup, template, &err) != STATUS_OK) {
        return tell_failure(EXIT_FILES, template, &err);
    }
    if (options->check != NULL) {
        return check_template(options, markup);
    }
    if (options->sale != NULL && read_input(input, options->sale, &err) != STATUS_OK) {
        return tell_failure(EXIT_FILES, options->sale, &err);
    }
    const enum status status =
        options->sample != NULL ? make_sample(markup, options, out, &err)
                                : make_paper(input, template != NULL ? buffer_text(markup) : NULL, options, out, &err);
    const char *subject = strcmp(err.code, "markup") == 0 && template != NULL ? template
                          : options->sale != NULL                             ? options->sale
                                                                              : options->sample;
    return status == STATUS_OK ? EXIT_DONE : tell_failure(EXIT_INPUT, subject, &err);
}

int
receipt_command(int argc, char **argv)
{
    struct options options;
    if (!parse_options(&options, argc, argv)) {
        fputs("madoguchi-pos receipt --help tells what is\n", stderr);
        return EXIT_USAGE;
    }
    if (options.wants_help) {
        fputs(usage, stdout);
        return EXIT_DONE;
    }
    struct error_detail err = {0};
    struct buffer input, markup, out;
    buffer_init(&input, DOCUMENT_MAX_BYTES);
    buffer_init(&markup, DOCUMENT_MAX_BYTES);
    buffer_init(&out, PAPER_PNG_MAX_BYTES);
    enum exit_code code = make_output(&options, &input, &markup, &out);
    if (code == EXIT_DONE && options.check == NULL && write_output(&out, options.out, &err) != STATUS_OK) {
        code = tell_failure(EXIT_FILES, "output", &err);
    }
    buffer_finish(&input);
    buffer_finish(&markup);
    buffer_finish(&out);
    return code;
}
