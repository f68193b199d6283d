// The step in which the drawer is counted, for whatever it is counted. Nothing here knows what must lie in it.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Key, Money } from "./lib/components.js";
import { NumberPad } from "./lib/number_pad.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { CashCount } from "./cash_count.js";
import { Progress } from "./day_progress.js";
import { Notice } from "./notice.js";

export function CountStep({ title, text, purpose, steps, count, doneWord, doneNote, onDone, onBack }) {
  const { till, isIdle } = useTill();
  const asked = useRef(false);
  const [isSending, setSending] = useState(false);
  // The drawer may still be opening: a count that is finished meanwhile waits for its turn and is not lost.
  const canGoOn = !isSending && !count.isEmpty;
  const done = async () => {
    if (canGoOn) {
      setSending(true);
      await onDone();
      setSending(false);
    }
  };
  const openDrawer = () => isIdle && till.openToCount(purpose);
  useKeys({ Escape: onBack, F8: openDrawer }, LEVEL_STEP);
  useEffect(() => {
    if (!asked.current && count.isEmpty) {
      asked.current = true;
      till.openToCount(purpose);
    }
  }, []);
  return html`<main class="day">
    <section class="panel day-main" aria-label=${title}>
      <header class="panel-head">
        <h1 class="panel-title">${title}</h1>
        <${Button} icon="drawer" hint="F8" label="引き出しを開ける" disabled=${!isIdle} onPress=${openDrawer}>開ける<//>
        <${Button} icon="back" hint="Esc" onPress=${onBack}>戻る<//>
      </header>
      <div class="day-body">
        ${steps ? html`<${Progress} steps=${steps} at=${0} />` : null}
        <p class="step-question">${text}</p>
        <${CashCount} count=${count} onDone=${done} />
      </div>
    </section>
    <aside class="panel day-side">
      <${Notice} />
      <div class="day-sum"><span>数えた現金</span><${Money} class="day-total" amount=${count.total} /></div>
      <${NumberPad} entry=${count.entry} />
      <${Key} kind="main" class="step-main" hint=${count.isLastCell ? "Enter" : undefined} name=${doneWord} note=${doneNote} disabled=${!canGoOn} onPress=${done} />
    </aside>
  </main>`;
}
