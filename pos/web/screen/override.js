// Another price for a line: what it shall cost, why, and a supervisor's PIN. In this order, so that the supervisor sees
// what is approved.
import { html, useState } from "./lib/view.js";
import { Button, Key, Money, yen } from "./lib/components.js";
import { NumberPad, useEntry } from "./lib/number_pad.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { chosenLine } from "./stage.js";
import { Step } from "./step.js";
import { Reasons } from "./reasons.js";
import { ApprovalStep } from "./approval.js";

const reasons = ["汚損・不備のため", "説明の行き違い", "条例の特例"];
const PRICE_MAX = 9999999;

function PriceEntry({ line, onPrice, onBack }) {
  const { till, isIdle } = useTill();
  const entry = useEntry({ limit: PRICE_MAX });
  const isGood = entry.value !== null && entry.value >= 1 && entry.value !== line.unit_price_yen;
  const take = () => isGood && onPrice(entry.value);
  const restore = async () => (await till.restorePrice(line.line)).ok && onBack();
  useKeys({ Enter: take, Escape: onBack }, LEVEL_STEP);
  return html`<${Step}
    class="override"
    title="料金を変える"
    onBack=${onBack}
    footer=${html`<${Key} kind="main" class="step-main" hint="Enter" name=${isGood ? `${yen(entry.value)} にする理由へ` : "新しい料金を入れてください"} disabled=${!isGood} onPress=${take} />`}
  >
    <div class="step-due"><span>${line.name}</span><${Money} amount=${line.unit_price_yen} /></div>
    ${line.override
      ? html`<${Button} class="exemption-undo" disabled=${!isIdle} onPress=${restore}>もとの ${yen(line.override.list_price_yen)} に戻す<//>`
      : null}
    <div class="quantity-sum" aria-live="polite"><strong class="override-price">${entry.value === null ? "—" : yen(entry.value)}</strong></div>
    <${NumberPad} entry=${entry} />
  <//>`;
}

export function OverrideStep() {
  const { till, state, ui } = useTill();
  const line = chosenLine(state.basket, ui.line);
  const [price, setPrice] = useState(null);
  const [reason, setReason] = useState(null);
  const close = () => ui.setStep(null);
  const change = async (approval) => {
    const answer = await till.overridePrice(line, price, reason, approval);
    if (answer.ok) {
      close();
    }
    return answer;
  };
  if (price === null) {
    return html`<${PriceEntry} line=${line} onPrice=${setPrice} onBack=${() => ui.setStep("exemption")} />`;
  }
  const sum = html`<div class="step-due"><span>${line.name}</span><span>${yen(line.unit_price_yen)} → ${yen(price)}</span></div>`;
  if (reason === null) {
    return html`<${Step} class="override" title="料金を変える" onBack=${() => setPrice(null)}>
      ${sum}
      <${Reasons} question="料金を変える理由。記録に残ります。" reasons=${reasons} confirmWord="責任者の承認へ" onConfirm=${setReason} onCancel=${() => setPrice(null)} />
    <//>`;
  }
  return html`<${ApprovalStep} title="料金の変更の承認" question=${reason} confirmWord=${`${yen(price)} を承認する`} onApprove=${change} onBack=${() => setReason(null)}>
    ${sum}
  <//>`;
}
