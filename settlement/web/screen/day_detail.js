// One day of a drawer: from the float to what is paid in, the till's figures beside what its lines say.
import { html, classes } from "./lib/view.js";
import { Message, Money, yen } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { address } from "./route.js";
import { NotYet, Tag } from "./bits.js";
import { JournalCard } from "./evidence.js";
import { methodNames, moment, number, shortDate, times } from "./text.js";

// How the expected cash came about; a figure that the till's lines do not bear out is loud.
function Sum({ closing }) {
  const rows = [
    ["つり銭", closing.float], ["入金", closing.cash_in], ["出金", closing.cash_out], ["現金の還付", closing.refund_cash], ["あるはずの現金", closing.expected_cash],
  ];
  return html`<section class="part" aria-label="現金の計算">
    <h3 class="part-title">現金の計算</h3>
    <table class="breakdown">
      <thead><tr><th scope="col"></th><th scope="col" class="is-right">レジの計算</th><th scope="col" class="is-right">記録からの計算</th><th scope="col"></th></tr></thead>
      <tbody>
        ${rows.map(
          ([title, pair]) => html`<tr key=${title} class=${classes(!pair.is_right && "is-wrong")}>
            <th scope="row">${title}</th>
            <td class="is-right"><${Money} amount=${pair.said_yen} /></td>
            <td class="is-right"><${Money} amount=${pair.ours_yen} /></td>
            <td>${pair.is_right ? null : html`<${Tag} level="danger" icon="danger">${yen(pair.said_yen - pair.ours_yen)} 食い違い<//>`}</td>
          </tr>`,
        )}
        <tr><th scope="row">数えた現金</th><td class="is-right"><${Money} amount=${closing.counted_cash_yen} /></td><td></td><td></td></tr>
        <tr><th scope="row">過不足</th><td class="is-right"><${Money} amount=${closing.difference_yen} signed=${true} /></td><td colspan="2">${closing.difference_reason || ""}</td></tr>
      </tbody>
      <tfoot>
        <tr><th scope="row">払込額</th><td class="is-right"><${Money} amount=${closing.deposit_yen} /></td><td colspan="2">返したつり銭 ${yen(closing.float_returned_yen)}</td></tr>
      </tfoot>
    </table>
  </section>`;
}

function Counts({ counts }) {
  return counts.length === 0
    ? null
    : html`<section class="part" aria-label="金種">
        <h3 class="part-title">精算で数えた金種</h3>
        <table class="breakdown is-narrow">
          <thead><tr><th scope="col">金種</th><th scope="col" class="is-right">枚数</th><th scope="col" class="is-right">金額</th></tr></thead>
          <tbody>
            ${counts.map((row) => html`<tr key=${row.yen}><th scope="row">${number(row.yen)}円</th><td class="is-right">${number(row.count)}</td><td class="is-right"><${Money} amount=${row.yen * row.count} /></td></tr>`)}
          </tbody>
        </table>
      </section>`;
}

function Events({ terminal, events, openings }) {
  const rows = [...events, ...openings.map((one) => ({ ...one, what: "no_sale", what_name: "売上なしで引き出しを開けた", reason: one.note }))].sort((a, b) => a.sequence - b.sequence);
  return rows.length === 0
    ? null
    : html`<section class="part" aria-label="現金の動き">
        <h3 class="part-title">現金の動きと計数</h3>
        <table class="breakdown">
          <thead><tr><th scope="col">こと</th><th scope="col" class="is-right">金額</th><th scope="col" class="is-right">記録との差</th><th scope="col">人</th><th scope="col">理由</th><th scope="col">記録</th></tr></thead>
          <tbody>
            ${rows.map((row) => {
              const difference = row.expected_yen === null || row.expected_yen === undefined ? null : row.amount_yen - row.expected_yen;
              return html`<tr key=${row.sequence}>
                <th scope="row">${row.what_name}<p class="line-note">${row.at ? moment(row.at) : ""}${row.counts?.length > 0 ? `　${row.counts.map((one) => `${number(one.yen)}円×${number(one.count)}`).join("、")}` : ""}</p></th>
                <td class="is-right">${row.amount_yen === undefined ? "" : html`<${Money} amount=${row.amount_yen} />`}</td>
                <td class="is-right">${difference ? html`<${Money} amount=${difference} signed=${true} />` : difference === 0 ? "なし" : ""}</td>
                <td>${row.clerk}${!row.other ? "" : row.what === "handover" ? ` → ${row.other}` : `（承認 ${row.other}）`}</td>
                <td>${row.reason || ""}</td>
                <td class="nowrap"><a href=${address("terminals", { id: terminal, sequence: row.sequence })}>#${row.sequence}</a></td>
              </tr>`;
            })}
          </tbody>
        </table>
      </section>`;
}

