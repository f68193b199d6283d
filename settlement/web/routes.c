/* The table of addresses. The right that each needs stands in access/right.c; an address that is missing there is
 * served to nobody. */
#include "settlement/web/routes.h"

#include "settlement/imports/import_file.h"
#include "settlement/masters/csv_cells.h"
#include "settlement/web/asked.h"
#include "settlement/web/endpoints.h"

#define GET(path, function)                                                                                            \
    {                                                                                                                  \
        .method = "GET", .pattern = (path), .handle = (function), .execution = HTTP_WORKER                             \
    }
#define POST(path, function, limit)                                                                                    \
    {                                                                                                                  \
        .method = "POST", .pattern = (path), .handle = (function), .execution = HTTP_WORKER, .body_limit = (limit)     \
    }

const struct http_route finance_routes[] = {
    POST("/api/login", login_endpoint, SMALL_BODY_MAX),
    POST("/api/logout", logout_endpoint, SMALL_BODY_MAX),
    GET("/api/me", me_endpoint),
    POST("/api/me/password", password_endpoint, SMALL_BODY_MAX),
    GET("/api/events", events_endpoint),
    GET("/api/assessments", assessments_endpoint),
    GET("/api/assessments/held", assessments_held_endpoint),
    POST("/api/assessments/draft", assessments_draft_endpoint, SMALL_BODY_MAX),
    POST("/api/assessments/propose", assessments_propose_endpoint, SMALL_BODY_MAX),
    POST("/api/assessments/return", assessments_return_endpoint, SMALL_BODY_MAX),
    POST("/api/assessments/approve", assessments_approve_endpoint, SMALL_BODY_MAX),
    GET("/api/assessments/:id", assessment_endpoint),
    GET("/api/assessments/:id/evidence", assessment_evidence_endpoint),
    GET("/api/assessments/:id/paper", assessment_paper_endpoint),
    POST("/api/exports", exports_create_endpoint, EXPORT_BODY_MAX),
    GET("/api/exports", exports_endpoint),
    GET("/api/exports/:id", export_endpoint),
    GET("/api/exports/:id/file", export_file_endpoint),
    GET("/api/today", today_endpoint),
    GET("/api/sales", sales_endpoint),
    GET("/api/sales/:sale", sale_endpoint),
    GET("/api/refunds", refunds_endpoint),
    GET("/api/days", days_endpoint),
    GET("/api/days/:terminal/:sequence", day_endpoint),
    GET("/api/reports/receipts", receipts_report_endpoint),
    GET("/api/operator-revenue", operator_revenue_endpoint),
    GET("/api/terminals", terminals_endpoint),
    POST("/api/terminals/:terminal/revoke", terminal_revoke_endpoint, SMALL_BODY_MAX),
    GET("/api/places", places_endpoint),
    GET("/api/enrolment-codes", enrolment_codes_endpoint),
    POST("/api/enrolment-codes", enrolment_code_create_endpoint, SMALL_BODY_MAX),
    GET("/api/journal/:terminal", journal_endpoint),
    GET("/api/journal/:terminal/:sequence", journal_line_endpoint),
    GET("/api/parked", parked_endpoint),
    GET("/api/discrepancies", discrepancies_endpoint),
    GET("/api/discrepancies/:id", discrepancy_endpoint),
    POST("/api/discrepancies/:id/assign", discrepancy_assign_endpoint, SMALL_BODY_MAX),
    POST("/api/discrepancies/:id/resolve", discrepancy_resolve_endpoint, SMALL_BODY_MAX),
    POST("/api/discrepancies/:id/confirm", discrepancy_confirm_endpoint, SMALL_BODY_MAX),
    POST("/api/discrepancies/:id/comment", discrepancy_comment_endpoint, SMALL_BODY_MAX),
    POST("/api/discrepancies/:id/expect", discrepancy_expect_endpoint, SMALL_BODY_MAX),
    POST("/api/discrepancies/:id/undo", discrepancy_undo_endpoint, SMALL_BODY_MAX),
    POST("/api/discrepancies/:id/undo-confirm", discrepancy_undo_confirm_endpoint, SMALL_BODY_MAX),
    POST("/api/discrepancies/:id/undo-stop", discrepancy_undo_stop_endpoint, SMALL_BODY_MAX),
    POST("/api/discrepancies/bulk", discrepancies_bulk_endpoint, SMALL_BODY_MAX),
    POST("/api/pairs", pair_endpoint, SMALL_BODY_MAX),
    POST("/api/pairs/part", pair_part_endpoint, SMALL_BODY_MAX),
    POST("/api/pairs/:id/undo", pair_undo_endpoint, SMALL_BODY_MAX),
    GET("/api/payments", payments_endpoint),
    GET("/api/payments/:payment", payment_endpoint),
    GET("/api/payouts", payouts_endpoint),
    GET("/api/payouts/:payout", payout_endpoint),
    POST("/api/reconcile", reconcile_endpoint, SMALL_BODY_MAX),
    GET("/api/reconciliation/runs", runs_endpoint),
    GET("/api/layouts", layouts_endpoint),
    GET("/api/layouts/:layout", layout_endpoint),
    POST("/api/layouts", layout_save_endpoint, LAYOUT_MAX_BYTES + SMALL_BODY_MAX),
    POST("/api/layouts/try", layout_try_endpoint, LAYOUT_MAX_BYTES + IMPORT_UPLOAD_MAX_BYTES),
    POST("/api/imports", import_upload_endpoint, IMPORT_UPLOAD_MAX_BYTES),
    GET("/api/imports", imports_endpoint),
    GET("/api/imports/:id", import_endpoint),
    GET("/api/imports/:id/lines", import_lines_endpoint),
    GET("/api/imports/:id/faults", import_faults_endpoint),
    GET("/api/imports/:id/file", import_file_endpoint),
    POST("/api/imports/:id/replace", import_replace_endpoint, SMALL_BODY_MAX),
    GET("/api/replacements", replacements_endpoint),
    GET("/api/replacements/:id", replacement_endpoint),
    POST("/api/replacements/:id/confirm", replacement_confirm_endpoint, SMALL_BODY_MAX),
    POST("/api/replacements/:id/refuse", replacement_refuse_endpoint, SMALL_BODY_MAX),
    GET("/api/masters/schema", masters_schema_endpoint),
    GET("/api/masters/rows", masters_rows_endpoint),
    GET("/api/masters/names", masters_names_endpoint),
    GET("/api/masters/check", masters_check_endpoint),
    GET("/api/masters/diff", masters_diff_endpoint),
    GET("/api/masters/csv", masters_csv_endpoint),
    GET("/api/masters/preview", masters_preview_endpoint),
    GET("/api/masters/versions", masters_versions_endpoint),
    POST("/api/masters/tariff-trial", masters_trial_endpoint, MASTERS_ROW_BODY_MAX),
    GET("/api/masters/template", masters_template_endpoint),
    POST("/api/masters/template-preview", masters_template_preview_endpoint, MASTERS_ROW_BODY_MAX),
    GET("/api/masters/drafts", masters_drafts_endpoint),
    POST("/api/masters/drafts", masters_draft_create_endpoint, SMALL_BODY_MAX),
    GET("/api/masters/drafts/:id", masters_draft_endpoint),
    POST("/api/masters/drafts/:id/rename", masters_draft_rename_endpoint, SMALL_BODY_MAX),
    POST("/api/masters/drafts/:id/rows", masters_row_save_endpoint, MASTERS_ROW_BODY_MAX),
    POST("/api/masters/drafts/:id/csv", masters_csv_import_endpoint, CSV_FILE_MAX_BYTES),
    POST("/api/masters/drafts/:id/revert", masters_row_revert_endpoint, SMALL_BODY_MAX),
    POST("/api/masters/drafts/:id/keep", masters_row_keep_endpoint, SMALL_BODY_MAX),
    POST("/api/masters/drafts/:id/propose", masters_draft_propose_endpoint, SMALL_BODY_MAX),
    POST("/api/masters/drafts/:id/return", masters_draft_return_endpoint, SMALL_BODY_MAX),
    POST("/api/masters/drafts/:id/approve", masters_draft_approve_endpoint, SMALL_BODY_MAX),
    POST("/api/masters/drafts/:id/discard", masters_draft_discard_endpoint, SMALL_BODY_MAX),
    GET("/api/access-log", access_log_endpoint),
    /* Last: what is left. The door refuses it, because no right stands beside it. */
    GET("/api/*", nothing_here_endpoint),
    POST("/api/*", nothing_here_endpoint, SMALL_BODY_MAX),
};

const size_t finance_routes_count = sizeof finance_routes / sizeof finance_routes[0];
