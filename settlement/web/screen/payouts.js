// 照合・入金: deposits that statements announce, and what the bank says.
import { html } from "./lib/view.js";
import { Message, Money } from "./lib/components.js";
import { useAnswer, useCommand, useRows } from "./data.js";
import { address, setParams } from "./route.js";
import { Facts, MoneyCell, NotYet, Select, StateTag } from "./bits.js";
import { Evidence } from "./evidence.js";
import { ListPage } from "./list_page.js";
import { payoutKey, payoutPath } from "./payout_key.js";
import { useMe } from "./session.js";
import { Spreads } from "./spread.js";
import { shortDate, times } from "./text.js";

const states = [["", "すべて"], ["expected", "入金予定"], ["late", "遅れている"], ["short", "不足"], ["over", "過大"], ["carried", "繰越"], ["credited", "入金済み"]];

const columns = [
  { key: "payout", name: true, title: "入金番号", sortBy: (row) => row.payout, text: (row) => row.payout, render: (row) => html`<span class="nowrap">${row.payout}</span>` },
  { key: "due", title: "予定日", sortBy: (row) => row.due_on, text: (row) => row.due_on, render: (row) => html`<span class="nowrap">${shortDate(row.due_on)}</span>` },
  { key: "amount", title: "予定額", align: "right", sortBy: (row) => row.expected_yen, text: (row) => row.expected_yen, render: (row) => html`<${MoneyCell} amount=${row.expected_yen} />` },
  { key: "credited", title: "入金額", align: "right", sortBy: (row) => row.credited_yen, text: (row) => row.credited_yen, render: (row) => (row.credited_on ? html`<${MoneyCell} amount=${row.credited_yen} />` : html`<span class="none">―</span>`) },
  { key: "trustee", title: "決済会社", sortBy: (row) => row.trustee_name, text: (row) => row.trustee_name, render: (row) => html`<span class="nowrap">${row.trustee_name}</span>` },
  { key: "state", title: "状態", sortBy: (row) => row.state_name, text: (row) => row.state_name, render: (row) => html`<${StateTag} state=${row.state} name=${row.state_name} />` },
  { key: "lines", title: "件数", align: "right", sortBy: (row) => row.line_count, text: (row) => row.line_count, render: (row) => times(row.line_count) },
  { key: "fee", title: "手数料", align: "right", sortBy: (row) => row.fee_yen, text: (row) => row.fee_yen, render: (row) => html`<${MoneyCell} amount=${row.fee_yen} />` },
];

// What an earlier payout left to this one, or this one to a later.
function carried(row) {
  if (row.state === "carried") {
    return row.carried_to
      ? html`<a href=${address("payouts", { id: payoutKey(row.trustee, row.carried_to) })}>${row.carried_to}</a> で精算`
      : "次の入金で精算（まだない）";
  }
  return row.carry_yen === 0 ? null : html`<${Money} amount=${row.carry_yen} signed=${true} />（予定額に含む）`;
}

// What it is made of, by name, down to what the bank received: the column adds up.
function Shares({ row, shares }) {
  const isNet = row.expected_yen - row.carry_yen !== row.amount_yen;
  const named = (share) => `${share.kind_name}${share.brand ? ` ${share.brand_name || share.brand}` : ""}`;
  const fees = shares.filter((share) => share.fee_yen !== 0);
  const rest = row.expected_yen - row.amount_yen + (isNet ? row.fee_yen : 0) - row.carry_yen;
  const line = (key, name, count, amount) => html`<tr key=${key} data-testid="payout-share"><th scope="row">${name}</th><td class="is-right">${count === null ? "" : times(count)}</td><td class="is-right"><${Money} amount=${amount} signed=${true} /></td></tr>`;
  return html`<section class="part" aria-label="入金の内訳">
    <h3 class="part-title">入金の内訳</h3>
    <table class="table"><tbody>
      ${shares.map((share, index) => line(`s${index}`, named(share), share.line_count, share.amount_yen))}
      ${isNet ? fees.map((share, index) => line(`f${index}`, `決済手数料 ${share.brand_name || share.brand || share.kind_name}（差引き）`, null, -share.fee_yen)) : null}
      ${row.carry_yen !== 0 ? line("carry", row.carry_yen > 0 ? "前の入金からの繰越" : "次の入金への繰越", null, row.carry_yen) : null}
      ${rest !== 0 ? line("rest", "取決めによるその他の差", null, rest) : null}
      <tr class="is-total"><th scope="row">予定額</th><td></td><td class="is-right"><${Money} amount=${row.expected_yen} /></td></tr>
      ${isNet ? null : fees.map((share, index) => html`<tr key=${`g${index}`} data-testid="payout-share"><th scope="row">決済手数料 ${share.brand_name || share.brand || share.kind_name}（別請求、予定額に含まない）</th><td></td><td class="is-right"><${Money} amount=${share.fee_yen} /></td></tr>`)}
    </tbody></table>
  </section>`;
}

