// 引継ぎ: the drawer is counted, compared, and given to the next clerk, who takes it with a PIN.
import { html, useState } from "./lib/view.js";
import { Button, Key, Waiting } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { useCount } from "./cash_count.js";
import { CashFacts, DifferenceFact, differenceReasons, Verdict } from "./comparison.js";
import { CountStep } from "./day_count.js";
import { useComparison } from "./day_close.js";
import { Progress } from "./day_progress.js";
import { Notice } from "./notice.js";
import { PinEntry, usePin } from "./pin.js";
import { Reasons } from "./reasons.js";
import { Step } from "./step.js";
import { clockTime } from "./text.js";

const handoverSteps = ["数える", "比べる", "受け取る"];

function Compared({ result, reason, onReason, onRecount, onNext, onBack }) {
  const { isIdle } = useTill();
  const [isReasoning, setReasoning] = useState(false);
  const { difference_yen: difference } = result;
  const next = () => isIdle && (difference === 0 || reason !== null ? onNext() : setReasoning(true));
  useKeys(isReasoning ? {} : { Escape: onBack, F6: onRecount, Enter: next }, LEVEL_STEP);
  return html`<${Step} class="day-side" title="現金" onBack=${isReasoning ? undefined : onBack}>
    <${Notice} />
    ${isReasoning ? html`<${DifferenceFact} difference=${difference} />` : html`<${CashFacts} result=${result} />`}
    ${isReasoning ? null : html`<${Verdict} difference=${difference} then="差は引継票に残ります。" />`}
    <span class="bar-space"></span>
    ${isReasoning
      ? html`<${Reasons}
          question="差の理由"
          reasons=${differenceReasons}
          confirmWord="次へ"
          disabled=${!isIdle}
          onConfirm=${(text) => {
            onReason(text);
            onNext();
          }}
          onCancel=${() => setReasoning(false)}
        />`
      : html`<${Button} hint="F6" icon="cash" disabled=${!isIdle} onPress=${onRecount}>数え直す<//>
          <${Key} kind="main" class="step-main" hint="Enter" name="次へ" note="受け取る人が確かめます" disabled=${!isIdle} onPress=${next} />`}
  <//>`;
}

function Taking({ onTake, onBack }) {
  const { catalog, state, isIdle } = useTill();
  const others = (catalog?.clerks || []).filter((clerk) => clerk.code !== state.clerk?.code);
  const [chosen, setChosen] = useState(null);
  const pin = usePin();
  const next = others.find((clerk) => clerk.code === chosen) || (others.length === 1 ? others[0] : null);
  const canTake = isIdle && next !== null && pin.canTry;
  const take = () => canTake && pin.tried(onTake(next.code, pin.text));
  const bindings = { Escape: onBack, Enter: take };
  if (next === null) {
    others.slice(0, 9).forEach((clerk, index) => {
      bindings[String(index + 1)] = () => setChosen(clerk.code);
    });
  }
  useKeys(bindings, LEVEL_STEP);
  return html`<${Step}
    class="day-side approval"
    icon="person"
    title="受け取る人"
    onBack=${onBack}
    footer=${html`<${Key} kind="main" class="step-main" hint="Enter" name="受け取る" note="担当が替わり、引継票を印刷します" disabled=${!canTake} onPress=${take} />`}
  >
    <div class="approval-who" role="group" aria-label="受け取る人">
      ${others.map(
        (clerk, index) => html`<${Button}
          key=${clerk.code}
          class="approval-clerk"
          data-clerk=${clerk.code}
          icon="person"
          hint=${next === null && index < 9 ? String(index + 1) : undefined}
          isPressed=${clerk === next}
          onPress=${() => setChosen(clerk.code)}
        >${clerk.name}<//>`,
      )}
    </div>
    <${PinEntry} pin=${pin} disabled=${next === null} />
  <//>`;
}

export function HandOverFlow({ onBack }) {
  const { till, state } = useTill();
  const count = useCount("handover", state.business_date);
  const [isRecounting, setRecounting] = useState(false);
  const [isTaking, setTaking] = useState(false);
  const [reason, setReason] = useState(null);
  const result = useComparison("handover");

  const counted = async () => {
    if ((await till.recordCount("handover", count.counts)).ok) {
      count.forget();
      setReason(null);
      setRecounting(false);
    }
  };
  if (isRecounting || result === undefined) {
    return html`<${CountStep}
      title="引継ぎ: 現金を数えます"
      text="二人で、つり銭もふくめて全部数えてください。記録の金額は、数えたあとに出ます。"
      purpose="handover"
      steps=${handoverSteps}
      count=${count}
      doneWord="数え終わりました"
      doneNote="記録と比べます"
      onDone=${counted}
      onBack=${isRecounting ? () => setRecounting(false) : onBack}
    />`;
  }
  if (result === null) {
    return html`<main class="alone"><${Waiting}>数えた記録を読んでいます…<//></main>`;
  }
  return html`<main class="day">
    <section class="panel day-main" aria-label="引継ぎ">
      <header class="panel-head">
        <h1 class="panel-title">引継ぎ</h1>
        <span class="day-counted">${clockTime(result.at)} に ${result.clerk_name} が数えました</span>
      </header>
      <div class="day-body">
        <${Progress} steps=${handoverSteps} at=${isTaking ? 2 : 1} />
        <p class="day-say">${isTaking ? "受け取る人が、自分の名前を選び、自分の暗証番号を入れてください。" : "数えた現金と記録を、二人で確かめてください。"}</p>
        <ol class="count-cells is-told">
          ${result.counts.map((row) => html`<li key=${row.yen} class="count-row"><span class="count-name">${row.yen.toLocaleString("ja-JP")}円</span><span class="count-told">${row.count}<small>枚</small></span></li>`)}
        </ol>
      </div>
    </section>
    ${isTaking
      ? html`<${Taking} onTake=${(to, pin) => till.handOver(result.sequence, to, pin, reason)} onBack=${() => setTaking(false)} />`
      : html`<${Compared} result=${result} reason=${reason} onReason=${setReason} onRecount=${() => setRecounting(true)} onNext=${() => setTaking(true)} onBack=${onBack} />`}
  </main>`;
}
