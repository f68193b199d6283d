// 公開の履歴: every version that tills ever had, who proposed and approved it, and what it changed.
import { html } from "./lib/view.js";
import { useRows } from "./data.js";
import { setParams } from "./route.js";
import { Facts } from "./bits.js";
import { ListPage } from "./list_page.js";
import { DiffList } from "./masters_diff.js";
import { moment } from "./text.js";

const who = (row) => (row.approved_by ? `${row.proposed_by} → ${row.approved_by}` : "端末操作員");

const columns = [
  { key: "version", name: true, title: "版", sortBy: (row) => row.version, text: (row) => row.version, render: (row) => html`<strong>第${row.version}版</strong>` },
  { key: "title", title: "題名", sortBy: (row) => row.title, text: (row) => row.title, render: (row) => row.title || html`<span class="none">読み込んだファイル</span>` },
  { key: "at", title: "公開した日時", sortBy: (row) => row.published_at, text: (row) => row.published_at, render: (row) => html`<span class="nowrap">${row.published_at.slice(0, 4)}/${moment(row.published_at)}</span>` },
  { key: "who", title: "提出 → 承認", sortBy: who, text: who, render: (row) => html`<span class="nowrap">${who(row)}</span>` },
];

function VersionDetail({ row, kind }) {
  return html`<article class="detail" data-testid="version-detail">
    <header class="detail-head"><div class="detail-title"><h2>第${row.version}版 ${row.title || ""}</h2></div></header>
    <div class="detail-body">
      <${Facts} facts=${[["公開", moment(row.published_at)], ["提出", row.proposed_by], ["承認", row.approved_by || "なし（端末操作員が読み込み）"], ["内容の符号", html`<code class="hash">${row.sha256}</code>`]]} />
      ${row.version > 1 ? html`<h3 class="part-title">前の版との違い</h3><${DiffList} query=${{ from: row.version - 1, version: row.version }} kind=${kind} onKind=${(name) => setParams({ kind: name })} />` : html`<p class="quiet">最初の版です。</p>`}
    </div>
  </article>`;
}

export function VersionsPage({ params }) {
  const list = useRows("/api/masters/versions", {}, { whats: ["masters"] });
  return html`<${ListPage}
    list=${list}
    name="公開の履歴"
    noun="版"
    testId="version-row"
    columns=${columns}
    rowKey=${(row) => row.version}
    selected=${params.id}
    wide=${true}
    detail=${(row) => (row ? html`<${VersionDetail} key=${row.version} row=${row} kind=${params.kind} />` : null)}
    empty=${{ icon: "list", title: "まだ公開した版はありません" }}
  />`;
}