function PayoutDetail({ id }) {
  const me = useMe();
  const answer = useAnswer(payoutPath(id), { whats: ["imports", "discrepancies"] });
  const command = useCommand();
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="入金" />`;
  }
  const { payout: row, evidence, shares } = answer.data;
  const undo = async (one, reason) => {
    const got = await command.run(`/api/credits/spread/${one.id}/undo`, { reason });
    if (got.ok) {
      answer.reload();
    }
  };
  const difference = row.credited_on ? row.credited_yen - row.expected_yen : 0;
  return html`<article class="detail">
    <header class="detail-head">
      <div class="detail-title"><h2>${row.payout}</h2><${StateTag} state=${row.state} name=${row.state_name} /><span class="detail-amount"><${Money} amount=${row.expected_yen} /></span></div>
      <p class="detail-line"><span>${row.trustee_name}</span><span>予定 ${shortDate(row.due_on)}${row.is_due_computed ? "（明細になく、取決めから計算）" : ""}</span>${row.discrepancy ? html`<a href=${address("discrepancies", { id: row.discrepancy, state: "all" })}>要確認を見る</a>` : null}</p>
    </header>
    <div class="detail-body">
      ${row.misses_closing ? html`<${Message} kind="danger" title="出納閉鎖（5/31）に間に合いません">旧年度の収入ですが、入金日が5月31日より後です。決済会社に入金を早められるか確かめてください。<//>` : null}
      <section class="part">
        <${Facts}
          facts=${[
            ["予定額", html`<${Money} amount=${row.expected_yen} />`], ["入金額", row.credited_on ? html`<${Money} amount=${row.credited_yen} />` : "まだ入金されていません"],
            ["差", difference === 0 ? null : html`<strong><${Money} amount=${difference} signed=${true} /></strong>`], ["入金日", shortDate(row.credited_on)],
            ["繰越", carried(row)], ["明細の行", times(row.line_count)], ["明細の合計", html`<${Money} amount=${row.amount_yen} />`], [row.expected_yen - row.carry_yen === row.amount_yen ? "手数料（別請求）" : "手数料（差引き）", html`<${Money} amount=${row.fee_yen} />`],
          ]}
        />
      </section>
      <${Shares} row=${row} shares=${shares} />
      ${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
      <${Spreads} spreads=${answer.data.spreads} canUndo=${me.rights.includes("resolve")} isBusy=${command.isBusy} onUndo=${undo} />
      <${Evidence} evidence=${evidence} isTruncated=${answer.data.truncated} />
    </div>
  </article>`;
}

export function PayoutsPage({ params }) {
  const { id, ...filter } = params;
  const list = useRows("/api/payouts", filter, { whats: ["imports", "discrepancies"] });
  return html`<${ListPage}
    list=${list}
    name="入金"
    noun="入金"
    testId="payout-row"
    columns=${columns}
    rowKey=${(row) => payoutKey(row.trustee, row.payout)}
    selected=${id}
    wide=${true}
    detail=${(row, key) => html`<${PayoutDetail} key=${key} id=${key} />`}
    isFiltered=${Boolean(params.state || params.from || params.to)}
    onClear=${() => setParams({ state: "", from: "", to: "" })}
    empty=${{ icon: "cash", title: "入金の予定はまだありません", children: "決済会社の明細を取り込むと、入金予定が並びます。" }}
    filters=${html`<${Select} label="状態" value=${params.state || ""} options=${states} onChange=${(state) => setParams({ state, id: "" })} />`}
  />`;
}
