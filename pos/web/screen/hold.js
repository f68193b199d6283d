// Putting a basket aside for a citizen who fetches something, and taking it back. Enter holds at once; a mark that tells
// the citizens apart may be chosen or typed before.
import { html, useState } from "./lib/view.js";
import { Button, Empty, Key, Money } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { Reasons } from "./reasons.js";
import { Step } from "./step.js";
import { clockTime } from "./text.js";
import { KEYS } from "./keys.js";

const marks = ["書類を取りに", "申請書を書き直し", "お金を取りに", "お連れ様を待つ"];
const LABEL_MAX = 30;

export function HoldStep() {
  const { till, state, ui, isIdle } = useTill();
  const [label, setLabel] = useState("");
  const { basket } = state;
  const hold = async () => {
    const answer = isIdle ? await till.hold(label.trim() || null) : { ok: false };
    if (answer.ok) {
      ui.setStep(null);
    }
    return answer;
  };
  const holdWithSlip = async () => {
    const answer = await hold();
    if (answer.ok) {
      await till.printPaper("hold", answer.data.held[answer.data.held.length - 1].hold); // the newest stands last
    }
  };
  const bindings = { Enter: hold, Escape: () => ui.setStep(null), [KEYS.hold]: hold, [KEYS.holdSlip]: holdWithSlip }; // the same key twice is the whole way
  marks.forEach((mark, index) => {
    bindings[String(index + 1)] = () => setLabel(mark);
  });
  useKeys(bindings, LEVEL_STEP);

  return html`<${Step}
    class="hold"
    icon="clock"
    title="保留"
    onBack=${() => ui.setStep(null)}
    footer=${html`<div class="hold-keys">
      <${Key} class="hold-slip" hint=${KEYS.holdSlip} name="保留票" note="印字して保留" disabled=${!isIdle} onPress=${holdWithSlip} />
      <${Key} kind="main" class="step-main" hint="Enter" name="保留して次のお客様へ" note=${label.trim() === "" ? "目印なし" : label.trim()} disabled=${!isIdle} onPress=${hold} />
    </div>`}
  >
    <div class="step-due"><span>${basket.count}点</span><${Money} amount=${basket.total_yen} /></div>
    <p class="step-question">目印を付けると、後で見分けられます(なくても構いません)。</p>
    <div class="hold-marks">
      ${marks.map(
        (mark, index) => html`<${Button} key=${mark} hint=${String(index + 1)} isPressed=${label === mark} onPress=${() => setLabel(mark)}>${mark}<//>`,
      )}
    </div>
    <input
      class="input"
      type="text"
      maxlength=${LABEL_MAX}
      aria-label="目印"
      placeholder="ほかの目印 (例: 3番のお客様)"
      value=${marks.includes(label) ? "" : label}
      onInput=${(event) => setLabel(event.target.value)}
      onKeyDown=${(event) => event.key === "Enter" && !event.isComposing && (event.preventDefault(), hold())}
    />
  <//>`;
}

function Held({ one, number, canRecall, canPrint, onRecall, onPrint, onDiscard, isDiscarding }) {
  return html`<li class="held">
    <div class="held-words">
      <strong class="held-label">${one.label || one.title}</strong>
      <span class="held-quiet">${one.label ? `${one.title} ` : ""}${one.count}点・${clockTime(one.at)}・${one.clerk_name}</span>
    </div>
    <${Money} class="held-amount" amount=${one.total_yen} />
    ${isDiscarding
      ? null
      : html`<${Button} kind="main" class="held-recall" data-hold=${one.hold} hint=${number <= 9 ? String(number) : undefined} disabled=${!canRecall} onPress=${onRecall}>呼び戻す<//>
          <${Button} icon="printer" label=${`${one.label || one.title} の保留票を印字する`} disabled=${!canPrint} onPress=${onPrint} />
          <${Button} icon="trash" label=${`${one.label || one.title} の保留を取りやめる`} onPress=${onDiscard} />`}
  </li>`;
}

export function HeldStep() {
  const { till, state, ui, isIdle } = useTill();
  const [discarding, setDiscarding] = useState(null);
  const canRecall = isIdle && state.basket.lines.length === 0;
  const recall = async (one) => {
    if (canRecall && (await till.recall(one.hold)).ok) {
      ui.setStep(null);
    }
  };
  const close = () => ui.setStep(null);
  const bindings = { Escape: close, [KEYS.hold]: close };
  state.held.slice(0, 9).forEach((one, index) => {
    bindings[String(index + 1)] = () => recall(one);
  });
  useKeys(bindings, LEVEL_STEP, { active: discarding === null });

  return html`<${Step} class="held-list" icon="clock" title=${`保留 ${state.held.length}件`} onBack=${close}>
    ${state.basket.lines.length > 0 ? html`<p class="step-question">会計の途中です。先に済ませるか保留すると、呼び戻せます。</p>` : null}
    ${state.held.length === 0
      ? html`<${Empty} icon="clock" title="保留はありません">会計の途中で ${KEYS.hold} を押すと、保留できます。<//>`
      : html`<ul class="helds">
          ${state.held.map(
            (one, index) => html`<${Held}
              key=${one.hold}
              one=${one}
              number=${index + 1}
              canRecall=${canRecall}
              canPrint=${isIdle}
              onPrint=${() => till.printPaper("hold", one.hold)}
              isDiscarding=${discarding === one.hold}
              onRecall=${() => recall(one)}
              onDiscard=${() => setDiscarding(one.hold)}
            />
            ${discarding === one.hold
              ? html`<li key=${`${one.hold} reason`}><${Reasons}
                  question="この保留を取りやめる理由。明細は消え、記録に残ります。"
                  reasons=${["お客様が帰られた", "申請の取下げ", "打ち直した"]}
                  confirmWord="保留を取りやめる"
                  kind="danger"
                  disabled=${!isIdle}
                  onConfirm=${async (reason) => (await till.discardHold(one.hold, reason)).ok && setDiscarding(null)}
                  onCancel=${() => setDiscarding(null)}
                /></li>`
              : null}`,
          )}
        </ul>`}
  <//>`;
}
