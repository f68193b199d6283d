// The way back from what a person decided: a button, then the reason, then it is taken back.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button } from "./lib/components.js";

export function TakeBack({ title, testid, isBusy, onSend }) {
  const [reason, setReason] = useState(null);
  const field = useRef(null);
  const isOpen = reason !== null;
  useEffect(() => (isOpen ? field.current.focus() : undefined), [isOpen]);
  const canSend = isOpen && reason.trim() !== "" && !isBusy;
  const send = () => (canSend ? onSend(reason.trim()) : null);
  const keys = (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      setReason(null);
    }
  };
  return isOpen
    ? html`<div class="take-back"><label class="field"><span class="field-label">取り消す理由</span>
        <input class="input" maxlength="1000" ref=${field} data-testid=${`${testid}-reason`} value=${reason} onInput=${(event) => setReason(event.target.value)} onKeyDown=${keys} /></label>
        <div class="detail-actions"><${Button} data-testid=${`${testid}-send`} disabled=${!canSend} onPress=${send}>取り消す<//><${Button} kind="quiet" onPress=${() => setReason(null)}>やめる<//></div></div>`
    : html`<${Button} kind="quiet" data-testid=${testid} disabled=${isBusy} onPress=${() => setReason("")}>${title}<//>`;
}
