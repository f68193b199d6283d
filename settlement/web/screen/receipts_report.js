// 収納日報: what was taken in by facility and item, in a day or a period, with visitors, tickets and refunds.
import { html } from "./lib/view.js";
import { Empty, Money } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { useMe } from "./session.js";
import { queryOf, setParams } from "./route.js";
import { DateField, NotYet, Select, StaleNotice, Tag } from "./bits.js";
import { saveList } from "./save_list.js";
import { Button } from "./lib/components.js";
import { methodNames, number, shortDate, times } from "./text.js";

const nameOf = (facility) => (facility ? facility.name : "施設なし（窓口の手数料など）");
const meansNames = { cash: "現金", gateway: "決済の取消", bank_transfer: "口座振込" };
const figures = ["quantity", "zero_quantity", "amount_yen", "cash_yen", "cashless_yen", "reduction_yen", "void_quantity", "void_yen"];
const add = (rows) => Object.fromEntries(figures.map((key) => [key, rows.reduce((sum, row) => sum + row[key], 0)]));

// Rows of one facility together; the server has them in this order.
function byFacility(rows) {
  const groups = new Map();
  rows.forEach((row) => {
    const key = row.facility?.code || "";
    groups.set(key, [...(groups.get(key) || []), row]);
  });
  return [...groups.values()];
}

function Cells({ row }) {
  return html`<td class="is-right">${number(row.quantity)}</td><td class="is-right">${row.zero_quantity > 0 ? number(row.zero_quantity) : ""}</td>
    <td class="is-right"><${Money} amount=${row.amount_yen} /></td><td class="is-right"><${Money} amount=${row.cash_yen} /></td><td class="is-right"><${Money} amount=${row.cashless_yen} /></td>
    <td class="is-right">${row.reduction_yen > 0 ? html`<${Money} amount=${row.reduction_yen} />` : ""}</td>
    <td class="is-right">${row.void_quantity > 0 ? html`${number(row.void_quantity)}　<${Money} amount=${row.void_yen} />` : ""}</td>`;
}

