// What this citizen owes: lines, total, and the ways to pay.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Empty, Key, KeyHint, Message, Money, yen } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { LanguageKey } from "./citizen_language.js";
import { chosenLine } from "./stage.js";
import { Reference } from "./reference.js";
import { methodIcons, methodNames, paidWith, printWords, shortReceiptNumber } from "./text.js";
import { KEYS } from "./keys.js";

const ARMED_MS = 3000; // how long the second press that empties the basket is waited for

// What makes a line cost something else than its price.
function Adjustments({ line }) {
  return html`${line.exemption ? html`<span class="line-exemption">${line.exemption.name}: ${line.exemption.reason}</span>` : null}
    ${line.reduction ? html`<span class="line-exemption">減免 ${line.reduction.name} −${yen(line.reduction.yen)} (${line.reduction.granter})</span>` : null}
    ${line.override
      ? html`<span class="line-exemption is-override">料金変更 ${yen(line.override.list_price_yen)} → ${yen(line.unit_price_yen)} ${line.override.reason} (${line.override.approved_by_name})</span>`
      : null}`;
}

function PlainActions({ line, onQuantity, can }) {
  return html`<${Button} icon="minus" label="1つ減らす" disabled=${!can || line.quantity === 1} onPress=${() => onQuantity(line.quantity - 1)} />
    <${Button} class="line-quantity" hint=${KEYS.quantity} label=${`数量 ${line.quantity}`} disabled=${!can} onPress=${() => onQuantity(null)}>${line.quantity}<//>
    <${Button} icon="plus" label="1つ増やす" disabled=${!can || line.quantity === 999} onPress=${() => onQuantity(line.quantity + 1)} />`;
}

function Line({ line, isChosen, onChoose, onQuantity, onCase, onRemove, onExempt, can }) {
  const place = useRef(null);
  useEffect(() => {
    if (isChosen) {
      place.current.scrollIntoView({ block: "nearest" });
    }
  }, [isChosen, line.quantity]);
  return html`<li ref=${place} class=${isChosen ? "line is-chosen" : "line"}>
    <button type="button" class="line-main" aria-pressed=${String(isChosen)} onMouseDown=${(event) => event.preventDefault()} onClick=${onChoose}>
      <span class="line-name">${line.name}</span>
      <span class="line-count">${yen(line.unit_price_yen)} × ${line.quantity}</span>
      <span class="line-amount">${line.exemption ? "無料" : html`<${Money} amount=${line.amount_yen} />`}</span>
      <${Adjustments} line=${line} />
    </button>
    ${isChosen
      ? html`<div class="line-actions">
          ${line.pricing
            ? html`<${Button} class="line-case" hint=${KEYS.quantity} disabled=${!can} onPress=${onCase}>内容を直す<//>`
            : html`<${PlainActions} line=${line} onQuantity=${onQuantity} can=${can} />`}
          <${Button} class="line-exempt" hint=${KEYS.exemption} disabled=${!can} onPress=${onExempt}>減免<//>
          <${Button} icon="trash" hint="Del" label="この行を消す" disabled=${!can} onPress=${onRemove} />
        </div>`
      : null}
  </li>`;
}

// The last sale, kept in sight until the next one begins.
function LastSale({ sale, title, onClose }) {
  const print = printWords[sale.print];
  return html`<${Message} kind=${print.level === "warning" ? "warning" : "success"} class="last-sale" title=${`${title} ${shortReceiptNumber(sale.receipt_number)}`} onClose=${onClose}>
    ${paidWith(sale)} <${Money} amount=${sale.total_yen} />${sale.method === "cash" ? html` お釣り <${Money} amount=${sale.change_yen} />` : null}
    ${" "}・${print.word}
  <//>`;
}

function NoLines({ sale }) {
  return html`<div class="basket-empty">
    <${Empty} icon="basket" title="商品を選んでください">左のキーか、数字 <${KeyHint} name="1" /> – <${KeyHint} name="9" />、検索 <${KeyHint} name=${KEYS.search} /> で選べます。<//>
    ${sale ? html`<${LastSale} sale=${sale} title="前の会計" />` : null}
  </div>`;
}

// The key that empties the basket asks for a second press instead of opening a question over the sale.
function useArmed(act) {
  const [isArmed, setArmed] = useState(false);
  useEffect(() => {
    const timer = isArmed ? setTimeout(() => setArmed(false), ARMED_MS) : null;
    return () => clearTimeout(timer);
  }, [isArmed]);
  const press = () => {
    setArmed(!isArmed);
    if (isArmed) {
      act();
    }
  };
  return [isArmed, press];
}

const payKeys = [
  { method: "cash", key: KEYS.cash },
  { method: "qr", key: KEYS.qr },
  { method: "emoney", key: KEYS.emoney },
  { method: "credit", key: KEYS.credit },
];

// The four ways to pay; also offered after a payment that failed.
export function usePay() {
  const { till, state, catalog, ui, can } = useTill();
  const { status } = state;
  const faults = {
    qr: status.qr_gateway.state === "offline" ? "応答なし" : null,
    emoney: status.payment_terminal.state === "offline" ? "端末応答なし" : null,
    credit: status.payment_terminal.state === "offline" ? "端末応答なし" : null,
  };
  // The step opens at once; touches on items that are still on their way arrive in it. When none arrives, it closes.
  const refusals = Object.fromEntries((state.basket.methods || []).map((one) => [one.method, one.refusal]));
  const start = async (method) => {
    till.dismissMessage();
    if (refusals[method]) {
      till.say("warning", refusals[method]);
      return;
    }
    if (state.basket.total_yen > 0 || till.now.underWay > 0) {
      ui.setStep(method);
      await till.settled();
      if (till.now.state.basket.total_yen === 0) {
        ui.setStep(null);
      }
    }
  };
  const offered = payKeys.filter(({ method }) => method === "cash" || !catalog || catalog.brands.some((brand) => brand.method === method));
  return { offered, start, faults, refusals, canPay: can && state.basket.count > 0 && state.basket.total_yen > 0 };
}

