// A credit at the bank that no payout takes by itself: which payouts it pays, and how much of each. The sum must be the credit.
import { html, useState } from "./lib/view.js";
import { Button, Message, Money, yen } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { payoutKey } from "./payout_key.js";
import { TakeBack } from "./take_back.js";
import { moment, shortDate } from "./text.js";

// Yen as people type them: digits, in either width, with or without separators. null for anything else.
export function yenOf(text) {
  const plain = text.normalize("NFKC").replace(/[,¥円\s]/g, "");
  return plain === "" ? 0 : /^\d{1,10}$/.test(plain) ? Number(plain) : null;
}

export function SpreadForm({ credit, isBusy, onSend, onCancel }) {
  const lists = ["late", "short", "expected"].map((state) => useAnswer(`/api/payouts?state=${state}&limit=500`, { whats: ["imports"] }));
  const [typed, setTyped] = useState({});
  const [reason, setReason] = useState("");
  const rows = lists.flatMap((list) => list.data?.rows || []);
  const key = (row) => payoutKey(row.trustee, row.payout);
  const portions = rows.map((row) => ({ row, yen: yenOf(typed[key(row)] || "") }));
  const isRead = portions.every((one) => one.yen !== null);
  const rest = credit.amount_yen - portions.reduce((sum, one) => sum + (one.yen || 0), 0);
  const canSend = isRead && rest === 0 && reason.trim() !== "" && !isBusy;
  const send = () =>
    canSend
      ? onSend({ import: credit.import, line: credit.line, reason: reason.trim(), portions: portions.filter((one) => one.yen > 0).map(({ row, yen: amount }) => ({ trustee: row.trustee, payout: row.payout, amount_yen: amount })) })
      : null;
  const fill = (row) => () => setTyped({ ...typed, [key(row)]: String(Math.max(0, Math.min(row.expected_yen - row.credited_yen, rest + (yenOf(typed[key(row)] || "") || 0)))) });
  const why = !isRead ? "金額は数字で入力してください。" : rest !== 0 ? `あと ${yen(rest)} を割り当ててください。` : reason.trim() === "" ? "理由を書いてください。" : "";
  return html`<div class="form" role="form" aria-label="入金を割り当てる">
    <p><strong>銀行の入金 <${Money} amount=${credit.amount_yen} /></strong> を、どの入金番号の分とするか決めます。残り <strong data-testid="spread-rest"><${Money} amount=${rest} /></strong></p>
    ${rows.length === 0
      ? html`<${Message} kind="info">割り当てられる入金（まだ入っていないもの）がありません。決済会社の明細を先に取り込んでください。<//>`
      : html`<table class="breakdown"><thead><tr><th scope="col">入金番号</th><th scope="col">予定日</th><th scope="col" class="is-right">まだ入っていない額</th><th scope="col" class="is-right">割り当てる額</th></tr></thead>
          <tbody>${rows.map(
            (row) => html`<tr key=${key(row)}><th scope="row">${row.payout}<p class="line-note">${row.trustee_name}</p></th><td class="nowrap">${shortDate(row.due_on)}</td>
              <td class="is-right"><${Button} kind="quiet" onPress=${fill(row)}>${yen(row.expected_yen - row.credited_yen)}<//></td>
              <td class="is-right"><input class="input" inputmode="numeric" size="10" aria-label=${`${row.payout} に割り当てる額（円）`} data-testid=${`spread-${key(row)}`} value=${typed[key(row)] || ""} onInput=${(event) => setTyped({ ...typed, [key(row)]: event.target.value })} /></td></tr>`,
          )}</tbody></table>`}
    <label class="field"><span class="field-label">そう判断した理由（機械はこの判断を変えません）</span>
      <textarea class="input reason" rows="2" maxlength="1000" data-testid="spread-reason" value=${reason} onInput=${(event) => setReason(event.target.value)}></textarea></label>
    <div class="detail-actions">
      <${Button} kind="main" data-testid="spread-send" disabled=${!canSend} onPress=${send}>割り当てる<//>
      <${Button} hint="Esc" onPress=${onCancel}>やめる<//>
      ${canSend || isBusy ? null : html`<span class="detail-why">${why}</span>`}
    </div>
  </div>`;
}

// What people decided about the credits of a payout, and the way back.
export function Spreads({ spreads, canUndo, isBusy, onUndo }) {
  return spreads.length === 0
    ? null
    : html`<section class="part" aria-label="人が割り当てた入金" data-testid="spreads">
        <h3 class="part-title">人が割り当てた入金</h3>
        <ol class="history">${spreads.map((one) => html`<li key=${one.id}><time>${moment(one.at)}</time><span>${one.by}</span><span>取込${one.import}の${one.line}行目　${one.reason}
          ${canUndo ? html`<${TakeBack} title="割当てを取り消す" testid="spread-undo" isBusy=${isBusy} onSend=${(reason) => onUndo(one, reason)} />` : null}</span></li>`)}</ol>
      </section>`;
}
