/* `masters check`: everything that is wrong with a document, with its line; nothing is stored. */
#include "settlement/commands/commands.h"
#include "settlement/commands/exit_code.h"
#include "settlement/commands/options.h"
#include "settlement/masters/masters.h"

#include <stdio.h>

static void
print_remark(const struct remark *remark, const char *file, const struct buffer *text)
{
    unsigned line;
    unsigned column;
    char path[REMARK_PATH_SIZE];
    masters_place_in_file(remark, buffer_text(text), text->length, &line, &column);
    printf("%s:%u:%u: %s%s: %s\n", file, line, column, remark->is_warning ? "注意: " : "", remark_path(remark, path),
           remark->message);
}

static enum status
check_file(const char *file, struct remarks *remarks, struct error_detail *err)
{
    struct buffer text;
    struct json_value *document = NULL;
    buffer_init(&text, JSON_TEXT_MAX_BYTES);
    enum status status = buffer_read_file(&text, file, err);
    if (status == STATUS_OK) {
        status = masters_examine(&document, buffer_text(&text), text.length, remarks, err);
    }
    for (size_t i = 0; status == STATUS_OK && i < remarks->count; i++) {
        print_remark(&remarks->rows[i], file, &text);
    }
    json_free(document);
    buffer_finish(&text);
    return status;
}

int
command_masters_check(int argc, char **argv)
{
    struct option options[] = {
        {"--file", "FILE", "the document (docs/masters.md)", .is_required = true},
    };
    int exit_code;
    if (!options_read_or_explain("masters check", options, 1, argc, argv, &exit_code)) {
        return exit_code;
    }
    struct error_detail err;
    struct remarks remarks;
    remarks_init(&remarks);
    enum status status = check_file(options[0].value, &remarks, &err);
    if (status != STATUS_OK) {
        exit_code = (int)exit_with(status, options[0].value, &err);
    } else {
        printf("%s: 誤り%zu件、注意%zu件\n", options[0].value, remarks.error_count, remarks.warning_count);
        exit_code = remarks.error_count == 0 ? EXIT_DONE : EXIT_REFUSED;
    }
    remarks_finish(&remarks);
    return exit_code;
}
