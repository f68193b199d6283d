/* Lay out and encode one receipt many times, as run.py asks.
 *
 *   receipt_bench FIXTURE.json COLUMNS ITERATIONS
 *
 * prints one JSON object: seconds for ITERATIONS receipts after a tenth as many to warm up, bytes of one receipt, and
 * how the program was built. */
#include "pos/receipt/document.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { DOCUMENT_MAX_BYTES = 1024 * 1024, ITERATIONS_MAX = 10 * 1000 * 1000, COLUMNS_MIN = 32, COLUMNS_MAX = 48 };

static double
now_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static enum status
write_receipts(const struct receipt_input *input, unsigned columns, long count, struct buffer *out,
               struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (long i = 0; i < count && status == STATUS_OK; i++) {
        buffer_clear(out);
        status = receipt_write(input, columns, out, err);
    }
    return status;
}

static enum status
measure(const char *path, unsigned columns, long iterations, struct error_detail *err)
{
    struct receipt_document *document = NULL;
    struct buffer text;
    struct buffer bytes;
    buffer_init(&text, DOCUMENT_MAX_BYTES);
    buffer_init(&bytes, RECEIPT_MAX_BYTES);
    double seconds = 0;
    enum status status = buffer_read_file(&text, path, err);
    if (status == STATUS_OK) {
        status = receipt_document_read(&document, buffer_text(&text), text.length, err);
    }
    if (status == STATUS_OK) {
        status = write_receipts(receipt_document_input(document), columns, iterations / 10 + 1, &bytes, err);
    }
    if (status == STATUS_OK) {
        const double start = now_seconds();
        status = write_receipts(receipt_document_input(document), columns, iterations, &bytes, err);
        seconds = now_seconds() - start;
    }
    if (status == STATUS_OK) {
        printf("{\"iterations\":%ld,\"seconds\":%.9f,\"bytes\":%zu,\"build\":\"%s\"}\n", iterations, seconds,
               bytes.length, RECEIPT_BENCH_BUILD);
    }
    receipt_document_destroy(document);
    buffer_finish(&text);
    buffer_finish(&bytes);
    return status;
}

int
main(int argc, char **argv)
{
    const long columns = argc == 4 ? strtol(argv[2], NULL, 10) : 0;
    const long iterations = argc == 4 ? strtol(argv[3], NULL, 10) : 0;
    if (columns < COLUMNS_MIN || columns > COLUMNS_MAX || iterations < 1 || iterations > ITERATIONS_MAX) {
        fprintf(stderr, "usage: receipt_bench FIXTURE.json 48|42|32 ITERATIONS\n");
        return 2;
    }
    struct error_detail err = {0};
    if (measure(argv[1], (unsigned)columns, iterations, &err) != STATUS_OK) {
        fprintf(stderr, "receipt_bench: %s: %s\n", argv[1], err.message);
        return 3;
    }
    return 0;
}
