/* madoguchi-pos journal: check a till's journal, or list it. Works while the till runs. */
#include "pos/commands/commands.h"
#include "pos/commands/terminal_day.h"
#include "pos/journal/journal.h"
#include "pos/till/refold.h"

#include <stdio.h>
#include <string.h>

enum { LIST_LINES = 500, LIST_BYTES = 4 * 1024 * 1024 };

enum status
journal_owner_read(struct database *db, char out[TERMINAL_ID_SIZE], struct error_detail *err)
{
    struct buffer bytes;
    struct journal_line line;
    buffer_init(&bytes, JOURNAL_LINE_MAX_BYTES);
    out[0] = '\0';
    enum status status = journal_read_line(db, 1, &bytes, err);
    if (status == STATUS_NOT_FOUND) {
        status = STATUS_OK;
    } else if (status == STATUS_OK) {
        status = journal_line_read(&line, buffer_text(&bytes), bytes.length, err);
        if (status == STATUS_OK) {
            memcpy(out, line.terminal, TERMINAL_ID_SIZE);
        }
    }
    buffer_finish(&bytes);
    return status;
}

/* The file itself, before what stands in it: a page that is damaged may be one that nothing below reads. */
static enum status
check_file(struct database *db, struct error_detail *err)
{
    struct statement *row;
    bool has_row = false;
    enum status status = database_statement(db, "PRAGMA integrity_check(1)", &row, err);
    if (status == STATUS_OK) {
        status = statement_step(row, &has_row, err);
    }
    if (status == STATUS_OK && has_row && strcmp(statement_column_text(row, 0), "ok") != 0) {
        error_set(err, "database_corrupt", "the database file is damaged: %.300s", statement_column_text(row, 0));
        status = STATUS_CORRUPT;
    }
    if (has_row) {
        statement_reset(row);
    }
    return status;
}

static int
verify(struct database *db)
{
    struct journal_position end;
    struct error_detail err;
    char terminal[TERMINAL_ID_SIZE];
    enum status status = check_file(db, &err);
    if (status == STATUS_OK) {
        status = journal_owner_read(db, terminal, &err);
    }
    if (status == STATUS_OK) {
        status = journal_verify(db, terminal, &end, &err);
    }
    if (status == STATUS_OK) {
        status = till_check_fold(db, &err);
    }
    if (status == STATUS_OK) {
        printf("%s: %lld lines, the chain is whole and the tables follow from it\n",
               terminal[0] != '\0' ? terminal : "(not enrolled)", (long long)end.sequence);
        return EXIT_DONE;
    }
    fprintf(stderr, "madoguchi-pos journal: %s\n", err.message);
    return status == STATUS_CORRUPT || status == STATUS_INVALID ? EXIT_FOUND : EXIT_SYSTEM;
}

/* The lines are JSON already: listing them is writing them out. */
static int
list(struct database *db)
{
    struct journal_position last = {0};
    struct buffer lines;
    struct error_detail err;
    buffer_init(&lines, LIST_BYTES + JOURNAL_LINE_MAX_BYTES + 1);
    enum status status;
    do {
        buffer_clear(&lines);
        status = journal_read_after(db, last.sequence, LIST_LINES, LIST_BYTES, &lines, &last, &err);
        fwrite(buffer_text(&lines), 1, lines.length, stdout);
    } while (status == STATUS_OK && lines.length > 0);
    buffer_finish(&lines);
    if (status == STATUS_OK && fflush(stdout) != 0) {
        error_set(&err, "cannot_write", "standard output could not be written");
        status = STATUS_IO;
    }
    return status == STATUS_OK ? EXIT_DONE : fail_with("journal", status, &err);
}

int
journal_command(int argc, char **argv)
{
    static const char *const allowed[] = {"--verify=", "--list=", "--json", "--help", NULL};
    struct database *db;
    struct error_detail err;
    if (!options_are_known(argc, argv, allowed)) {
        return EXIT_USAGE;
    }
    const char *to_verify = option_value(argc, argv, "--verify");
    const char *to_list = option_value(argc, argv, "--list");
    bool wants_help = option_is_given(argc, argv, "--help");
    if (wants_help || (to_verify == NULL) == (to_list == NULL)) {
        fputs("usage: madoguchi-pos journal --verify DATABASE\n"
              "       madoguchi-pos journal --list DATABASE --json   (one line of JSON each)\n",
              wants_help ? stdout : stderr);
        return wants_help ? EXIT_DONE : EXIT_USAGE;
    }
    enum status status = database_open(&db, to_verify != NULL ? to_verify : to_list, DATABASE_READ_ONLY, NULL, &err);
    if (status != STATUS_OK) {
        return fail_with("journal", status, &err);
    }
    int exit_code = to_verify != NULL ? verify(db) : list(db);
    database_close(db);
    return exit_code;
}
