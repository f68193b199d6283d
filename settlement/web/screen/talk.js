// What people say of one discrepancy: comments, until when they wait for it, and that a resolution is taken back.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Message, yen } from "./lib/components.js";
import { DateField } from "./bits.js";
import { addDays, moment, shortDate } from "./text.js";

const LONGEST = 1000;

// A field that takes the focus when it appears, sent by Ctrl+Enter.
function Words({ label, value, onChange, onSend, isFirst }) {
  const field = useRef(null);
  useEffect(() => (isFirst ? field.current.focus() : undefined), []);
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      onSend();
    }
  };
  return html`<label class="field">
    <span class="field-label">${label}</span>
    <textarea class="input reason" rows="2" maxlength=${LONGEST} ref=${field} value=${value} onInput=${(event) => onChange(event.target.value)} onKeyDown=${keys}></textarea>
  </label>`;
}

export function Comments({ comments }) {
  return comments.length === 0
    ? null
    : html`<section class="part" aria-label="コメント" data-testid="comments">
        <h3 class="part-title">コメント</h3>
        <ol class="history">
          ${comments.map((one, index) => html`<li key=${index}><time>${moment(one.at)}</time><span>${one.by ? one.by.name : ""}</span><span>${one.text}</span></li>`)}
        </ol>
      </section>`;
}

function Form({ label, isBusy, canSend, sendTitle, onSend, onCancel, kind = "main", why, testId, children }) {
  return html`<div class="form" role="form" aria-label=${label}>
    ${children}
    <div class="detail-actions">
      <${Button} kind=${kind} data-testid=${testId} disabled=${!canSend || isBusy} hint="Ctrl+Enter" onPress=${onSend}>${sendTitle}<//>
      <${Button} hint="Esc" onPress=${onCancel}>やめる<//>
      ${canSend || isBusy ? null : html`<span class="detail-why">${why}</span>`}
    </div>
  </div>`;
}

export function CommentForm({ isBusy, onSend, onCancel }) {
  const [text, setText] = useState("");
  const canSend = text.trim() !== "";
  const send = () => (canSend && !isBusy ? onSend({ text: text.trim() }) : null);
  return html`<${Form} label="コメント" testId="comment-send" isBusy=${isBusy} canSend=${canSend} sendTitle="コメントを書く" why="コメントを書いてください。" onSend=${send} onCancel=${onCancel}>
    <${Words} label="コメント（消せません）" value=${text} onChange=${setText} onSend=${send} isFirst=${true} />
  <//>`;
}

export function ExpectForm({ row, me, isBusy, onSend, onCancel }) {
  const [on, setOn] = useState(row.expected_on || addDays(me.today, 7));
  const [reason, setReason] = useState("");
  const canSend = reason.trim() !== "" && on > me.today;
  const send = () => (canSend && !isBusy ? onSend({ on, reason: reason.trim() }) : null);
  return html`<${Form} label="待つ" testId="expect-send" isBusy=${isBusy} canSend=${canSend} sendTitle="この日まで待つ" why=${on > me.today ? "理由を書いてください。" : "明日からの日付にしてください。"} onSend=${send} onCancel=${onCancel}>
    <${DateField} label="いつまで待ちますか" value=${on} onChange=${(day) => setOn(day || "")} />
    <${Words} label="自然に解消すると考える理由（例: 月末締めの明細に載る）" value=${reason} onChange=${setReason} onSend=${send} isFirst=${true} />
    ${row.expected_on ? html`<${Button} kind="quiet" disabled=${isBusy || reason.trim() === ""} onPress=${() => onSend({ reason: reason.trim() })}>もう待たない<//>` : null}
  <//>`;
}

export function UndoForm({ row, isBusy, onSend, onCancel }) {
  const [reason, setReason] = useState("");
  const canSend = reason.trim() !== "";
  const send = () => (canSend && !isBusy ? onSend({ reason: reason.trim() }) : null);
  const moves = row.resolution?.moves_money;
  return html`<${Form} label="処置の取消し" testId="undo-send" isBusy=${isBusy} canSend=${canSend} sendTitle=${moves ? "取消しの確認を頼む" : "処置を取り消す"} why="理由を書いてください。" onSend=${send} onCancel=${onCancel}>
    <${Words} label="取り消す理由（記録に残ります）" value=${reason} onChange=${setReason} onSend=${send} isFirst=${true} />
    ${moves ? html`<${Message} kind="warning">${yen(row.amount_yen)} が動く処置です。別の承認者が確認すると未処理に戻ります。<//>` : null}
  <//>`;
}

// Somebody asks to take it back: the second person agrees, or the request is dropped.
export function UndoAsked({ row, actions, isBusy, onConfirm, onStop }) {
  if (!row.undo) {
    return null;
  }
  return html`<${Message}
    kind="warning"
    title="処置の取消しが頼まれています"
    actions=${html`${actions.includes("undo_confirm") ? html`<${Button} kind="main" data-testid="undo-confirm" disabled=${isBusy} onPress=${onConfirm}>取り消して未処理に戻す<//>` : null}
      ${actions.includes("undo_stop") ? html`<${Button} data-testid="undo-stop" disabled=${isBusy} onPress=${onStop}>処置のままにする<//>` : null}`}
  >${row.undo.by.name} ${moment(row.undo.at)}　${row.undo.reason}<//>`;
}

export const Waiting = ({ row }) => (row.state === "open" && row.expected_on ? html`<${Message} kind="info">${shortDate(row.expected_on)} まで、自然に解消するのを待っています。<//>` : null);
