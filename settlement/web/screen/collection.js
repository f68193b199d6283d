// 収納: what was assessed in a year, what has come of it, what is outstanding and why; and what came on a day.
import { html } from "./lib/view.js";
import { Empty, Money } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { useMe } from "./session.js";
import { queryOf, setParams } from "./route.js";
import { DateField, NotYet, Select, StaleNotice, Tag } from "./bits.js";
import { Papers } from "./papers.js";
import { payoutKey } from "./payout_key.js";
import { eraYear, shortDate, times } from "./text.js";

const levels = { received: "success", due_later: "info", late: "danger", unreported: "warning" };
const figures = ["assessed_yen", "received_yen", "due_later_yen", "late_yen", "unreported_yen", "outstanding_yen"];
const sum = (rows) => Object.fromEntries([...figures, "misses_closing_yen"].map((key) => [key, rows.reduce((total, row) => total + row[key], 0)]));
const last = (name) => name.split(" ／ ").pop();

export const fiscalYearOf = (day) => Number(day.slice(0, 4)) - (day.slice(5, 7) < "04" ? 1 : 0);
export const yearOptions = (today) => Array.from({ length: 6 }, (_, back) => fiscalYearOf(today) - back).map((year) => [String(year), `${eraYear(year)}（${year}）`]);

function Sums({ row }) {
  return figures.map((key) => html`<td key=${key} class="is-right">${row[key] === 0 && key !== "assessed_yen" && key !== "outstanding_yen" ? "" : html`<${Money} amount=${row[key]} />`}</td>`);
}

// Rows of one account, then its sum. The name of a row leads to what is outstanding of it.
function Account({ rows, onChoose, chosen }) {
  const first = rows[0];
  return html`<tbody>
    <tr class="group-head"><th scope="rowgroup" colspan="7">${last(first.account.name)}　<span class="line-note">${first.account.code}　${first.account.name}</span></th></tr>
    ${rows.map((row) => {
      const key = `${row.account.code}|${row.section.code}|${row.route.code}`;
      return html`<tr key=${key} data-testid="collection-row" aria-current=${chosen === key ? "true" : undefined}>
        <th scope="row"><a href=${onChoose(row)}>${row.section.name}　${row.route.name}</a>${row.misses_closing_yen > 0 ? html` <${Tag} level="danger">出納閉鎖に間に合わない <${Money} amount=${row.misses_closing_yen} /><//>` : null}</th>
        <${Sums} row=${row} />
      </tr>`;
    })}
    ${rows.length > 1 ? html`<tr class="group-sum"><th scope="row">計</th><${Sums} row=${sum(rows)} /></tr>` : null}
  </tbody>`;
}

function byAccount(rows) {
  const groups = new Map();
  rows.forEach((row) => groups.set(row.account.code, [...(groups.get(row.account.code) || []), row]));
  return [...groups.values()];
}

