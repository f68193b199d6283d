// Everything that needs a person, in one place: money whose fate is not known, paper that did not come, devices that do
// not answer. Nothing here stands in the way of the next sale.
import { html, useState } from "./lib/view.js";
import { Button, Money } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useTill } from "./context.js";
import { deviceFacts } from "./concerns.js";
import { unknownCount } from "./stage.js";
import { NowBand } from "./now_band.js";
import { Notice } from "./notice.js";
import { Reasons } from "./reasons.js";
import { abandonReasons } from "./payment.js";
import { KEYS, written } from "./keys.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";
import { TrainingDoor } from "./training.js";
import { clockTime, methodNames, sinceWords, paidWith, printWords, unresolvedWords } from "./text.js";
import { BalanceInquiry } from "./balance.js";

function Unresolved({ payment }) {
  const { till, state, isIdle } = useTill();
  const [isGivingUp, setGivingUp] = useState(false);
  const words = unresolvedWords[payment.state] || unresolvedWords.unknown;
  const hasSlip = ["listed_touch_proves", "listed_touch_confirms"].includes(payment.code);
  return html`<li class=${state.scanned?.id === payment.payment ? "matter is-scanned" : "matter"}>
    <div class="matter-main">
      <span class=${`tag is-${words.level}`}><${Icon} name="warning" />${words.word}</span>
      <strong>${paidWith(payment)}</strong>
      <span class="matter-quiet">${payment.brand_name ? methodNames[payment.method] : ""} ${clockTime(payment.since)} から${sinceWords(payment.since, state.now)}</span>
      <${Money} class="matter-amount" amount=${payment.amount_yen} />
      ${hasSlip && !isGivingUp ? html`<${Button} icon="printer" disabled=${!isIdle} onPress=${() => till.printPaper("in_doubt", payment.payment)}>処理未了票<//>` : null}
      ${payment.can_abandon && !isGivingUp ? html`<${Button} kind="danger" disabled=${!isIdle} onPress=${() => setGivingUp(true)}>取りやめる<//>` : null}
    </div>
    <p class="matter-text">${payment.message}</p>
    ${payment.citizen_message ? html`<p class="matter-say"><span class="payment-citizen-who">お客様へ</span>「${payment.citizen_message}」</p>` : null}
    ${isGivingUp
      ? html`<${Reasons}
          question="この決済を取りやめる理由。引き落とされていたときは自動で返金します。"
          reasons=${abandonReasons}
          confirmWord="取りやめる"
          kind="danger"
          disabled=${!isIdle}
          onConfirm=${async (reason) => (await till.abandon(payment.payment, reason)).ok && setGivingUp(false)}
          onCancel=${() => setGivingUp(false)}
        />`
      : null}
  </li>`;
}

function Unprinted({ paper }) {
  const { till, isIdle } = useTill();
  const words = printWords[paper.print];
  return html`<li class="matter">
    <div class="matter-main">
      <span class=${words.level === "warning" ? "tag is-warning" : "tag"}><${Icon} name="receipt" />${words.word}</span>
      <strong>${paper.title}</strong>
      ${paper.total_yen === null ? null : html`<${Money} class="matter-amount" amount=${paper.total_yen} />`}
      <${Button} icon="printer" disabled=${!isIdle} onPress=${() => till.printPaper(paper.form, paper.sale)}>${paper.print === "found_out" ? "印刷する" : "再印字"}<//>
    </div>
    <p class="matter-text">${words.sentence}</p>
  </li>`;
}

function Matters({ title, none, list, render }) {
  return html`<section class="panel">
    <header class="panel-head"><h2 class="panel-title">${title}${list.length > 0 ? ` ${list.length}件` : ""}</h2></header>
    ${list.length === 0
      ? html`<p class="matters-none"><${Icon} name="check" />${none}</p>`
      : html`<ul class="matters">${list.map(render)}</ul>`}
  </section>`;
}

const wellWords = { uplink: "つながっています。", printer: "印刷できます。", terminal: "使えます。", gateway: "使えます。" };

export function AttentionView() {
  const { till, state, ui, isIdle } = useTill();
  const printTest = async () => {
    if (isIdle && (await till.printPaper("test", state.till.terminal)).ok) {
      till.say("info", "試し刷りを印字します。出てこないときは、上のプリンタの表示を見てください。");
    }
  };
  useKeys({ [KEYS.testPaper]: printTest }, LEVEL_VIEW);
  const { uplink, masters } = state.status;
  return html`<main class="attention">
    <h1 class="unseen">要確認</h1>
    <${NowBand} />
    <${Notice} />
    <div class="attention-columns">
      <div class="attention-column">
        <${Matters} title="結果のわからない決済" none=${unknownCount(state) > 0 ? "今のお支払いのほかにはありません。" : "ありません。"} list=${state.unresolved} render=${(payment) => html`<${Unresolved} key=${payment.payment} payment=${payment} />`} />
        <${Matters} title="印刷できていない紙" none="ありません。" list=${state.unprinted} render=${(paper) => html`<${Unprinted} key=${`${paper.form} ${paper.sale}`} paper=${paper} />`} />
        <${BalanceInquiry} />
      </div>
      <section class="panel">
        <header class="panel-head"><h2 class="panel-title">機器と通信</h2><${Button} hint=${written(KEYS.deviceCheck)} onPress=${() => ui.setView("devices")}>機器の点検<//></header>
        <ul class="devices">
          ${deviceFacts(state.status).filter((fact) => !fact.isAside).map(
            (fact) => html`<li key=${fact.key} class="device">
              <${Icon} name=${fact.icon} />
              <div>
                <p class="device-name">${fact.name}${fact.level === "well" ? null : html` <span class=${`tag is-${fact.level}`}>${fact.text}</span>`}</p>
                <p class="device-text">${fact.detail || wellWords[fact.key] || ""}</p>
              </div>
            </li>`,
          )}
          <li class="device">
            <${Icon} name="upload" />
            <div>
              <p class="device-name">未送信 ${uplink.unsent}件</p>
              <p class="device-text">${uplink.unsent === 0 ? "記録はすべてサーバに届いています。" : "記録はこのレジに残っています。つながりしだい自動で送ります。"}</p>
            </div>
          </li>
        </ul>
        <div class="device-tests">
          <${Button} icon="printer" hint=${written(KEYS.testPaper)} disabled=${!isIdle} onPress=${printTest}>試し刷り<//>
        </div>
        <p class="device-foot">レジ ${state.till.terminal}・料金表 第${masters.version}版</p>
        <${TrainingDoor} />
      </section>
    </div>
  </main>`;
}
