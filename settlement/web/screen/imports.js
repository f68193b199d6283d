// 取込: files from companies and the bank. Check first, then take in; below, everything taken in so far.
import { html, useState } from "./lib/view.js";
import { Empty } from "./lib/components.js";
import { useRows } from "./data.js";
import { useMe } from "./session.js";
import { setParams, usePinned } from "./route.js";
import { ListEnd, MoneyCell, NotYet, StaleNotice, Tag } from "./bits.js";
import { Register } from "./register.js";
import { ImportDetail } from "./import_detail.js";
import { Uploads } from "./uploads.js";
import { Works } from "./works.js";
import { moment, number, shortDate } from "./text.js";

const columns = [
  { key: "file", name: true, title: "ファイル", sortBy: (row) => row.file_name, text: (row) => row.file_name, render: (row) => html`<span class="nowrap">${row.file_name}</span>${row.replacement ? html` <${Tag} level="warning">差替えの確認待ち<//>` : row.replaced_by ? html` <${Tag}>差替え済み<//>` : row.counts ? null : html` <${Tag}>差戻し<//>`}` },
  { key: "at", title: "取込", sortBy: (row) => row.imported_at, text: (row) => row.imported_at, render: (row) => html`<span class="nowrap">${moment(row.imported_at)}</span>` },
  { key: "kind", title: "種類", sortBy: (row) => row.kind, text: (row) => row.layout_name, render: (row) => (row.kind === "bank" ? "銀行" : "明細") },
  { key: "lines", title: "件数", align: "right", sortBy: (row) => row.line_count, text: (row) => row.line_count, render: (row) => number(row.line_count) },
  { key: "amount", title: "金額", align: "right", sortBy: (row) => row.amount_yen, text: (row) => row.amount_yen, render: (row) => html`<${MoneyCell} amount=${row.amount_yen} />` },
  { key: "open", title: "要確認", align: "right", sortBy: (row) => row.open_count, text: (row) => row.open_count, render: (row) => (row.open_count > 0 ? html`<${Tag} level="warning">${number(row.open_count)}<//>` : html`<span class="none">0</span>`) },
  { key: "faults", title: "読めない行", align: "right", sortBy: (row) => row.fault_count, text: (row) => row.fault_count, render: (row) => (row.fault_count > 0 ? html`<${Tag} level="warning">${number(row.fault_count)}<//>` : html`<span class="none">0</span>`) },
  { key: "matched", title: "合った", align: "right", sortBy: (row) => row.matched_count, text: (row) => row.matched_count, render: (row) => number(row.matched_count) },
  { key: "period", title: "期間", sortBy: (row) => row.from, text: (row) => `${row.from || ""}/${row.to || ""}`, render: (row) => html`<span class="nowrap">${row.from === row.to ? shortDate(row.from) : `${shortDate(row.from)}〜${shortDate(row.to)}`}</span>` },
  { key: "by", title: "取込者", sortBy: (row) => row.by, text: (row) => row.by || "自動", render: (row) => row.by || "自動" },
];

export function ImportsPage({ params }) {
  const me = useMe();
  const list = useRows("/api/imports", {}, { whats: ["imports", "discrepancies"] });
  const [isOver, setOver] = useState(false);
  const chosen = usePinned(params.id, list.rows?.[0] ? String(list.rows[0].id) : null, list.isLoading);
  return html`<div class=${`page-body ${isOver ? "is-over" : ""}`}>
    ${me.rights.includes("import")
      ? html`<${Uploads} onTaken=${(id) => setParams({ id, line: "" })} setOver=${setOver} />`
      : html`<p class="page-lead">ファイルの取込は、会計か承認者が行います。ここでは取り込んだものを見られます。</p>`}
    <${Works} />
    <div class="split">
      <section class="panel split-list" aria-label="取り込んだファイル">
        ${list.rows === null
          ? html`<${NotYet} answer=${list} what="一覧" />`
          : html`<${StaleNotice} answer=${list} />
              ${list.rows.length === 0
                ? html`<${Empty} icon="list" title="取り込んだファイルはまだありません">決済会社の明細と、銀行の入出金明細を取り込んでください。<//>`
                : html`<${Register}
                    label="取り込んだファイル"
                    testId="import-row"
                    columns=${columns}
                    rows=${list.rows}
                    rowKey=${(row) => String(row.id)}
                    selected=${chosen}
                    onSelect=${(id) => setParams({ id, line: "" })}
                    isBusy=${list.isLoading}
                    foot=${html`<${ListEnd} list=${list} shown=${list.rows} columns=${columns} name="取込" />`}
                  />`}`}
      </section>
      <section class="panel split-detail" aria-label="ファイルの内容">
        ${chosen === null ? html`<${Empty} icon="list" title="ファイルを選ぶと、行ごとの結果が出ます" />` : html`<${ImportDetail} key=${chosen} id=${chosen} line=${params.line} />`}
      </section>
    </div>
  </div>`;
}
