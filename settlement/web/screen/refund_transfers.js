// 振込データ: the bank's file of everything that is approved and has a payee, and what became of each.
import { html, useState } from "./lib/view.js";
import { Button, Message, Money } from "./lib/components.js";
import { useAnswer, useCommand, useRows } from "./data.js";
import { useMe } from "./session.js";
import { address, setParams } from "./route.js";
import { DateField, Facts, MoneyCell, NotYet, Select, Tag } from "./bits.js";
import { ListPage } from "./list_page.js";
import { TakeBack } from "./take_back.js";
import { download } from "./api.js";
import { moment, number, shortDate, times } from "./text.js";

const levels = { made: "warning", done: "success" };
const State = ({ row }) => html`<${Tag} level=${levels[row.state]}>${row.state_name}<//>`;

const columns = [
  { key: "id", name: true, title: "番号", sortBy: (row) => row.id, text: (row) => row.id, render: (row) => number(row.id) },
  { key: "pay_on", title: "振込指定日", sortBy: (row) => row.pay_on, text: (row) => row.pay_on, render: (row) => html`<span class="nowrap">${shortDate(row.pay_on)}</span>` },
  { key: "count", title: "件数", align: "right", sortBy: (row) => row.item_count, text: (row) => row.item_count, render: (row) => times(row.item_count) },
  { key: "amount", title: "金額", align: "right", sortBy: (row) => row.amount_yen, text: (row) => row.amount_yen, render: (row) => html`<${MoneyCell} amount=${row.amount_yen} />` },
  { key: "state", title: "状態", sortBy: (row) => row.state_name, text: (row) => row.state_name, render: (row) => html`<${State} row=${row} />` },
  { key: "bank", title: "銀行の記録", text: (row) => row.booked_on || "", render: (row) => (row.booked_on ? html`<span class="nowrap">${shortDate(row.booked_on)}</span>` : row.state === "done" && row.paid_yen > 0 ? html`<${Tag} level="danger" icon="danger">見当たりません<//>` : html`<span class="none">―</span>`) },
];

