// A cashless payment under way: what the citizen does now, how much, how long, and how to stop. Every end says what it
// means for the citizen's money and what to press next.
import { html, useEffect, useState } from "./lib/view.js";
import { Button, Key, Money } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { isEnded } from "./stage.js";
import { PayKeys, payBindings, usePay } from "./basket.js";
import { CodeEntry } from "./code_entry.js";
import { Reasons } from "./reasons.js";
import { paymentWords } from "./payment_words.js";
import { methodIcons, methodNames, paidWith } from "./text.js";
import { KEYS, written } from "./keys.js";

export const abandonReasons = ["別の方法で支払う", "お客様が取りやめた", "端末・スマホの不具合"];

// The seconds go on between two states of the till; the till's number wins whenever it comes.
function useSecondsLeft(payment, receivedAt) {
  const [, beat] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => beat((n) => n + 1), 500);
    return () => clearInterval(timer);
  }, []);
  return payment.seconds_left === null || payment.seconds_left === undefined
    ? null
    : Math.max(0, Math.round(payment.seconds_left - (performance.now() - receivedAt) / 1000));
}

function TimeLeft({ payment, receivedAt }) {
  const seconds = useSecondsLeft(payment, receivedAt);
  const [whole, setWhole] = useState(seconds);
  useEffect(() => setWhole((before) => Math.max(before ?? 0, seconds ?? 0)), [seconds]);
  if (seconds === null) {
    return null;
  }
  const what = payment.state === "unknown" || payment.state === "in_doubt" ? "照会中" : "残り";
  return html`<div class="time-left">
    <progress class="time-bar" max=${Math.max(1, whole)} value=${seconds} aria-label="残り時間"></progress>
    <span class="time-text">${what} ${seconds}秒</span>
  </div>`;
}

// "stop" is a wish: what was sent may still succeed. Until the till answers, it says so.
function useStop(till, payment) {
  const [isAsked, setAsked] = useState(false);
  useEffect(() => setAsked(false), [payment.state]);
  const stop = async () => {
    setAsked(true);
    if (!(await till.stopPayment()).ok) {
      setAsked(false);
    }
  };
  return [isAsked, stop];
}

// Each sentence begins a new line rather than break in two.
function Sentences({ text }) {
  return html`<p class="payment-text">${text.split(/(?<=。)/).map((sentence) => html`<span key=${sentence} class="sentence">${sentence}</span>`)}</p>`;
}

// What has been rung up for the next citizen meanwhile: seen here, and worked on once this payment is out of hand.
function NextBasket({ state }) {
  const { basket } = state;
  if (state.payment.basket === basket.id || basket.count === 0) {
    return null;
  }
  const last = basket.lines[basket.lines.length - 1];
  return html`<p class="payment-next"><${Icon} name="next" /><span>次の会計 ${basket.count}点 <small>${last.name}${basket.lines.length > 1 ? " ほか" : ""}</small></span> <${Money} amount=${basket.total_yen} /></p>`;
}

// The cash beside the payment, and what the clerk does with it now.
function CashPart({ payment }) {
  return payment.cash ? html`<p class=${isEnded(payment) ? "payment-cash is-loud" : "payment-cash"}><${Icon} name="cash" />${payment.cash.message}</p>` : null;
}

