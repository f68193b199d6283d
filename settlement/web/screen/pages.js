// The pages by the name under which the address has them, and the sections that hold them together.
import { TodayPage } from "./today.js";
import { DiscrepanciesPage } from "./discrepancies.js";
import { PaymentsPage } from "./payments.js";
import { PayoutsPage } from "./payouts.js";
import { RunsPage } from "./runs.js";
import { ImportsPage } from "./imports.js";
import { LayoutsPage } from "./layouts.js";
import { AssessmentsPage } from "./assessments.js";
import { HeldPage } from "./held.js";
import { ExportsPage } from "./exports.js";
import { FinanceLayoutsPage } from "./finance_layouts.js";
import { ClosingPage } from "./closing.js";
import { SalesPage } from "./sales.js";
import { RefundsPage } from "./refunds.js";
import { DaysPage } from "./days.js";
import { CashPage } from "./cash.js";
import { ReceiptsPage } from "./receipts_report.js";
import { CollectionPage } from "./collection.js";
import { CollectionDayPage } from "./collection_day.js";
import { StatisticsPage } from "./statistics.js";
import { OperatorRevenuePage } from "./operator_revenue.js";
import { TerminalsPage } from "./terminals.js";
import { EnrolmentPage } from "./enrolment.js";
import { ParkedPage } from "./parked.js";
import { StaffPage } from "./staff.js";
import { AccessLogPage } from "./access_log.js";
import { MastersPage } from "./masters.js";
import { DraftsPage } from "./masters_drafts.js";
import { PreviewPage } from "./masters_preview.js";
import { TrialPage } from "./masters_trial.js";
import { VersionsPage } from "./masters_versions.js";

export const pages = {
  today: { title: "今日", show: TodayPage },
  discrepancies: { title: "要確認", show: DiscrepanciesPage },
  payments: { title: "キャッシュレス決済", show: PaymentsPage },
  payouts: { title: "入金", show: PayoutsPage },
  runs: { title: "照合の記録", show: RunsPage },
  imports: { title: "取込", show: ImportsPage },
  layouts: { title: "書式を試す", show: LayoutsPage, right: "import" },
  assessments: { title: "調定票", show: AssessmentsPage },
  held: { title: "調定を止めているもの", show: HeldPage },
  collection: { title: "収納", show: CollectionPage },
  "collection-day": { title: "収納日計", show: CollectionDayPage },
  exports: { title: "出力の記録", show: ExportsPage },
  "finance-layouts": { title: "財務会計の書式", show: FinanceLayoutsPage },
  closing: { title: "年度締め", show: ClosingPage },
  "operator-revenue": { title: "利用料金（調定外）", show: OperatorRevenuePage },
  sales: { title: "売上", show: SalesPage },
  refunds: { title: "還付", show: RefundsPage },
  receipts: { title: "収納日報", show: ReceiptsPage },
  days: { title: "精算", show: DaysPage },
  cash: { title: "現金・払込", show: CashPage },
  statistics: { title: "統計", show: StatisticsPage },
  terminals: { title: "端末", show: TerminalsPage },
  parked: { title: "読めなかった記録", show: ParkedPage },
  enrolment: { title: "端末の登録", show: EnrolmentPage, right: "manage" },
  masters: { title: "品目・料金など", show: MastersPage },
  "masters-drafts": { title: "変更案", show: DraftsPage },
  "masters-preview": { title: "変わる日の見比べ", show: PreviewPage },
  "masters-trial": { title: "料金の試算", show: TrialPage, right: "edit_masters" },
  "masters-versions": { title: "公開の履歴", show: VersionsPage },
  staff: { title: "職員", show: StaffPage, right: "manage" },
  "access-log": { title: "操作の記録", show: AccessLogPage, right: "audit" },
};

export const sections = [
  { title: "今日", pages: ["today"] },
  { title: "照合", pages: ["discrepancies", "payments", "payouts", "runs"] },
  { title: "取込", pages: ["imports", "layouts"] },
  { title: "調定", pages: ["assessments", "held", "collection", "collection-day", "operator-revenue", "exports", "finance-layouts", "closing"] },
  { title: "売上", pages: ["sales", "refunds", "receipts", "days", "cash", "statistics"] },
  { title: "端末", pages: ["terminals", "parked", "enrolment"] },
  { title: "マスタ", pages: ["masters", "masters-drafts", "masters-preview", "masters-trial", "masters-versions"] },
  { title: "監査", pages: ["access-log"], right: "audit" },
  { title: "職員", pages: ["staff"], right: "manage" },
];
