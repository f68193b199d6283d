/* Every handler of the finance API, one file per group. All run on workers; CONTEXT is the `struct service`. The
 * addresses stand in serve/routes.c, the rights in access/right.c, requests and answers in
 * docs/protocol/finance-http.md. */
#pragma once

#include "common/http/server.h"

/* sign_in_pages.c */
void login_endpoint(struct http_request *request, void *context);
void logout_endpoint(struct http_request *request, void *context);
void me_endpoint(struct http_request *request, void *context);
void password_endpoint(struct http_request *request, void *context);

/* events.c */
void events_endpoint(struct http_request *request, void *context);

/* assessments.c */
void assessments_endpoint(struct http_request *request, void *context);
void assessment_endpoint(struct http_request *request, void *context);
void assessment_evidence_endpoint(struct http_request *request, void *context);
void assessments_held_endpoint(struct http_request *request, void *context);

/* assessment_papers.c */
void assessment_paper_endpoint(struct http_request *request, void *context);

/* credit_spreads.c */
void credit_spread_endpoint(struct http_request *request, void *context);
void credit_spread_undo_endpoint(struct http_request *request, void *context);

/* split_deeds.c */
void split_endpoint(struct http_request *request, void *context);
void split_undo_endpoint(struct http_request *request, void *context);
void pieces_endpoint(struct http_request *request, void *context);

/* collection.c */
void collection_endpoint(struct http_request *request, void *context);
void collection_open_endpoint(struct http_request *request, void *context);
void collection_day_endpoint(struct http_request *request, void *context);

/* collection_papers.c */
void collection_paper_endpoint(struct http_request *request, void *context);
void collection_day_paper_endpoint(struct http_request *request, void *context);
void collection_fees_paper_endpoint(struct http_request *request, void *context);

/* statistics.c, statistics_papers.c, statistics_open.c, statistics_savings.c */
void statistics_open_data_endpoint(struct http_request *request, void *context);
void statistics_paper_endpoint(struct http_request *request, void *context);
void statistics_cashless_endpoint(struct http_request *request, void *context);
void statistics_certificates_endpoint(struct http_request *request, void *context);
void statistics_facilities_endpoint(struct http_request *request, void *context);
void statistics_hours_endpoint(struct http_request *request, void *context);
void statistics_deposits_endpoint(struct http_request *request, void *context);
void statistics_savings_endpoint(struct http_request *request, void *context);
void statistics_saving_create_endpoint(struct http_request *request, void *context);
void statistics_saving_undo_endpoint(struct http_request *request, void *context);

/* assessment_deeds.c */
void assessments_draft_endpoint(struct http_request *request, void *context);
void assessments_propose_endpoint(struct http_request *request, void *context);
void assessments_return_endpoint(struct http_request *request, void *context);
void assessments_approve_endpoint(struct http_request *request, void *context);

/* finance_layouts.c */
void finance_layouts_endpoint(struct http_request *request, void *context);
void finance_layout_endpoint(struct http_request *request, void *context);
void finance_layout_propose_endpoint(struct http_request *request, void *context);
void finance_layout_try_endpoint(struct http_request *request, void *context);
void finance_layout_confirm_endpoint(struct http_request *request, void *context);
void finance_layout_refuse_endpoint(struct http_request *request, void *context);

/* closings.c */
void closing_endpoint(struct http_request *request, void *context);
void closing_propose_endpoint(struct http_request *request, void *context);
void closing_approve_endpoint(struct http_request *request, void *context);
void closing_withdraw_endpoint(struct http_request *request, void *context);

/* handover.c */
void handover_endpoint(struct http_request *request, void *context);
void handover_make_endpoint(struct http_request *request, void *context);
void handover_file_endpoint(struct http_request *request, void *context);
void handover_answer_endpoint(struct http_request *request, void *context);

/* exports.c */
void exports_create_endpoint(struct http_request *request, void *context);
void exports_endpoint(struct http_request *request, void *context);
void export_endpoint(struct http_request *request, void *context);
void export_file_endpoint(struct http_request *request, void *context);

