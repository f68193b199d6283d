// The lines of a sale, and under each how its price came about: tariff, 減免, a price put in place, what was paid in cash.
import { html } from "./lib/view.js";
import { Money, yen } from "./lib/components.js";
import { Tag } from "./bits.js";
import { number } from "./text.js";

const taxNames = { exempt: "非課税", standard10: "10%対象" };

function Explanation({ line, isMixed }) {
  const { pricing, reduction, override } = line;
  const notes = [
    override ? `単価を変更: 定価 ${yen(override.list_price_yen)} → ${yen(line.unit_price_yen)}（${override.reason}、承認 ${override.approved_by}）` : null,
    reduction ? `減免 ${reduction.name}: −${yen(reduction.yen)}（決定 ${reduction.granter}）` : null,
    line.exemption ? `無料 ${line.exemption.name}: ${line.exemption.reason}` : null,
    isMixed && line.cash_yen > 0 ? `うち現金 ${yen(line.cash_yen)}${line.cash_yen < line.amount_yen ? `、ほか ${yen(line.amount_yen - line.cash_yen)}` : ""}` : null,
    line.ticket ? `券 ${line.ticket}` : null,
  ].filter(Boolean);
  return html`${line.facility ? html`<p class="line-note">${line.facility.name}${line.facility.is_operator_fee ? html` <${Tag}>利用料金<//>` : null}</p>` : null}
    ${notes.map((note) => html`<p class="line-note" key=${note}>${note}</p>`)}
    ${pricing ? html`<ul class="line-pricing" aria-label="料金の計算">${pricing.rows.map((row, index) => html`<li key=${index}><span>${row.text}</span><${Money} amount=${row.yen} signed=${row.yen < 0} /></li>`)}</ul>` : null}`;
}

export function SaleLines({ sale }) {
  return html`<table class="breakdown">
    <thead><tr><th scope="col">品目</th><th scope="col" class="is-right">数</th><th scope="col" class="is-right">単価</th><th scope="col" class="is-right">金額</th><th scope="col">税</th></tr></thead>
    <tbody>
      ${sale.lines.map(
        (line) => html`<tr key=${line.line}>
          <th scope="row">${line.name}<${Explanation} line=${line} isMixed=${sale.is_mixed} /></th>
          <td class="is-right">${number(line.quantity)}</td>
          <td class="is-right"><${Money} amount=${line.unit_price_yen} /></td>
          <td class="is-right"><${Money} amount=${line.amount_yen} /></td>
          <td class="nowrap">${taxNames[line.tax] || line.tax}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
