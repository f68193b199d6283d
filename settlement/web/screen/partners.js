// What may belong together: the facts that both sides have in common, and the person's word that they are one. No score.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Money } from "./lib/components.js";
import { TakeBack } from "./take_back.js";
import { moment } from "./text.js";
import { address } from "./route.js";

const place = (side) => (side.import ? `明細 ${side.line}行目` : `${side.terminal} #${side.sequence}`);
const link = (side) => (side.import ? address("imports", { id: side.import, line: side.line }) : address("payments", { id: side.payment }));

export function Partners({ partners, canPair, onChoose }) {
  return partners.length === 0
    ? null
    : html`<section class="part" aria-label="相手の候補" data-testid="partners">
        <h3 class="part-title">相手の候補</h3>
        <ul class="partners">
          ${partners.map(
            (one, index) => html`<li key=${index} class="card partner">
              <header class="card-head"><strong><${Money} amount=${one.amount_yen} /></strong><span>${one.accepted_at ? moment(one.accepted_at) : ""}</span><a class="card-place" href=${link(one)}>${place(one)}</a></header>
              <p>${one.reason}</p>
              ${canPair ? html`<${Button} data-testid=${`pair-${index}`} hint=${index === 0 ? "p" : undefined} onPress=${() => onChoose(one)}>同じ決済とする<//>` : null}
            </li>`,
          )}
        </ul>
      </section>`;
}

// ROW is about a payment or about a line; PARTNER is the other. Both as the service names a pair.
export function pairOf(row, place_, partner) {
  const ours = partner.sequence ? partner : place_;
  const theirs = partner.import ? partner : place_;
  return { terminal: ours.terminal, sequence: ours.sequence, part: ours.part || "sale", import: theirs.import, line: theirs.line };
}

export function PairForm({ partner, row, isBusy, onSend, onCancel }) {
  const [reason, setReason] = useState("");
  const field = useRef(null);
  useEffect(() => field.current.focus(), []);
  const canSend = reason.trim() !== "" && !isBusy;
  const send = () => (canSend ? onSend(reason.trim()) : null);
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      send();
    }
  };
  return html`<div class="form" role="form" aria-label="同じ決済とする">
    <p><strong>${place(partner)} <${Money} amount=${partner.amount_yen} /></strong>（${partner.reason}）を、この要確認と同じ決済とします。${partner.amount_yen === row.amount_yen ? "" : "金額の差は「金額相違」として残ります。"}</p>
    <label class="field">
      <span class="field-label">そう判断した理由（機械はこの判断を変えません）</span>
      <textarea class="input reason" rows="2" maxlength="1000" ref=${field} value=${reason} onInput=${(event) => setReason(event.target.value)} onKeyDown=${keys}></textarea>
    </label>
    <div class="detail-actions">
      <${Button} kind="main" data-testid="pair-send" disabled=${!canSend} hint="Ctrl+Enter" onPress=${send}>同じ決済とする<//>
      <${Button} hint="Esc" onPress=${onCancel}>やめる<//>
      ${canSend || isBusy ? null : html`<span class="detail-why">理由を書いてください。</span>`}
    </div>
  </div>`;
}

export function Decisions({ decisions, canUndo, isBusy, onUndo }) {
  return decisions.length === 0
    ? null
    : html`<section class="part" aria-label="人の判断" data-testid="decisions">
        <h3 class="part-title">人の判断</h3>
        <ol class="history">
          ${decisions.map(
            (one) => html`<li key=${one.id}><time>${moment(one.at)}</time><span>${one.by}</span><span><strong>${one.is_pair ? "同じ決済" : "別の決済"}</strong>　${one.terminal} #${one.sequence} と 明細${one.line}行目　${one.reason}
              ${canUndo ? html`<${TakeBack} title="判断を取り消す" testid="pair-undo" isBusy=${isBusy} onSend=${(reason) => onUndo(one, reason)} />` : null}</span></li>`,
          )}
        </ol>
      </section>`;
}
