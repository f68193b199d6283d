// What a line costs less, or nothing: reductions (減免) with who granted them, and issuing for nothing (公用, 法定免除 …)
// with the reason, for one line or for the whole basket. One touch does it; reason and granter are what is recorded. From
// here a supervisor also puts another price.
import { html, useEffect, useState } from "./lib/view.js";
import { Button, Empty } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { chosenLine } from "./stage.js";
import { Step } from "./step.js";
import { KEYS, written } from "./keys.js";

// The reductions there are for the line's item; none for a line that a tariff priced: there they belong to the case.
function useReductions(till, line) {
  const [reductions, setReductions] = useState([]);
  useEffect(() => {
    let isCurrent = true;
    if (line.pricing === null) {
      till.questions(line.item).then((answer) => isCurrent && answer.ok && setReductions(answer.data.reductions));
    }
    return () => {
      isCurrent = false;
    };
  }, [line.item]);
  return reductions;
}

// Everything that can be chosen, in the order of the number keys.
function choicesOf(reductions, exemptions) {
  const reduced = reductions.flatMap((rule) => rule.granters.map((granter) => ({ kind: "reduction", rule, word: granter, key: `${rule.code} ${granter}` })));
  const free = exemptions.flatMap((rule) => rule.reasons.map((reason) => ({ kind: "exemption", rule, word: reason, key: `${rule.code} ${reason}` })));
  return [...reduced, ...free];
}

const isCurrentOf = (line) => (choice) =>
  choice.kind === "reduction"
    ? line.reduction?.rule === choice.rule.code && line.reduction.granter === choice.word
    : line.exemption?.rule === choice.rule.code && line.exemption.reason === choice.word;

function Choices({ title, choices, all, isCurrent, disabled, onChoose }) {
  return html`<section class="exemption-rule">
    <h3>${title}</h3>
    <div class="exemption-reasons">
      ${choices.map((choice) => {
        const number = all.indexOf(choice) + 1;
        return html`<${Button} key=${choice.key} isPressed=${isCurrent(choice)} hint=${number <= 9 ? String(number) : undefined} disabled=${disabled} onPress=${() => onChoose(choice)}>
          ${choice.word}
        <//>`;
      })}
    </div>
  </section>`;
}

export function ExemptionStep() {
  const { till, state, catalog, ui, isIdle } = useTill();
  const { basket } = state;
  const line = chosenLine(basket, ui.line);
  const [isForAll, setForAll] = useState(false);
  const reductions = useReductions(till, line);
  const lines = isForAll ? basket.lines : [line];
  const choices = choicesOf(isForAll ? [] : reductions, catalog?.exemptions || []);
  const rules = [...new Map(choices.map((choice) => [choice.rule, choice.kind])).entries()];
  const isCurrent = isForAll ? () => false : isCurrentOf(line);

  const close = () => ui.setStep(null);
  const apply = async (asking) => {
    if (isIdle && (await Promise.all(lines.map(asking))).every((answer) => answer.ok)) {
      close();
    }
  };
  const choose = (choice) =>
    apply((one) => (choice.kind === "reduction" ? till.reduce(one.line, choice.rule.code, choice.word) : till.exempt(one.line, choice.rule.code, choice.word)));
  const takeBack = () => apply((one) => (one.exemption ? till.exempt(one.line, null, null) : till.reduce(one.line, null, null)));
  const canTakeBack = lines.some((one) => one.exemption || (one.reduction && one.pricing === null));
  const canOverride = !isForAll && line.can_override;
  const bindings = { Escape: close };
  choices.slice(0, 9).forEach((choice, index) => {
    bindings[String(index + 1)] = () => choose(choice);
  });
  if (canTakeBack) {
    bindings["0"] = takeBack;
  }
  if (canOverride) {
    bindings[KEYS.override] = () => ui.setStep("override");
  }
  useKeys(bindings, LEVEL_STEP);

  return html`<${Step} class="exemption" title="減免・公用" onBack=${close}>
    <div class="exemption-scope" role="group" aria-label="対象">
      <${Button} isPressed=${!isForAll} onPress=${() => setForAll(false)}>${line.name}${line.quantity > 1 ? ` ×${line.quantity}` : ""}<//>
      ${basket.lines.length > 1 ? html`<${Button} isPressed=${isForAll} onPress=${() => setForAll(true)}>全部の行<//>` : null}
    </div>
    ${line.pricing !== null && !isForAll ? html`<p class="step-question">料金の減免は「内容を直す」で選びます。</p>` : null}
    ${choices.length === 0 ? html`<${Empty} title="この窓口で使える減免はありません" />` : null}
    ${rules.map(
      ([rule, kind]) => html`<${Choices}
        key=${`${kind} ${rule.code}`}
        title=${kind === "reduction" ? `減免: ${rule.name}` : `${rule.name} (0円)`}
        choices=${choices.filter((choice) => choice.rule === rule)}
        all=${choices}
        isCurrent=${isCurrent}
        disabled=${!isIdle}
        onChoose=${choose}
      />`,
    )}
    <div class="exemption-other">
      ${canTakeBack ? html`<${Button} class="exemption-undo" hint="0" disabled=${!isIdle} onPress=${takeBack}>やめて料金を戻す<//>` : null}
      ${canOverride ? html`<${Button} class="exemption-override" hint=${written(KEYS.override)} disabled=${!isIdle} onPress=${() => ui.setStep("override")}>料金を変える<//>` : null}
    </div>
  <//>`;
}
