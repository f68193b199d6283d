// The first thing of the day: how much change lies in the drawer.
import { html } from "./lib/view.js";
import { Button, Key, Money, yen } from "./lib/components.js";
import { NumberPad } from "./lib/number_pad.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { CashCount, useCount } from "./cash_count.js";
import { Notice } from "./notice.js";
import { shortDate } from "./text.js";

export function DayOpening() {
  const { till, state, can, isIdle } = useTill();
  const count = useCount("open", state.business_date);
  const before = state.day.last_float_yen;
  const canOpen = isIdle && !count.isEmpty;
  const openDrawer = () => isIdle && till.openToCount("open");
  const open = async () => {
    if (canOpen && (await till.openDay(count.counts)).ok) {
      count.forget();
    }
  };
  useKeys({ F8: openDrawer }, LEVEL_STEP);
  return html`<main class="day">
    <section class="panel day-main" aria-label="営業開始">
      <header class="panel-head">
        <h1 class="panel-title">${shortDate(state.business_date)} の営業を始めます</h1>
        <${Button} icon="drawer" hint="F8" label="引き出しを開ける" disabled=${!isIdle} onPress=${openDrawer}>開ける<//>
        <${Button} kind="quiet" icon="leave" disabled=${!can} onPress=${till.signOut}>担当を替える<//>
      </header>
      <div class="day-body">
        <p class="step-question">引き出しに入れたつり銭を数えてください。つり銭は売上に含まれません。${before > 0 ? `前回のつり銭は ${yen(before)} でした。` : ""}</p>
        <${CashCount} count=${count} onDone=${open} />
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
