// Cash that moves without a sale: つり銭 by denomination, 入金 and 出金 by amount, with a reason, and above what the masters
// say with a supervisor.
import { html, useState } from "./lib/view.js";
import { Button, Key, Money, yen } from "./lib/components.js";
import { NumberPad, useEntry } from "./lib/number_pad.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { ApprovalStep } from "./approval.js";
import { CashCount, useCount } from "./cash_count.js";
import { Notice } from "./notice.js";
import { Reasons } from "./reasons.js";
import { Step } from "./step.js";

const floatWords = {
  lent: { title: "つり銭を受け取る", text: "引き出しに入れるつり銭を、金種ごとに入力してください。売上には含まれません。", done: "受け取りました" },
  returned: { title: "つり銭を返す", text: "引き出しから返すつり銭を、金種ごとに入力してください。", done: "返しました" },
};

export function FloatStep({ direction, onBack }) {
  const { till, state, isIdle } = useTill();
  const count = useCount(`float-${direction}`, state.business_date);
  const words = floatWords[direction];
  const canMove = isIdle && count.total > 0;
  const move = async () => {
    if (canMove && (await till.moveFloat(direction, count.counts)).ok) {
      count.forget();
      onBack(`つり銭 ${yen(count.total)} を${words.done}。`);
    }
  };
  useKeys({ Escape: onBack }, LEVEL_STEP);
  return html`<main class="day">
    <section class="panel day-main" aria-label=${words.title}>
      <header class="panel-head">
        <h1 class="panel-title">${words.title}</h1>
        <${Button} icon="back" hint="Esc" onPress=${onBack}>戻る<//>
      </header>
      <div class="day-body">
        <p class="step-question">${words.text} いま預かっているつり銭は ${yen(state.day.float_yen)} です。</p>
        <${CashCount} count=${count} onDone=${move} />
      </div>
    </section>
    <aside class="panel day-side">
      <${Notice} />
      <div class="day-sum"><span>つり銭</span><${Money} class="day-total" amount=${count.total} /></div>
      <${NumberPad} entry=${count.entry} />
      <${Key} kind="main" class="step-main" hint=${count.isLastCell ? "Enter" : undefined} name=${words.title} note="引き出しが開き、つり銭票を印刷します" disabled=${!canMove} onPress=${move} />
    </aside>
  </main>`;
}

const moveWords = {
  in: { title: "入金", text: "会計のほかに、引き出しに入れる現金です。", done: "入金しました", reasons: ["拾得金", "前日の不足の補填", "両替のもどり"] },
  out: { title: "出金", text: "会計のほかに、引き出しから出す現金です。", done: "出金しました", reasons: ["途中払込", "両替", "誤って受け取った現金の返却"] },
};

// One question per step: how much, why, and who approves it.
export function MoveStep({ direction, onBack }) {
  const { till, state, isIdle } = useTill();
  const entry = useEntry();
  const [step, setStep] = useState("amount");
  const [reason, setReason] = useState("");
  const limit = state.day.cash_approval_yen;
  const words = moveWords[direction];
  const amount = entry.value || 0;

  const send = async (why, approval) => {
    const answer = await till.moveCash(direction, amount, why, approval);
    if (answer.ok) {
      onBack(`${yen(amount)} を${words.done}(${why})。`);
    }
    return answer;
  };
  const confirm = (why) => {
    setReason(why);
    if (amount > limit) {
      setStep("approval");
    } else {
      send(why, null);
    }
  };
  const canGoOn = isIdle && amount > 0;
  useKeys(step === "amount" ? { Escape: onBack, Enter: () => canGoOn && setStep("reason") } : {}, LEVEL_STEP);
  return html`<main class="day">
    <section class="panel day-main" aria-label=${words.title}>
      <header class="panel-head">
        <h1 class="panel-title">${words.title}</h1>
        ${step === "amount" ? html`<${Button} icon="back" hint="Esc" onPress=${onBack}>戻る<//>` : null}
      </header>
      <div class="day-body">
        <p class="step-question">${words.text} 理由とともに記録に残り、票を印刷します。${yen(limit)} を超えるときは責任者が承認します。</p>
        <p class=${entry.text === "" ? "move-sum is-empty" : "move-sum"} aria-live="polite">${entry.text === "" ? "金額を入力してください" : yen(amount)}</p>
        ${step === "amount" ? null : html`<p class="day-say">${reason === "" ? "理由を選んでください。" : `理由: ${reason}`}</p>`}
      </div>
    </section>
    ${step === "amount"
      ? html`<aside class="panel day-side">
          <${Notice} />
          <${NumberPad} entry=${entry} />
          <${Key} kind="main" class="step-main" hint="Enter" name="次へ" note="理由を選びます" disabled=${!canGoOn} onPress=${() => setStep("reason")} />
        </aside>`
      : step === "reason"
        ? html`<${Step} class="day-side" title=${`${words.title}の理由`}>
            <${Notice} />
            <${Reasons} question="なぜですか" reasons=${words.reasons} confirmWord=${amount > limit ? "責任者の承認へ" : `${words.title}する`} disabled=${!isIdle} onConfirm=${confirm} onCancel=${() => setStep("amount")} />
          <//>`
        : html`<${ApprovalStep} title=${`${words.title}の承認`} question=${`${yen(amount)} の${words.title}(${reason})を承認してください。`} onBack=${() => setStep("reason")} onApprove=${(approval) => send(reason, approval)} />`}
  </main>`;
}
