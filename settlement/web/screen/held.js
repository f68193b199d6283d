// 調定・止めているもの: money in doubt, kept out of every 調定, and what to do about it.
import { html } from "./lib/view.js";
import { Money } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { address } from "./route.js";
import { ListPage } from "./list_page.js";
import { MoneyCell, Tag } from "./bits.js";
import { moment, shortDate, times } from "./text.js";

const columns = [
  { key: "state", name: true, title: "理由", sortBy: (row) => row.state_name, text: (row) => row.state_name, render: (row) => html`<${Tag} level="warning">${row.state_name}<//>` },
  { key: "amount", title: "金額", align: "right", sortBy: (row) => row.amount_yen, text: (row) => row.amount_yen, render: (row) => html`<${MoneyCell} amount=${row.amount_yen} />` },
  { key: "age", title: "経過", align: "right", sortBy: (row) => row.age_days, text: (row) => row.age_days, render: (row) => `${row.age_days}日` },
  { key: "date", title: "営業日", sortBy: (row) => row.business_date, text: (row) => row.business_date, render: (row) => html`<span class="nowrap">${shortDate(row.business_date)}</span>` },
  { key: "terminal", title: "端末", sortBy: (row) => row.terminal, text: (row) => row.terminal, render: (row) => html`<span class="nowrap">${row.terminal}</span>` },
  { key: "brand", title: "ブランド", sortBy: (row) => row.brand, text: (row) => row.brand, render: (row) => row.brand || "" },
  { key: "since", title: "いつから", sortBy: (row) => row.since, text: (row) => row.since, render: (row) => html`<span class="nowrap">${row.since.length > 10 ? moment(row.since) : shortDate(row.since)}</span>` },
  { key: "todo", title: "すること", text: (row) => row.what_to_do, render: (row) => html`<span class="todo">${row.what_to_do}</span>` },
  { key: "evidence", title: "証拠", render: (row) => html`<a class="nowrap" href=${row.payment ? address("payments", { id: row.payment }) : address("sales", { id: row.sale })}>${row.payment ? "決済を見る" : "売上を見る"}</a>` },
];

export function HeldPage({ params }) {
  const answer = useAnswer("/api/assessments/held", { whats: ["assessments", "journal", "discrepancies"] });
  const list = { ...answer, rows: answer.data?.rows || null, next: null };
  return html`<${ListPage}
    list=${list}
    name="調定を止めているもの"
    noun="一覧"
    testId="held-row"
    columns=${columns}
    rowKey=${(row) => `${row.payment}${row.sale}`}
    selected=${params.id}
    above=${html`<div class="page-lead">
      <p>受け取ったか確かでないお金は調定に入れません。確かになった日に、自動で調定の案に入ります。</p>
      ${answer.data ? html`<p class="page-sum">${times(answer.data.count)} <${Money} amount=${answer.data.amount_yen} /></p>` : null}
    </div>`}
    empty=${{ icon: "check-circle", title: "止めているものはありません", children: "受け取ったお金は、すべて調定の案に入っています。" }}
  />`;
}