/* today.c */
void today_endpoint(struct http_request *request, void *context);

/* sales.c, sale_detail.c */
void sales_endpoint(struct http_request *request, void *context);
void sale_endpoint(struct http_request *request, void *context);

/* refunds.c */
void refunds_endpoint(struct http_request *request, void *context);

/* refund_deeds.c */
void refund_request_endpoint(struct http_request *request, void *context);
void refund_approve_endpoint(struct http_request *request, void *context);
void refund_withdraw_endpoint(struct http_request *request, void *context);
void refund_pay_endpoint(struct http_request *request, void *context);
void refund_payee_endpoint(struct http_request *request, void *context);
void refund_payee_set_endpoint(struct http_request *request, void *context);

/* refund_paper.c */
void refund_paper_endpoint(struct http_request *request, void *context);

/* refund_transfers.c */
void refund_transfers_endpoint(struct http_request *request, void *context);
void refund_transfer_make_endpoint(struct http_request *request, void *context);
void refund_transfer_endpoint(struct http_request *request, void *context);
void refund_transfer_file_endpoint(struct http_request *request, void *context);
void refund_transfer_done_endpoint(struct http_request *request, void *context);
void refund_transfer_discard_endpoint(struct http_request *request, void *context);

/* days.c, day_detail.c */
void days_endpoint(struct http_request *request, void *context);
void day_endpoint(struct http_request *request, void *context);

/* reports.c */
void receipts_report_endpoint(struct http_request *request, void *context);
void operator_revenue_endpoint(struct http_request *request, void *context);

/* terminals.c */
void terminals_endpoint(struct http_request *request, void *context);
void terminal_revoke_endpoint(struct http_request *request, void *context);
void places_endpoint(struct http_request *request, void *context);

/* staff.c */
void staff_endpoint(struct http_request *request, void *context);
void staff_create_endpoint(struct http_request *request, void *context);
void staff_change_endpoint(struct http_request *request, void *context);
void staff_sections_endpoint(struct http_request *request, void *context);
void staff_deactivate_endpoint(struct http_request *request, void *context);
void staff_reactivate_endpoint(struct http_request *request, void *context);
void staff_password_endpoint(struct http_request *request, void *context);

/* enrolment_codes.c */
void enrolment_codes_endpoint(struct http_request *request, void *context);
void enrolment_code_create_endpoint(struct http_request *request, void *context);

/* journal_pages.c */
void journal_endpoint(struct http_request *request, void *context);
void journal_line_endpoint(struct http_request *request, void *context);
void parked_endpoint(struct http_request *request, void *context);

/* nothing_here.c */
void nothing_here_endpoint(struct http_request *request, void *context);

/* reconciliation.c */
void reconcile_endpoint(struct http_request *request, void *context);
void runs_endpoint(struct http_request *request, void *context);

/* discrepancies.c, discrepancy_deeds.c */
void discrepancies_endpoint(struct http_request *request, void *context);
void discrepancy_endpoint(struct http_request *request, void *context);
void discrepancy_assign_endpoint(struct http_request *request, void *context);
void discrepancy_resolve_endpoint(struct http_request *request, void *context);
void discrepancy_confirm_endpoint(struct http_request *request, void *context);
void discrepancy_comment_endpoint(struct http_request *request, void *context);
void discrepancy_expect_endpoint(struct http_request *request, void *context);
void discrepancy_undo_endpoint(struct http_request *request, void *context);
void discrepancy_undo_confirm_endpoint(struct http_request *request, void *context);
void discrepancy_undo_stop_endpoint(struct http_request *request, void *context);
void discrepancies_bulk_endpoint(struct http_request *request, void *context);

/* pair_deeds.c */
void pair_endpoint(struct http_request *request, void *context);
void pair_part_endpoint(struct http_request *request, void *context);
void pair_undo_endpoint(struct http_request *request, void *context);

/* payments.c, payouts.c */
void payments_endpoint(struct http_request *request, void *context);
void payment_endpoint(struct http_request *request, void *context);
void payouts_endpoint(struct http_request *request, void *context);
void payout_endpoint(struct http_request *request, void *context);

