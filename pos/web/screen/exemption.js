// Issuing for nothing: the rule (公用, 法定免除 …) and the reason, for one line or for the whole basket. One touch on the
// reason does it; 0円 issues are counted, so the reason is what is recorded.
import { html, useState } from "./lib/view.js";
import { Button, Empty } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { chosenLine } from "./stage.js";
import { Step } from "./step.js";

export function ExemptionStep() {
  const { till, state, catalog, ui, isIdle } = useTill();
  const { basket } = state;
  const line = chosenLine(basket, ui.line);
  const [isForAll, setForAll] = useState(false);
  const lines = isForAll ? basket.lines : [line];
  const choices = (catalog?.exemptions || []).flatMap((rule) => rule.reasons.map((reason) => ({ rule, reason })));

  const close = () => ui.setStep(null);
  const apply = async (rule, reason) => {
    if (!isIdle) {
      return;
    }
    const answers = await Promise.all(lines.map((one) => till.exempt(one.line, rule, reason)));
    if (answers.every((answer) => answer.ok)) {
      close();
    }
  };
  const bindings = { Escape: close };
  choices.slice(0, 9).forEach(({ rule, reason }, index) => {
    bindings[String(index + 1)] = () => apply(rule.code, reason);
  });
  if (line.exemption) {
    bindings["0"] = () => apply(null, null);
  }
  useKeys(bindings, LEVEL_STEP);

  return html`<${Step} class="exemption" title="減免・公用" onBack=${close}>
    <div class="exemption-scope" role="group" aria-label="対象">
      <${Button} isPressed=${!isForAll} onPress=${() => setForAll(false)}>${line.name}${line.quantity > 1 ? ` ×${line.quantity}` : ""}<//>
      ${basket.lines.length > 1 ? html`<${Button} isPressed=${isForAll} onPress=${() => setForAll(true)}>全部の行<//>` : null}
    </div>
    <p class="step-question">理由を選ぶと 0円になり、件数に数えます。</p>
    ${choices.length === 0
      ? html`<${Empty} title="この窓口で使える減免はありません" />`
      : (catalog.exemptions || []).map(
          (rule) => html`<section key=${rule.code} class="exemption-rule">
            <h3>${rule.name}</h3>
            <div class="exemption-reasons">
              ${rule.reasons.map((reason) => {
                const number = choices.findIndex((choice) => choice.rule === rule && choice.reason === reason) + 1;
                const isCurrent = !isForAll && line.exemption?.rule === rule.code && line.exemption.reason === reason;
                return html`<${Button} key=${reason} isPressed=${isCurrent} hint=${number <= 9 ? String(number) : undefined} disabled=${!isIdle} onPress=${() => apply(rule.code, reason)}>
                  ${reason}
                <//>`;
              })}
            </div>
          </section>`,
        )}
    ${lines.some((one) => one.exemption)
      ? html`<${Button} class="exemption-undo" hint=${line.exemption ? "0" : undefined} disabled=${!isIdle} onPress=${() => apply(null, null)}>減免をやめて料金を戻す<//>`
      : null}
  <//>`;
}
