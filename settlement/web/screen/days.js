// 精算: the days of every drawer, how their cash was counted, what moved it, and what is to be paid in.
import { html } from "./lib/view.js";
import { Message, Money } from "./lib/components.js";
import { useRows } from "./data.js";
import { setParams } from "./route.js";
import { DateField, MoneyCell, Select, Tag } from "./bits.js";
import { DayDetail } from "./day_detail.js";
import { ListPage } from "./list_page.js";
import { shortDate } from "./text.js";

const states = [["", "すべて"], ["open", "営業中"], ["closed", "精算済み"], ["differs", "過不足・食い違い"]];

function DayState({ row }) {
  if (row.shared_with) {
    return html`<${Tag} level="danger" icon="danger">同じドロワ<//>`;
  }
  if (row.contradicts_its_lines) {
    return html`<${Tag} level="danger" icon="danger">食い違い<//>`;
  }
  return html`<${Tag} level=${row.state === "closed" ? "success" : undefined}>${row.state_name}<//>`;
}

const closing = (key, title, pick, signed) => ({
  key, title, align: "right",
  sortBy: (row) => (row.closing ? pick(row.closing) : null),
  text: (row) => (row.closing ? pick(row.closing) : ""),
  render: (row) => (row.closing ? (signed ? html`<${Money} amount=${pick(row.closing)} signed=${true} />` : html`<${MoneyCell} amount=${pick(row.closing)} />`) : html`<span class="none">―</span>`),
});

const columns = [
  { key: "terminal", name: true, title: "端末", sortBy: (row) => row.terminal, text: (row) => row.terminal, render: (row) => html`<span class="nowrap">${row.terminal}</span>` },
  { key: "date", title: "営業日", sortBy: (row) => row.business_date, text: (row) => row.business_date, render: (row) => html`<span class="nowrap">${shortDate(row.business_date)}</span>` },
  { key: "state", title: "状態", sortBy: (row) => row.state_name, text: (row) => row.state_name, render: (row) => html`<${DayState} row=${row} />` },
  closing("deposit", "払込額", (one) => one.deposit_yen),
  closing("difference", "過不足", (one) => one.difference_yen, true),
  closing("counted", "数えた現金", (one) => one.counted_cash_yen),
  { key: "place", title: "窓口", sortBy: (row) => row.place.name, text: (row) => row.place.name, render: (row) => row.place.name },
];

export function DaysPage({ params }) {
  const { id, ...filter } = params;
  const list = useRows("/api/days", filter, { whats: ["journal"] });
  const deposits = (list.rows || []).filter((row) => row.closing);
  const shared = (list.rows || []).filter((row) => row.shared_with);
  return html`<${ListPage}
    list=${list}
    name="精算"
    noun="営業日"
    testId="day-row"
    columns=${columns}
    rowKey=${(row) => `${row.terminal}/${row.sequence}`}
    rowLevel=${(row) => (row.shared_with || row.contradicts_its_lines ? "danger" : null)}
    selected=${id}
    wide=${true}
    detail=${(row, key) => html`<${DayDetail} key=${key} id=${key} />`}
    above=${html`<div class="page-lead">
        <p>払込額は、数えた現金からつり銭を引いた額です。過不足は理由とともに残し、消しません。</p>
        ${deposits.length > 0 && list.next === null ? html`<p class="page-sum">払込額の合計 <${Money} amount=${deposits.reduce((sum, row) => sum + row.closing.deposit_yen, 0)} /></p>` : null}
      </div>
      ${shared.length > 0 ? html`<${Message} kind="danger" title="一つのドロワを二つの端末が開いています"><span role="alert">${shared.map((row) => `${row.terminal} と ${row.shared_with}`)[0]}。現金が混ざると、どちらの過不足か分からなくなります。窓口に連絡し、片方を精算してもらってください。</span><//>` : null}`}
    isFiltered=${["from", "to", "state", "terminal"].some((name) => params[name])}
    onClear=${() => setParams({ from: "", to: "", state: "", terminal: "" })}
    empty=${{ icon: "cash", title: "営業日はまだありません", children: "レジが営業を始めると、ここに並びます。" }}
    filters=${html`<${DateField} label="いつから" value=${params.from} onChange=${(from) => setParams({ from, id: "" })} />
      <${DateField} label="いつまで" value=${params.to} onChange=${(to) => setParams({ to, id: "" })} />
      <${Select} label="状態" value=${params.state || ""} options=${states} onChange=${(state) => setParams({ state, id: "" })} />`}
  />`;
}