function Running({ payment }) {
  const { till, state, now, isIdle } = useTill();
  const [isAsked, stop] = useStop(till, payment);
  const [isGivingUp, setGivingUp] = useState(false);
  const { level, icon, title, text, citizen } = paymentWords(payment);
  const canStop = payment.can_stop && isIdle && !isAsked;
  const setAside = () => isIdle && payment.can_set_aside && till.setAside();
  // Where no window shows our code to the citizen, paper does.
  const canPrintCode = payment.state === "showing_code" && isIdle && !isAsked;
  const printCode = () => canPrintCode && till.printPaper("payment_code", payment.id);
  useKeys({ Escape: () => canStop && stop(), [KEYS.setAside]: setAside, [KEYS.printCode]: printCode }, LEVEL_STEP, { active: !isGivingUp });

  return html`<div class=${`panel payment is-${level}`}>
    <header class="panel-head payment-head">
      <h2 class="panel-title step-title"><${Icon} name=${methodIcons[payment.method]} />${paidWith(payment)}</h2>
      <span class="payment-kind">${payment.brand_name ? methodNames[payment.method] : ""}</span>
    </header>
    <div class="payment-body">
      <div class=${isGivingUp ? "payment-now is-brief" : "payment-now"}>
        <span class="payment-icon"><${Icon} name=${icon} /></span>
        <h3 class="payment-title">${isAsked ? "中止を頼んでいます…" : title}</h3>
        <${Sentences} text=${isAsked ? "先に支払いが済んでいたときは、支払い済みになります。" : text} />
      </div>
      <p class="payment-amount"><${Money} amount=${payment.amount_yen} /></p>
      <${CashPart} payment=${payment} />
      ${isGivingUp ? null : html`<${TimeLeft} key=${payment.state} payment=${payment} receivedAt=${now.receivedAt} />`}
      ${isGivingUp || !citizen ? null : html`<p class="payment-citizen"><span class="payment-citizen-who">お客様へ</span>「${citizen}」</p>`}
      ${payment.state === "waiting_code" && !isAsked ? html`<${CodeEntry} />` : null}
      ${isGivingUp
        ? html`<${Reasons}
            question="この決済を取りやめる理由。引き落とされていたときは自動で返金します。"
            reasons=${abandonReasons}
            confirmWord="取りやめる"
            kind="danger"
            disabled=${!isIdle}
            onConfirm=${(reason) => till.abandon(payment.id, reason)}
            onCancel=${() => setGivingUp(false)}
          />`
        : null}
    </div>
    ${isGivingUp
      ? null
      : html`<footer class="payment-foot">
          ${payment.can_set_aside ? html`<${Key} kind="main" class="step-main" icon="next" hint=${KEYS.setAside} name="次のお客様へ進む" note="照会は自動で続きます" disabled=${!isIdle} onPress=${setAside} />` : null}
          ${payment.can_abandon ? html`<${Key} kind="danger" name="この決済を取りやめる" disabled=${!isIdle} onPress=${() => setGivingUp(true)} />` : null}
          ${payment.state === "showing_code" ? html`<${Key} hint=${written(KEYS.printCode)} icon="receipt" data-testid="print-code" name="コードを紙で渡す" disabled=${!canPrintCode} onPress=${printCode} />` : null}
          ${payment.can_stop ? html`<${Key} hint="Esc" icon="close" name=${isAsked ? "中止を頼みました" : "中止する"} disabled=${!canStop} onPress=${stop} />` : null}
        </footer>`}
    <${NextBasket} state=${state} />
  </div>`;
}

// Another way to pay: the basket comes back first, when the next one has been begun meanwhile.
function usePayAgain() {
  const { till, can } = useTill();
  const pay = usePay();
  const start = async (method) => {
    if ((await till.clearPayment()).ok) {
      pay.start(method);
    }
  };
  return { ...pay, start, canPay: can };
}

function Ended({ payment }) {
  const { till, state, isIdle } = useTill();
  const pay = usePayAgain();
  const { level, icon, title, text, citizen } = paymentWords(payment);
  const back = () => isIdle && till.clearPayment();
  useKeys({ Escape: back, Enter: back, ...payBindings(pay) }, LEVEL_STEP);
  return html`<div class=${`panel payment is-${level}`}>
    <header class="panel-head payment-head">
      <h2 class="panel-title step-title"><${Icon} name=${methodIcons[payment.method]} />${paidWith(payment)}</h2>
      <${Button} icon="back" hint="Esc" disabled=${!isIdle} onPress=${back}>会計に戻る<//>
    </header>
    <div class="payment-body">
      <div class="payment-now">
        <span class="payment-icon"><${Icon} name=${icon} /></span>
        <h3 class="payment-title">${title}</h3>
        <${Sentences} text=${text} />
      </div>
      <p class="payment-amount"><${Money} amount=${payment.amount_yen} /></p>
      <${CashPart} payment=${payment} />
      ${citizen ? html`<p class="payment-citizen"><span class="payment-citizen-who">お客様へ</span>「${citizen}」</p>` : null}
    </div>
    <div class="basket-pay">
      <p class="step-question">お支払い方法を選び直してください。</p>
      <${PayKeys} pay=${pay} />
    </div>
    <${NextBasket} state=${state} />
  </div>`;
}

export function PaymentStep() {
  const { state } = useTill();
  return isEnded(state.payment) ? html`<${Ended} payment=${state.payment} />` : html`<${Running} payment=${state.payment} />`;
}
