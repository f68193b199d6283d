// 照合・決済: every cashless payment and what became of it.
import { html } from "./lib/view.js";
import { Money } from "./lib/components.js";
import { useAnswer, useRows } from "./data.js";
import { address, setParams } from "./route.js";
import { DateField, Facts, MoneyCell, NotYet, Select, StateTag } from "./bits.js";
import { Evidence } from "./evidence.js";
import { ListPage } from "./list_page.js";
import { payoutKey } from "./payout_key.js";
import { methodNames, shortDate } from "./text.js";

const states = [["", "すべて"], ["matched", "照合済み"], ["waiting", "明細待ち"], ["overdue", "期限超過（POSのみ）"], ["differs", "相違あり"], ["unknown", "結果不明"], ["in_doubt", "処理未了"], ["void", "取消"]];

const columns = [
  { key: "number", name: true, title: "領収書番号", sortBy: (row) => row.receipt_number || "", text: (row) => row.receipt_number || row.payment, render: (row) => html`<span class="nowrap">${row.receipt_number || html`<span class="none">番号なし</span>`}</span>` },
  { key: "date", title: "営業日", sortBy: (row) => row.business_date, text: (row) => row.business_date, render: (row) => html`<span class="nowrap">${shortDate(row.business_date)}</span>` },
  { key: "brand", title: "ブランド", sortBy: (row) => row.brand_name, text: (row) => row.brand_name, render: (row) => html`<span class="nowrap">${row.brand_name}</span>` },
  { key: "amount", title: "金額", align: "right", sortBy: (row) => row.amount_yen, text: (row) => row.amount_yen, render: (row) => html`<${MoneyCell} amount=${row.amount_yen} />` },
  { key: "state", title: "状態", sortBy: (row) => row.state_name, text: (row) => row.state_name, render: (row) => html`<${StateTag} state=${row.state} name=${row.state_name} />` },
  { key: "reported", title: "明細の額", align: "right", sortBy: (row) => row.statement?.amount_yen, text: (row) => row.statement?.amount_yen, render: (row) => html`<${MoneyCell} amount=${row.statement?.amount_yen} />` },
  { key: "terminal", title: "端末", sortBy: (row) => row.terminal, text: (row) => row.terminal, render: (row) => html`<span class="nowrap">${row.terminal}</span>` },
  { key: "reference", title: "決済会社取引ID", text: (row) => row.acquirer_reference, render: (row) => row.acquirer_reference || "" },
];

function PaymentDetail({ id }) {
  const answer = useAnswer(`/api/payments/${encodeURIComponent(id)}`, { whats: ["discrepancies", "imports", "journal"] });
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="決済" />`;
  }
  const { payment: row, evidence } = answer.data;
  return html`<article class="detail">
    <header class="detail-head">
      <div class="detail-title"><h2>${row.receipt_number || "領収書番号なし"}</h2><${StateTag} state=${row.state} name=${row.state_name} /><span class="detail-amount"><${Money} amount=${row.amount_yen} /></span></div>
      <p class="detail-line">
        <span>${row.brand_name}（${methodNames[row.method]}）</span>
        ${row.sale ? html`<a href=${address("sales", { id: row.sale })}>売上を見る</a>` : null}
        ${row.discrepancy ? html`<a href=${address("discrepancies", { id: row.discrepancy, state: "all" })}>要確認を見る</a>` : null}
        ${row.statement?.payout ? html`<a href=${address("payouts", { id: payoutKey(row.statement.trustee, row.statement.payout) })}>入金を見る</a>` : null}
      </p>
    </header>
    <div class="detail-body">
      <section class="part">
        <${Facts}
          facts=${[
            ["営業日", shortDate(row.business_date)], ["受領日", shortDate(row.received_on)], ["明細の期限", shortDate(row.due_on)], ["端末", row.terminal], ["決済ID", row.payment],
            ["決済会社取引ID", row.acquirer_reference], ["手数料", row.statement ? html`<${Money} amount=${row.statement.fee_yen} />` : null], ["入金番号", row.statement?.payout],
          ]}
        />
      </section>
      <${Evidence} evidence=${evidence} brandNames=${{ [row.brand]: row.brand_name }} />
    </div>
  </article>`;
}

export function PaymentsPage({ params }) {
  const { id, ...filter } = params;
  const list = useRows("/api/payments", filter, { whats: ["discrepancies", "imports", "journal"] });
  const brands = new Map((list.rows || []).map((row) => [row.brand, row.brand_name]));
  if (params.brand && !brands.has(params.brand)) {
    brands.set(params.brand, params.brand);
  }
  return html`<${ListPage}
    list=${list}
    name="キャッシュレス決済"
    noun="決済"
    testId="payment-row"
    columns=${columns}
    rowKey=${(row) => row.payment}
    selected=${id}
    wide=${true}
    detail=${(row, key) => html`<${PaymentDetail} key=${key} id=${key} />`}
    isFiltered=${["state", "date", "from", "to", "brand", "terminal", "search"].some((name) => params[name])}
    onClear=${() => setParams({ state: "", date: "", from: "", to: "", brand: "", terminal: "", search: "" })}
    empty=${{ icon: "card", title: "キャッシュレスの決済はまだありません", children: "レジの記録が届くと、ここに並びます。" }}
    filters=${html`<${Select} label="状態" value=${params.state || ""} options=${states} onChange=${(state) => setParams({ state, id: "" })} />
      <${DateField} label="営業日" value=${params.date} onChange=${(date) => setParams({ date, id: "" })} />
      <${Select} label="ブランド" value=${params.brand || ""} options=${[["", "すべて"], ...brands]} onChange=${(brand) => setParams({ brand, id: "" })} />`}
  />`;
}
