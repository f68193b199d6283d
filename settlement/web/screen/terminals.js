// 端末: every till, what came from it last, and whether its journal is taken in.
import { html } from "./lib/view.js";
import { useRows } from "./data.js";
import { Tag, StateTag } from "./bits.js";
import { ListPage } from "./list_page.js";
import { TerminalDetail } from "./terminal_detail.js";
import { moment, number, shortDate } from "./text.js";

// The loudest thing first: not taken in, silent, parked lines.
function state(row) {
  return html`<span class="tags">
    ${row.state === "active" && row.is_silent ? html`<${Tag} level="warning" icon="warning">便りがない<//>` : html`<${StateTag} state=${row.state === "active" ? "" : row.state} name=${row.state_name} />`}
    ${row.parked_count > 0 ? html`<${Tag} level="warning">読めない記録 ${number(row.parked_count)}<//>` : null}
  </span>`;
}
const rank = (row) => (row.state === "quarantined" ? 0 : row.is_silent ? 1 : row.parked_count > 0 ? 2 : row.state === "active" ? 3 : 4);

const columns = [
  { key: "terminal", name: true, title: "端末", sortBy: (row) => row.terminal, text: (row) => row.terminal, render: (row) => html`<strong class="nowrap">${row.terminal}</strong>` },
  { key: "place", title: "窓口", sortBy: (row) => row.place_name, text: (row) => row.place_name, render: (row) => html`<span class="nowrap">${row.place_name}</span>` },
  { key: "state", title: "状態", sortBy: rank, text: (row) => row.state_name, render: state },
  { key: "seen", title: "最後に届いた", sortBy: (row) => row.last_seen_at, text: (row) => row.last_seen_at, render: (row) => html`<span class="nowrap">${row.last_seen_at ? moment(row.last_seen_at) : "まだありません"}</span>` },
  { key: "day", title: "営業日", sortBy: (row) => row.last_business_date, text: (row) => row.last_business_date, render: (row) => html`<span class="nowrap">${shortDate(row.last_business_date)} ${row.last_business_date ? (row.day_is_open ? "営業中" : "精算済み") : ""}</span>` },
  { key: "sequence", title: "届いた記録", align: "right", sortBy: (row) => row.acknowledged?.sequence, text: (row) => row.acknowledged?.sequence, render: (row) => `#${number(row.acknowledged?.sequence)}まで` },
];

export function TerminalsPage({ params }) {
  const list = useRows("/api/terminals", {}, { whats: ["terminals", "journal", "parked"], limit: 500 });
  return html`<${ListPage}
    list=${list}
    name="端末"
    noun="端末"
    testId="terminal-row"
    columns=${columns}
    rowKey=${(row) => row.terminal}
    rowLevel=${(row) => (row.state === "revoked" ? "gone" : null)}
    selected=${params.id}
    detail=${(row, key) => html`<${TerminalDetail} key=${key} id=${key} row=${row || list.rows?.find((one) => one.terminal === key)} sequence=${params.sequence} onDone=${list.reload} />`}
    empty=${{ icon: "terminal", title: "登録された端末はまだありません", children: "管理者が「端末の登録」で登録コードをつくり、レジで入力すると、ここに並びます。" }}
  />`;
}
