// After the close: the papers as they come, what goes where, and nothing is sold any more today.
import { html, useState } from "./lib/view.js";
import { Button, Empty, Key, Message, Money } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { closeSteps } from "./day_close.js";
import { DayOpening } from "./day_opening.js";
import { Progress } from "./day_progress.js";
import { Notice } from "./notice.js";
import { fullDate, printWords, shortDate } from "./text.js";
import { KEYS, written } from "./keys.js";

function Paper({ paper, number }) {
  const { till, state, isIdle } = useTill();
  const words = printWords[paper.print];
  const isOut = paper.print === "printed";
  const isUnderWay = paper.print === "queued" || paper.print === "printing";
  const print = () => isIdle && !isUnderWay && till.printPaper(paper.form, state.day.id);
  useKeys({ [String(number)]: print }, LEVEL_VIEW);
  return html`<li class="day-paper" data-form=${paper.form}>
    <span class="day-paper-name">${paper.title}</span>
    <span class=${`tag is-${words.level}`}><${Icon} name=${isOut ? "check" : "receipt"} />${words.word}</span>
    <${Button} icon="printer" hint=${String(number)} disabled=${!isIdle || isUnderWay} onPress=${print}>${isOut ? "再発行" : "印刷"}<//>
  </li>`;
}

function Handed({ closing }) {
  const kept = Math.min(closing.float_yen, closing.counted_cash_yen) - closing.float_returned_yen;
  return html`<dl class="facts done-facts">
    <dt class="done-main">${closing.deposit_yen < 0 ? "つり銭に足りない現金" : "払い込む現金"}</dt>
    <dd class="is-right done-main"><${Money} amount=${Math.abs(closing.deposit_yen)} /></dd>
    <dt>返すつり銭</dt><dd class="is-right"><${Money} amount=${closing.float_returned_yen} /></dd>
    ${kept > 0 ? html`<dt>窓口に残すつり銭</dt><dd class="is-right"><${Money} amount=${kept} /></dd>` : null}
    <dt>数えた現金</dt><dd class="is-right"><${Money} amount=${closing.counted_cash_yen} /></dd>
    <dt>過不足</dt><dd class="is-right"><${Money} amount=${closing.difference_yen} signed=${true} /></dd>
  </dl>`;
}

export function DayDone() {
  const { till, state, ui, can } = useTill();
  const { closing, papers } = state.day;
  const isAllOut = papers.length > 0 && papers.every((paper) => paper.print === "printed");
  const leave = () => can && till.signOut();
  useKeys({ Enter: leave }, LEVEL_VIEW);
  return html`<main class="day">
    <section class="panel day-main" aria-label="精算のあと">
      <header class="panel-head">
        <h1 class="panel-title">${shortDate(state.business_date)} の精算は済みました</h1>
        <${Button} icon="list" hint=${KEYS.records} onPress=${() => ui.setView("records")}>会計一覧を見る<//>
      </header>
      <div class="day-body">
        <${Progress} steps=${closeSteps} at=${isAllOut ? closeSteps.length : closeSteps.length - 1} />
        <${Notice} />
        <ul class="day-papers">${papers.map((paper, index) => html`<${Paper} key=${paper.form} paper=${paper} number=${index + 1} />`)}</ul>
        ${papers.length > 0 && !isAllOut
          ? html`<${Message} kind="info">印刷できなかった紙は、プリンタを確かめてから「印刷」を押してください。自動では印刷し直しません。<//>`
          : null}
      </div>
    </section>
    <aside class="panel day-side">
      <h2 class="panel-title">会計担当へ渡すもの</h2>
      ${closing !== null && closing.deposit_yen !== null ? html`<${Handed} closing=${closing} />` : null}
      <p class="step-question">現金と精算票・払込書・日報を渡してください。次の営業日になると、また会計ができます。</p>
      <span class="bar-space"></span>
      <${Key} kind="main" class="step-main" hint="Enter" icon="leave" name="離席する" disabled=${!can} onPress=${leave} />
    </aside>
  </main>`;
}

// In the place of the sale: nothing is sold any more today, everything can still be looked at.
export function DayClosed() {
  const { state, ui } = useTill();
  const [isOpening, setOpening] = useState(false);
  const { opening_on: today } = state.day; // set when the day that was closed lies behind today by a wrong clock
  if (today && isOpening) {
    return html`<${DayOpening} onBack=${() => setOpening(false)} />`;
  }
  return html`<main class="alone">
    <${Empty}
      icon="check-circle"
      title=${`${shortDate(state.business_date)} の精算は済みました`}
      actions=${html`<${Button} icon="drawer" hint=${written(KEYS.day)} onPress=${() => ui.setView("day")}>精算票と渡す現金を見る<//>
        <${Button} icon="list" hint=${KEYS.records} onPress=${() => ui.setView("records")}>会計一覧を見る<//>
        ${today ? html`<${Button} class="day-reopen" icon="clock" onPress=${() => setOpening(true)}>${shortDate(today)} の営業を始める<//>` : null}`}
    >
      ${today
        ? `この営業日は、いまの時計の日付 (${fullDate(today)}) より先です。時計を直したあとなら、責任者の承認で今日の営業を始められます。`
        : "次の営業日になると、また会計ができます。"}
    <//>
  </main>`;
}
