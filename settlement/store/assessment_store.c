/* SQL of 調定: finding, drafting, moving on. */
#include "settlement/store/assessment_store.h"

#include "settlement/store/column.h"
#include "settlement/store/connection.h"
#include "settlement/store/query.h"

#define HEAD_COLUMNS                                                                                                   \
    "SELECT assessment, municipality, version, state, kind, fiscal_year, serial, assessed_on, original, amount_yen, "  \
    "proposed_by, export, content_sha256 FROM assessment "

static enum status
read_head(const struct statement *statement, struct assessment_head *out, struct error_detail *err)
{
    struct assessment_head head = {
        .id = statement_column_int(statement, 0),
        .version = statement_column_int(statement, 2),
        .fiscal_year = (int)statement_column_int(statement, 5),
        .serial = statement_column_int(statement, 6),
        .original = statement_column_int(statement, 8),
        .amount_yen = statement_column_int(statement, 9),
        .export_id = statement_column_int(statement, 11),
    };
    column_copy_text(head.municipality, sizeof head.municipality, statement, 1);
    column_copy_text(head.assessed_on, sizeof head.assessed_on, statement, 7);
    column_copy_text(head.proposed_by, sizeof head.proposed_by, statement, 10);
    if (!assessment_state_from_word(&head.state, statement_column_text(statement, 3)) ||
        !assessment_kind_from_word(&head.kind, statement_column_text(statement, 4))) {
        error_set(err, "wrong_state_word", "保存されている調定の状態が正しくありません。");
        return STATUS_CORRUPT;
    }
    enum status status = column_copy_blob(head.content_sha256, SHA256_SIZE, statement, 12, err);
    if (status == STATUS_OK) {
        *out = head;
    }
    return status;
}

static enum status
find_head(struct store_txn *txn, const char *sql, const struct bound *values, size_t count, struct assessment_head *out,
          bool *out_found, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_first(txn, sql, values, count, &statement, out_found, err);
    if (status == STATUS_OK && *out_found) {
        status = read_head(statement, out, err);
        statement_reset(statement);
    }
    return status;
}

enum status
assessment_head_find(struct store_txn *txn, const char *municipality, int64_t id, struct assessment_head *out,
                     struct error_detail *err)
{
    bool found;
    enum status status = find_head(txn, HEAD_COLUMNS "WHERE assessment = $1 AND municipality = $2",
                                   BOUND(bound_int(id), bound_text(municipality)), out, &found, err);
    if (status == STATUS_OK && !found) {
        error_set(err, "not_found", "調定(%lld)はありません。", (long long)id);
        return STATUS_NOT_FOUND;
    }
    return status;
}

enum status
assessment_open_find(struct store_txn *txn, const char *municipality, const struct assessment_key *key,
                     enum assessment_kind kind, int64_t original, struct assessment_head *out, bool *out_found,
                     struct error_detail *err)
{
    if (kind != ASSESSMENT_ORIGINAL) {
        return find_head(txn,
                         HEAD_COLUMNS "WHERE original = $1 AND kind = $2 AND kind <> 'original' "
                                      "AND state IN ('draft', 'proposed')",
                         BOUND(bound_int(original), bound_text(assessment_kind_word(kind))), out, out_found, err);
    }
    char day[CIVIL_DATE_TEXT_SIZE];
    return find_head(
        txn,
        HEAD_COLUMNS
        "WHERE municipality = $1 AND fiscal_year = $2 AND assessed_on = $3 AND account = $4 AND "
        "section = $5 AND route = $6 AND tax = $7 AND kind = 'original' AND state IN ('draft', 'proposed')",
        BOUND(bound_text(municipality), bound_int(key->fiscal_year),
              bound_text(civil_date_format(day, key->received_on)), bound_text(key->account), bound_text(key->section),
              bound_text(key->route), bound_text(key->tax)),
        out, out_found, err);
}

enum status
assessment_open_each(struct store_txn *txn, const char *municipality, const char *day, assessment_head_visitor visit,
                     void *context, struct error_detail *err)
{
    struct statement *statement;
    enum status status = query_open(txn,
                                    HEAD_COLUMNS "WHERE municipality = $1 AND assessed_on = $2 "
                                                 "AND state IN ('draft', 'proposed') ORDER BY assessment",
                                    BOUND(bound_text(municipality), bound_text(day)), &statement, err);
    bool has_row = false;
    while (status == STATUS_OK && (status = statement_step(statement, &has_row, err)) == STATUS_OK && has_row) {
        struct assessment_head head;
        status = read_head(statement, &head, err);
        if (status == STATUS_OK) {
            status = visit(&head, context, err);
        }
        if (status != STATUS_OK) {
            statement_reset(statement);
        }
    }
    return status;
}

