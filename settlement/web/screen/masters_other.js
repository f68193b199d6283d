// Members that the schema leaves to the tariff engine: shown as JSON, checked while typing, tried beside it.
import { html, useEffect, useState } from "./lib/view.js";
import { Button } from "./lib/components.js";
import { TariffTrial } from "./masters_trial.js";

export const otherMembers = (kind, row) => Object.fromEntries(Object.entries(row).filter(([key]) => !kind.fields.some((field) => field.key === key)));

const pretty = (value) => JSON.stringify(value, null, 2);

export function OtherMembers({ kind, row, others, remarks, isReadOnly, draftId, onChange }) {
  const [text, setText] = useState(pretty(others));
  const [fault, setFault] = useState(null);
  const [isTrying, setTrying] = useState(false);
  const mine = remarks.filter((remark) => remark.member !== "" && !kind.fields.some((field) => remark.member === field.key));
  // The row was replaced (saved, undone): show what it has now.
  useEffect(() => {
    let typed = null;
    try {
      typed = JSON.parse(text);
    } catch (error) {
      typed = null;
    }
    if (JSON.stringify(typed) !== JSON.stringify(others) && fault === null) {
      setText(pretty(others));
    }
  }, [others]);
  const change = (next) => {
    setText(next);
    try {
      const value = JSON.parse(next);
      if (value === null || typeof value !== "object" || Array.isArray(value)) {
        throw new Error("{ で始まる内容にしてください。");
      }
      setFault(null);
      onChange((before) => ({ ...Object.fromEntries(Object.entries(before).filter(([key]) => kind.fields.some((field) => field.key === key))), ...value }));
    } catch (error) {
      setFault(`まだ読めません: ${error.message}`);
    }
  };
  return html`<section class="part" aria-label="料金の内容">
    <h3 class="part-title">料金の内容</h3>
    ${isReadOnly
      ? html`<pre class="raw-line">${text}</pre>`
      : html`<textarea class="input masters-json" data-testid="tariff-json" aria-label="料金の内容" aria-invalid=${fault ? "true" : undefined} spellcheck=${false} rows=${Math.min(26, Math.max(6, text.split("\n").length))} value=${text} onInput=${(event) => change(event.target.value)}></textarea>`}
    ${fault ? html`<span class="masters-remark is-danger" role="alert">${fault}</span>` : null}
    <span class="masters-remarks">${mine.map((remark) => html`<span key=${remark.member + remark.message} class=${`masters-remark is-${remark.is_warning ? "warning" : "danger"}`}><code>${remark.member}</code> ${remark.message}</span>`)}</span>
    ${isTrying
      ? html`<${TariffTrial} row=${row} draftId=${draftId} />`
      : html`<p class="part-actions"><${Button} icon="cash" data-testid="tariff-try" disabled=${fault !== null} onPress=${() => setTrying(true)}>この料金で試算する<//></p>`}
  </section>`;
}
