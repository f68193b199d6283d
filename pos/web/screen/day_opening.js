// The first thing of the day: how much change lies in the drawer. A date far from the last day's, as a wrong clock shows
// it, is opened by a supervisor, who sees both dates.
import { html, useState } from "./lib/view.js";
import { Button, Key, Money, yen } from "./lib/components.js";
import { NumberPad } from "./lib/number_pad.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { ApprovalStep } from "./approval.js";
import { CashCount, useCount } from "./cash_count.js";
import { Notice } from "./notice.js";
import { fullDate, shortDate } from "./text.js";

// What the supervisor is asked: whether the clock is right.
export const clockQuestion = ({ last_date: last, opening_on: today }) =>
  `前の営業日は ${fullDate(last)}、このレジの時計では今日は ${fullDate(today)} です。今日の日付が正しいことを確かめてください。違うときは始めずに、管理者に時計を直してもらってください。`;

// onBack leads out again where another view stands behind this one.
export function DayOpening({ onBack }) {
  const { till, state, can, isIdle } = useTill();
  const [isAsking, setAsking] = useState(false);
  const date = state.day.opening_on || state.business_date;
  const count = useCount("open", date);
  const before = state.day.last_float_yen;
  const canOpen = isIdle && !count.isEmpty;
  const openDrawer = () => isIdle && till.openToCount("open");
  const send = async (approval) => {
    const answer = await till.openDay(count.counts, approval);
    if (answer.ok) {
      count.forget();
    }
    return answer;
  };
  const open = () => {
    if (canOpen && state.day.opening_needs_approval) {
      setAsking(true);
    } else if (canOpen) {
      send(null);
    }
  };
  useKeys(isAsking ? {} : onBack ? { F8: openDrawer, Escape: onBack } : { F8: openDrawer }, LEVEL_STEP);
  return html`<main class="day">
    <section class="panel day-main" aria-label="営業開始">
      <header class="panel-head">
        <h1 class="panel-title">${shortDate(date)} の営業を始めます</h1>
        ${onBack && !isAsking ? html`<${Button} icon="back" hint="Esc" onPress=${onBack}>戻る<//>` : null}
        <${Button} icon="drawer" hint="F8" label="引き出しを開ける" disabled=${!isIdle} onPress=${openDrawer}>開ける<//>
        <${Button} kind="quiet" icon="leave" disabled=${!can} onPress=${till.signOut}>担当を替える<//>
      </header>
      <div class="day-body">
        <p class="step-question">引き出しに入れたつり銭を数えてください。つり銭は売上に含まれません。${before > 0 ? `前回のつり銭は ${yen(before)} でした。` : ""}</p>
        ${isAsking ? null : html`<${CashCount} count=${count} onDone=${open} />`}
      </div>
    </section>
    ${isAsking
      ? html`<${ApprovalStep} title="営業開始の承認" question=${clockQuestion(state.day)} confirmWord="この日付で始める" onBack=${() => setAsking(false)} onApprove=${send} />`
      : html`<aside class="panel day-side">
      <${Notice} />
      <div class="day-sum"><span>つり銭</span><${Money} class="day-total" amount=${count.total} /></div>
      <${NumberPad} entry=${count.entry} />
      <${Key}
        kind="main"
        class="step-main"
        hint=${count.isLastCell ? "Enter" : undefined}
        name="営業を始める"
        note=${count.isEmpty ? "つり銭を数えると始められます" : `つり銭 ${yen(count.total)}`}
        disabled=${!canOpen}
        onPress=${open}
      />
    </aside>`}
  </main>`;
}
