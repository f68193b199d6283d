// Training: the band that says so over every view, and the ways in and out. The till changes over by ending and starting
// anew; meanwhile the screen waits for it as after any lost connection.
import { html, useState } from "./lib/view.js";
import { Button } from "./lib/components.js";
import { useTill } from "./context.js";

export function TrainingBand() {
  const { till, state, can, isIdle } = useTill();
  if (!state.till.training) {
    return null;
  }
  return html`<div class="training-band" role="note">
    <strong class="training-mark">訓練中</strong>
    <span class="training-text">ここでの会計は記録にも入金にもなりません。決済は模擬です。</span>
    <${Button} class="training-leave" disabled=${!can || !isIdle} onPress=${() => till.setTraining(false)}>訓練を終える<//>
  </div>`;
}

// The way in stands apart from the sale and asks once more: nobody should get into training by a slip of the finger.
export function TrainingDoor() {
  const { till, state, isIdle } = useTill();
  const [isAsked, setAsked] = useState(false);
  if (state.till.training) {
    return null;
  }
  if (!isAsked) {
    return html`<${Button} class="training-door" disabled=${!isIdle} onPress=${() => setAsked(true)}>訓練を始める<//>`;
  }
  return html`<div class="training-ask" role="group" aria-label="訓練">
    <p>レジを訓練に切り替えます。本番の会計はできなくなります。前の訓練の記録は消えます。</p>
    <div class="training-keys">
      <${Button} onPress=${() => setAsked(false)}>やめる<//>
      <${Button} kind="main" icon="next" disabled=${!isIdle} onPress=${() => till.setTraining(true).then(() => setAsked(false))}>訓練に切り替える<//>
    </div>
  </div>`;
}
