/* Questions as JSON. */
#include "common/tariff/question.h"

void
question_begin(struct question_list *list, const char *id, const char *kind, const char *label, const char *hint,
               bool is_required)
{
    json_begin_object(&list->writer, NULL);
    json_text(&list->writer, "id", id);
    json_text(&list->writer, "kind", kind);
    json_text(&list->writer, "label", label);
    json_text(&list->writer, "hint", hint);
    json_bool(&list->writer, "required", is_required);
}

void
question_count(struct question_list *list, const char *id, const char *label, const char *hint, const char *unit,
               int64_t min, int64_t max, int64_t fallback)
{
    question_begin(list, id, "count", label, hint, /* is_required= */ false);
    json_text(&list->writer, "unit", unit);
    json_int(&list->writer, "min", min);
    json_int(&list->writer, "max", max);
    json_int(&list->writer, "default", fallback);
    json_end_object(&list->writer);
}

void
question_flag(struct question_list *list, const char *id, const char *label, const char *hint)
{
    question_begin(list, id, "flag", label, hint, /* is_required= */ false);
    json_bool(&list->writer, "default", false);
    json_end_object(&list->writer);
}

void
question_date(struct question_list *list, const char *id, const char *label, const char *hint,
              struct civil_date fallback, struct civil_date min, struct civil_date max)
{
    char text[CIVIL_DATE_TEXT_SIZE];
    question_begin(list, id, "date", label, hint, /* is_required= */ false);
    json_text(&list->writer, "default", civil_date_format(text, fallback));
    json_text(&list->writer, "min", civil_date_format(text, min));
    json_text(&list->writer, "max", civil_date_format(text, max));
    json_end_object(&list->writer);
}

void
question_count_row(struct question_list *list, const char *code, const char *name, const char *hint, const char *unit,
                   int64_t max, int64_t price_yen)
{
    json_begin_object(&list->writer, NULL);
    json_text(&list->writer, "code", code);
    json_text(&list->writer, "name", name);
    json_text(&list->writer, "hint", hint);
    json_text(&list->writer, "unit", unit);
    json_int(&list->writer, "min", 0);
    json_int(&list->writer, "max", max);
    json_int(&list->writer, "default", 0);
    if (price_yen >= 0) {
        json_int(&list->writer, "price_yen", price_yen);
    }
    json_end_object(&list->writer);
}

void
question_choice(struct question_list *list, const char *code, const char *name, const char *hint)
{
    json_begin_object(&list->writer, NULL);
    json_text(&list->writer, "code", code);
    json_text(&list->writer, "name", name);
    json_text(&list->writer, "hint", hint);
    json_end_object(&list->writer);
}
