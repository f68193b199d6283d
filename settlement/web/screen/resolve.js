// Deciding about a discrepancy: the kind, the reason; and the second person's word where money moves.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Message, yen } from "./lib/components.js";
import { Icon } from "./lib/icons.js";

const LONGEST_REASON = 1000;

function Reason({ label, value, onChange, onSend, isFirst }) {
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
    <textarea class="input reason" rows="2" maxlength=${LONGEST_REASON} ref=${field} value=${value} onInput=${(event) => onChange(event.target.value)} onKeyDown=${keys}></textarea>
  </label>`;
}

export function ResolveForm({ row, choices, isBusy, onSend, onCancel }) {
  const [kind, setKind] = useState(null);
  const [reason, setReason] = useState("");
  const first = useRef(null);
  useEffect(() => first.current?.focus(), []);
  const choice = choices.find((one) => one.kind === kind);
  const canSend = choice !== undefined && reason.trim() !== "" && !isBusy;
  const send = () => (canSend ? onSend({ kind, reason: reason.trim() }) : null);
  return html`<div class="form" role="form" aria-label="処置">
    <fieldset class="choices">
      <legend>どう処置しますか</legend>
      ${choices.map(
        (one, index) => html`<label key=${one.kind} class="choice">
          <input type="radio" name="kind" value=${one.kind} ref=${index === 0 ? first : null} checked=${kind === one.kind} onChange=${() => setKind(one.kind)} />
          ${one.kind_name}${one.moves_money ? html`<span class="choice-money"><${Icon} name="cash" />お金が動く</span>` : null}
        </label>`,
      )}
    </fieldset>
    <${Reason} label="理由（後の監査で読まれます。誰に何を確かめたかを書いてください）" value=${reason} onChange=${setReason} onSend=${send} />
    ${choice?.moves_money ? html`<${Message} kind="warning">${yen(row.amount_yen)} が動く処置です。別の承認者が確認するまで済みになりません。<//>` : null}
    <div class="detail-actions">
      <${Button} kind="main" data-testid="resolve-send" disabled=${!canSend} hint="Ctrl+Enter" onPress=${send}>${choice?.moves_money ? "処置を記録して確認を頼む" : "処置を記録する"}<//>
      <${Button} hint="Esc" onPress=${onCancel}>やめる<//>
      ${canSend || isBusy ? null : html`<span class="detail-why">${choice === undefined ? "処置を選んでください。" : "理由を書いてください。"}</span>`}
    </div>
  </div>`;
}

export function ConfirmForm({ row, isBusy, onSend, onCancel }) {
  const [reason, setReason] = useState("");
  const made = row.resolution;
  const send = (decision) => () => (isBusy || (decision === "reject" && reason.trim() === "") ? null : onSend({ decision, reason: reason.trim() }));
  return html`<div class="form" role="form" aria-label="二人目の確認">
    <p><strong>${made.by.name} さんの「${made.kind_name}」${yen(row.amount_yen)}</strong> を、上の証拠と見比べてください。</p>
    <${Reason} label="確認した内容、または差し戻す理由" value=${reason} onChange=${setReason} onSend=${send("confirm")} isFirst=${true} />
    <div class="detail-actions">
      <${Button} kind="main" data-testid="confirm-send" disabled=${isBusy || reason.trim() === ""} hint="Ctrl+Enter" onPress=${send("confirm")}>確認して済みにする<//>
      <${Button} kind="danger" data-testid="reject-send" disabled=${isBusy || reason.trim() === ""} onPress=${send("reject")}>差し戻す<//>
      <${Button} hint="Esc" onPress=${onCancel}>やめる<//>
      ${reason.trim() === "" ? html`<span class="detail-why">確認した内容を書いてください。</span>` : null}
    </div>
  </div>`;
}
