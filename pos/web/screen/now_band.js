// In the other views: what goes on at the window meanwhile, and the way back to it.
import { html } from "./lib/view.js";
import { Button, Money } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useTill } from "./context.js";
import { isRunning } from "./stage.js";
import { paidWith } from "./text.js";
import { KEYS } from "./keys.js";

function news({ payment, basket, last_sale: sale }, isSaleNews) {
  if (payment !== null) {
    const what = {
      waiting_code: "コードの読み取り待ち",
      showing_code: "コードを表示中",
      running: "お支払い待ち",
      unknown: "結果を照会中",
      in_doubt: "処理未了",
      declined: "支払いできませんでした",
      not_charged: "支払いは行われていません",
    }[payment.state];
    return { level: isRunning(payment) && !["unknown", "in_doubt"].includes(payment.state) ? "calm" : "loud", icon: "clock", text: `${paidWith(payment)} ${what}`, amount: payment.amount_yen };
  }
  if (isSaleNews) {
    return { level: "done", icon: "check-circle", text: `お支払い済み ${paidWith(sale)}`, amount: sale.total_yen };
  }
  return basket.count > 0 ? { level: "calm", icon: "basket", text: `会計の途中 ${basket.count}点`, amount: basket.total_yen } : null;
}

export function NowBand() {
  const { state, ui } = useTill();
  const item = news(state, ui.isSaleNews);
  return item === null
    ? null
    : html`<div class=${`now-band is-${item.level}`} role="status">
        <${Icon} name=${item.icon} />
        <p class="now-text">${item.text} <${Money} amount=${item.amount} /></p>
        <${Button} hint=${KEYS.sale} onPress=${() => ui.setView("sale")}>会計に戻る<//>
      </div>`;
}
