// 払込: the list of what was prepared, and one of them with its closes: confirm what the bank received, take it back, print.
import { html, useState } from "./lib/view.js";
import { Button, Message, Money } from "./lib/components.js";
import { useAnswer, useCommand, useRows } from "./data.js";
import { useMe } from "./session.js";
import { queryOf, setParams } from "./route.js";
import { DateField, Facts, MoneyCell, NotYet, Select, Tag } from "./bits.js";
import { ListPage } from "./list_page.js";
import { Papers } from "./papers.js";
import { TakeBack } from "./take_back.js";
import { moment, shortDate, times } from "./text.js";

const states = [["", "すべて"], ["prepared", "領収待ち"], ["confirmed", "領収済み・銀行未確認"], ["seen", "銀行で確認済み"], ["undone", "取消済み"]];

function State({ row }) {
  if (row.bank_record) {
    return html`<${Tag} level=${row.bank_record.is_open ? "danger" : row.bank_record.state === "waiting" ? undefined : "success"} icon=${row.bank_record.is_open ? "danger" : undefined}>${row.bank_record.state_name}<//>`;
  }
  return html`<${Tag} level=${row.is_overdue ? "danger" : row.state === "prepared" ? "warning" : undefined}>${row.is_overdue ? "払込日を過ぎて領収待ち" : row.state_name}<//>`;
}

const columns = [
  { key: "number", name: true, title: "払込番号", sortBy: (row) => row.number, text: (row) => row.number, render: (row) => html`<span class="nowrap">${row.number}</span>` },
  { key: "pay_on", title: "払込日", sortBy: (row) => row.pay_on, text: (row) => row.pay_on, render: (row) => html`<span class="nowrap">${shortDate(row.paid_on || row.pay_on)}</span>` },
  { key: "amount", title: "金額", align: "right", sortBy: (row) => row.amount_yen, text: (row) => row.amount_yen, render: (row) => html`<${MoneyCell} amount=${row.amount_yen} />` },
  { key: "state", title: "状態", sortBy: (row) => row.state_name, text: (row) => row.bank_record?.state_name ?? row.state_name, render: (row) => html`<${State} row=${row} />` },
  { key: "difference", title: "過不足", align: "right", sortBy: (row) => row.difference_yen, text: (row) => row.difference_yen, render: (row) => html`<${Money} amount=${row.difference_yen} signed=${true} />` },
  { key: "section", title: "所属", sortBy: (row) => row.section.name, text: (row) => row.section.name, render: (row) => row.section.name },
];

function Confirm({ row, me, command, onDone }) {
  const [paidOn, setPaidOn] = useState(row.pay_on <= me.today ? row.pay_on : me.today);
  const [receipt, setReceipt] = useState("");
  const canSend = paidOn && receipt.trim() !== "" && !command.isBusy;
  const send = async () => {
    if (canSend && (await command.run(`/api/remittances/${row.id}/confirm`, { paid_on: paidOn, receipt: receipt.trim() })).ok) {
      onDone();
    }
  };
  const keys = (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      send();
    }
  };
  return html`<div class="form" role="form" aria-label="領収の確認" onKeyDown=${keys}>
    <h3 class="part-title">領収を確かめる</h3>
    <div class="filter-row">
      <${DateField} label="領収日" value=${paidOn} max=${me.today} onChange=${setPaidOn} />
      <label class="filter"><span class="filter-label">領収書の番号・領収印の記号</span><input class="input filter-input" data-testid="confirm-receipt" maxlength="40" value=${receipt} onInput=${(event) => setReceipt(event.target.value)} /></label>
      <${Button} kind="main" data-testid="confirm-send" hint="Enter" disabled=${!canSend} onPress=${send}>領収を確かめた<//>
    </div>
  </div>`;
}

function Closes({ closes }) {
  return html`<section class="part" aria-label="入っている精算"><h3 class="part-title">入っている精算</h3>
    <table class="breakdown"><thead><tr><th scope="col">端末・窓口</th><th scope="col">営業日</th><th scope="col" class="is-right">計算上</th><th scope="col" class="is-right">数えた現金</th><th scope="col" class="is-right">過不足</th><th scope="col" class="is-right">払込額</th></tr></thead>
      <tbody>${closes.map((row) => html`<tr key=${`${row.terminal}/${row.sequence}`} data-testid="remittance-close">
        <th scope="row"><a href=${`#days?${queryOf({ id: `${row.terminal}/${row.sequence}` })}`}>${row.terminal}</a><p class="line-note">${row.place.name}${row.difference_reason ? `　${row.difference_reason}` : ""}</p></th>
        <td class="nowrap">${shortDate(row.business_date)}</td><td class="is-right"><${Money} amount=${row.expected_cash_yen} /></td><td class="is-right"><${Money} amount=${row.counted_cash_yen} /></td><td class="is-right"><${Money} amount=${row.difference_yen} signed=${true} /></td><td class="is-right"><${Money} amount=${row.deposit_yen} /></td></tr>`)}</tbody></table></section>`;
}

