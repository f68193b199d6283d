// How many of one line.
import { html } from "./lib/view.js";
import { Key, Money, yen } from "./lib/components.js";
import { NumberPad, useEntry } from "./lib/number_pad.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { chosenLine } from "./stage.js";
import { Step } from "./step.js";

export function QuantityStep() {
  const { till, state, ui, isIdle } = useTill();
  const line = chosenLine(state.basket, ui.line);
  const entry = useEntry({ limit: 999 });
  const quantity = entry.value ?? line.quantity;
  const isGood = quantity >= 1;

  const close = () => ui.setStep(null);
  const keep = async () => {
    if (isIdle && isGood && (quantity === line.quantity || (await till.setQuantity(line.line, quantity)).ok)) {
      close();
    }
  };
  useKeys({ Enter: keep, Escape: close }, LEVEL_STEP);

  return html`<${Step}
    class="quantity"
    title="数量"
    onBack=${close}
    footer=${html`<${Key} kind="main" class="step-main" hint="Enter" name=${isGood ? `${quantity}点にする` : "1以上を入れてください"} disabled=${!isIdle || !isGood} onPress=${keep} />`}
  >
    <div class="step-due"><span>${line.name}</span></div>
    <div class="quantity-sum" aria-live="polite">
      <span>${yen(line.unit_price_yen)} ×</span>
      <strong class="quantity-count">${quantity}</strong>
      <span>= <${Money} amount=${line.exemption ? 0 : line.unit_price_yen * quantity} /></span>
    </div>
    <${NumberPad} entry=${entry} />
  <//>`;
}
