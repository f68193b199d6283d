// What the basket belongs to outside the till: a reservation's number, typed; or the number of a slip, as it was scanned.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Key } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { Step } from "./step.js";
import { KEYS, written } from "./keys.js";

const NUMBER_MAX = 64;
const names = { reservation: "予約", application: "申請書", slip: "納付書" };

// In the basket: shown when there is one, or when something of a facility is rung up.
export function Reference({ can }) {
  const { till, state, ui } = useTill();
  const { basket } = state;
  const { reference } = basket;
  if (reference === null && !basket.lines.some((line) => line.facility)) {
    return null;
  }
  return html`<div class="basket-reference">
    ${reference === null
      ? html`<${Button} hint=${written(KEYS.reference)} disabled=${!can} onPress=${() => ui.setStep("reference")}>予約番号<//>`
      : html`<span>${names[reference.kind] || "番号"} <strong>${reference.number}</strong></span>
          <${Button} kind="quiet" icon="close" label="番号を外す" disabled=${!can} onPress=${() => till.setReference(null, null)} />`}
  </div>`;
}

export function ReferenceStep() {
  const { till, ui, isIdle } = useTill();
  const [text, setText] = useState("");
  const field = useRef(null);
  useEffect(() => field.current.focus(), []);
  const close = () => ui.setStep(null);
  const canKeep = isIdle && text.trim() !== "";
  const keep = async () => canKeep && (await till.setReference("reservation", text.trim())).ok && close();
  useKeys({ Escape: close, Enter: keep }, LEVEL_STEP);
  return html`<${Step}
    class="reference"
    title="予約番号"
    onBack=${close}
    footer=${html`<${Key} kind="main" class="step-main" hint="Enter" name="この会計に付ける" disabled=${!canKeep} onPress=${keep} />`}
  >
    <p class="step-question">予約の番号を入れてください。会計の記録に残ります。</p>
    <input
      ref=${field}
      class="input"
      type="text"
      autocomplete="off"
      maxlength=${NUMBER_MAX}
      aria-label="予約番号"
      value=${text}
      onInput=${(event) => setText(event.target.value.normalize("NFKC"))}
      onKeyDown=${(event) => event.key === "Enter" && !event.isComposing && (event.preventDefault(), keep())}
    />
  <//>`;
}
