// One sale: its lines, how it was paid, its refunds, its 調定, and the journal lines that prove it.
import { html } from "./lib/view.js";
import { Money, yen } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { address } from "./route.js";
import { Facts, NotYet, StateTag, Tag } from "./bits.js";
import { SaleLines } from "./sale_lines.js";
import { JournalCard } from "./evidence.js";
import { RefundRequest } from "./refund_request.js";
import { AssessmentLink } from "./breakdown.js";
import { payoutKey } from "./payout_key.js";
import { methodNames, shortDate } from "./text.js";

// How it was paid: one way, or cash and the rest.
const paid = (sale) => sale.parts.length === 0 ? methodNames.none : sale.parts.map((part) => `${methodNames[part.method] || part.method}${part.brand ? `（${part.brand}）` : ""}${sale.is_mixed ? ` ${yen(part.amount_yen)}` : ""}`).join(" ＋ ");

// From the payment to the bank: each step opens what it was read from.
function Way({ row }) {
  return html`<li data-testid="sale-way"><ol class="sale-way">
    <li><a href=${address("payments", { id: row.payment })}>決済 <${Money} amount=${row.amount_yen} /></a> <${StateTag} state=${row.state} name=${row.state_name} /></li>
    <li>${row.line ? html`<a href=${address("imports", { id: row.import })}>明細 ${row.line}行目 <${Money} amount=${row.line_amount_yen} /></a>（手数料 <${Money} amount=${row.line_fee_yen} />）` : "明細はまだありません"}</li>
    <li>${row.payout ? html`<a href=${address("payouts", { id: payoutKey(row.trustee, row.payout) })}>入金 ${row.trustee_name || ""} ${row.payout}</a>${row.credited_on ? "" : row.due_on ? `　予定 ${shortDate(row.due_on)}` : ""}` : "入金の知らせはまだありません"}</li>
    ${row.bank.map((line) => html`<li key=${`${line.import}:${line.line}`}><a href=${address("imports", { id: line.import })}>銀行 ${shortDate(line.booked_on)} ${line.line}行目 <${Money} amount=${line.amount_yen} /></a></li>`)}
    ${row.payout && row.bank.length === 0 ? html`<li>銀行の記録はまだありません</li>` : null}
  </ol></li>`;
}

export function SaleDetail({ id }) {
  const answer = useAnswer(`/api/sales/${encodeURIComponent(id)}`, { whats: ["journal", "assessments", "imports"] });
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="売上" />`;
  }
  const { sale, journal, refunds, assessments, way } = answer.data;
  return html`<div data-testid="sale-detail">
    <div class="detail-title sale-title">
      <h2>${sale.receipt_number}</h2>
      ${sale.is_void ? html`<${Tag} level="danger">取消済み<//>` : null}${sale.is_zero ? html`<${Tag}>無料<//>` : null}
      <span class="detail-amount"><${Money} amount=${sale.amount_yen} /></span>
    </div>
    <section class="part">
      <${Facts}
        facts=${[
          ["営業日", shortDate(sale.business_date)], ["受領日", shortDate(sale.received_on)], ["端末", sale.terminal],
          ["支払い", paid(sale)], [sale.reference?.kind_name, sale.reference?.number],
          ["調定", assessments.length === 0 ? "まだ入っていません" : assessments.map((one) => html`<span key=${one.id} class="sale-assessment"><${AssessmentLink} one=${one} /></span>`)],
        ]}
      />
    </section>
    ${way.length === 0 ? null : html`<section class="part" aria-label="お金の行き先">
      <h3 class="part-title">お金の行き先</h3>
      <ul class="plain-list">${way.map((row) => html`<${Way} key=${row.payment} row=${row} />`)}</ul>
    </section>`}
    <section class="part">
      <${SaleLines} sale=${sale} />
    </section>
    ${refunds.length === 0 ? null : html`<section class="part" aria-label="還付">
      <h3 class="part-title">還付</h3>
      <ul class="plain-list">
        ${refunds.map((row) => html`<li key=${row.refund}><a href=${address("refunds", { state: "all", id: row.refund })}>${shortDate(row.business_date)} ${row.means_name}</a><${StateTag} state=${row.state} name=${row.state_name} /><span class="space"></span><${Money} amount=${row.amount_yen} /></li>`)}
      </ul>
    </section>`}
    <${RefundRequest} key=${sale.sale} sale=${sale} refunds=${refunds} onDone=${answer.reload} />
    <section class="part">
      <h3 class="part-title">レジの記録</h3>
      <div class="cards">${journal.map((line) => html`<${JournalCard} key=${`${line.terminal}${line.sequence}`} line=${line} />`)}</div>
    </section>
  </div>`;
}
