/* madoguchi-pos tariff: check a file of tariffs, or price one case. For people who write tariffs, and for their tests.
 */
#include "common/tariff/document.h"
#include "pos/commands/commands.h"
#include "pos/commands/tariff_case.h"
#include "pos/commands/tariff_print.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: madoguchi-pos tariff --check T.json\n"
    "       madoguchi-pos tariff --file T.json --case CASE.json [--json]\n"
    "       madoguchi-pos tariff --file T.json --questions CODE [--on YYYY-MM-DD]\n\n"
    "T.json     a masters document, or {\"tariffs\":[...],\"reductions\":[...]} (docs/tariffs.md)\n"
    "CASE.json  "
    "{\"tariff\":CODE,\"on\":\"YYYY-MM-DD\",\"facts\":{...},\"reductions\":[{\"rule\":CODE,\"granter\":NAME}]}\n\n"
    "--check      say everything that is wrong as FILE:LINE:COLUMN: MEMBER: what to do\n"
    "--case       the price with its explanation, as a table, or with --json as one line\n"
    "--questions  what must be asked for a case, as JSON; --on is the business date, else the tariff's first day\n\n"
    "exit codes: 0 done; 1 --check found something; 2 usage; 3 a file or the case is wrong; 4 the system failed\n";

/* Read PATH, "-" being standard input. */
static enum status
read_file(struct buffer *out, const char *path, struct error_detail *err)
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

static const char *
without_place(const struct error_detail *fault)
{
    /* What json_parse says begins with the place, which stands before it here. */
    const char *rest = strncmp(fault->message, "line ", 5) == 0 ? strstr(fault->message, ": ") : NULL;
    return rest != NULL ? rest + 2 : fault->message;
}

static void
tell_fault(const char *path, const struct error_detail *fault)
{
    if (fault->line > 0) {
        fprintf(stderr, "%s:%u:%u: %s\n", path, fault->line, fault->column, without_place(fault));
    } else {
        fprintf(stderr, "%s: %s\n", path, fault->message);
    }
}

/* The file that is being checked. */
struct checked_file {
    const char *path;
};

static void
tell_checked(void *context, const struct error_detail *fault)
{
    const struct checked_file *file = context;
    tell_fault(file->path, fault);
}

static int
exit_for(enum status status)
{
    return status == STATUS_IO || status == STATUS_NO_MEMORY ? EXIT_SYSTEM : EXIT_INPUT;
}

/* Tell what is wrong with the file at PATH; the exit code that fits. */
static int
fail_at(const char *path, enum status status, const struct error_detail *err)
{
    tell_fault(path, err);
    return exit_for(status);
}

static int
check(const char *path, const struct buffer *text)
{
    struct tariff_document *document = NULL;
    struct error_detail err = {0};
    struct checked_file file = {.path = path};
    enum status status = tariff_document_open(&document, buffer_text(text), text->length, &err);
    if (status == STATUS_INVALID || status == STATUS_OVERFLOW) {
        tell_fault(path, &err);
    } else if (status == STATUS_OK) {
        status = tariff_document_check(document, tell_checked, &file, &err);
        if (status == STATUS_OK) {
            printf("%s: 料金 %zu 件、減免 %zu 件。誤りはありません。\n", path, tariff_document_tariffs(document),
                   tariff_document_reductions(document));
        } else {
            fprintf(stderr, "%s: %s\n", path, err.message);
        }
    }
    tariff_document_destroy(document);
    return status == STATUS_OK ? EXIT_DONE : status == STATUS_NO_MEMORY ? EXIT_SYSTEM : EXIT_FOUND;
}

static int
finish_output(void)
{
    if (fflush(stdout) != 0) {
        fputs("madoguchi-pos tariff: standard output could not be written\n", stderr);
        return EXIT_SYSTEM;
    }
    return EXIT_DONE;
}

