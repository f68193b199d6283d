// 統計: what the city publishes, a subject at a time: charts, the table beside each, what the figures mean, papers and open data.
import { html, useState } from "./lib/view.js";
import { Button, Empty, Message, Money, Tabs, yen } from "./lib/components.js";
import { download } from "./api.js";
import { useAnswer } from "./data.js";
import { useMe } from "./session.js";
import { queryOf, setParams } from "./route.js";
import { NotYet, Select, StaleNotice, Tag } from "./bits.js";
import { Bars, Shares } from "./charts.js";
import { Papers } from "./papers.js";
import { fiscalYearOf, yearOptions } from "./collection.js";
import { Savings } from "./savings.js";
import { eraYear, methodNames, number, times } from "./text.js";

export const share = (perMille) => (perMille === null ? "－" : `${Math.trunc(perMille / 10)}.${perMille % 10}%`);
const methods = ["cash", "qr", "emoney", "credit"];
const titles = methods.map((method) => methodNames[method]);
const monthName = (month) => `${Number(month.slice(5))}月`;
const short = (value) => (value >= 100000000 ? `${number(value / 100000000)}億` : value >= 10000 ? `${number(value / 10000)}万` : number(value));

export function Definitions({ sentences }) {
  return html`<ul class="statistics-definitions" aria-label="数え方" data-testid="definitions">${sentences.map((one) => html`<li key=${one}>${one}</li>`)}</ul>`;
}

