// 照合・記録: every run of the reconciliation, what it looked at and what it did; and running it now.
import { html, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useCommand, useRows } from "./data.js";
import { useMe } from "./session.js";
import { MoneyCell } from "./bits.js";
import { ListPage } from "./list_page.js";
import { Works } from "./works.js";
import { moment, number, times } from "./text.js";

const count = (key, title) => ({ key, title, align: "right", sortBy: (row) => row[key], text: (row) => row[key], render: (row) => number(row[key]) });
const columns = [
  { key: "at", name: true, title: "日時", sortBy: (row) => row.at, text: (row) => row.at, render: (row) => html`<span class="nowrap">${moment(row.at)}</span>` },
  { key: "by", title: "実行", text: (row) => row.by || "自動", render: (row) => row.by || "自動" },
  count("sale_count", "売上"), count("statement_line_count", "明細の行"), count("bank_line_count", "銀行の行"), count("matched_count", "合った件数"),
  { key: "matched_yen", title: "合った額", align: "right", sortBy: (row) => row.matched_yen, text: (row) => row.matched_yen, render: (row) => html`<${MoneyCell} amount=${row.matched_yen} />` },
  count("credited_count", "入金と合った"), count("opened_count", "新しい要確認"), count("cleared_count", "解消"), count("open_count", "残り"),
  { key: "milliseconds", title: "時間", align: "right", sortBy: (row) => row.milliseconds, text: (row) => row.milliseconds, render: (row) => `${(row.milliseconds / 1000).toFixed(2)}秒` },
];

export function RunsPage({ params }) {
  const me = useMe();
  const list = useRows("/api/reconciliation/runs", {}, { whats: ["discrepancies", "imports"] });
  const command = useCommand();
  const [run, setRun] = useState(null);
  const start = async () => {
    const answer = await command.run("/api/reconcile");
    setRun(answer.ok ? answer.data.run : null);
  };
  return html`<${ListPage}
    list=${list}
    name="照合の記録"
    noun="記録"
    columns=${columns}
    rowKey=${(row) => row.id}
    selected=${params.id}
    search=${false}
    above=${html`<div class="page-lead">
      <p>明細や入金を取り込むたびに、自動で照合します。ここから今すぐ行うこともできます。人が決めた処置は変わりません。</p>
      ${me.rights.includes("reconcile") ? html`<${Button} kind="main" data-testid="reconcile" disabled=${command.isBusy} onPress=${start}>${command.isBusy ? "照合しています…" : "今すぐ照合する"}<//>` : null}
    </div>
    <${Works} />
    ${command.fault ? html`<${Message} kind=${command.code === "cancelled" ? "info" : "danger"} onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
    ${run ? html`<${Message} kind="success" onClose=${() => setRun(null)}>照合しました。${times(run.matched_count)}が合い、新しい要確認は${times(run.opened_count)}、解消は${times(run.cleared_count)}です。<//>` : null}`}
    empty=${{ icon: "list", title: "まだ照合していません", children: "取込の画面で明細を取り込むと、照合が始まります。" }}
  />`;
}