static int
price(const struct tariff_document *document, const char *path, const char *case_path, bool as_json)
{
    struct buffer text;
    struct tariff_case *example = NULL;
    struct error_detail err = {0};
    buffer_init(&text, TARIFF_CASE_MAX_BYTES);
    int exit_code = EXIT_DONE;
    enum status status = read_file(&text, case_path, &err);
    if (status != STATUS_OK) {
        exit_code = fail_with("tariff", status, &err);
    } else {
        bool is_of_file = false;
        status = tariff_case_open(&example, document, buffer_text(&text), text.length, &is_of_file, &err);
        if (status == STATUS_OK) {
            status = tariff_case_price(example, &err);
        }
        if (status != STATUS_OK) {
            exit_code = fail_at(is_of_file ? path : case_path, status, &err);
        }
    }
    if (exit_code == EXIT_DONE) {
        status = as_json ? tariff_print_json(example, &err) : tariff_print_table(example, &err);
        exit_code = status == STATUS_OK ? finish_output() : fail_with("tariff", status, &err);
    }
    tariff_case_destroy(example);
    buffer_finish(&text);
    return exit_code;
}

static int
ask(const struct tariff_document *document, const char *path, const char *code, const char *on)
{
    enum { QUESTIONS_MAX_BYTES = 256 * 1024 };
    struct civil_date date;
    struct tariff *tariff = NULL;
    struct buffer out;
    struct error_detail err = {0};
    if (on != NULL && civil_date_parse(&date, on, strlen(on)) != STATUS_OK) {
        fputs("madoguchi-pos tariff: --on takes a day as YYYY-MM-DD\n", stderr);
        return EXIT_USAGE;
    }
    if (on == NULL && !tariff_document_first_day(document, code, &date)) {
        fprintf(stderr, "%s: %s という料金はありません\n", path, code);
        return EXIT_INPUT;
    }
    enum status status = tariff_document_find(document, code, date, &tariff, &err);
    if (status != STATUS_OK) {
        return fail_at(path, status, &err);
    }
    buffer_init(&out, QUESTIONS_MAX_BYTES);
    status = tariff_questions(tariff, date, &out, &err);
    if (status == STATUS_OK) {
        puts(buffer_text(&out));
    }
    buffer_finish(&out);
    tariff_destroy(tariff);
    return status == STATUS_OK ? finish_output() : fail_with("tariff", status, &err);
}

static int
run(const char *path, const char *case_path, const char *questions, const char *on, bool as_json, bool is_check)
{
    struct buffer text;
    struct tariff_document *document = NULL;
    struct error_detail err = {0};
    int exit_code;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    enum status status = read_file(&text, path, &err);
    if (status != STATUS_OK) {
        exit_code = fail_with("tariff", status, &err);
    } else if (is_check) {
        exit_code = check(path, &text);
    } else {
        status = tariff_document_open(&document, buffer_text(&text), text.length, &err);
        exit_code = status != STATUS_OK ? fail_at(path, status, &err)
                    : case_path != NULL ? price(document, path, case_path, as_json)
                                        : ask(document, path, questions, on);
    }
    tariff_document_destroy(document);
    buffer_finish(&text);
    return exit_code;
}

int
tariff_command(int argc, char **argv)
{
    static const char *const allowed[] = {
        "--check=", "--file=", "--case=", "--questions=", "--on=", "--json", "--help", NULL};
    if (!options_are_known(argc, argv, allowed)) {
        return EXIT_USAGE;
    }
    const char *to_check = option_value(argc, argv, "--check");
    const char *file = option_value(argc, argv, "--file");
    const char *case_path = option_value(argc, argv, "--case");
    const char *questions = option_value(argc, argv, "--questions");
    bool wants_help = option_is_given(argc, argv, "--help");
    bool is_right = to_check != NULL ? file == NULL && case_path == NULL && questions == NULL
                                     : file != NULL && (case_path == NULL) != (questions == NULL);
    if (wants_help || !is_right) {
        fputs(usage, wants_help ? stdout : stderr);
        return wants_help ? EXIT_DONE : EXIT_USAGE;
    }
    return run(to_check != NULL ? to_check : file, case_path, questions, option_value(argc, argv, "--on"),
               option_is_given(argc, argv, "--json"), to_check != NULL);
}