export function PayKeys({ pay }) {
  return html`<div class="pay-keys">
    ${pay.offered.map(
      ({ method, key }) => html`<${Key}
        key=${method}
        class=${pay.refusals[method] ? "pay-key is-refused" : pay.faults[method] ? "pay-key is-faulty" : "pay-key"}
        data-method=${method}
        icon=${methodIcons[method]}
        hint=${key}
        name=${methodNames[method]}
        note=${pay.refusals[method] ? "この明細では使えません" : pay.faults[method]}
        disabled=${!pay.canPay}
        onPress=${() => pay.start(method)}
      />`,
    )}
  </div>`;
}

export const payBindings = (pay) =>
  Object.fromEntries(pay.offered.map(({ method, key }) => [key, () => pay.start(method)]));

export function Basket() {
  const { till, state, ui, can, isIdle } = useTill();
  const { basket } = state;
  const pay = usePay();
  const chosen = chosenLine(basket, ui.line);
  const hasLines = basket.lines.length > 0;
  const held = state.held?.length ?? 0;
  const isFree = hasLines && basket.total_yen === 0;
  const [isArmed, pressClear] = useArmed(till.clearBasket);

  const choose = (step) => () => {
    const at = basket.lines.indexOf(chosen);
    ui.setLine(basket.lines[Math.min(basket.lines.length - 1, Math.max(0, at + step))].line);
  };
  const quantity = (line, count) => (count === null ? ui.setStep("quantity") : till.setQuantity(line.line, count));
  const putRight = (line) => ui.openCase(line.item, line.pricing.set);
  const withLine = (act) => () => can && chosen !== null && act(chosen);
  const bindings = hasLines
    ? {
        ArrowUp: choose(-1),
        ArrowDown: choose(1),
        "+": withLine((line) => line.pricing === null && line.quantity < 999 && till.setQuantity(line.line, line.quantity + 1)),
        "-": withLine((line) => line.pricing === null && line.quantity > 1 && till.setQuantity(line.line, line.quantity - 1)),
        Delete: withLine((line) => till.removeLine(line.line)),
        [KEYS.quantity]: withLine((line) => (line.pricing ? putRight(line) : ui.setStep("quantity"))),
        [KEYS.reference]: () => can && ui.setStep("reference"),
        [KEYS.hold]: () => can && ui.setStep("hold"),
        [KEYS.exemption]: withLine(() => ui.setStep("exemption")),
        Escape: () => can && pressClear(),
        Enter: () => (isFree ? isIdle && till.payNone() : till.say("info", `お支払い方法を選んでください (${KEYS.cash} – ${KEYS.credit})。`)),
      }
    : { [KEYS.hold]: () => ui.setStep("held") };
  useKeys({ ...bindings, ...payBindings(pay) }, LEVEL_VIEW, { repeats: ["+", "-", "ArrowUp", "ArrowDown"] });

  return html`<div class="panel basket">
    <header class="panel-head">
      <h2 class="panel-title">今回の会計</h2>
      <span class="basket-ways">
      ${held > 0 || !hasLines ? html`<${Button} class="basket-held" icon="clock" hint=${hasLines ? undefined : KEYS.hold} disabled=${!can || held === 0} onPress=${() => ui.setStep("held")}>保留 ${held}件<//>` : null}
      ${hasLines
        ? html`<${Button} class="basket-hold" hint=${KEYS.hold} disabled=${!can} onPress=${() => ui.setStep("hold")}>保留<//>
          <${Button} kind=${isArmed ? "danger" : "plain"} class=${isArmed ? "is-armed" : ""} hint="Esc" disabled=${!can} onPress=${pressClear}>
            ${isArmed ? html`<span class="armed-words">もう一度<br />押すと消去</span>` : "全部取消"}
          <//>`
        : null}
      </span>
    </header>
    ${state.next ? html`<${Message} kind="info" class="next-basket">次の会計 ${state.next.count}点 <${Money} amount=${state.next.total_yen} /> が後で待っています。<//>` : null}
    ${ui.lateSale ? html`<${LastSale} sale=${ui.lateSale} title="お支払い済みになりました" onClose=${() => ui.markSeen(ui.lateSale.sale)} />` : null}
    ${hasLines
      ? html`<ul class="lines">
          ${basket.lines.map(
            (line) => html`<${Line}
              key=${line.line}
              line=${line}
              can=${can}
              isChosen=${line === chosen}
              onChoose=${() => ui.setLine(line.line)}
              onQuantity=${(count) => quantity(line, count)}
              onCase=${() => putRight(line)}
              onRemove=${() => till.removeLine(line.line)}
              onExempt=${() => ui.setStep("exemption")}
            />`,
          )}
        </ul>`
      : html`<${NoLines} sale=${state.last_sale} />`}
    <${Reference} can=${can} />
    <div class=${hasLines ? "total" : "total is-nothing"}>
      <span class="total-count">${basket.count}点</span>
      <${LanguageKey} />
      <span class="total-label">合計</span>
      <span class="total-amount">${isFree ? "無料" : html`<${Money} amount=${basket.total_yen} />`}</span>
    </div>
    <div class="basket-pay">
      ${isFree
        ? html`<${Key} kind="main" class="pay-free" icon="check" hint="Enter" name="無料で発行する" note="お支払いはありません。件数に数えます。" disabled=${!isIdle} onPress=${till.payNone} />`
        : html`<${PayKeys} pay=${pay} />`}
    </div>
  </div>`;
}
