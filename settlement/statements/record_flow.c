/* What stands out of order is a file that was cut or glued. */
#include "settlement/statements/record_flow.h"

static enum status
refuse(uint32_t line, const char *sentence, struct error_detail *err)
{
    error_set_at(err, line, 1, "statement_incomplete", "明細ファイル不完全: %s送付元から受け取り直してください。",
                 sentence);
    return STATUS_INVALID;
}

void
record_flow_begin(struct record_flow *flow, const struct layout *layout)
{
    *flow = (struct record_flow){0};
    for (unsigned i = 0; i < layout->record_count; i++) {
        flow->has_role[layout->records[i].role] = true;
    }
    flow->is_open = !flow->has_role[RECORD_HEADER];
}

static enum status
take_header(struct record_flow *flow, struct tally *tally, uint32_t line, struct error_detail *err)
{
    if (flow->is_open && flow->has_role[RECORD_TRAILER]) {
        return refuse(line, "前の口座のトレーラーがないまま次のヘッダーが来ました。", err);
    }
    if (tally_close_group(tally) != STATUS_OK) {
        return refuse(line, "金額の合計が扱える範囲を超えました。", err);
    }
    tally->headers++;
    flow->is_open = true;
    return STATUS_OK;
}

enum status
record_flow_take(struct record_flow *flow, struct tally *tally, enum record_role role, uint32_t line,
                 struct error_detail *err)
{
    if (flow->has_ended) {
        return refuse(line, "エンドレコードの後にレコードがあります。", err);
    }
    tally->records++;
    switch (role) {
    case RECORD_HEADER:
        return take_header(flow, tally, line, err);
    case RECORD_LINE:
        return flow->is_open ? STATUS_OK : refuse(line, "ヘッダーのない明細レコードがあります。", err);
    case RECORD_TRAILER:
        if (!flow->is_open) {
            return refuse(line, "ヘッダーのないトレーラーがあります。", err);
        }
        flow->is_open = false;
        return STATUS_OK;
    case RECORD_END:
        if (flow->is_open && flow->has_role[RECORD_TRAILER]) {
            return refuse(line, "トレーラーがないままエンドレコードが来ました。", err);
        }
        flow->has_ended = true;
        return STATUS_OK;
    case RECORD_SKIP:
    case RECORD_TOTALS:
        return STATUS_OK;
    }
    return STATUS_OK;
}

enum status
record_flow_check(struct record_flow *flow, const struct tally *tally, const struct record_plan *plan, uint32_t line,
                  const struct text_view (*figures)[2], unsigned *out_bad, struct error_detail *err)
{
    enum tally_reach reach = plan->role == RECORD_TRAILER ? TALLY_GROUP : TALLY_FILE;
    for (unsigned i = 0; i < plan->check_count; i++) {
        int64_t theirs = 0;
        *out_bad = i;
        enum status status = tally_read_figure(&plan->checks[i], figures[i], &theirs, err);
        if (status == STATUS_OK && plan->role == RECORD_TOTALS) {
            status = yen_add(&flow->totals[i], flow->totals[i], theirs);
            if (status != STATUS_OK) {
                return refuse(line, "合計の金額が扱える範囲を超えました。", err);
            }
        } else if (status == STATUS_OK) {
            status = tally_check(tally, reach, &plan->checks[i], theirs, err);
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    flow->has_totals = flow->has_totals || plan->role == RECORD_TOTALS;
    flow->totals_line = plan->role == RECORD_TOTALS ? line : flow->totals_line;
    return STATUS_OK;
}

/* What the totals of the file add up to, against all of its lines. */
static enum status
check_totals(const struct record_flow *flow, const struct tally *tally, const struct layout *layout, uint32_t line,
             struct error_detail *err)
{
    if (!flow->has_totals) {
        return refuse(line, "合計の行がありません。途中で切れたファイルです。", err);
    }
    for (unsigned i = 0; i < layout->record_count; i++) {
        const struct record_plan *plan = &layout->records[i];
        for (unsigned k = 0; plan->role == RECORD_TOTALS && k < plan->check_count; k++) {
            enum status status = tally_check(tally, TALLY_FILE, &plan->checks[k], flow->totals[k], err);
            if (status != STATUS_OK && err != NULL) {
                err->line = flow->totals_line;
                err->column = 1;
            }
            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    return STATUS_OK;
}

enum status
record_flow_finish(struct record_flow *flow, const struct tally *tally, const struct layout *layout, uint32_t line,
                   struct error_detail *err)
{
    if (tally->records == 0) {
        return refuse(1, "レコードがありません。", err);
    }
    if (flow->is_open && flow->has_role[RECORD_TRAILER]) {
        return refuse(line, "最後のトレーラーレコードがありません。途中で切れたファイルです。", err);
    }
    if (!flow->has_ended && flow->has_role[RECORD_END]) {
        return refuse(line, "エンドレコードがありません。途中で切れたファイルです。", err);
    }
    return flow->has_role[RECORD_TOTALS] ? check_totals(flow, tally, layout, line, err) : STATUS_OK;
}