function Facility({ rows }) {
  const first = rows[0];
  return html`<tbody data-testid="report-facility">
    <tr class="group-head"><th scope="rowgroup" colspan="9">${nameOf(first.facility)}${first.facility?.revenue === "operator_fee" ? html` <${Tag} level="warning">利用料金 ${first.facility.operator || ""}<//>` : null}</th></tr>
    ${rows.map(
      (row, index) => html`<tr key=${index}>
        <th scope="row">${row.item.name}<p class="line-note">${[row.category, row.place.name].filter(Boolean).join("　")}</p></th>
        <td class="is-right"><${Money} amount=${row.unit_price_yen} /></td><${Cells} row=${row} />
      </tr>`,
    )}
    ${rows.length > 1 ? html`<tr class="group-sum"><th scope="row">計</th><td></td><${Cells} row=${add(rows)} /></tr>` : null}
  </tbody>`;
}

const csv = [
  { title: "施設", text: (row) => nameOf(row.facility) }, { title: "収入の区分", text: (row) => row.facility?.revenue_name || "" }, { title: "運営", text: (row) => row.facility?.operator || "" },
  { title: "窓口", text: (row) => row.place.name }, { title: "分類", text: (row) => row.category || "" }, { title: "品目コード", text: (row) => row.item.code }, { title: "品目", text: (row) => row.item.name },
  { title: "単価", text: (row) => row.unit_price_yen }, { title: "数", text: (row) => row.quantity }, { title: "無料", text: (row) => row.zero_quantity }, { title: "金額", text: (row) => row.amount_yen },
  { title: "現金", text: (row) => row.cash_yen }, { title: "キャッシュレス", text: (row) => row.cashless_yen }, { title: "減免", text: (row) => row.reduction_yen }, { title: "取消数", text: (row) => row.void_quantity }, { title: "取消額", text: (row) => row.void_yen },
];

function Small({ title, head, rows }) {
  return rows.length === 0
    ? null
    : html`<section class="part report-part" aria-label=${title}>
        <h3 class="part-title">${title}</h3>
        <table class="breakdown"><thead><tr>${head.map((name, index) => html`<th key=${name} scope="col" class=${index > 0 ? "is-right" : undefined}>${name}</th>`)}</tr></thead>
          <tbody>${rows.map((row, index) => html`<tr key=${index}>${row.map((cell, at) => (at === 0 ? html`<th scope="row">${cell}</th>` : html`<td key=${at} class="is-right">${cell}</td>`))}</tr>`)}</tbody>
        </table>
      </section>`;
}

function Report({ report }) {
  const groups = byFacility(report.rows);
  return html`<div class="report">
    ${report.rows.length === 0
      ? html`<${Empty} icon="receipt" title="この期間の収納はありません">日付を変えてください。レジの記録が届くと、ここに出ます。<//>`
      : html`<table class="breakdown report-table">
          <thead><tr><th scope="col">品目</th><th scope="col" class="is-right">単価</th><th scope="col" class="is-right">数</th><th scope="col" class="is-right">無料</th><th scope="col" class="is-right">金額</th><th scope="col" class="is-right">現金</th><th scope="col" class="is-right">キャッシュレス</th><th scope="col" class="is-right">減免額</th><th scope="col" class="is-right">取消</th></tr></thead>
          ${groups.map((rows) => html`<${Facility} key=${rows[0].facility?.code || ""} rows=${rows} />`)}
          <tfoot><tr><th scope="row">合計</th><td></td><${Cells} row=${add(report.rows)} /></tr></tfoot>
        </table>`}
    <div class="report-parts">
      <${Small} title="支払方法" head=${["支払方法", "件数", "金額"]} rows=${report.by_brand.map((row) => [row.brand_name || methodNames[row.method] || row.method, times(row.count), html`<${Money} amount=${row.amount_yen} />`])} />
      <${Small} title="支払った還付" head=${["方法", "件数", "金額"]} rows=${report.refunds.map((row) => [meansNames[row.means] || row.means, times(row.count), html`<${Money} amount=${row.amount_yen} />`])} />
      <${Small} title="入場者数（売上のない人）" head=${["施設", "区分", "人数"]} rows=${report.entries.map((row) => [nameOf(row.facility), row.category, `${number(row.count)}人`])} />
      <${Small} title="発行した券" head=${["施設", "発行", "支払い", "無料で出場", "無効", "残り"]} rows=${report.tickets.map((row) => [`${nameOf(row.facility)}　${row.item.name}`, number(row.issued), number(row.paid), number(row.left), number(row.voided), number(row.open)])} />
    </div>
  </div>`;
}

export function ReceiptsPage({ params }) {
  const me = useMe();
  const from = params.from || me.today;
  const to = params.to || from;
  const answer = useAnswer(`/api/reports/receipts?${queryOf({ from, to, place: params.place, facility: params.facility })}`, { whats: ["journal"], keep: true });
  const places = useAnswer("/api/places");
  const options = [["", "すべて"], ...(places.data?.rows || []).map((row) => [row.place, row.name])];
  const period = from === to ? shortDate(from, me.today) : `${shortDate(from, me.today)}〜${shortDate(to, me.today)}`;
  return html`<div class="page-body">
    <div class="filters"><div class="filter-row">
      <${DateField} label="いつから" value=${from} onChange=${(value) => setParams({ from: value, to: value > to || from === to ? value : to })} />
      <${DateField} label="いつまで" value=${to} onChange=${(value) => setParams({ from: value < from ? value : from, to: value })} />
      <${Select} label="窓口" value=${params.place || ""} options=${options} onChange=${(place) => setParams({ place })} />
    </div></div>
    <div class="page-lead">
      <p>${period}の収納です。取り消した売上は「取消」の列だけに入ります。利用料金は運営者の収入で、調定に入りません。</p>
      ${answer.data ? html`<p class="page-sum"><${Money} amount=${answer.data.amount_yen} /></p>` : null}
    </div>
    <section class="panel report-panel" aria-label="収納日報" data-testid="receipts-report">
      ${answer.data === null
        ? html`<${NotYet} answer=${answer} what="収納日報" />`
        : html`<${StaleNotice} answer=${answer} /><${Report} report=${answer.data} />
            ${answer.data.rows.length > 0 ? html`<div class="list-end"><span>${times(answer.data.rows.length)}</span><${Button} kind="quiet" onPress=${() => saveList("収納日報", csv, answer.data.rows)}>CSVで保存<//></div>` : null}`}
    </section>
  </div>`;
}
