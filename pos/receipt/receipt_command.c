/* The command line around one paper: read the document, write the form that was asked for. */
#include "pos/receipt/receipt_command.h"

#include "drivers/paper/paper.h"
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
    "usage: madoguchi-pos receipt --sale FILE --as escpos|text|png [--columns 48|42|32] [--copy N] [--out FILE]\n"
    "\n"
    "Render one paper: a receipt, a void slip, a slip for a payment in doubt, or a day's close.\n"
    "\n"
    "  --sale FILE     the document (docs/receipt.md), a body of sale.recorded or day.closed, or a line of the\n"
    "                  journal; - reads standard input\n"
    "  --as FORM       escpos: the bytes for the printer; text: what a person reads; png: a picture of the paper\n"
    "  --columns N     half-width characters a row: 48 or 42 (80 mm paper), 32 (58 mm); 48 unless told\n"
    "  --copy N        0 the original, 1 ... 9999 the N-th copy; the document's own unless told\n"
    "  --out FILE      write there and not to standard output\n"
    "  --help          this text\n"
    "\n"
    "exit codes: 0 done, 2 usage, 3 the document cannot be read (the place is named), 4 a file cannot be read or "
    "written\n";

struct options {
    const char *sale;
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

/* Take option NAME with VALUE. False when either is wrong. */
static bool
take_option(struct options *options, const char *name, const char *value)
{
    long number;
    if (strcmp(name, "--sale") == 0) {
        options->sale = value;
        return true;
    }
    if (strcmp(name, "--out") == 0) {
        options->out = value;
        return true;
    }
    if (strcmp(name, "--as") == 0) {
        options->form = value;
        return strcmp(value, "escpos") == 0 || strcmp(value, "text") == 0 || strcmp(value, "png") == 0;
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
    if (options->sale == NULL || options->form == NULL) {
        fprintf(stderr, "madoguchi-pos receipt: --sale and --as are needed\n");
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

/* The paper that the bytes in ESCPOS make, in FORM. */
static enum status
render(const struct buffer *escpos, const struct options *options, struct buffer *out, struct error_detail *err)
{
    struct paper *paper = NULL;
    enum status status = paper_create(&paper, options->columns, err);
    if (status == STATUS_OK) {
        paper_feed(paper, escpos->data, escpos->length);
        status = strcmp(options->form, "text") == 0 ? paper_text(paper, PAPER_LAST_SHEET, out, err)
                                                    : paper_png(paper, PAPER_LAST_SHEET, out, err);
    }
    paper_destroy(paper);
    return status;
}

static enum status
make_paper(const struct buffer *document_text, const struct options *options, struct buffer *out,
           struct error_detail *err)
{
    struct receipt_document *document = NULL;
    struct buffer escpos;
    buffer_init(&escpos, RECEIPT_MAX_BYTES);
    enum status status = receipt_document_read(&document, buffer_text(document_text), document_text->length, err);
    if (status == STATUS_OK) {
        struct receipt_input *input = receipt_document_input(document);
        input->copy = options->copy >= 0 ? options->copy : input->copy;
        status = receipt_write(input, options->columns, &escpos, err);
    }
    if (status == STATUS_OK) {
        if (strcmp(options->form, "escpos") == 0) {
            buffer_append(out, escpos.data, escpos.length);
            status = buffer_check(out, err);
        } else {
            status = render(&escpos, options, out, err);
        }
    }
    receipt_document_destroy(document);
    buffer_finish(&escpos);
    return status;
}

static enum exit_code
tell_failure(enum exit_code code, const char *subject, const struct error_detail *err)
{
    fprintf(stderr, "madoguchi-pos receipt: %s: %s\n", subject, err->message);
    return code;
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
    struct buffer document;
    struct buffer out;
    buffer_init(&document, DOCUMENT_MAX_BYTES);
    buffer_init(&out, PAPER_PNG_MAX_BYTES);
    enum exit_code code = EXIT_DONE;
    if (read_input(&document, options.sale, &err) != STATUS_OK) {
        code = tell_failure(EXIT_FILES, options.sale, &err);
    } else if (make_paper(&document, &options, &out, &err) != STATUS_OK) {
        code = tell_failure(EXIT_INPUT, options.sale, &err);
    } else if (write_output(&out, options.out, &err) != STATUS_OK) {
        code = tell_failure(EXIT_FILES, "output", &err);
    }
    buffer_finish(&document);
    buffer_finish(&out);
    return code;
}
