// A reason that is recorded: some ready ones by one touch or number key, or a sentence of one's own. It opens in its
// place in the page, over nothing.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";

export function Reasons({ question, reasons, confirmWord, kind = "main", disabled = false, onConfirm, onCancel }) {
  const [reason, setReason] = useState("");
  const place = useRef(null);
  useEffect(() => place.current.scrollIntoView({ block: "nearest" }), []); // it may open below the fold
  const canConfirm = !disabled && reason.trim() !== "";
  const confirm = () => canConfirm && onConfirm(reason.trim());
  const bindings = { Escape: onCancel, Enter: confirm };
  reasons.forEach((text, index) => {
    bindings[String(index + 1)] = () => setReason(text);
  });
  useKeys(bindings, LEVEL_STEP);
  const onKeyDown = (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      confirm();
    }
  };
  return html`<div ref=${place} class="reasons" role="group" aria-label=${question}>
    <p class="reasons-question">${question}</p>
    <div class="reasons-keys">
      ${reasons.map(
        (text, index) => html`<${Button} key=${text} hint=${String(index + 1)} isPressed=${reason === text} disabled=${disabled} onPress=${() => setReason(text)}>${text}<//>`,
      )}
    </div>
    <input
      class="input"
      type="text"
      maxlength="80"
      aria-label="ほかの理由"
      placeholder="ほかの理由"
      value=${reasons.includes(reason) ? "" : reason}
      onInput=${(event) => setReason(event.target.value)}
      onKeyDown=${onKeyDown}
    />
    <div class="reasons-foot">
      <${Button} hint="Esc" onPress=${onCancel}>戻る<//>
      <${Button} kind=${kind} class=${kind === "danger" ? "is-armed" : ""} hint="Enter" disabled=${!canConfirm} onPress=${confirm}>${confirmWord}<//>
    </div>
  </div>`;
}
