// 利用料金: taken in at the city's tills for the operators of facilities, and kept out of every 調定.
import { html } from "./lib/view.js";
import { Money } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { useMe } from "./session.js";
import { queryOf, setParams } from "./route.js";
import { DateField, MoneyCell } from "./bits.js";
import { ListPage } from "./list_page.js";
import { number, shortDate, times } from "./text.js";

const columns = [
  { key: "operator", name: true, title: "運営者", sortBy: (row) => row.operator, text: (row) => row.operator, render: (row) => row.operator },
  { key: "facility", title: "施設", sortBy: (row) => row.facility.name, text: (row) => row.facility.name, render: (row) => row.facility.name },
  { key: "date", title: "受領日", sortBy: (row) => row.received_on, text: (row) => row.received_on, render: (row) => html`<span class="nowrap">${shortDate(row.received_on)}</span>` },
  { key: "route", title: "収納区分", sortBy: (row) => row.route_name, text: (row) => row.route_name, render: (row) => row.route_name },
  { key: "count", title: "件数", align: "right", sortBy: (row) => row.count, text: (row) => row.count, render: (row) => number(row.count) },
  { key: "amount", title: "金額", align: "right", sortBy: (row) => row.amount_yen, text: (row) => row.amount_yen, render: (row) => html`<${MoneyCell} amount=${row.amount_yen} />` },
  { key: "tax", title: "うち消費税", align: "right", sortBy: (row) => row.tax_yen, text: (row) => row.tax_yen, render: (row) => html`<${MoneyCell} amount=${row.tax_yen} />` },
];

export function OperatorRevenuePage({ params }) {
  const me = useMe();
  const from = params.from || `${me.today.slice(0, 7)}-01`;
  const to = params.to && params.to >= from ? params.to : me.today >= from ? me.today : from;
  const answer = useAnswer(`/api/operator-revenue?${queryOf({ from, to })}`, { whats: ["assessments"], keep: true });
  const list = { ...answer, rows: answer.data?.rows || null, next: null };
  return html`<${ListPage}
    list=${list}
    name="利用料金"
    noun="利用料金"
    testId="operator-row"
    columns=${columns}
    rowKey=${(row) => `${row.facility.code}|${row.received_on}|${row.route}`}
    selected=${params.id}
    above=${html`<div class="page-lead">
      <p>利用料金制の施設の収入です。市の調定には入れず、運営者に渡します。調定の案を作った日までが出ます。</p>
      ${answer.data ? html`<p class="page-sum">${times(answer.data.count)} <${Money} amount=${answer.data.amount_yen} /></p>` : null}
    </div>`}
    isFiltered=${Boolean(params.from || params.to)}
    onClear=${() => setParams({ from: "", to: "" })}
    empty=${{ icon: "check-circle", title: "利用料金の収入はありません", children: "利用料金制の施設の売上があると、ここに並びます。" }}
    filters=${html`<${DateField} label="いつから" value=${from} onChange=${(value) => setParams({ from: value, id: "" })} />
      <${DateField} label="いつまで" value=${to} onChange=${(value) => setParams({ to: value, id: "" })} />`}
  />`;
}
