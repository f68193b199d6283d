// A supervisor approves one thing: name and PIN, in the place of a step, over nothing. The command that needs it is sent
// with the member `approval`; what the till says of the PIN stands here.
//
//   <${ApprovalStep} title="料金の変更" question="…" onBack=${back} onApprove=${(approval) => till.override(…, approval)} />
//
// onApprove gives the command's answer; the caller goes on when it is ok.
import { html, useState } from "./lib/view.js";
import { Button, Empty, Key } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { PinEntry, usePin } from "./pin.js";
import { Step } from "./step.js";

export function ApprovalStep({ title, question, confirmWord = "承認する", onApprove, onBack, children }) {
  const { catalog, isIdle } = useTill();
  const supervisors = (catalog?.clerks || []).filter((clerk) => clerk.role === "supervisor");
  const [chosen, setChosen] = useState(null);
  const pin = usePin();
  const supervisor = supervisors.find((one) => one.code === chosen) || (supervisors.length === 1 ? supervisors[0] : null);
  const canApprove = isIdle && supervisor !== null && pin.canTry;
  const approve = () => canApprove && pin.tried(onApprove({ clerk: supervisor.code, pin: pin.text }));

  const bindings = { Escape: onBack, Enter: approve };
  if (supervisor === null) {
    supervisors.slice(0, 9).forEach((one, index) => {
      bindings[String(index + 1)] = () => setChosen(one.code);
    });
  }
  useKeys(bindings, LEVEL_STEP);

  if (supervisors.length === 0) {
    return html`<${Step} class="approval" icon="person" title=${title} onBack=${onBack}>
      <${Empty} icon="person" title="承認できる責任者が登録されていません">財政担当に、この窓口の責任者の登録を頼んでください。<//>
    <//>`;
  }
  return html`<${Step}
    class="approval"
    icon="person"
    title=${title}
    onBack=${onBack}
    footer=${html`<${Key} kind="main" class="step-main" hint="Enter" name=${confirmWord} disabled=${!canApprove} onPress=${approve} />`}
  >
    <p class="step-question">${question}</p>
    ${children}
    ${supervisor === null
      ? html`<div class="approval-who" role="group" aria-label="承認する人">
          ${supervisors.map(
            (one, index) => html`<${Button}
              key=${one.code}
              class="approval-clerk"
              data-supervisor=${one.code}
              icon="person"
              hint=${index < 9 ? String(index + 1) : undefined}
              onPress=${() => setChosen(one.code)}
            >${one.name}<//>`,
          )}
        </div>`
      : html`<div class="approval-who is-chosen">
            <span>${supervisor.name} さんの暗証番号</span>
            ${supervisors.length > 1 ? html`<${Button} onPress=${() => setChosen(null)}>別の人<//>` : null}
          </div>
          <${PinEntry} pin=${pin} />`}
  <//>`;
}
