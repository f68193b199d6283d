// 精算: counting, comparing, the reason of a difference, closing. The till keeps the count, so that after a reload or a power
// cut one goes on at the comparison.
import { html, useEffect, useState } from "./lib/view.js";
import { Button, Key, Waiting, yen } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { useCount } from "./cash_count.js";
import { CashFacts, DayFacts, Deposit, DifferenceFact, differenceReasons, Totals, Verdict } from "./comparison.js";
import { CountStep } from "./day_count.js";
import { Progress } from "./day_progress.js";
import { Notice } from "./notice.js";
import { Reasons } from "./reasons.js";
import { Step } from "./step.js";
import { clockTime } from "./text.js";

export const closeSteps = ["数える", "比べる", "締める", "渡す"];

// The count that stands for PURPOSE, compared by the till: null while it is asked for, undefined when there is none.
export function useComparison(purpose) {
  const { till, state } = useTill();
  const [result, setResult] = useState(null);
  const standing = state.day.count?.purpose === purpose ? state.day.count.sequence : null;
  useEffect(() => {
    let isWanted = true;
    setResult(standing === null ? undefined : null);
    if (standing !== null) {
      till.comparison().then((answer) => isWanted && setResult(answer.ok ? answer.data : undefined));
    }
    return () => {
      isWanted = false;
    };
  }, [standing]);
  return standing === null ? undefined : result;
}

// Where the float goes for the night.
function FloatChoice({ float, isReturned, onChoose }) {
  const other = () => onChoose(!isReturned);
  useKeys({ F7: other }, LEVEL_STEP);
  return html`<div class="float-choice" role="group" aria-label="つり銭の行き先">
    <p class="float-question">つり銭 ${yen(float)} は</p>
    <${Button} isPressed=${isReturned} hint=${isReturned ? undefined : "F7"} onPress=${() => onChoose(true)}>会計担当へ返す<//>
    <${Button} isPressed=${!isReturned} hint=${isReturned ? "F7" : undefined} onPress=${() => onChoose(false)}>窓口に残す<//>
  </div>`;
}

function CloseKey({ difference, onPress }) {
  const { isIdle } = useTill();
  const press = () => isIdle && onPress();
  useKeys({ Enter: press }, LEVEL_STEP);
  return difference === 0
    ? html`<${Key} kind="main" class="step-main" hint="Enter" name="精算する" note="きょうの会計を締め、精算票を印刷します" disabled=${!isIdle} onPress=${press} />`
    : html`<${Key} kind="main" class="step-main" hint="Enter" name="差の理由を入れる" note="理由を付けて精算できます" disabled=${!isIdle} onPress=${press} />`;
}

function CompareStep({ result, onClose, onRecount, onBack }) {
  const { state, catalog, isIdle } = useTill();
  const [isReasoning, setReasoning] = useState(false);
  const [isReturned, setReturned] = useState(true);
  const { difference_yen: difference } = result;
  const float = Math.min(result.float_yen, result.counted_cash_yen); // what is not there cannot go back
  const close = (reason) => onClose(reason, isReturned ? float : 0);
  useKeys(isReasoning ? {} : { Escape: onBack, F6: onRecount }, LEVEL_STEP);
  return html`<main class="day">
    <section class="panel day-main" aria-label="きょうの記録">
      <header class="panel-head">
        <h1 class="panel-title">精算</h1>
        <span class="day-counted">${clockTime(result.at)} に ${result.clerk_name} が数えました</span>
        <${Button} hint="F6" icon="cash" disabled=${isReasoning || !isIdle} onPress=${onRecount}>数え直す<//>
      </header>
      <div class="day-body">
        <${Progress} steps=${closeSteps} at=${isReasoning || difference === 0 ? 2 : 1} />
        <${Totals} result=${result} brands=${catalog?.brands || []} />
        <${DayFacts} result=${result} held=${state.held?.length ?? 0} />
      </div>
    </section>
    <${Step} class="day-side" title="現金" onBack=${isReasoning ? undefined : onBack}>
      <${Notice} />
      ${isReasoning ? html`<${DifferenceFact} difference=${difference} />` : html`<${CashFacts} result=${result} />`}
      ${isReasoning
        ? null
        : html`<${Verdict} difference=${difference} then="差があっても精算できます。" />
            <${FloatChoice} float=${float} isReturned=${isReturned} onChoose=${setReturned} />
            <${Deposit} amount=${result.deposit_yen} />`}
      <span class="bar-space"></span>
      ${isReasoning
        ? html`<${Reasons} question="差の理由" reasons=${differenceReasons} confirmWord="この理由で精算する" disabled=${!isIdle} onConfirm=${close} onCancel=${() => setReasoning(false)} />`
        : html`<${CloseKey} difference=${difference} onPress=${() => (difference === 0 ? close(null) : setReasoning(true))} />`}
    <//>
  </main>`;
}

export function CloseFlow({ onBack }) {
  const { till, state } = useTill();
  const count = useCount("close", state.business_date);
  const [isRecounting, setRecounting] = useState(false);
  const result = useComparison("close");

  const counted = async () => {
    if ((await till.recordCount("close", count.counts)).ok) {
      count.forget();
      setRecounting(false);
    }
  };
  if (isRecounting || result === undefined) {
    return html`<${CountStep}
      title="引き出しの現金を数えます"
      text="つり銭もふくめて、全部数えてください。記録の金額は、数えたあとに出ます。"
      purpose="close"
      steps=${closeSteps}
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
  return html`<${CompareStep}
    result=${result}
    onClose=${(reason, returned) => till.closeDay(result.sequence, reason, returned)}
    onRecount=${() => setRecounting(true)}
    onBack=${onBack}
  />`;
}