/* imports.c, import_lines.c, import_upload.c */
void layouts_endpoint(struct http_request *request, void *context);
void imports_endpoint(struct http_request *request, void *context);
void import_endpoint(struct http_request *request, void *context);
void import_lines_endpoint(struct http_request *request, void *context);
void import_file_endpoint(struct http_request *request, void *context);
void import_faults_endpoint(struct http_request *request, void *context);
/* replacements.c */
void replacements_endpoint(struct http_request *request, void *context);
void replacement_endpoint(struct http_request *request, void *context);
void import_replace_endpoint(struct http_request *request, void *context);
void replacement_confirm_endpoint(struct http_request *request, void *context);
void replacement_refuse_endpoint(struct http_request *request, void *context);
/* layouts.c, layout_trial.c, layout_uses.c */
void layout_endpoint(struct http_request *request, void *context);
void layout_try_endpoint(struct http_request *request, void *context);
void layout_propose_endpoint(struct http_request *request, void *context);
void layout_propose_again_endpoint(struct http_request *request, void *context);
void layout_uses_endpoint(struct http_request *request, void *context);
void layout_use_endpoint(struct http_request *request, void *context);
void layout_confirm_endpoint(struct http_request *request, void *context);
void layout_refuse_endpoint(struct http_request *request, void *context);
void import_upload_endpoint(struct http_request *request, void *context);
void import_resume_endpoint(struct http_request *request, void *context);

/* cash.c, cash_papers.c, remittance_deeds.c */
void cash_endpoint(struct http_request *request, void *context);
void cash_paper_endpoint(struct http_request *request, void *context);
void remittances_endpoint(struct http_request *request, void *context);
void remittance_endpoint(struct http_request *request, void *context);
void remittance_paper_endpoint(struct http_request *request, void *context);
void remittance_prepare_endpoint(struct http_request *request, void *context);
void remittance_confirm_endpoint(struct http_request *request, void *context);
void remittance_undo_endpoint(struct http_request *request, void *context);

/* works.c */
void works_endpoint(struct http_request *request, void *context);
void work_cancel_endpoint(struct http_request *request, void *context);
void import_discard_endpoint(struct http_request *request, void *context);

/* masters_rows.c, masters_drafts.c, masters_draft_deeds.c, masters_edit.c */
void masters_schema_endpoint(struct http_request *request, void *context);
void masters_rows_endpoint(struct http_request *request, void *context);
void masters_names_endpoint(struct http_request *request, void *context);
void masters_check_endpoint(struct http_request *request, void *context);
void masters_versions_endpoint(struct http_request *request, void *context);
void masters_drafts_endpoint(struct http_request *request, void *context);
void masters_draft_endpoint(struct http_request *request, void *context);
void masters_draft_create_endpoint(struct http_request *request, void *context);
void masters_draft_rename_endpoint(struct http_request *request, void *context);
void masters_draft_propose_endpoint(struct http_request *request, void *context);
void masters_draft_return_endpoint(struct http_request *request, void *context);
void masters_draft_approve_endpoint(struct http_request *request, void *context);
void masters_draft_discard_endpoint(struct http_request *request, void *context);
void masters_row_save_endpoint(struct http_request *request, void *context);
void masters_row_revert_endpoint(struct http_request *request, void *context);
void masters_row_keep_endpoint(struct http_request *request, void *context);

/* masters_template.c */
void masters_template_endpoint(struct http_request *request, void *context);
void masters_template_preview_endpoint(struct http_request *request, void *context);

/* masters_csv.c */
void masters_csv_endpoint(struct http_request *request, void *context);
void masters_csv_import_endpoint(struct http_request *request, void *context);

/* masters_diff.c, masters_preview.c, masters_trial.c */
void masters_diff_endpoint(struct http_request *request, void *context);
void masters_preview_endpoint(struct http_request *request, void *context);
void masters_trial_endpoint(struct http_request *request, void *context);

/* access_log.c */
void access_log_endpoint(struct http_request *request, void *context);
