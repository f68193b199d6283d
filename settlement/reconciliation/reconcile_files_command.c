/* The command line of reconcile-files. */
#include "common/bytes/buffer.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"
#include "settlement/reconciliation/more_statements.h"
#include "settlement/reconciliation/reconcile_files.h"
#include "settlement/terms/terms.h"

#include <stdio.h>
#include <string.h>

enum {
    SUMMARY_MAX_BYTES = 64 * 1024,
    DEFAULT_THREADS = 2 /* one for each file */
};

/* Digits, and nothing else. */
static bool
read_minimum(int64_t *out, const char *text)
{
    int64_t yen = 0;
    for (const char *at = text; *at != '\0'; at++) {
        yen = *at >= '0' && *at <= '9' ? 10 * yen + (*at - '0') : -1;
        if (yen < 0 || yen > MINIMUM_YEN_MAX) {
            return false;
        }
    }
    *out = yen;
    return yen > 0;
}

int
reconcile_files_command(int argc, char **argv)
{
    enum {
        SALES,
        STATEMENT,
        FORMAT,
        BANK,
        BANK_FORMAT,
        NET,
        TOGETHER,
        MINIMUM,
        DEDUCT,
        OUT,
        THREADS,
        JSON,
        OPTION_COUNT
    };
    const char *more[STATEMENTS_MAX - 1];
    struct option options[OPTION_COUNT] = {
        [SALES] = {.name = "--sales", .value_name = "S.csv", .help = "our sales", .is_required = true},
        [STATEMENT] = {.name = "--statement",
                       .value_name = "T.csv",
                       .help = "their statement; may stand several times",
                       .is_required = true,
                       .more = more,
                       .more_max = STATEMENTS_MAX - 1},
        [BANK] = {.name = "--bank", .value_name = "B", .help = "the bank's record: also says which payouts have come"},
        [BANK_FORMAT] = {.name = "--bank-format", .value_name = "G.json", .help = "the bank record's layout"},
        [NET] = {.name = "--net", .help = "payouts are deposited less their fees"},
        [TOGETHER] = {.name = "--together",
                      .value_name = "KANA",
                      .help = "the company, by this name at the bank, pays all payouts of a pay day at once"},
        [MINIMUM] = {.name = "--minimum", .value_name = "YEN", .help = "a payout of less is carried over to the next"},
        [DEDUCT] = {.name = "--carry-negative", .help = "a payout below zero is deducted from the next"},
        [FORMAT] = {.name = "--format", .value_name = "F.json", .help = "the statement's layout", .is_required = true},
        [OUT] = {.name = "--out",
                 .value_name = "DIR",
                 .help = "receives matches.csv, discrepancies.csv, summary.json and, with --bank, deposits.csv",
                 .is_required = true},
        [THREADS] = {.name = "--threads", .value_name = "N", .help = "1 or 2 (default 2)"},
        [JSON] = {.name = "--json", .help = "print summary.json on standard output"},
    };
    int exit_code;
    if (!options_read_or_explain("reconcile-files", options, OPTION_COUNT, argc, argv, &exit_code)) {
        return exit_code;
    }
    const char *threads = options[THREADS].value != NULL ? options[THREADS].value : "2";
    if (strcmp(threads, "1") != 0 && strcmp(threads, "2") != 0) {
        fprintf(stderr, "madoguchi-settlement reconcile-files: --threads is 1 or 2\n");
        return EXIT_USAGE;
    }
    if ((options[BANK].value == NULL) != (options[BANK_FORMAT].value == NULL)) {
        fprintf(stderr, "madoguchi-settlement reconcile-files: --bank and --bank-format go together\n");
        return EXIT_USAGE;
    }
    int64_t minimum_yen = 0;
    if (options[MINIMUM].value != NULL && !read_minimum(&minimum_yen, options[MINIMUM].value)) {
        fprintf(stderr, "madoguchi-settlement reconcile-files: --minimum is yen, 1 to %d\n", MINIMUM_YEN_MAX);
        return EXIT_USAGE;
    }
    struct reconcile_files_request request = {
        .sales = options[SALES].value,
        .statement = options[STATEMENT].value,
        .more_statements = more,
        .more_count = options[STATEMENT].more_count,
        .bank = options[BANK].value,
        .bank_layout = options[BANK_FORMAT].value,
        .terms = {.is_net = options[NET].value != NULL,
                  .together = options[TOGETHER].value,
                  .minimum_yen = minimum_yen,
                  .carries_negative = options[DEDUCT].value != NULL},
        .layout = options[FORMAT].value,
        .folder = options[OUT].value,
        .thread_count = threads[0] == '1' ? 1 : DEFAULT_THREADS,
    };
    struct buffer summary;
    buffer_init(&summary, SUMMARY_MAX_BYTES);
    struct error_detail err = {0};
    enum status status = reconcile_files(&request, &summary, &err);
    if (status != STATUS_OK) {
        fprintf(stderr, "%s\n", err.message);
    } else if (options[JSON].value != NULL) {
        fputs(buffer_text(&summary), stdout);
    }
    buffer_finish(&summary);
    return (int)exit_code_from(status);
}