function Totals({ totals, closing }) {
  return totals.length === 0
    ? null
    : html`<section class="part" aria-label="精算の集計">
        <h3 class="part-title">精算の集計</h3>
        <table class="breakdown">
          <thead><tr><th scope="col">支払方法</th><th scope="col" class="is-right">件数</th><th scope="col" class="is-right">金額</th><th scope="col" class="is-right">うち取消</th></tr></thead>
          <tbody>
            ${totals.map((row) => html`<tr key=${`${row.method}${row.brand}`}><th scope="row">${row.brand_name || methodNames[row.method] || row.method}</th><td class="is-right">${times(row.count)}</td><td class="is-right"><${Money} amount=${row.amount_yen} /></td><td class="is-right">${row.void_yen > 0 ? html`${times(row.void_count)} <${Money} amount=${row.void_yen} />` : ""}</td></tr>`)}
          </tbody>
        </table>
        <p class="line-note">無料 ${times(closing.zero_count)}</p>
      </section>`;
}

export function DayDetail({ id }) {
  const [terminal, sequence] = id.split("/");
  const answer = useAnswer(`/api/days/${encodeURIComponent(terminal)}/${sequence}`, { whats: ["journal"] });
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="営業日" />`;
  }
  const { day, counts, events, totals, no_sale_openings: openings, journal } = answer.data;
  return html`<article class="detail" data-testid="day-detail">
    <header class="detail-head">
      <div class="detail-title"><h2>${day.terminal} ${shortDate(day.business_date)}</h2><${Tag} level=${day.closing ? "success" : undefined}>${day.state_name}<//>
        ${day.closing ? html`<span class="detail-amount"><${Money} amount=${day.closing.deposit_yen} /></span>` : null}</div>
      <p class="detail-line">
        <span>${day.place.name}</span><span>営業開始 ${moment(day.opened_at)} ${day.opened_by}</span>
        ${day.closing ? html`<span>精算${day.closing.number ? ` ${day.closing.number}回目` : ""} ${moment(day.closing.at)} ${day.closing.by}</span>` : html`<span>つり銭 ${yen(day.opening_float_yen)}</span>`}
        <a href=${address("sales", { terminal: day.terminal, date: day.business_date })}>売上を見る</a>
      </p>
    </header>
    <div class="detail-body">
      ${day.shared_with ? html`<${Message} kind="danger" title=${`同じドロワを ${day.shared_with} も開いています`}>片方を精算するまで、現金の過不足がどちらのものか分かりません。<//>` : null}
      ${day.contradicts_its_lines ? html`<${Message} kind="danger" title="レジの計算が、レジ自身の記録と合いません">「現金の計算」の赤い行を見てください。記録からの計算が正しい額です。<//>` : null}
      ${day.closing ? html`<${Sum} closing=${day.closing} />` : null}
      <${Counts} counts=${counts} />
      <${Events} terminal=${day.terminal} events=${events} openings=${openings} />
      ${day.closing ? html`<${Totals} totals=${totals} closing=${day.closing} />` : null}
      <section class="part"><h3 class="part-title">レジの記録</h3><div class="cards">${journal.map((line) => html`<${JournalCard} key=${line.sequence} line=${line} />`)}</div></section>
    </div>
  </article>`;
}