static enum status
add_line(struct store_txn *txn, int64_t id, int64_t number, const struct assessment_line *line,
         struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO assessment_line (assessment, line, item, name, count, unit_price_yen, amount_yen, "
                     "tax_yen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                     BOUND(bound_int(id), bound_int(number), bound_text(line->item), bound_text(line->name),
                           bound_int(line->count), bound_int(line->unit_price_yen), bound_int(line->amount_yen),
                           bound_int(line->tax_yen)),
                     err);
}

static enum status
add_source(struct store_txn *txn, int64_t id, int64_t line, const struct assessment_source *source,
           struct error_detail *err)
{
    return query_run(txn,
                     "INSERT INTO assessment_source (assessment, line, terminal, sequence, number, sale, quantity, "
                     "amount_yen, tax_yen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                     BOUND(bound_int(id), bound_int(line), bound_text(source->terminal), bound_int(source->sequence),
                           bound_int(source->line), bound_text(source->sale), bound_int(source->quantity),
                           bound_int(source->amount_yen), bound_int(source->tax_yen)),
                     err);
}

static enum status
add_details(struct store_txn *txn, int64_t id, const struct assessment_draft *draft, struct error_detail *err)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < draft->line_count; i++) {
        status = add_line(txn, id, (int64_t)i + 1, &draft->lines[i], err);
    }
    for (size_t i = 0; status == STATUS_OK && i < draft->source_count; i++) {
        size_t line = assessment_line_of(draft, &draft->sources[i]);
        status = add_source(txn, id, (int64_t)line + 1, &draft->sources[i], err);
    }
    return status;
}