function Outstanding({ year, to, params }) {
  const asked = { fiscal_year: year, to, account: params.account, section: params.section, route: params.route, limit: 500 };
  const answer = useAnswer(`/api/collection/open?${queryOf(asked)}`, { whats: ["assessments", "imports", "discrepancies"], keep: true });
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="収入未済" />`;
  }
  const rows = answer.data.rows;
  return html`<section class="part" aria-label="収入未済の内訳" data-testid="collection-open">
    <h3 class="part-title">収入未済の内訳${params.account ? "（選んだ行）" : "（年度全体）"}　<${Money} amount=${answer.data.outstanding_yen} /></h3>
    ${rows.length === 0
      ? html`<p class="line-note">すべて収入済みです。</p>`
      : html`<table class="breakdown"><thead><tr><th scope="col">納付方法</th><th scope="col">入金番号</th><th scope="col">状態</th><th scope="col">受領日</th><th scope="col">入金予定日</th><th scope="col" class="is-right">経過</th><th scope="col" class="is-right">金額</th></tr></thead>
          <tbody>${rows.map(
            (row) => html`<tr key=${`${row.route.code}|${row.payout || row.received_on}`}>
              <th scope="row">${row.route.name}</th>
              <td>${row.payout ? html`<a href=${`#payouts?${queryOf({ id: payoutKey(row.route.code, row.payout) })}`}>${row.payout}</a>` : "（明細がまだない）"}</td>
              <td><${Tag} level=${levels[row.stand]}>${row.stand_name}<//>${row.misses_closing ? html` <${Tag} level="danger">閉鎖後<//>` : null}</td>
              <td class="nowrap">${shortDate(row.received_on)}</td>
              <td class="nowrap">${row.expected_on ? shortDate(row.expected_on) : "不明"}${row.is_computed ? "（取決めから）" : ""}</td>
              <td class="is-right">${row.age_days > 0 ? `${row.age_days}日` : ""}</td>
              <td class="is-right"><${Money} amount=${row.amount_yen} /></td>
            </tr>`,
          )}</tbody></table>`}
    ${answer.data.truncated ? html`<p class="line-note">古いものから${times(rows.length)}を表示しています。科目を選ぶと絞れます。</p>` : null}
  </section>`;
}

export function CollectionPage({ params }) {
  const me = useMe();
  const year = Number(params.year) || fiscalYearOf(me.today);
  const to = params.to || "";
  const query = queryOf({ fiscal_year: year, to });
  const answer = useAnswer(`/api/collection?${query}`, { whats: ["assessments", "imports", "discrepancies"], keep: true });
  const choose = (row) => `#collection?${queryOf({ year: params.year, to, account: row.account.code, section: row.section.code, route: row.route.code })}`;
  const chosen = params.account ? `${params.account}|${params.section}|${params.route}` : "";
  const data = answer.data;
  return html`<div class="page-body">
    <div class="filters"><div class="filter-row">
      <${Select} label="会計年度" value=${String(year)} options=${yearOptions(me.today)} onChange=${(value) => setParams({ year: value, account: "", section: "", route: "" })} />
      <${DateField} label="いつの時点で" value=${to || me.today} onChange=${(value) => setParams({ to: value === me.today ? "" : value })} />
    </div></div>
    <div class="page-lead">
      <p>承認した調定に対する収入です。クレジットや電子マネーなどは、銀行への入金が確かめられた分を収入済みとします。</p>
      ${data && data.total.misses_closing_yen > 0 ? html`<p class="page-warning" role="status"><${Tag} level="danger">出納閉鎖（${shortDate(data.closing)}）に間に合わない <${Money} amount=${data.total.misses_closing_yen} /><//></p>` : null}
      ${data ? html`<p class="page-sum">収入未済 <${Money} amount=${data.total.outstanding_yen} /></p>` : null}
    </div>
    <section class="panel report-panel" aria-label="調定収納一覧">
      ${data === null
        ? html`<${NotYet} answer=${answer} what="収納" />`
        : html`<${StaleNotice} answer=${answer} />
            ${data.rows.length === 0
              ? html`<${Empty} icon="receipt" title="この年度に承認した調定はありません">調定を承認すると、ここに収入の状況が出ます。<//>`
              : html`<div class="report"><table class="breakdown report-table">
                    <thead><tr><th scope="col">所属・納付方法</th><th scope="col" class="is-right">調定額</th><th scope="col" class="is-right">収入済額</th><th scope="col" class="is-right">入金予定</th><th scope="col" class="is-right">予定日超過</th><th scope="col" class="is-right">明細待ち</th><th scope="col" class="is-right">収入未済額</th></tr></thead>
                    ${byAccount(data.rows).map((rows) => html`<${Account} key=${rows[0].account.code} rows=${rows} onChoose=${choose} chosen=${chosen} />`)}
                    <tfoot><tr><th scope="row">合計</th><${Sums} row=${data.total} /></tr></tfoot>
                  </table>
                  <div class="report-below"><${Outstanding} year=${year} to=${to} params=${params} />
                  ${chosen ? html`<p><a href=${`#collection?${queryOf({ year: params.year, to })}`}>年度全体の内訳に戻る</a></p>` : null}
                  <${Papers} path=${`/api/collection/paper?${query}`} name=${`調定収納一覧-${year}`} title="調定収納一覧表" /></div></div>`}`}
    </section>
  </div>`;
}
