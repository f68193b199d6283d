// 内訳 of a 調定, and the sales behind one of its lines.
import { html, classes } from "./lib/view.js";
import { Button, Money } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useRows } from "./data.js";
import { address, setParams } from "./route.js";
import { NotYet, StateTag, Tag } from "./bits.js";
import { methodNames, number, times } from "./text.js";

export function Breakdown({ one, lines, onOpen }) {
  return html`<section class="part" aria-label="内訳">
    <h3 class="part-title">内訳</h3>
    <table class="breakdown">
      <thead>
        <tr><th scope="col">品目</th><th scope="col" class="is-right">件数</th><th scope="col" class="is-right">単価</th><th scope="col" class="is-right">金額</th><th scope="col" class="is-right">うち消費税</th><th></th></tr>
      </thead>
      <tbody>
        ${lines.map(
          (row) => html`<tr key=${row.line} data-testid="breakdown-row" onClick=${() => onOpen(row.line)}>
            <th scope="row">${row.name}</th>
            <td class="is-right">${number(row.count)}</td>
            <td class="is-right"><${Money} amount=${row.unit_price_yen} /></td>
            <td class="is-right"><${Money} amount=${row.amount_yen} /></td>
            <td class="is-right"><${Money} amount=${row.tax_yen} /></td>
            <td class="is-right"><button type="button" class="row-open" onClick=${() => onOpen(row.line)}>売上を見る<${Icon} name="next" /></button></td>
          </tr>`,
        )}
      </tbody>
      <tfoot>
        <tr><th scope="row">合計</th><td class="is-right">${number(lines.reduce((sum, row) => sum + row.count, 0))}</td><td></td><td class="is-right"><${Money} amount=${one.amount_yen} /></td><td class="is-right"><${Money} amount=${one.tax_yen} /></td><td></td></tr>
      </tfoot>
    </table>
  </section>`;
}

export function Corrections({ one, rows }) {
  return rows.length === 0
    ? null
    : html`<section class="part" aria-label="増額と減額">
        <h3 class="part-title">${one.number || "この調定"}への増額・減額</h3>
        <ul class="plain-list">
          ${rows.map((row) => html`<li key=${row.id}><a href=${address("assessments", { id: row.id })}>${row.number || "番号前"}</a><${Tag}>${row.kind_name}<//><span class="space"></span><${Money} amount=${row.amount_yen} /></li>`)}
        </ul>
      </section>`;
}

export function LineEvidence({ id, row, line }) {
  const list = useRows(`/api/assessments/${id}/evidence`, { line }, { whats: ["assessments"] });
  if (list.rows === null) {
    return html`<${NotYet} answer=${list} what="売上" />`;
  }
  return html`<section class="part" aria-label="内訳の元になった売上">
    ${row ? html`<p class="line-sum">${row.name}　${times(row.count)} × <${Money} amount=${row.unit_price_yen} /> = <strong><${Money} amount=${row.amount_yen} /></strong></p>` : null}
    <table class="breakdown">
      <thead>
        <tr><th scope="col">領収書番号</th><th scope="col">支払方法</th><th scope="col" class="is-right">数</th><th scope="col" class="is-right">金額</th><th scope="col">レジの記録</th><th></th></tr>
      </thead>
      <tbody>
        ${list.rows.map(
          (one) => html`<tr key=${`${one.sale}-${one.line}`} class=${classes(one.is_taken_out && "is-out")} data-testid="evidence-row" onClick=${() => setParams({ sale: one.sale })}>
            <th scope="row">${one.receipt_number}${one.is_taken_out ? html` <${Tag} level="warning">減額<//>` : null}</th>
            <td>${one.brand || methodNames[one.method] || one.method}</td>
            <td class="is-right">${number(one.quantity)}</td>
            <td class="is-right"><${Money} amount=${one.amount_yen} /></td>
            <td>${one.journal.terminal} #${one.journal.sequence}</td>
            <td class="is-right"><button type="button" class="row-open" onClick=${() => setParams({ sale: one.sale })}>開く<${Icon} name="next" /></button></td>
          </tr>`,
        )}
      </tbody>
    </table>
    <div class="list-end"><span>${times(list.rows.length)}${list.next !== null ? "まで" : ""}</span>${list.next !== null ? html`<${Button} disabled=${list.isLoading} onPress=${list.more}>続きを読み込む<//>` : null}</div>
  </section>`;
}

export const AssessmentLink = ({ one }) => html`<a href=${address("assessments", { id: one.id })}>${one.number || "番号前の調定"}</a> <${StateTag} state=${one.state} name=${stateNames[one.state] || one.state} />`;
const stateNames = { draft: "起案前", proposed: "承認待ち", approved: "承認済み", exported: "出力済み" };
