/* A row of `tariffs`: what all forms have in common is read here, the rest by the form. */
#include "common/tariff/question.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDING_STEP_MAX = 10000 };

/* In the order of docs/tariffs.md. */
static const struct tariff_form *const forms[] = {
    &tariff_fixed_form, &tariff_steps_form,   &tariff_persons_form,
    &tariff_bands_form, &tariff_parking_form, &tariff_season_form,
};

const struct tariff_form *
tariff_form_find(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(forms[i]->name, name) == 0) {
            return forms[i];
        }
    }
    return NULL;
}

void
tariff_rounding_read(struct member_row *row, const char *key, struct tariff_rounding *out)
{
    static const char *const modes[] = {"down", "up", "nearest", NULL};
    *out = (struct tariff_rounding){.to_yen = 10, .mode = ROUND_DOWN};
    if (!member_is_given(row, key)) {
        return;
    }
    struct member_row inner;
    member_enter_object(&inner, row, key);
    out->to_yen = member_int_or(&inner, "to_yen", 1, ROUNDING_STEP_MAX, 10);
    out->mode = (enum rounding_mode)member_word(&inner, "mode", modes, ROUND_DOWN);
    member_leave(&inner, row);
}

static void
read_head(struct tariff *tariff, struct member_row *row)
{
    member_code(row, "code", tariff->code);
    member_text(row, "name", tariff->name);
    tariff->valid_from = member_date(row, "valid_from");
    tariff->valid_to = member_date_or_none(row, "valid_to");
    if (tariff->valid_to.year != 0 && civil_date_compare(tariff->valid_to, tariff->valid_from) < 0) {
        member_refuse(row, "valid_to", "valid_from より前の日です");
    }
    tariff_rounding_read(row, "rounding", &tariff->rounding);
    tariff_rounding_read(row, "reduction_rounding", &tariff->reduction_rounding);
}

static void
read_form(struct tariff *tariff, struct member_row *row)
{
    char name[TARIFF_CODE_SIZE];
    member_code(row, "form", name);
    const struct tariff_form *form = row->status == STATUS_OK ? tariff_form_find(name) : NULL;
    if (form == NULL) {
        member_refuse(row, "form", "料金の形は fixed, steps, persons, bands, parking, season のどれかです");
        return;
    }
    tariff->form = form;
    if (form->has_factors) {
        tariff_factors_read(tariff, row);
    }
    tariff_days_read(tariff, row);
    if (row->status == STATUS_OK) {
        form->read(tariff, row);
        tariff_factors_check(tariff, row);
        tariff_days_check(tariff, row);
    }
}

enum status
tariff_read(struct tariff **out, const struct json_value *object, struct error_detail *err)
{
    struct member_row row;
    member_begin(&row, object, "", err);
    struct tariff *tariff = calloc(1, sizeof *tariff);
    if (tariff == NULL) {
        member_out_of_memory(&row);
        return row.status;
    }
    read_head(tariff, &row);
    read_form(tariff, &row);
    enum status status = member_finish(&row);
    if (status != STATUS_OK) {
        tariff_destroy(tariff);
        return status;
    }
    *out = tariff;
    return STATUS_OK;
}

void
tariff_destroy(struct tariff *tariff)
{
    if (tariff == NULL) {
        return;
    }
    if (tariff->form != NULL && tariff->form->destroy != NULL && tariff->terms != NULL) {
        tariff->form->destroy(tariff->terms);
    } else {
        free(tariff->terms);
    }
    for (size_t i = 0; i < tariff->factor_count; i++) {
        free(tariff->factors[i].parts);
    }
    tariff_days_destroy(tariff);
    free(tariff);
}

const char *
tariff_code(const struct tariff *tariff)
{
    return tariff->code;
}

const char *
tariff_name(const struct tariff *tariff)
{
    return tariff->name;
}

const char *
tariff_form_name(const struct tariff *tariff)
{
    return tariff->form->name;
}

bool
tariff_is_valid_on(const struct tariff *tariff, struct civil_date date)
{
    return civil_date_compare(tariff->valid_from, date) <= 0 &&
           (tariff->valid_to.year == 0 || civil_date_compare(date, tariff->valid_to) <= 0);
}

static void
ask_factors(const struct tariff *tariff, struct question_list *questions)
{
    for (size_t i = 0; i < tariff->factor_count; i++) {
        const struct tariff_factor *factor = &tariff->factors[i];
        question_begin(questions, factor->code, "choice", factor->name, "", /* is_required= */ false);
        json_begin_array(&questions->writer, "choices");
        for (size_t c = 0; c < factor->choice_count; c++) {
            question_choice(questions, factor->choices[c].code, factor->choices[c].name, factor->choices[c].hint);
        }
        json_end_array(&questions->writer);
        json_text(&questions->writer, "default", factor->choices[0].code);
        json_end_object(&questions->writer);
    }
}

enum status
tariff_questions(const struct tariff *tariff, struct civil_date business_date, struct buffer *out,
                 struct error_detail *err)
{
    struct question_list questions;
    json_writer_init(&questions.writer, out);
    json_begin_object(&questions.writer, NULL);
    json_text(&questions.writer, "tariff", tariff->code);
    json_text(&questions.writer, "name", tariff->name);
    json_text(&questions.writer, "form", tariff->form->name);
    json_begin_array(&questions.writer, "parts");
    tariff->form->write_parts(tariff, &questions.writer);
    json_end_array(&questions.writer);
    json_begin_array(&questions.writer, "questions");
    tariff->form->ask(tariff, business_date, &questions);
    ask_factors(tariff, &questions);
    json_end_array(&questions.writer);
    json_end_object(&questions.writer);
    return json_finish(&questions.writer, err);
}