enum status
assessment_draft_add(struct store_txn *txn, const char *municipality, const struct assessment_content *content,
                     int64_t *out_id, struct error_detail *err)
{
    const struct assessment_draft *draft = content->draft;
    const struct account_parts *parts = content->parts;
    char assessed_on[CIVIL_DATE_TEXT_SIZE];
    char drafted_on[CIVIL_DATE_TEXT_SIZE];
    int64_t id;
    enum status status = query_insert(
        txn,
        "INSERT INTO assessment (municipality, version, state, fiscal_year, assessed_on, drafted_on, kind, original, "
        "account, fund_code, fund_name, kan_code, kan_name, kou_code, kou_name, moku_code, moku_name, setsu_code, "
        "setsu_name, saisetsu_code, saisetsu_name, section, section_name, route, route_name, tax, count, zero_count, "
        "sale_count, amount_yen, tax_yen, summary, content_sha256) VALUES ($1, 1, 'draft', $2, $3, $4, $5, $6, $7, "
        "$8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, "
        "$30, $31) RETURNING assessment",
        BOUND(bound_text(municipality), bound_int(draft->key.fiscal_year),
              bound_text(civil_date_format(assessed_on, draft->key.received_on)),
              bound_text(civil_date_format(drafted_on, content->drafted_on)),
              bound_text(assessment_kind_word(draft->kind)),
              draft->original != 0 ? bound_int(draft->original) : bound_null(), bound_text(draft->key.account),
              bound_text(parts->code[ACCOUNT_FUND]), bound_text(parts->name[ACCOUNT_FUND]),
              bound_text(parts->code[ACCOUNT_KAN]), bound_text(parts->name[ACCOUNT_KAN]),
              bound_text(parts->code[ACCOUNT_KOU]), bound_text(parts->name[ACCOUNT_KOU]),
              bound_text(parts->code[ACCOUNT_MOKU]), bound_text(parts->name[ACCOUNT_MOKU]),
              bound_text(parts->code[ACCOUNT_SETSU]), bound_text(parts->name[ACCOUNT_SETSU]),
              bound_text(parts->code[ACCOUNT_SAISETSU]), bound_text(parts->name[ACCOUNT_SAISETSU]),
              bound_text(draft->key.section), bound_text(content->section_name), bound_text(draft->key.route),
              bound_text(content->route_name), bound_text(draft->key.tax), bound_int(draft->count),
              bound_int(draft->zero_count), bound_int(draft->sale_count), bound_int(draft->amount_yen),
              bound_int(draft->tax_yen), bound_text(content->summary), bound_blob(content->sha256, SHA256_SIZE)),
        &id, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = add_details(txn, id, draft, err);
    if (status == STATUS_OK) {
        *out_id = id;
    }
    return status;
}

static enum status
remove_details(struct store_txn *txn, int64_t id, struct error_detail *err)
{
    enum status status =
        query_run(txn, "DELETE FROM assessment_source WHERE assessment = $1", BOUND(bound_int(id)), err);
    if (status == STATUS_OK) {
        status = query_run(txn, "DELETE FROM assessment_line WHERE assessment = $1", BOUND(bound_int(id)), err);
    }
    return status;
}

enum status
assessment_draft_replace(struct store_txn *txn, int64_t id, const struct assessment_content *content,
                         struct error_detail *err)
{
    const struct assessment_draft *draft = content->draft;
    const struct account_parts *parts = content->parts;
    char drafted_on[CIVIL_DATE_TEXT_SIZE];
    enum status status = remove_details(txn, id, err);
    if (status == STATUS_OK) {
        status = query_run(
            txn,
            "UPDATE assessment SET version = version + 1, state = 'draft', proposed_by = NULL, proposed_at_ms = NULL, "
            "drafted_on = $1, fund_code = $2, fund_name = $3, kan_code = $4, kan_name = $5, kou_code = $6, "
            "kou_name = $7, moku_code = $8, moku_name = $9, setsu_code = $10, setsu_name = $11, saisetsu_code = $12, "
            "saisetsu_name = $13, section_name = $14, route_name = $15, count = $16, zero_count = $17, "
            "sale_count = $18, amount_yen = $19, tax_yen = $20, summary = $21, content_sha256 = $22 "
            "WHERE assessment = $23",
            BOUND(bound_text(civil_date_format(drafted_on, content->drafted_on)), bound_text(parts->code[ACCOUNT_FUND]),
                  bound_text(parts->name[ACCOUNT_FUND]), bound_text(parts->code[ACCOUNT_KAN]),
                  bound_text(parts->name[ACCOUNT_KAN]), bound_text(parts->code[ACCOUNT_KOU]),
                  bound_text(parts->name[ACCOUNT_KOU]), bound_text(parts->code[ACCOUNT_MOKU]),
                  bound_text(parts->name[ACCOUNT_MOKU]), bound_text(parts->code[ACCOUNT_SETSU]),
                  bound_text(parts->name[ACCOUNT_SETSU]), bound_text(parts->code[ACCOUNT_SAISETSU]),
                  bound_text(parts->name[ACCOUNT_SAISETSU]), bound_text(content->section_name),
                  bound_text(content->route_name), bound_int(draft->count), bound_int(draft->zero_count),
                  bound_int(draft->sale_count), bound_int(draft->amount_yen), bound_int(draft->tax_yen),
                  bound_text(content->summary), bound_blob(content->sha256, SHA256_SIZE), bound_int(id)),
            err);
    }
    return status == STATUS_OK ? add_details(txn, id, draft, err) : status;
}

enum status
assessment_draft_remove(struct store_txn *txn, int64_t id, struct error_detail *err)
{
    enum status status = remove_details(txn, id, err);
    return status == STATUS_OK
               ? query_run(txn, "DELETE FROM assessment WHERE assessment = $1", BOUND(bound_int(id)), err)
               : status;
}

enum status
assessment_set_proposed(struct store_txn *txn, int64_t id, const char *login, int64_t now_ms, const char *summary,
                        struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE assessment SET state = 'proposed', version = version + 1, proposed_by = $1, "
                     "proposed_at_ms = $2, summary = coalesce($3, summary) WHERE assessment = $4",
                     BOUND(bound_text(login), bound_int(now_ms), bound_text(summary), bound_int(id)), err);
}

enum status
assessment_set_draft(struct store_txn *txn, int64_t id, struct error_detail *err)
{
    return query_run(txn,
                     "UPDATE assessment SET state = 'draft', version = version + 1, proposed_by = NULL, "
                     "proposed_at_ms = NULL WHERE assessment = $1",
                     BOUND(bound_int(id)), err);
}

enum status
assessment_set_approved(struct store_txn *txn, const struct assessment_head *head, const char *login, int64_t now_ms,
                        int64_t *out_serial, struct error_detail *err)
{
    int64_t last;
    enum status status = query_int(
        txn, "SELECT max(serial) FROM assessment WHERE municipality = $1 AND fiscal_year = $2 AND serial IS NOT NULL",
        BOUND(bound_text(head->municipality), bound_int(head->fiscal_year)), 0, &last, err);
    if (status != STATUS_OK) {
        return status;
    }
    status = query_run(txn,
                       "UPDATE assessment SET state = 'approved', serial = $1, approved_by = $2, approved_at_ms = $3 "
                       "WHERE assessment = $4",
                       BOUND(bound_int(last + 1), bound_text(login), bound_int(now_ms), bound_int(head->id)), err);
    if (status == STATUS_OK) {
        *out_serial = last + 1;
    }
    return status;
}

enum status
assessment_set_exported(struct store_txn *txn, int64_t id, int64_t export_id, struct error_detail *err)
{
    return query_run(txn, "UPDATE assessment SET state = 'exported', export = $1 WHERE assessment = $2",
                     BOUND(bound_int(export_id), bound_int(id)), err);
}