function Make({ head, me, onDone }) {
  const command = useCommand();
  const [payOn, setPayOn] = useState(me.today);
  const [account, setAccount] = useState(head.accounts[0]?.code || "");
  const make = async () => {
    const got = await command.run("/api/refund-transfers", { pay_on: payOn, account: account || null });
    if (got.ok) {
      setParams({ id: got.data.rows[0].id });
      onDone();
    }
  };
  return html`<section class="form" role="form" aria-label="振込データをつくる">
    <p class="page-sum">振り込める還付 ${times(head.payable_count)} <${Money} amount=${head.payable_yen} /></p>
    ${head.accounts.length === 0 ? html`<${Message} kind="warning" title="振込元の口座がありません">「マスタ」の「振込元の口座」に、市の口座と委託者コードを登録してください。<//>` : null}
    <div class="filter-row"><${DateField} label="振込指定日" value=${payOn} onChange=${setPayOn} />
      ${head.accounts.length > 1 ? html`<${Select} label="振込元の口座" value=${account} options=${head.accounts.map((one) => [one.code, one.name])} onChange=${setAccount} />` : null}
      <${Button} kind="main" data-testid="transfer-make" disabled=${command.isBusy || head.payable_count === 0 || head.accounts.length === 0 || !payOn} onPress=${make}>振込データをつくる<//></div>
    ${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
  </section>`;
}

function Items({ items, canFail, failed, onToggle }) {
  return html`<section class="part" aria-label="振り込む還付"><h3 class="part-title">振り込む還付</h3>
    <table class="breakdown"><thead><tr><th scope="col">領収書番号</th><th scope="col" class="is-right">金額</th><th scope="col">状態</th>${canFail ? html`<th scope="col">振込不能</th>` : null}</tr></thead>
      <tbody>${items.map((item) => html`<tr key=${item.number} data-testid="transfer-item"><th scope="row"><a href=${address("refunds", { state: "all", id: item.refund })}>${item.receipt_number}</a></th><td class="is-right"><${Money} amount=${item.amount_yen} /></td><td>${item.state_name}</td>
        ${canFail ? html`<td><input type="checkbox" aria-label=${`${item.receipt_number}は振込不能`} checked=${failed.includes(item.refund)} onChange=${() => onToggle(item.refund)} /></td>` : null}</tr>`)}</tbody></table></section>`;
}

function Detail({ id, onDone }) {
  const me = useMe();
  const command = useCommand();
  const answer = useAnswer(`/api/refund-transfers/${id}`, { whats: ["journal", "imports"] });
  const [failed, setFailed] = useState([]);
  const [said, setSaid] = useState(null);
  if (answer.data === null || answer.data.rows.length === 0) {
    return html`<${NotYet} answer=${answer} what="振込データ" />`;
  }
  const row = answer.data.rows[0];
  const isMade = row.state === "made";
  const isOwn = row.made_by.login === me.user.login;
  const canDone = isMade && me.rights.includes("confirm") && !isOwn;
  const after = () => {
    answer.reload();
    onDone();
  };
  const done = async () => ((await command.run(`/api/refund-transfers/${id}/done`, { failed })).ok ? after() : null);
  const discard = async (reason) => ((await command.run(`/api/refund-transfers/${id}/discard`, { reason })).ok ? after() : null);
  const save = async () => {
    const got = await download(`/api/refund-transfers/${id}/file`, row.file_name);
    setSaid(got.ok ? { kind: "success", text: `${row.file_name} を保存しました。銀行に渡したあと、消してください（口座の情報が入っています）。` } : { kind: "danger", text: got.message });
  };
  const toggle = (refund) => setFailed(failed.includes(refund) ? failed.filter((one) => one !== refund) : [...failed, refund]);
  return html`<article class="detail">
    <header class="detail-head"><div class="detail-title"><h2>振込データ ${number(row.id)}</h2><${State} row=${row} /><span class="detail-amount"><${Money} amount=${row.amount_yen} /></span></div></header>
    <div class="detail-body">
      ${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
      ${said ? html`<${Message} kind=${said.kind} onClose=${() => setSaid(null)}><span role="status">${said.text}</span><//>` : null}
      <section class="part"><${Facts} facts=${[
        ["振込指定日", shortDate(row.pay_on)], ["件数", times(row.item_count)], ["つくった人", `${row.made_by.name}　${moment(row.made_at)}`],
        [row.state === "discarded" ? "取りやめた人" : "確かめた人", row.decided_by ? `${row.decided_by.name}　${moment(row.decided_at)}` : null], ["理由", row.decided_reason],
        row.state === "done" ? ["振込済み", html`<${Money} amount=${row.paid_yen} />${row.failed_count > 0 ? `（振込不能 ${times(row.failed_count)}）` : ""}`] : null,
        row.state === "done" ? ["銀行の記録", row.booked_on ? shortDate(row.booked_on) : "同じ金額の出金が見当たりません"] : null,
      ].filter(Boolean)} /></section>
      ${me.rights.includes("propose") && row.state !== "discarded" ? html`<div class="detail-actions"><${Button} data-testid="transfer-file" onPress=${save}>銀行に渡すファイル（全銀 総合振込）<//></div>` : null}
      <${Items} items=${answer.data.items} canFail=${canDone} failed=${failed} onToggle=${toggle} />
      ${isMade && isOwn ? html`<p class="line-note">振込データをつくった本人は、振込済みにできません。別の承認者が、銀行の結果を見て確かめます。</p>` : null}
      ${canDone ? html`<div class="detail-actions"><${Button} kind="main" data-testid="transfer-done" disabled=${command.isBusy || row.pay_on > me.today} onPress=${done}>${failed.length > 0 ? `${times(failed.length)}を除いて、振込済みにする` : "すべて振込済みにする"}<//></div>` : null}
      ${isMade && me.rights.includes("propose") ? html`<${TakeBack} title="この振込データを取りやめる" testid="transfer-discard" isBusy=${command.isBusy} onSend=${discard} />` : null}
    </div></article>`;
}

export function RefundTransfers({ params }) {
  const me = useMe();
  const list = useRows("/api/refund-transfers", {}, { whats: ["journal", "imports"] });
  return html`<${ListPage}
    list=${list}
    name="振込データ"
    noun="振込データ"
    testId="transfer-row"
    columns=${columns}
    rowKey=${(row) => row.id}
    rowLevel=${(row) => (row.state === "discarded" ? "gone" : null)}
    selected=${params.id}
    detail=${(row, key) => html`<${Detail} key=${key} id=${key} onDone=${list.reload} />`}
    above=${list.head && me.rights.includes("propose") ? html`<${Make} head=${list.head} me=${me} onDone=${list.reload} />` : null}
    isFiltered=${false}
    empty=${{ icon: "cash", title: "振込データはまだありません", children: "口座振込の還付を承認し、振込先を入れると、銀行に渡す振込データをつくれます。" }}
  />`;
}