// A table whose first column names the row; CELLS are texts or elements.
function Figures({ label, head, rows, foot }) {
  const line = (cells) => cells.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td key=${index} class="is-right">${cell}</td>`));
  return html`<div class="statistics-table"><table class="breakdown" aria-label=${label}>
    <thead><tr>${head.map((name, index) => html`<th key=${name} scope="col" class=${index > 0 ? "is-right" : undefined}>${name}</th>`)}</tr></thead>
    <tbody>${rows.map((cells, index) => html`<tr key=${index}>${line(cells)}</tr>`)}</tbody>
    ${foot ? html`<tfoot><tr>${line(foot)}</tr></tfoot>` : null}
  </table></div>`;
}

const Pair = ({ chart, table }) => html`<div class="statistics-pair">${chart}${table}</div>`;
const Big = ({ facts }) => html`<dl class="statistics-big">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

function Cashless({ data }) {
  const { total, months, brands, years } = data;
  const byYen = (row) => methods.map((method) => row[method].amount_yen);
  const sayMonth = (index) => {
    const row = months[index];
    return `${monthName(row.month)}: ${methods.map((method) => `${methodNames[method]} ${yen(row[method].amount_yen)}`).join("、")}。キャッシュレス 金額 ${share(row.amount_per_mille)}、件数 ${share(row.count_per_mille)}`;
  };
  const cells = (row) => [times(row.paid.count), times(row.cashless.count), share(row.count_per_mille), html`<${Money} amount=${row.paid.amount_yen} />`, html`<${Money} amount=${row.cashless.amount_yen} />`, share(row.amount_per_mille), times(row.zero_count)];
  const refunds = (row) => (row.refunds.count > 0 ? html`${times(row.refunds.count)} <${Money} amount=${row.refunds.amount_yen} />` : "");
  const head = ["会計", "うち非現金", "比率（件数）", "金額", "うち非現金", "比率（金額）", "0円"];
  const listed = [...brands].sort((one, other) => other.amount_yen - one.amount_yen);
  const longest = Math.max(1, ...listed.map((row) => row.amount_per_mille || 0));
  return html`<${Big} facts=${[["キャッシュレス比率（件数）", share(total.count_per_mille)], ["キャッシュレス比率（金額）", share(total.amount_per_mille)], ["キャッシュレスの金額", html`<${Money} amount=${total.cashless.amount_yen} />`], ["0円の発行", times(total.zero_count)]]} />
    <${Pair} chart=${html`<${Bars} label="月別の金額と、キャッシュレス比率（金額）" testId="chart-months" series=${titles} format=${short} say=${sayMonth} categories=${months.map((row) => ({ label: monthName(row.month), values: byYen(row), top: row.amount_per_mille === null ? "" : share(row.amount_per_mille) }))} />`}
      table=${html`<${Figures} label="月別" head=${["月", ...head, "還付"]} rows=${months.map((row) => [monthName(row.month), ...cells(row), refunds(row)])} foot=${["年度計", ...cells(total), refunds(total)]} />`} />
    <${Pair} chart=${html`<${Bars} label="年度別の金額と、キャッシュレス比率（金額）" testId="chart-years" series=${titles} format=${short} say=${(index) => `${eraYear(years[index].fiscal_year)}: 金額 ${yen(years[index].paid.amount_yen)}、キャッシュレス 金額 ${share(years[index].amount_per_mille)}、件数 ${share(years[index].count_per_mille)}`} categories=${years.map((row) => ({ label: eraYear(row.fiscal_year), values: byYen(row), top: row.amount_per_mille === null ? "" : share(row.amount_per_mille) }))} />`}
      table=${html`<${Figures} label="年度別" head=${["年度", ...head]} rows=${years.map((row) => [eraYear(row.fiscal_year), ...cells(row)])} />`} />
    <${Pair} chart=${html`<${Shares} label="ブランド別の割合（金額）" testId="chart-brands" series=${["割合"]} most=${longest} say=${(index) => `${listed[index].name}: ${yen(listed[index].amount_yen)}、${times(listed[index].count)}、金額の${share(listed[index].amount_per_mille)}`} rows=${listed.map((row) => ({ label: row.name, parts: [row.amount_per_mille || 0], text: share(row.amount_per_mille) }))} />`}
      table=${html`<${Figures} label="ブランド別" head=${["ブランド", "方法", "件数", "割合（件数）", "金額", "割合（金額）"]} rows=${listed.map((row) => [row.name, row.method_name, times(row.count), share(row.count_per_mille), html`<${Money} amount=${row.amount_yen} />`, share(row.amount_per_mille)])} />`} />`;
}

function Certificates({ data, year }) {
  const { months, total, items } = data;
  const cells = (row) => [times(row.count), times(row.before.count), html`<${Money} amount=${row.amount_yen} />`, html`<${Money} amount=${row.before.amount_yen} />`, share(row.amount_per_mille)];
  const head = ["件数", "前年", "金額", "前年", "同月比"];
  const listed = items.filter((row) => row.count + row.before.count + row.zero_count > 0).sort((one, other) => other.amount_yen - one.amount_yen);
  return html`<${Big} facts=${[["年度の金額", html`<${Money} amount=${total.amount_yen} />`], ["前年度", html`<${Money} amount=${total.before.amount_yen} />`], ["前年度比", share(total.amount_per_mille)], ["0円の発行", times(total.zero_count)]]} />
    <${Pair} chart=${html`<${Shares} label="月別の金額（上が今年度、下が前年同月）" testId="chart-certificates" series=${["今年度", "前年同月"]} most=${Math.max(1, ...months.flatMap((row) => [row.amount_yen, row.before.amount_yen]))} say=${(index) => { const row = months[Math.trunc(index / 2)]; return `${monthName(row.month)}: 今年度 ${yen(row.amount_yen)}、前年同月 ${yen(row.before.amount_yen)}、同月比 ${share(row.amount_per_mille)}`; }} rows=${months.flatMap((row) => [{ label: `${monthName(row.month)} ${eraYear(year)}`, parts: [row.amount_yen, 0], text: share(row.amount_per_mille) }, { label: "前年同月", parts: [0, row.before.amount_yen], text: "" }])} />`}
      table=${html`<${Figures} label="月別" head=${["月", ...head]} rows=${months.map((row) => [monthName(row.month), ...cells(row)])} foot=${["年度計", ...cells(total)]} />`} />
    <${Figures} label="品目別" head=${["品目", "件数", "前年度", "金額", "前年度", "前年度比", "0円"]} rows=${listed.map((row) => [row.item.name, ...cells(row), times(row.zero_count)])} />`;
}

function Facilities({ data }) {
  const { facilities, total } = data;
  const listed = [...facilities].sort((one, other) => other.paid.amount_yen - one.paid.amount_yen);
  const cells = (row) => [number(row.paid.count), number(row.cashless.count), share(row.count_per_mille), html`<${Money} amount=${row.paid.amount_yen} />`, html`<${Money} amount=${row.cashless.amount_yen} />`, share(row.amount_per_mille), number(row.zero_count)];
  const parts = (row) => (row.amount_per_mille === null ? [0, 0] : [1000 - row.amount_per_mille, row.amount_per_mille]);
  return html`<${Big} facts=${[["キャッシュレス比率（点数）", share(total.count_per_mille)], ["キャッシュレス比率（金額）", share(total.amount_per_mille)], ["金額", html`<${Money} amount=${total.paid.amount_yen} />`]]} />
    <${Pair} chart=${html`<${Shares} label="施設別のキャッシュレス比率（金額）" testId="chart-facilities" series=${["現金", "キャッシュレス"]} say=${(index) => `${listed[index].name}: 金額 ${yen(listed[index].paid.amount_yen)}、キャッシュレス 金額 ${share(listed[index].amount_per_mille)}、点数 ${share(listed[index].count_per_mille)}`} rows=${listed.map((row) => ({ label: row.name, parts: parts(row), text: share(row.amount_per_mille) }))} />`}
      table=${html`<${Figures} label="施設別" head=${["施設", "点数", "うち非現金", "比率（点数）", "金額", "うち非現金", "比率（金額）", "0円"]} rows=${listed.map((row) => [html`${row.name}${row.operator ? html` <${Tag} level=${row.revenue_name === "利用料金" ? "warning" : "info"}>${row.revenue_name} ${row.operator}<//>` : null}`, ...cells(row)])} foot=${["合計", ...cells(total)]} />`} />`;
}

function Hours({ data }) {
  const hours = data.weekdays[0].hours.map((one) => one.hour);
  const most = Math.max(1, ...data.weekdays.flatMap((row) => row.hours.map((one) => one.count)));
  const busy = (count) => (count === 0 ? "" : `is-busy-${Math.min(4, 1 + Math.trunc((count * 4) / (most + 1)))}`);
  const sum = (index) => data.weekdays.reduce((all, row) => all + row.hours[index].count, 0);
  return html`<${Pair} chart=${html`<${Bars} label="時間帯別の件数（全曜日）" testId="chart-hours" series=${["現金", "キャッシュレス"]} format=${short} say=${(index) => { const count = sum(index); const cashless = data.weekdays.reduce((all, row) => all + row.hours[index].cashless_count, 0); return `${hours[index]}時台: ${times(count)}、うちキャッシュレス ${times(cashless)}`; }} categories=${hours.map((hour, index) => { const cashless = data.weekdays.reduce((all, row) => all + row.hours[index].cashless_count, 0); return { label: `${hour}時`, values: [sum(index) - cashless, cashless], top: short(sum(index)) }; })} />`}
    table=${html`<div class="statistics-table"><table class="breakdown hour-grid" aria-label="曜日・時間帯別の件数" data-testid="hour-grid">
      <thead><tr><th scope="col">曜日</th>${hours.map((hour) => html`<th key=${hour} scope="col" class="is-right">${hour}時</th>`)}<th scope="col" class="is-right">日数</th></tr></thead>
      <tbody>${data.weekdays.map((row) => html`<tr key=${row.name}><th scope="row">${row.name}</th>${row.hours.map((one) => html`<td key=${one.hour} class=${busy(one.count)} title=${`うちキャッシュレス ${times(one.cashless_count)}`}>${number(one.count)}</td>`)}<td>${number(row.days)}</td></tr>`)}</tbody>
    </table></div>`} />`;
}

function Deposits({ data }) {
  const { total, companies } = data;
  const day = (value) => (value === null ? "－" : `${number(value)}日`);
  const cells = (row) => [times(row.count), day(row.median_days), day(row.nine_tenths_days), html`<${Money} amount=${row.amount_yen} />`, times(row.waiting_count), html`<${Money} amount=${row.waiting_yen} />`];
  return html`<${Big} facts=${[["中央値", day(total.median_days)], ["90％値", day(total.nine_tenths_days)], ["未入金", times(total.waiting_count)]]} />
    <${Pair} chart=${total.days.length > 0 ? html`<${Shares} label="支払から入金までの日数ごとの件数" testId="chart-deposits" series=${["件数"]} most=${Math.max(...total.days.map((one) => one.count))} say=${(index) => `${total.days[index].days}日: ${times(total.days[index].count)}`} rows=${total.days.map((one) => ({ label: `${one.days}日${one.days === data.days_max ? "以上" : ""}`, parts: [one.count], text: times(one.count) }))} />` : html`<p>入金が確かめられた支払はまだありません。</p>`}
      table=${html`<${Figures} label="決済会社別" head=${["決済会社", "入金済み", "中央値", "90％値", "金額", "未入金", "未入金の金額"]} rows=${companies.map((row) => [row.trustee.name, ...cells(row)])} foot=${["合計", ...cells(total)]} />`} />`;
}

// The file that anybody may have; of a year that is over, small counts left out.
function OpenData({ table, year }) {
  const [said, setSaid] = useState(null);
  const file = `cashless-${table}-${year}.csv`;
  const save = async () => {
    const got = await download(`/api/statistics/open-data?${queryOf({ fiscal_year: year, table })}`, file);
    setSaid(got.ok ? { kind: "success", text: `${file} を保存しました。` } : { kind: "warning", text: got.message });
  };
  return html`<section class="part">
    <h3 class="part-title">オープンデータ</h3>
    <p class="line-note">終わった年度の表を公開用のCSV（UTF-8）にします。10件に満たない数と、ほかの数から計算できてしまう数は「X」になります。</p>
    <div class="detail-actions"><${Button} data-testid="open-data" onPress=${save}>オープンデータ（CSV）<//></div>
    ${said ? html`<${Message} kind=${said.kind} onClose=${() => setSaid(null)}><span role="status">${said.text}</span><//>` : null}
  </section>`;
}

const has = {
  cashless: (data) => data.total.paid.count + data.total.zero_count + data.total.refunds.count > 0 || data.years.some((row) => row.paid.count > 0),
  certificates: (data) => data.items.length > 0,
  facilities: (data) => data.facilities.length > 0,
  hours: (data) => data.weekdays[0].hours.length > 0,
  deposits: (data) => data.companies.length > 0,
};
const views = [
  { key: "cashless", title: "キャッシュレス比率", show: Cashless, whats: ["journal"] },
  { key: "certificates", title: "手数料の同月比", show: Certificates, whats: ["journal"] },
  { key: "facilities", title: "施設別", show: Facilities, whats: ["journal"] },
  { key: "hours", title: "曜日・時間帯", show: Hours, whats: ["journal"] },
  { key: "deposits", title: "入金までの日数", show: Deposits, whats: ["imports", "discrepancies"] },
  { key: "savings", title: "作業時間", show: Savings, whats: ["statistics"] },
];

function Subject({ view, year }) {
  const answer = useAnswer(`/api/statistics/${view.key}?${queryOf({ fiscal_year: year })}`, { whats: view.whats });
  const data = answer.data;
  if (data === null) {
    return html`<${NotYet} answer=${answer} what="統計" />`;
  }
  return html`<${StaleNotice} answer=${answer} />
    <div class="statistics report" data-testid=${`statistics-${view.key}`}>
      ${has[view.key] && !has[view.key](data)
        ? html`<${Empty} icon="receipt" title="この年度の記録はありません">年度を選び直してください。レジの記録や明細が届くと、ここに出ます。<//>`
        : html`<${view.show} data=${data} year=${year} reload=${answer.reload} />`}
      <${Definitions} sentences=${data.definitions} />
      <${Papers} path=${`/api/statistics/paper?${queryOf({ fiscal_year: year, subject: view.key })}`} name=${`統計-${year}-${view.title}`} title=${`帳票（${view.title}）`} />
      ${view.key === "cashless" || view.key === "facilities" ? html`<${OpenData} table=${view.key === "cashless" ? "months" : "facilities"} year=${year} />` : null}
      ${view.key === "cashless" ? html`<${Papers} path=${`/api/statistics/paper?${queryOf({ fiscal_year: year })}`} name=${`キャッシュレス統計-${year}`} title="帳票（すべての統計。CSVは月別）" />
        <${Papers} path=${`/api/statistics/paper?${queryOf({ fiscal_year: year, subject: "brands" })}`} name=${`統計-${year}-ブランド別`} title="帳票（ブランド別）" />` : null}
    </div>`;
}

export function StatisticsPage({ params }) {
  const me = useMe();
  const year = Number(params.year) || fiscalYearOf(me.today);
  const view = views.find((one) => one.key === params.view) || views[0];
  return html`<div class="page-body">
    <div class="filters"><div class="filter-row">
      <${Select} label="会計年度" value=${String(year)} options=${yearOptions(me.today)} onChange=${(value) => setParams({ year: value })} />
      <${Tabs} label="統計の種類" tabs=${views} selected=${view.key} onSelect=${(key) => setParams({ view: key })} panelId="statistics-panel" />
    </div></div>
    <section class="panel report-panel" id="statistics-panel" role="tabpanel" aria-label=${view.title}>
      <${Subject} key=${`${view.key}-${year}`} view=${view} year=${year} />
    </section>
  </div>`;
}
