// 売上: every sale the tills have sent.
import { html } from "./lib/view.js";
import { useRows } from "./data.js";
import { setParams } from "./route.js";
import { DateField, MoneyCell, Select, Tag } from "./bits.js";
import { ListPage } from "./list_page.js";
import { SaleDetail } from "./sale_detail.js";
import { methodNames, shortDate } from "./text.js";

const columns = [
  { key: "number", name: true, title: "領収書番号", sortBy: (row) => row.receipt_number, text: (row) => row.receipt_number, render: (row) => html`<span class="nowrap">${row.receipt_number}</span>` },
  { key: "amount", title: "金額", align: "right", sortBy: (row) => row.amount_yen, text: (row) => row.amount_yen, render: (row) => (row.is_zero ? "無料" : html`<${MoneyCell} amount=${row.amount_yen} />`) },
  { key: "method", title: "支払方法", sortBy: (row) => row.method, text: (row) => methodNames[row.method], render: (row) => html`<span class="nowrap">${methodNames[row.method] || row.method}${row.is_mixed ? "＋現金" : ""}</span>` },
  { key: "brand", title: "ブランド", sortBy: (row) => row.brand, text: (row) => row.brand, render: (row) => row.brand || "" },
  { key: "date", title: "営業日", sortBy: (row) => row.business_date, text: (row) => row.business_date, render: (row) => html`<span class="nowrap">${shortDate(row.business_date)}</span>` },
  { key: "received", title: "受領日", sortBy: (row) => row.received_on, text: (row) => row.received_on, render: (row) => html`<span class="nowrap">${shortDate(row.received_on)}</span>` },
  { key: "terminal", title: "端末", sortBy: (row) => row.terminal, text: (row) => row.terminal, render: (row) => html`<span class="nowrap">${row.terminal}</span>` },
  { key: "state", title: "状態", sortBy: (row) => row.is_void, text: (row) => (row.is_void ? "取消" : ""), render: (row) => (row.is_void ? html`<${Tag} level="danger">取消済み<//>` : "") },
];

export function SalesPage({ params }) {
  const { id, ...filter } = params;
  const list = useRows("/api/sales", filter, { whats: ["journal"] });
  const methods = [["", "すべて"], ...Object.entries(methodNames)];
  return html`<${ListPage}
    list=${list}
    name="売上"
    noun="売上"
    testId="sale-row"
    columns=${columns}
    rowKey=${(row) => row.sale}
    rowLevel=${(row) => (row.is_void ? "gone" : null)}
    selected=${id}
    detail=${(row, key) => html`<article class="detail" key=${key}><div class="detail-body"><${SaleDetail} id=${key} /></div></article>`}
    isFiltered=${["date", "terminal", "method"].some((name) => params[name])}
    onClear=${() => setParams({ date: "", terminal: "", method: "", search: "" })}
    empty=${{ icon: "receipt", title: "売上はまだありません", children: "レジの記録が届くと、ここに並びます。" }}
    filters=${html`<${DateField} label="営業日" value=${params.date} onChange=${(date) => setParams({ date, id: "" })} />
      <${Select} label="支払方法" value=${params.method || ""} options=${methods} onChange=${(method) => setParams({ method, id: "" })} />`}
  />`;
}
