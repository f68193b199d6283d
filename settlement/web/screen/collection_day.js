// 収納日計: what came in a period, in cash and from each company, and which 調定 it pays for.
import { html } from "./lib/view.js";
import { Empty, Money } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { useMe } from "./session.js";
import { queryOf, setParams } from "./route.js";
import { DateField, NotYet, StaleNotice, Tag } from "./bits.js";
import { Papers } from "./papers.js";
import { payoutKey } from "./payout_key.js";
import { eraYear, shortDate } from "./text.js";

const last = (name) => name.split(" ／ ").pop();

function Part({ part }) {
  return html`<tr><th scope="row">${last(part.account.name)}<p class="line-note">${part.account.code}　${part.section.name}</p></th><td>${eraYear(part.fiscal_year)}</td><td class="nowrap">${shortDate(part.assessed_on)}</td><td class="is-right"><${Money} amount=${part.amount_yen} /></td></tr>`;
}

// came + the fee that was taken off = revenue + the rest, which is nobody's 調定.
function Deposit({ row }) {
  return html`<tbody data-testid="collection-deposit">
    <tr class="group-head"><th scope="rowgroup" colspan="3">${row.trustee.name}　<a href=${`#payouts?${queryOf({ id: payoutKey(row.trustee.code, row.payout) })}`}>${row.payout}</a>　${row.is_whole ? null : html`<${Tag} level="warning">一部の入金<//>`}${row.is_carried ? html`<${Tag} level="info">繰越<//>` : null}
      <p class="line-note">入金 <${Money} amount=${row.came_yen} />${row.deducted_fee_yen > 0 ? html`　＋差し引かれた手数料 <${Money} amount=${row.deducted_fee_yen} />（歳出）` : null}${row.other_yen !== 0 ? html`　−調定のない分 <${Money} amount=${row.other_yen} />（取消・還付・利用料金・過入金など）` : null}</p></th>
      <td class="is-right"><${Money} amount=${row.revenue_yen} /></td></tr>
    ${row.parts.map((part, index) => html`<${Part} key=${index} part=${part} />`)}
  </tbody>`;
}

export function CollectionDayPage({ params }) {
  const me = useMe();
  const from = params.from || me.today;
  const to = params.to && params.to >= from ? params.to : from;
  const query = queryOf({ from, to });
  const answer = useAnswer(`/api/collection/day?${query}`, { whats: ["assessments", "imports", "discrepancies"], keep: true });
  const data = answer.data;
  const isEmpty = data && data.cash.length + data.deposits.length === 0;
  return html`<div class="page-body">
    <div class="filters"><div class="filter-row">
      <${DateField} label="いつから" value=${from} onChange=${(value) => setParams({ from: value, to: value > to || from === to ? value : to })} />
      <${DateField} label="いつまで" value=${to} onChange=${(value) => setParams({ from: value < from ? value : from, to: value })} />
    </div></div>
    <div class="page-lead">
      <p>この期間に収納した額です。現金は受け取った日、指定納付受託者の分は銀行に入金された日で、どの調定の分かを示します。</p>
      ${data ? html`<p class="page-sum">現金 <${Money} amount=${data.cash_yen} />　キャッシュレス <${Money} amount=${data.cashless_yen} />　計 <${Money} amount=${data.received_yen} /></p>` : null}
    </div>
    <section class="panel report-panel" aria-label="収納日計">
      ${data === null
        ? html`<${NotYet} answer=${answer} what="収納日計" />`
        : html`<${StaleNotice} answer=${answer} />
            ${isEmpty
              ? html`<${Empty} icon="receipt" title="この期間の収納はありません">調定を承認し、銀行の記録を取り込むと、ここに出ます。<//>`
              : html`<div class="report"><table class="breakdown report-table">
                    <thead><tr><th scope="col">科目・所属</th><th scope="col">会計年度</th><th scope="col">調定年月日</th><th scope="col" class="is-right">収納額</th></tr></thead>
                    ${data.cash.length > 0 ? html`<tbody data-testid="collection-cash"><tr class="group-head"><th scope="rowgroup" colspan="3">現金</th><td class="is-right"><${Money} amount=${data.cash_yen} /></td></tr>${data.cash.map((part, index) => html`<${Part} key=${index} part=${part} />`)}</tbody>` : null}
                    ${data.deposits.map((row) => html`<${Deposit} key=${`${row.trustee.code}|${row.payout}`} row=${row} />`)}
                    <tfoot><tr><th scope="row" colspan="3">合計</th><td class="is-right"><${Money} amount=${data.received_yen} /></td></tr></tfoot>
                  </table>
                  <div class="report-below"><${Papers} path=${`/api/collection/day/paper?${query}`} name=${`収納日計-${to}`} title="収納日計表" />
                  <${Papers} path=${`/api/collection/fees/paper?${query}`} name=${`決済手数料-${to}`} title="決済手数料支出依頼書" /></div></div>`}`}
    </section>
  </div>`;
}
