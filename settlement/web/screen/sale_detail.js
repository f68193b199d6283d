// One sale: its lines, its 調定, and the journal lines that prove it.
import { html } from "./lib/view.js";
import { Money } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { Facts, NotYet, Tag } from "./bits.js";
import { JournalCard } from "./evidence.js";
import { AssessmentLink } from "./breakdown.js";
import { methodNames, number, shortDate } from "./text.js";

const taxNames = { exempt: "非課税", standard10: "10%対象" };

export function SaleDetail({ id }) {
  const answer = useAnswer(`/api/sales/${encodeURIComponent(id)}`, { whats: ["journal", "assessments"] });
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="売上" />`;
  }
  const { sale, journal, assessments } = answer.data;
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
          ["支払い", `${methodNames[sale.method] || sale.method}${sale.brand ? `（${sale.brand}）` : ""}`],
          ["調定", assessments.length === 0 ? "まだ入っていません" : assessments.map((one) => html`<span key=${one.id} class="sale-assessment"><${AssessmentLink} one=${one} /></span>`)],
        ]}
      />
    </section>
    <section class="part">
      <table class="breakdown">
        <thead><tr><th scope="col">品目</th><th scope="col" class="is-right">数</th><th scope="col" class="is-right">単価</th><th scope="col" class="is-right">金額</th><th scope="col">税</th></tr></thead>
        <tbody>
          ${sale.lines.map(
            (line, index) => html`<tr key=${index}>
              <th scope="row">${line.name}${line.exemption ? html` <small>${line.exemption.name || "無料"}</small>` : null}</th>
              <td class="is-right">${number(line.quantity)}</td>
              <td class="is-right"><${Money} amount=${line.unit_price_yen} /></td>
              <td class="is-right"><${Money} amount=${line.amount_yen} /></td>
              <td>${taxNames[line.tax] || line.tax}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </section>
    <section class="part">
      <h3 class="part-title">レジの記録</h3>
      <div class="cards">${journal.map((line) => html`<${JournalCard} key=${`${line.terminal}${line.sequence}`} line=${line} />`)}</div>
    </section>
  </div>`;
}
