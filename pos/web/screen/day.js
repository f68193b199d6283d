// Cash and the close of the day: opening the drawer with a reason, counting blind, comparing, closing.
import { html, useState } from "./lib/view.js";
import { Button, Empty, Key, Message, Money, yen } from "./lib/components.js";
import { NumberPad } from "./lib/number_pad.js";
import { useKeys, LEVEL_VIEW, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { CashCount, useCount } from "./cash_count.js";
import { Comparison } from "./comparison.js";
import { NowBand } from "./now_band.js";
import { Notice } from "./notice.js";
import { shortDate } from "./text.js";
import { KEYS, written } from "./keys.js";

const drawerReasons = ["両替", "つり銭の補充", "中の確認"];

// After the close: nothing is sold any more today, everything can still be looked at.
export function DayClosed() {
  const { state, ui } = useTill();
  return html`<main class="alone">
    <${Empty}
      icon="check-circle"
      title=${`${shortDate(state.business_date)} の精算は済みました`}
      actions=${html`<${Button} icon="list" hint=${KEYS.records} onPress=${() => ui.setView("records")}>会計一覧を見る<//>`}
    >
      つり銭を分け、売上金と精算票を会計担当へ渡してください。次の営業日になると、また会計ができます。
    <//>
  </main>`;
}

// A business day that was never closed: it is closed first, then the new one begins.
export function DayOver() {
  const { state, ui } = useTill();
  return html`<main class="alone">
    <${Empty}
      icon="clock"
      title=${`${shortDate(state.business_date)} の精算がまだです`}
      actions=${html`<${Button} kind="main" class="key" icon="drawer" hint=${written(KEYS.day)} onPress=${() => ui.setView("day")}>現金を数えて精算する<//>`}
    >
      日付が変わりました。先に前の営業日を精算してください。そのあと、今日の営業を始められます。
    <//>
  </main>`;
}

function DrawerPanel() {
  const { till, isIdle } = useTill();
  const [opened, setOpened] = useState(null);
  const open = async (reason) => {
    if (isIdle) {
      setOpened((await till.openDrawer(reason)).ok ? reason : null);
    }
  };
  const bindings = {};
  drawerReasons.forEach((reason, index) => {
    bindings[String(index + 1)] = () => open(reason);
  });
  useKeys(bindings, LEVEL_VIEW);
  return html`<section class="panel">
    <header class="panel-head"><h2 class="panel-title">引き出しを開ける</h2></header>
    <div class="panel-body day-drawer">
      <p class="step-question">理由を選ぶと開き、記録に残ります。</p>
      <div class="day-reasons">
        ${drawerReasons.map((reason, index) => html`<${Key} key=${reason} icon="drawer" hint=${String(index + 1)} name=${reason} disabled=${!isIdle} onPress=${() => open(reason)} />`)}
      </div>
      ${opened ? html`<${Message} kind="success">引き出しを開けました(${opened})。<//>` : null}
    </div>
  </section>`;
}

function ClosePanel({ onCount }) {
  const { state, isIdle } = useTill();
  const isSelling = state.basket.count > 0 || state.payment !== null;
  const start = () => isIdle && !isSelling && onCount();
  useKeys({ Enter: start }, LEVEL_VIEW);
  return html`<section class="panel">
    <header class="panel-head"><h2 class="panel-title">点検・精算</h2></header>
    <div class="panel-body day-drawer">
      <p>先に現金を数え、それから記録と比べます。数えるだけなら何も変わりません。差があっても精算できます。</p>
      ${state.unresolved.length > 0
        ? html`<${Message} kind="warning">結果未確認の決済が ${state.unresolved.length}件あります。精算後も照会は自動で続きます。<//>`
        : null}
      ${isSelling ? html`<${Message} kind="info">会計の途中です。会計を済ませるか取り消すと、精算できます。<//>` : null}
      <${Key} kind="main" class="step-main" hint="Enter" icon="cash" name="現金を数える" note=${`営業日 ${shortDate(state.business_date)}・つり銭 ${yen(state.day.float_yen)}`} disabled=${!isIdle || isSelling} onPress=${start} />
    </div>
  </section>`;
}

function CountStep({ count, onDone, onBack }) {
  const { isIdle } = useTill();
  const canCompare = isIdle && !count.isEmpty;
  const done = () => canCompare && onDone();
  useKeys({ Escape: onBack }, LEVEL_STEP);
  return html`<section class="panel day-main" aria-label="現金を数える">
      <header class="panel-head">
        <h1 class="panel-title">引き出しの現金を数えます</h1>
        <${Button} icon="back" hint="Esc" onPress=${onBack}>戻る<//>
      </header>
      <div class="day-body">
        <p class="step-question">つり銭もふくめて、全部数えてください。記録の金額は、数えたあとに出ます。</p>
        <${CashCount} count=${count} onDone=${done} />
      </div>
    </section>
    <aside class="panel day-side">
      <${Notice} />
      <div class="day-sum"><span>数えた現金</span><${Money} class="day-total" amount=${count.total} /></div>
      <${NumberPad} entry=${count.entry} />
      <${Key} kind="main" class="step-main" hint=${count.isLastCell ? "Enter" : undefined} name="数え終わりました" note="記録と比べます" disabled=${!canCompare} onPress=${done} />
    </aside>`;
}

export function DayView() {
  const { till, state } = useTill();
  const [step, setStep] = useState("menu"); // menu, count, compare
  const [result, setResult] = useState(null);
  const count = useCount(`madoguchi.close.${state.business_date}`);

  if (state.day.state === "closed") {
    return html`<${DayClosed} />`;
  }
  const compare = async () => {
    const answer = await till.countDay(count.total);
    if (answer.ok) {
      setResult(answer.data);
      setStep("compare");
    }
  };
  const close = async (reason) => {
    if ((await till.closeDay(result.counted_cash_yen, reason)).ok) {
      count.reset();
    }
  };
  if (step === "count") {
    return html`<main class="day"><${CountStep} count=${count} onDone=${compare} onBack=${() => setStep("menu")} /></main>`;
  }
  if (step === "compare") {
    return html`<main class="day"><${Comparison} result=${result} onClose=${close} onBack=${() => setStep("count")} /></main>`;
  }
  return html`<main class="day-menu">
    <h1 class="unseen">現金・精算</h1>
    <${NowBand} />
    <${Notice} />
    <div class="day-panels"><${DrawerPanel} /><${ClosePanel} onCount=${() => setStep("count")} /></div>
  </main>`;
}
