// 残高照会: what is on the citizen's card, shown here and on the citizen's window for a while, and forgotten. It takes no money.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Message, Money } from "./lib/components.js";
import { useTill } from "./context.js";

const SHOWN_MS = 20000;
const useWords = { paid: "支払", charged: "チャージ", other: "その他" };

function Uses({ uses }) {
  return html`<ul class="balance-uses">
    ${uses.map((use, i) => html`<li key=${i}>
      <span>${use.date}${use.time ? ` ${use.time}` : ""}</span>
      <span>${useWords[use.kind]}${use.amount_yen === null ? "" : html` <${Money} amount=${use.amount_yen} />`}</span>
      <span>残高 <${Money} amount=${use.balance_yen} /></span>
    </li>`)}
  </ul>`;
}

function Card({ values }) {
  if (values.length === 0) {
    return html`<${Message} kind="info">このカードの残高は、ここでは読み取れません。<//>`;
  }
  return html`<div class="balance-values" role="status">
    ${values.map((value) => html`<section key=${value.scheme} class="balance-value">
      <p class="balance-line"><span>${value.name}</span><strong><${Money} amount=${value.balance_yen} /></strong></p>
      <${Uses} uses=${value.uses} />
    </section>`)}
    <p class="quiet">お客様の画面にも残高を表示しています。記録は残りません。</p>
  </div>`;
}

export function BalanceInquiry() {
  const { till } = useTill();
  const [hasReader, setHasReader] = useState(false);
  const [step, setStep] = useState({ name: "idle" });
  const isHere = useRef(true);
  const clear = () => {
    setStep({ name: "idle" });
    till.forgetCard();
  };
  useEffect(() => {
    till.hasCardReader().then((has) => isHere.current && setHasReader(has));
    return () => {
      isHere.current = false;
    };
  }, []);
  useEffect(() => {
    if (step.name === "idle") {
      return undefined;
    }
    const timer = step.name === "shown" ? setTimeout(clear, SHOWN_MS) : null;
    return () => {
      clearTimeout(timer);
      if (!isHere.current) {
        step.name === "reading" ? till.stopCard() : till.forgetCard();
      }
    };
  }, [step]);
  if (!hasReader) {
    return null;
  }
  const read = async () => {
    setStep({ name: "reading" });
    const answer = await till.inquireCard();
    if (!isHere.current) {
      till.forgetCard(); // the clerk has gone on to something else
      return;
    }
    setStep(answer.ok ? { name: "shown", values: answer.data.values } : { name: "failed", message: answer.message });
  };
  return html`<section class="panel balance" aria-label="残高照会">
    <header class="panel-head"><h2 class="panel-title">カードの残高</h2></header>
    <div class="device-tests">
      ${step.name === "reading"
        ? html`<${Button} icon="back" onPress=${till.stopCard}>照会をやめる<//>`
        : html`<${Button} icon="card" onPress=${read}>残高照会<//>`}
      ${step.name === "shown" ? html`<${Button} icon="check" onPress=${clear}>表示を消す<//>` : null}
    </div>
    ${step.name === "reading" ? html`<p role="status">お客様のカードを、カードリーダーに置いてもらってください。支払いにはなりません。</p>` : null}
    ${step.name === "failed" ? html`<${Message} kind="warning">${step.message}<//>` : null}
    ${step.name === "shown" ? html`<${Card} values=${step.values} />` : null}
  </section>`;
}
