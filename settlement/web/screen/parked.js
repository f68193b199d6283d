// 端末・読めなかった記録: journal lines that were kept but not understood. Their money may be missing from the figures.
import { html } from "./lib/view.js";
import { useRows } from "./data.js";
import { address } from "./route.js";
import { ListPage } from "./list_page.js";
import { Facts } from "./bits.js";
import { kindNames } from "./journal_words.js";
import { moment, shortDate } from "./text.js";

const columns = [
  { key: "line", name: true, title: "記録", sortBy: (row) => `${row.terminal}${String(row.sequence).padStart(9, "0")}`, text: (row) => `${row.terminal} #${row.sequence}`, render: (row) => html`<span class="nowrap">${row.terminal} #${row.sequence}</span>` },
  { key: "kind", title: "種類", sortBy: (row) => row.kind, text: (row) => row.kind, render: (row) => kindNames[row.kind] || row.kind },
  { key: "date", title: "営業日", sortBy: (row) => row.business_date, text: (row) => row.business_date, render: (row) => html`<span class="nowrap">${shortDate(row.business_date)}</span>` },
  { key: "received", title: "届いた", sortBy: (row) => row.received_at, text: (row) => row.received_at, render: (row) => html`<span class="nowrap">${moment(row.received_at)}</span>` },
  { key: "reason", title: "理由", text: (row) => row.reason, render: (row) => row.reason },
];

const detail = (row) =>
  row &&
  html`<article class="detail">
    <header class="detail-head">
      <div class="detail-title"><h2>${row.terminal} #${row.sequence}</h2></div>
      <p class="detail-line"><span>${kindNames[row.kind] || row.kind}</span><a href=${address("terminals", { id: row.terminal, sequence: row.sequence })}>前後の記録を見る</a></p>
    </header>
    <div class="detail-body">
      <section class="part guidance">
        <p class="guidance-summary">${row.reason}</p>
        <dl><dt>意味</dt><dd>記録は届いた形のまま保管しています。中身を読めないため、売上にも調定にも入っていません。</dd>
        <dt>すること</dt><dd>システム管理者に、端末番号と記録番号を知らせてください。読めるようになれば、自動で集計に入ります。</dd></dl>
      </section>
      <section class="part"><${Facts} facts=${[["営業日", shortDate(row.business_date)], ["届いた", moment(row.received_at)]]} /><pre class="raw-line">${row.raw}</pre></section>
    </div>
  </article>`;

export function ParkedPage({ params }) {
  const list = useRows("/api/parked", {}, { whats: ["parked", "journal"] });
  return html`<${ListPage}
    list=${list}
    name="読めなかった記録"
    noun="記録"
    testId="parked-row"
    columns=${columns}
    rowKey=${(row) => `${row.terminal}/${row.sequence}`}
    selected=${params.id}
    detail=${detail}
    empty=${{ icon: "check-circle", title: "読めなかった記録はありません", children: "届いた記録は、すべて集計に入っています。" }}
  />`;
}
