// Stepping away, handing over and signing out; and the screen while it is locked. The basket stays as it is.
import { html } from "./lib/view.js";
import { Button, Money } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { ClerkChoice } from "./sign_in.js";

// What waits for whoever comes back.
function Waiting() {
  const { state } = useTill();
  return state.basket.count === 0
    ? null
    : html`<p class="away-basket"><${Icon} name="basket" />会計の途中 ${state.basket.count}点 <${Money} amount=${state.basket.total_yen} /></p>`;
}

export function LockedView() {
  const { state } = useTill();
  return html`<${ClerkChoice} question=${`画面をロックしています(${state.clerk.name})。続ける方を選んでください。`} preferred=${state.clerk.code} confirmWord="続ける">
    <${Waiting} />
  <//>`;
}

export function AwayView() {
  const { till, ui, isIdle } = useTill();
  const back = () => ui.setView("sale");
  useKeys({ Escape: back }, LEVEL_VIEW);
  return html`<${ClerkChoice} question="交代する方を選び、暗証番号を入れてください。会計の途中でも続けられます。" confirmWord="交代する" onDone=${back}>
    <${Waiting} />
    <div class="away-keys">
      <${Button} icon="back" hint="Esc" onPress=${back}>会計に戻る<//>
      <${Button} icon="clock" class="away-lock" disabled=${!isIdle} onPress=${till.lock}>離席する(ロック)<//>
      <${Button} icon="leave" class="away-out" disabled=${!isIdle} onPress=${till.signOut}>担当を終える<//>
    </div>
  <//>`;
}