const bankWords = {
  missing: "銀行の記録はこの払込の日を過ぎていますが、この払込が見当たりません。領収書と通帳を確かめてください。",
  differs: "この払込番号のある銀行の記録と、金額か日付が違います。領収書を確かめてください。",
  several: "同じ金額の記録や払込が同じころに複数あり、どれがこの払込か決められません。払込番号のある記録が来るまで、または一つに決まるまで、このまま残ります。",
  proved_amount: "銀行の記録に払込番号がなく、金額と日付が一つだけ一致したものです。",
};

function Detail({ id }) {
  const me = useMe();
  const answer = useAnswer(`/api/remittances/${id}`, { whats: ["remittances", "imports", "discrepancies"] });
  const command = useCommand();
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="払込" />`;
  }
  const row = answer.data.rows[0];
  const bank = row.bank_record;
  const isMine = row.prepared_by.login === me.user.login;
  const canConfirm = row.state === "prepared" && me.rights.includes("confirm");
  const isProved = bank && (bank.state === "proved" || bank.state === "proved_amount");
  const canUndo = row.state !== "undone" && !isProved && me.rights.includes("propose") && row.confirmed_by?.login !== me.user.login;
  const undo = async (reason) => ((await command.run(`/api/remittances/${id}/undo`, { reason })).ok ? answer.reload() : null);
  return html`<article class="detail">
    <header class="detail-head">
      <div class="detail-title"><h2>${row.number}</h2><${State} row=${row} /><span class="detail-amount"><${Money} amount=${row.amount_yen} /></span></div>
      <p class="detail-line"><span>${row.section.name}${row.officer ? `　出納員 ${row.officer}` : ""}</span><span>${row.bank}</span></p>
    </header>
    <div class="detail-body">
      ${row.difference_yen !== 0 ? html`<${Message} kind="warning" title="過不足があります">精算の過不足の計は <${Money} amount=${row.difference_yen} signed=${true} /> です。理由は下の精算にあります。<//>` : null}
      ${bank && bankWords[bank.state] ? html`<${Message} kind=${bank.is_open ? "danger" : "info"} title=${bank.state_name}>${bankWords[bank.state]}<//>` : null}
      ${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
      <section class="part"><${Facts} facts=${[
        ["払込日（予定）", shortDate(row.pay_on)], ["精算", times(row.close_count)], ["振込依頼人番号（照合用）", row.reference], ["作成", `${row.prepared_by.name}　${moment(row.prepared_at)}`],
        ["領収日", row.paid_on ? shortDate(row.paid_on) : null], ["領収書・領収印", row.receipt], ["領収の確認", row.confirmed_by ? `${row.confirmed_by.name}　${moment(row.confirmed_at)}` : null],
        ["銀行の記録", bank?.booked_on ? html`<a href=${`#imports?${queryOf({ id: bank.import })}`}>${shortDate(bank.booked_on)} <${Money} amount=${bank.booked_yen} /></a>` : null],
        ["取消し", row.undone_by ? `${row.undone_by.name}　${moment(row.undone_at)}　${row.undone_reason}` : null],
      ]} /></section>
      ${canConfirm && isMine ? html`<p class="line-note">払込書を作った本人は確かめられません。別の承認者が確かめます。</p>` : null}
      ${canConfirm && !isMine ? html`<${Confirm} row=${row} me=${me} command=${command} onDone=${answer.reload} />` : null}
      <${Closes} closes=${answer.data.closes} />
      <${Papers} path=${`/api/remittances/${id}/paper`} name=${`haraikomi-${row.number}`} title="現金払込書" />
      ${canUndo ? html`<${TakeBack} title="払込を取り消す" testid="remittance-undo" isBusy=${command.isBusy} onSend=${undo} />` : null}
    </div>
  </article>`;
}

export function RemittanceList({ params }) {
  const { id, view, section, row, ...filter } = params;
  const list = useRows("/api/remittances", filter, { whats: ["remittances", "imports", "discrepancies"] });
  return html`<${ListPage}
    list=${list}
    name="払込"
    noun="払込"
    testId="remittance-row"
    columns=${columns}
    rowKey=${(one) => one.id}
    rowLevel=${(one) => (one.is_overdue || one.bank_record?.is_open ? "danger" : null)}
    selected=${id}
    wide=${true}
    detail=${(one, key) => html`<${Detail} key=${key} id=${key} />`}
    isFiltered=${Boolean(params.state || params.from || params.to)}
    onClear=${() => setParams({ state: "", from: "", to: "" })}
    empty=${{ icon: "cash", title: "払込はまだありません", children: "「払い込む現金」で精算を選び、払込書を作ると、ここに並びます。" }}
    filters=${html`<${DateField} label="いつから" value=${params.from} onChange=${(from) => setParams({ from, id: "" })} />
      <${DateField} label="いつまで" value=${params.to} onChange=${(to) => setParams({ to, id: "" })} />
      <${Select} label="状態" value=${params.state || ""} options=${states} onChange=${(state) => setParams({ state, id: "" })} />`}
  />`;
}
