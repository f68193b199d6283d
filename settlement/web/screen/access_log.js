// 監査: who did what, when, from where. The log cannot be changed by anybody.
import { html } from "./lib/view.js";
import { useRows } from "./data.js";
import { setParams } from "./route.js";
import { DateField, Facts } from "./bits.js";
import { ListPage } from "./list_page.js";
import { moment } from "./text.js";

const columns = [
  { key: "at", name: true, title: "日時", text: (row) => row.at, render: (row) => html`<span class="nowrap">${moment(row.at)}</span>` },
  { key: "by", title: "人", sortBy: (row) => row.by?.name, text: (row) => row.by?.name || "自動", render: (row) => html`<span class="nowrap">${row.by?.name || "自動"}</span>` },
  { key: "what", title: "操作", sortBy: (row) => row.what_name, text: (row) => row.what_name, render: (row) => html`<span class="nowrap">${row.what_name}</span>` },
  { key: "object", title: "対象", sortBy: (row) => row.object, text: (row) => row.object, render: (row) => row.object },
  { key: "reason", title: "理由", text: (row) => row.reason, render: (row) => row.reason || "" },
  { key: "address", title: "接続元", sortBy: (row) => row.address, text: (row) => row.address, render: (row) => row.address },
];

const told = (value) => (value === null || value === undefined ? null : html`<pre class="raw-line">${typeof value === "string" ? value : JSON.stringify(value, null, 1)}</pre>`);

const detail = (row) =>
  row &&
  html`<article class="detail">
    <header class="detail-head"><div class="detail-title"><h2>${row.what_name}</h2></div><p class="detail-line"><span>${moment(row.at)}</span><span>${row.by ? `${row.by.name}（${row.by.login}）` : "自動"}</span></p></header>
    <div class="detail-body"><section class="part">
      <${Facts} facts=${[["番号", row.id], ["対象", row.object], ["理由", row.reason], ["接続元", row.address], ["前", told(row.before)], ["後", told(row.after)]]} />
    </section></div>
  </article>`;

export function AccessLogPage({ params }) {
  const { id, ...filter } = params;
  const list = useRows("/api/access-log", filter);
  return html`<${ListPage}
    list=${list}
    name="操作の記録"
    noun="記録"
    testId="log-row"
    columns=${columns}
    rowKey=${(row) => row.id}
    selected=${id}
    detail=${detail}
    isFiltered=${Boolean(params.from || params.to || params.login)}
    onClear=${() => setParams({ from: "", to: "", login: "" })}
    empty=${{ icon: "list", title: "操作の記録はまだありません" }}
    filters=${html`<${DateField} label="日付 から" value=${params.from} onChange=${(from) => setParams({ from })} />
      <${DateField} label="まで" value=${params.to} onChange=${(to) => setParams({ to })} />`}
  />`;
}
