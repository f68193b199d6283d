// Cash: what the citizen hands over, and what goes back.
import { html } from "./lib/view.js";
import { Button, Key, Money, yen } from "./lib/components.js";
import { NumberPad, useEntry } from "./lib/number_pad.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { Step } from "./step.js";
import { methodNames } from "./text.js";
import { KEYS } from "./keys.js";

// The rest of a payment that is taken in two ways.
const restKeys = { qr: KEYS.qr, emoney: KEYS.emoney, credit: KEYS.credit };

const QUICK_DEFAULT = [500, 1000, 5000, 10000];

// Below the sum: what is still missing, or what goes back.
function Difference({ tendered, due }) {
  if (tendered === null) {
    return html`<div class="cash-row is-open"><dt>お釣り</dt><dd class="cash-none">—</dd></div>`;
  }
  return tendered < due
    ? html`<div class="cash-row is-short"><dt>不足</dt><dd><${Money} amount=${due - tendered} /></dd></div>`
    : html`<div class="cash-row is-change"><dt>お釣り</dt><dd><${Money} amount=${tendered - due} /></dd></div>`;
}

const refusalOf = (basket, method) => basket.methods.find((one) => one.method === method)?.refusal;

export function CashStep() {
  const { till, state, catalog, ui, isIdle } = useTill();
  const due = state.basket.total_yen;
  const entry = useEntry({ limit: 99999999 });
  const isShort = entry.value !== null && entry.value < due;
  const isExact = entry.value === null || entry.value === due;

  const take = () => isIdle && !isShort && till.payCash(entry.value ?? due);
  const back = () => (entry.text === "" ? ui.setStep(null) : entry.clear());
  const { basket } = state;
  const canMix = isIdle && basket.can_mix && isShort && entry.value > 0;
  const rest = (method) => {
    ui.setMixed({ amount_yen: entry.value, tendered_yen: entry.value });
    ui.setStep(method);
  };
  const mixKeys = canMix ? Object.fromEntries(Object.keys(restKeys).map((method) => [restKeys[method], () => rest(method)])) : {};
  useKeys({ Enter: take, Escape: back, ...mixKeys }, LEVEL_STEP);

  const quick = (catalog?.quick_tender_yen || QUICK_DEFAULT).slice(0, 4);
  return html`<${Step}
    class="cash"
    icon="cash"
    title=${methodNames.cash}
    onBack=${back}
    backWord=${entry.text === "" ? "戻る" : "入力を消す"}
    footer=${html`${canMix
      ? html`<div class="cash-mix" role="group" aria-label="残りの払い方">
          <span>残り ${yen(due - entry.value)} を</span>
          ${Object.keys(restKeys)
            .filter((method) => catalog?.brands.some((brand) => brand.method === method) && !refusalOf(basket, method))
            .map((method) => html`<${Button} key=${method} data-rest=${method} hint=${restKeys[method]} onPress=${() => rest(method)}>${methodNames[method]}<//>`)}
        </div>`
      : null}<${Key}
      kind="main"
      class="step-main"
      hint="Enter"
      disabled=${!isIdle || isShort}
      name=${isShort ? `あと ${yen(due - entry.value)} 足りません` : isExact ? `ちょうど ${yen(due)} を受け取りました` : `${yen(entry.value)} を受け取りました`}
      onPress=${take}
    />`}
  >
    <dl class="cash-sums" aria-live="polite">
      <div class="cash-row"><dt>合計</dt><dd><${Money} amount=${due} /></dd></div>
      <div class="cash-row is-tendered"><dt>お預かり</dt><dd>${entry.value === null ? html`<span class="cash-none">—</span>` : html`<${Money} amount=${entry.value} />`}</dd></div>
      <${Difference} tendered=${entry.value} due=${due} />
    </dl>
    <div class="cash-entry">
      <div class="cash-quick" role="group" aria-label="受け取った金額">
        <${Button} class="quick-key" disabled=${!isIdle} onPress=${() => entry.set(due)}>ちょうど<//>
        ${quick.map(
          (amount) => html`<${Button} key=${amount} class="quick-key" disabled=${!isIdle} label=${`${amount}円を加える`} onPress=${() => entry.set((entry.value ?? 0) + amount)}>
            +${amount.toLocaleString("ja-JP")}
          <//>`,
        )}
      </div>
      <${NumberPad} entry=${entry} />
    </div>
  <//>`;
}
