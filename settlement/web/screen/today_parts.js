// The small panels of the morning page: statements, 調定, deposits, cash, terminals. A row is a name, a figure, a way there.
import { html, classes } from "./lib/view.js";
import { Money } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { address } from "./route.js";
import { moment, number, shortDate, times } from "./text.js";

function Part({ title, children }) {
  return html`<section class="panel today-part" aria-label=${title}><h2 class="today-part-title">${title}</h2><ul>${children}</ul></section>`;
}

// `level` makes a row loud: colour, picture and words together.
function Line({ title, count, amount, href, level }) {
  return html`<li>
    <a class=${classes("part-line", level && `is-${level}`)} href=${href}>
      <span class="part-name">${level ? html`<${Icon} name=${level} />` : null}${title}</span>
      <span class="part-count">${count}</span>
      ${!amount ? null : html`<span class="part-amount"><${Money} amount=${amount} /></span>`}
    </a>
  </li>`;
}

const loud = (count, level) => (count > 0 ? level : undefined);

export function StatementPart({ statements }) {
  return html`<${Part} title="明細の取込">
    ${statements.map(
      (row) => html`<${Line}
        key=${row.trustee}
        title=${row.name}
        level=${row.is_late ? "warning" : undefined}
        count=${row.is_late ? "届いていません" : row.covers_to ? `${shortDate(row.covers_to)}まで` : "まだありません"}
        href=${row.last_import ? address("imports", { id: row.last_import.id }) : "#imports"}
      />`,
    )}
    ${statements.map((row) => (row.last_import ? html`<li class="part-small" key=${`${row.trustee}-last`}>最後の取込 ${moment(row.last_import.imported_at)} ${row.last_import.file_name}</li>` : null))}
  <//>`;
}

export function AssessmentPart({ assessment: one }) {
  return html`<${Part} title="調定">
    <${Line} title="まだ案がない" count=${times(one.undrafted_count)} href="#assessments" level=${loud(one.undrafted_count, "warning")} />
    <${Line} title="起案前" count=${times(one.draft_count)} amount=${one.draft_yen} href=${address("assessments", { state: "draft" })} />
    <${Line} title="承認待ち" count=${times(one.proposed_count)} amount=${one.proposed_yen} href=${address("assessments", { state: "proposed" })} />
    <${Line} title="未出力" count=${times(one.unexported_count)} amount=${one.unexported_yen} href=${address("assessments", { state: "approved" })} />
    <${Line} title="止めている" count=${times(one.held_count)} amount=${one.held_yen} href="#held" />
  <//>`;
}

export function DepositPart({ deposits: one }) {
  return html`<${Part} title="入金">
    <${Line} title="今日の予定" count=${times(one.expected_today_count)} amount=${one.expected_today_yen} href=${address("payouts", { state: "expected" })} />
    <${Line} title="遅れている" count=${times(one.late_count)} amount=${one.late_yen} href=${address("payouts", { state: "late" })} level=${loud(one.late_count, "danger")} />
    <${Line} title="5/31に間に合わない" count=${times(one.misses_closing_count)} amount=${one.misses_closing_yen} href="#payouts" level=${loud(one.misses_closing_count, "danger")} />
  <//>`;
}

export function CashPart({ cash, remittance, refunds, date }) {
  const names = cash.unclosed.slice(0, 3).map((row) => `${row.terminal} ${shortDate(row.business_date)}`).join("、");
  const first = cash.unclosed[0];
  return html`<${Part} title="現金と還付">
    <${Line} title="精算がまだ" count=${times(cash.unclosed_count)} href=${first ? address("terminals", { id: first.terminal }) : "#terminals"} level=${loud(cash.unclosed_count, "warning")} />
    ${names ? html`<li class="part-small">${names}${cash.unclosed.length > 3 ? " ほか" : ""}</li>` : null}
    <${Line} title="払い込む現金" count=${times(cash.closed_count)} amount=${cash.deposit_yen} href=${address("days", { from: date, to: date })} />
    <${Line} title="払込期限を過ぎた現金" count=${times(remittance.late_count)} amount=${remittance.late_yen} href="#cash" level=${loud(remittance.late_count, "danger")} />
    ${remittance.offices.length > 0 ? html`<li class="part-small" data-testid="late-cash">${remittance.offices.map((one) => `${one.name}${one.is_over_limit ? "（限度額超え）" : ""}`).join("、")}</li>` : null}
    <${Line} title="銀行にない払込" count=${times(remittance.unproved_count)} amount=${remittance.unproved_yen} href="#cash?view=remittances&state=confirmed" level=${loud(remittance.unproved_count, "danger")} />
    <${Line} title="同時に開いたドロワ" count=${`${number(cash.shared_drawer_count)}個`} href=${address("days", { state: "open" })} level=${loud(cash.shared_drawer_count, "danger")} />
    <${Line} title="還付の申出" count=${times(refunds.waiting_count)} amount=${refunds.waiting_yen} href="#refunds" level=${loud(refunds.waiting_count, "warning")} />
    <li><span class="part-line"><span class="part-name">過不足</span><span class="part-count">${times(cash.difference_count)}</span><span class="part-amount"><${Money} amount=${cash.difference_yen} signed=${true} /></span></span></li>
  <//>`;
}

export function TerminalPart({ terminals, parked }) {
  return html`<${Part} title="端末">
    <${Line} title="登録済み" count=${`${number(terminals.count)}台`} href="#terminals" />
    <${Line} title="便りがない" count=${`${number(terminals.silent_count)}台`} href="#terminals" level=${loud(terminals.silent_count, "warning")} />
    <${Line} title="受け取りを止めている" count=${`${number(terminals.quarantined_count)}台`} href="#terminals" level=${loud(terminals.quarantined_count, "danger")} />
    <${Line} title="読めなかった記録" count=${times(parked)} href="#parked" level=${loud(parked, "warning")} />
  <//>`;
}
