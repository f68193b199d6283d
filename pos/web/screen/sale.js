// The sale: what this counter sells on the left, what this citizen owes on the right. The right side goes through the
// steps of the sale; the left side stays where it is.
import { html } from "./lib/view.js";
import { Button } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useTill } from "./context.js";
import { Notice } from "./notice.js";
import { Catalogue } from "./catalogue.js";
import { Basket } from "./basket.js";
import { CashStep } from "./cash.js";
import { BrandStep } from "./brands.js";
import { CaseView } from "./case.js";
import { OverrideStep } from "./override.js";
import { ReferenceStep } from "./reference.js";
import { ExemptionStep } from "./exemption.js";
import { QuantityStep } from "./quantity.js";
import { HeldStep, HoldStep } from "./hold.js";
import { PaymentStep } from "./payment.js";
import { PaidStep } from "./paid.js";
import { DayOver } from "./day.js";
import { DayClosed } from "./day_done.js";
import { concerns } from "./concerns.js";
import { KEYS, written } from "./keys.js";

const steps = {
  basket: Basket,
  cash: CashStep,
  qr: BrandStep,
  emoney: BrandStep,
  credit: BrandStep,
  exemption: ExemptionStep,
  override: OverrideStep,
  reference: ReferenceStep,
  quantity: QuantityStep,
  hold: HoldStep,
  held: HeldStep,
  payment: PaymentStep,
  paid: PaidStep,
};

// The worst thing that needs a person, in one line under the items: always seen, never in the way.
function ConcernLine() {
  const { state, ui } = useTill();
  const list = concerns(state);
  if (list.length === 0) {
    return null;
  }
  const [worst] = list;
  return html`<div class=${`concern is-${worst.level}`}>
    <${Icon} name=${worst.icon} />
    <p class="concern-text"><strong>${worst.title}</strong> <span>${worst.text}</span></p>
    <${Button} hint=${written(KEYS.attention)} onPress=${() => ui.setView("attention")}>
      ${list.length > 1 ? `ほか ${list.length - 1}件` : "見る"}
    <//>
  </div>`;
}

export function SaleView() {
  const { state, ui } = useTill();
  if (state.day.state === "closed") {
    return html`<${DayClosed} />`;
  }
  if (state.day.is_over && state.payment === null) {
    return html`<${DayOver} />`;
  }
  if (ui.stage === "case") {
    return html`<${CaseView} key=${`${ui.caseOf.item} ${ui.caseOf.set}`} />`;
  }
  const Step = steps[ui.stage];
  return html`<main class="sale">
    <h1 class="unseen">会計</h1>
    <div class="sale-items">
      <${Catalogue} />
      <${ConcernLine} />
    </div>
    <section class="sale-step" aria-label="今回の会計">
      <${Notice} />
      <${Step} key=${ui.stage} />
    </section>
  </main>`;
}
