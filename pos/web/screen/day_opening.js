// The first thing of the day: how much change lies in the drawer.
import { html } from "./lib/view.js";
import { Button, Key, Money, yen } from "./lib/components.js";
import { NumberPad } from "./lib/number_pad.js";
import { useTill } from "./context.js";
import { CashCount, useCount } from "./cash_count.js";
import { Notice } from "./notice.js";
import { shortDate } from "./text.js";

export function DayOpening() {
  const { till, state, can, isIdle } = useTill();
  const count = useCount(`madoguchi.opening.${state.business_date}`);
  const usual = state.day.float_yen > 0 ? state.day.float_yen : null;
  const canOpen = isIdle && !count.isEmpty;
  const open = () => canOpen && till.openDay(count.total);
  return html`<main class="day">
    <section class="panel day-main" aria-label="営業開始">
      <header class="panel-head">
        <h1 class="panel-title">${shortDate(state.business_date)} の営業を始めます</h1>
        <${Button} kind="quiet" icon="leave" disabled=${!can} onPress=${till.signOut}>担当を替える<//>
      </header>
      <div class="day-body">
        <p class="step-question">引き出しに入れたつり銭を数えてください。つり銭は売上に含まれません。</p>
        <${CashCount} count=${count} onDone=${open} />
        ${usual !== null && count.isEmpty ? html`<div><${Button} onPress=${() => count.setSum(usual)}>いつもの ${yen(usual)} にする<//></div>` : null}
      </div>
    </section>
    <aside class="panel day-side">
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
    </aside>
  </main>`;
}
