/* One row of a list of refunds. */
#include "settlement/web/refund_json.h"

#include "common/identity/identity.h"
#include "settlement/assessment/refund_treatment.h"
#include "settlement/web/reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct named {
    const char *word;
    const char *name;
};
static const struct named state_names[] = {{"requested", "未払い"}, {"paid", "支払済み"}, {"withdrawn", "取下げ"}};
static const struct named means_names[] = {{"cash", "現金"}, {"gateway", "決済の取消"}, {"bank_transfer", "口座振込"}};

static const char *
name_of(const struct named *names, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i].word, word) == 0) {
            return names[i].name;
        }
    }
    return word;
}
#define NAME_OF(names, word) name_of(names, sizeof(names) / sizeof(names)[0], word)

/* What waits for finance, unless a till is at it. */
const char *
refund_state_name(const struct refund_view *view)
{
    bool is_requested = strcmp(view->state, "requested") == 0;
    bool is_running = strcmp(view->run, "running") == 0 || strcmp(view->run, "unknown") == 0;
    if (!is_requested) {
        return NAME_OF(state_names, view->state);
    }
    if (terminal_id_is_of_desk(view->terminal)) {
        return view->approved_by[0] != '\0' ? "承認済み・未払い" : "承認待ち";
    }
    return view->taken_over_by[0] != '\0' ? "会計が引き継ぎ" : is_running ? "端末で返金中" : "未払い";
}

const char *
refund_means_name(const char *means)
{
    return NAME_OF(means_names, means);
}

/* "1:300,2:100" as [{"line":1,"amount_yen":300}, …]. */
static void
write_lines(struct json_writer *writer, const char *lines)
{
    json_begin_array(writer, "lines");
    while (*lines != '\0') {
        char *end;
        long long line = strtoll(lines, &end, 10);
        long long yen = *end == ':' ? strtoll(end + 1, &end, 10) : 0;
        json_begin_object(writer, NULL);
        json_int(writer, "line", line);
        json_int(writer, "amount_yen", yen);
        json_end_object(writer);
        lines = *end == ',' ? end + 1 : end + strlen(end);
    }
    json_end_array(writer);
}

/* How the money goes back in the books, if today where it has not yet. */
static void
write_treatment(struct json_writer *writer, const struct refund_view *view, struct civil_date today)
{
    struct civil_date received, back = today;
    if (civil_date_parse(&received, view->received_on, strlen(view->received_on)) != STATUS_OK ||
        strcmp(view->state, "withdrawn") == 0) {
        json_null(writer, "treatment");
        return;
    }
    if (view->ended_on[0] != '\0' && civil_date_parse(&back, view->ended_on, strlen(view->ended_on)) != STATUS_OK) {
        back = today;
    }
    struct refund_treatment treatment = refund_treatment_of(received, back);
    json_text(writer, "treatment", treatment.is_decrease ? "decrease" : "expenditure");
    json_text(writer, "treatment_name", refund_treatment_name(treatment));
    json_int(writer, "treatment_year", treatment.fiscal_year);
}

void
json_refund(struct json_writer *writer, const struct refund_view *view, const struct catalogue *catalogue,
            struct civil_date today)
{
    struct civil_date since;
    bool has_day = civil_date_parse(&since, view->business_date, strlen(view->business_date)) == STATUS_OK;
    bool is_paid = strcmp(view->state, "paid") == 0;
    json_begin_object(writer, NULL);
    json_text(writer, "refund", view->refund);
    json_text(writer, "state", view->state);
    json_text(writer, "state_name", refund_state_name(view));
    json_text_or_null(writer, "run", view->run);
    json_bool(writer, "is_of_desk", terminal_id_is_of_desk(view->terminal));
    json_int_or_null(writer, "seen_import", view->seen_import);
    json_int_or_null(writer, "seen_line", view->seen_line);
    json_text_or_null(writer, "takes_over", view->takes_over);
    json_text_or_null(writer, "taken_over_by", view->taken_over_by);
    json_int(writer, "amount_yen", view->amount_yen);
    json_text(writer, "means", is_paid ? view->ended_means : view->means);
    json_text(writer, "means_name", refund_means_name(is_paid ? view->ended_means : view->means));
    json_text(writer, "reason", view->reason);
    json_text(writer, "receipt_number", view->receipt_number);
    json_text(writer, "sale", view->sale);
    json_text_or_null(writer, "received_on", view->received_on);
    json_int(writer, "sale_yen", view->sale_yen);
    json_int(writer, "refunds_yen", view->refunds_yen);
    json_bool(writer, "is_too_much", view->received_on[0] != '\0' && view->refunds_yen > view->sale_yen);
    write_treatment(writer, view, today);
    write_lines(writer, view->lines);
    json_text(writer, "terminal", view->terminal);
    json_int(writer, "sequence", view->requested_sequence);
    json_code_name(writer, "place", view->place, catalogue_name(catalogue, "places", view->place));
    json_text(writer, "business_date", view->business_date);
    json_instant(writer, "requested_at", view->requested_at_ms);
    json_int(writer, "age_days", has_day ? civil_date_to_days(today) - civil_date_to_days(since) : 0);
    json_text(writer, "clerk", view->clerk);
    json_text(writer, "clerk_name", view->clerk_name);
    json_text_or_null(writer, "approved_by", view->approved_by);
    json_text_or_null(writer, "approved_name", view->approved_name);
    json_text_or_null(writer, "ended_name", view->ended_name);
    json_text_or_null(writer, "ended_approved_name", view->ended_approved_name);
    json_text_or_null(writer, "ended_on", view->ended_on);
    json_text_or_null(writer, "ended_by", view->ended_by);
    json_text_or_null(writer, "ended_approved_by", view->ended_approved_by);
    json_text_or_null(writer, "ended_reason", view->ended_reason);
    json_int_or_null(writer, "ended_sequence", view->ended_on[0] != '\0' ? view->state_sequence : 0);
    json_end_object(writer);
}
