// 還付: what citizens asked for at tills and what the finance desk gives back, first what is not paid yet; the sale behind each.
import { html } from "./lib/view.js";
import { Message, Money, Tabs } from "./lib/components.js";
import { useRows } from "./data.js";
import { address, setParams } from "./route.js";
import { Facts, MoneyCell, Select, StateTag } from "./bits.js";
import { ListPage } from "./list_page.js";
import { RefundDesk } from "./refund_desk.js";
import { RefundTransfers } from "./refund_transfers.js";
import { SaleDetail } from "./sale_detail.js";
import { eraYear, number, shortDate, times } from "./text.js";

const states = [["", "未払い"], ["paid", "支払済み"], ["withdrawn", "取下げ"], ["all", "すべて"]];
const meansNames = [["", "すべて"], ["cash", "現金"], ["gateway", "決済の取消"], ["bank_transfer", "口座振込"]];

const columns = [
  { key: "number", name: true, title: "領収書番号", sortBy: (row) => row.receipt_number, text: (row) => row.receipt_number, render: (row) => html`<span class="nowrap">${row.receipt_number}</span>` },
  { key: "amount", title: "還付額", align: "right", sortBy: (row) => row.amount_yen, text: (row) => row.amount_yen, render: (row) => html`<${MoneyCell} amount=${row.amount_yen} />` },
  { key: "state", title: "状態", sortBy: (row) => row.state_name, text: (row) => row.state_name, render: (row) => html`<${StateTag} state=${row.state} name=${row.state_name} />` },
  { key: "means", title: "方法", sortBy: (row) => row.means_name, text: (row) => row.means_name, render: (row) => html`<span class="nowrap">${row.means_name}</span>` },
  { key: "age", title: "経過", align: "right", sortBy: (row) => row.age_days, text: (row) => row.age_days, render: (row) => `${number(row.age_days)}日` },
  { key: "date", title: "申出", sortBy: (row) => row.business_date, text: (row) => row.business_date, render: (row) => html`<span class="nowrap">${shortDate(row.business_date)}</span>` },
  { key: "reason", title: "理由", text: (row) => row.reason, render: (row) => row.reason },
  { key: "terminal", title: "端末", sortBy: (row) => row.terminal, text: (row) => row.terminal, render: (row) => html`<span class="nowrap">${row.terminal}</span>` },
];

function Request({ row, onDone }) {
  return html`<header class="detail-head">
      <div class="detail-title"><h2>還付 ${row.receipt_number}</h2><${StateTag} state=${row.state} name=${row.state_name} /><span class="detail-amount"><${Money} amount=${row.amount_yen} /></span></div>
      <p class="detail-line"><span>${row.place.name}</span><span>${row.means_name}</span><a href=${address("terminals", { id: row.terminal, sequence: row.sequence })}>${row.is_of_desk ? "会計の記録" : row.terminal} #${row.sequence}</a></p>
    </header>
    <div class="detail-body">
      ${row.is_too_much ? html`<${Message} kind="danger" title="還付の合計が売上を超えています">この売上の還付は合わせて<${Money} amount=${row.refunds_yen} />ですが、売上は<${Money} amount=${row.sale_yen} />です。支払う前に、窓口と確かめてください。<//>` : null}
      ${row.state === "requested" && (row.run === "running" || row.run === "unknown") ? html`<${Message} kind="danger" title="端末が返金しています">${row.terminal} が決済会社に返金を頼んでいます${row.run === "unknown" ? "（結果はまだ分かりません）" : ""}。結果が届くまで、ほかの方法で支払わないでください。二重の返金になります。<//>` : null}
      ${row.state === "requested" && row.run === "refused" ? html`<${Message} kind="warning" title="決済会社に断られました">端末からの返金は行われていません。会計で支払ってください。<//>` : null}
      ${row.received_on ? null : html`<${Message} kind="warning" title="元の売上がまだ届いていません">別の端末の売上です。その端末の記録が届くと、ここに出ます。<//>`}
      <section class="part">
        <${Facts}
          facts=${[
            ["理由", row.reason], ["申出", `${shortDate(row.business_date)}（${row.age_days}日前）`], ["受けた人", row.clerk_name], ["承認", row.approved_name],
            ["内訳", row.lines.length === 0 ? null : row.lines.map((line) => `${line.line}行目 ${number(line.amount_yen)}円`).join("、")],
            ["この売上の還付の合計", html`<${Money} amount=${row.refunds_yen} />`],
            ["会計での扱い", row.treatment ? `${row.treatment_name}（${eraYear(row.treatment_year)}）` : null],
            ["決済会社の明細", row.state !== "paid" || row.means !== "gateway" ? null : row.seen_import ? html`<a href=${address("imports", { id: row.seen_import })}>${number(row.seen_line)}行目で確認</a>` : "まだありません"],
            [row.state === "paid" ? "支払った日" : "取り下げた日", shortDate(row.ended_on)], ["行った人", row.ended_name], ["支払いの承認", row.ended_approved_name], ["取下げの理由", row.ended_reason],
          ]}
        />
      </section>
      <${RefundDesk} key=${row.refund} row=${row} onDone=${onDone} />
      ${row.received_on ? html`<${SaleDetail} id=${row.sale} />` : null}
    </div>`;
}

function Requests({ params }) {
  const { id, view, ...filter } = params;
  const list = useRows("/api/refunds", filter, { whats: ["journal"] });
  return html`<${ListPage}
    list=${list}
    name="還付"
    noun="還付"
    testId="refund-row"
    columns=${columns}
    rowKey=${(row) => row.refund}
    rowLevel=${(row) => (row.is_too_much || (row.state === "requested" && (row.run === "running" || row.run === "unknown")) ? "danger" : row.state === "withdrawn" ? "gone" : null)}
    selected=${id}
    detail=${(row, key) => html`<article class="detail" key=${key}>${row ? html`<${Request} row=${row} onDone=${list.reload} />` : null}</article>`}
    above=${html`<div class="page-lead">
      <p>翌日以降の返金です。売上は取り消さず、還付として別に記録します。</p>
      ${list.head ? html`<p class="page-sum">未払い ${times(list.head.waiting_count)} <${Money} amount=${list.head.waiting_yen} /></p>` : null}
    </div>`}
    isFiltered=${["state", "means"].some((name) => params[name])}
    onClear=${() => setParams({ state: "", means: "" })}
    empty=${{ icon: "check-circle", title: "支払いを待つ還付はありません", children: "窓口で還付の申出を受けるか、「売上」から還付を起こすと、ここに並びます。" }}
    filters=${html`<${Select} label="状態" value=${params.state || ""} options=${states} onChange=${(state) => setParams({ state, id: "" })} />
      <${Select} label="方法" value=${params.means || ""} options=${meansNames} onChange=${(means) => setParams({ means, id: "" })} />`}
  />`;
}

const views = [
  { key: "requests", title: "還付", show: Requests },
  { key: "transfers", title: "振込データ", show: RefundTransfers },
];

export function RefundsPage({ params }) {
  const view = views.find((one) => one.key === params.view) || views[0];
  return html`<div class="page-body">
    <${Tabs} label="還付" tabs=${views} selected=${view.key} onSelect=${(key) => setParams({ view: key, id: "", state: "", means: "" })} panelId="refund-panel" />
    <section class="panel report-panel" id="refund-panel" role="tabpanel" aria-label=${view.title}><${view.show} params=${params} /></section>
  </div>`;
}
