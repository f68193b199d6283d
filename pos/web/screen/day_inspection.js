// 点検: count, look, go on selling. It changes nothing, so that a difference needs no reason.
import { html, useState } from "./lib/view.js";
import { Key } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { useCount } from "./cash_count.js";
import { CashFacts, DayFacts, Totals, Verdict } from "./comparison.js";
import { CountStep } from "./day_count.js";
import { Progress } from "./day_progress.js";
import { Notice } from "./notice.js";
import { Step } from "./step.js";
import { clockTime } from "./text.js";

const inspectionSteps = ["数える", "比べる"];

function Result({ result, onBack }) {
  const { catalog } = useTill();
  const done = () => onBack(`点検${result.number}を記録しました。点検票を印刷します。`);
  useKeys({ Enter: done, Escape: done }, LEVEL_STEP);
  return html`<main class="day">
    <section class="panel day-main" aria-label="点検の結果">
      <header class="panel-head">
        <h1 class="panel-title">点検 ${result.number}</h1>
        <span class="day-counted">${clockTime(result.at)} に ${result.clerk_name} が数えました</span>
      </header>
      <div class="day-body">
        <${Progress} steps=${inspectionSteps} at=${1} />
        <${Totals} result=${result} brands=${catalog?.brands || []} />
        <${DayFacts} result=${result} />
      </div>
    </section>
    <${Step} class="day-side" title="現金">
      <${Notice} />
      <${CashFacts} result=${result} />
      <${Verdict} difference=${result.difference_yen} then="点検票に残しました。" />
      <span class="bar-space"></span>
      <${Key} kind="main" class="step-main" hint="Enter" name="終わる" note="何も変わっていません。会計を続けられます" onPress=${done} />
    <//>
  </main>`;
}

export function InspectionFlow({ onBack }) {
  const { till, state } = useTill();
  const count = useCount("inspection", state.business_date);
  const [result, setResult] = useState(null);
  const inspect = async () => {
    const answer = await till.inspect(count.counts);
    if (answer.ok) {
      count.forget();
      setResult(answer.data);
    }
  };
  return result !== null
    ? html`<${Result} result=${result} onBack=${onBack} />`
    : html`<${CountStep}
        title="点検: 現金を数えます"
        text="つり銭もふくめて、全部数えてください。記録の金額は、数えたあとに出ます。"
        purpose="inspection"
        steps=${inspectionSteps}
        count=${count}
        doneWord="点検する"
        doneNote="記録と比べ、点検票を印刷します"
        onDone=${inspect}
        onBack=${onBack}
      />`;
}
