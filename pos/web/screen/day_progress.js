// Where one stands in a task of several steps: all of them in a row, the present one marked.
import { html } from "./lib/view.js";
import { Icon } from "./lib/icons.js";

export function Progress({ steps, at }) {
  return html`<ol class="progress" aria-label="手順">
    ${steps.map(
      (step, index) => html`<li key=${step} class=${index < at ? "is-done" : index === at ? "is-now" : ""} aria-current=${index === at ? "step" : undefined}>
        <span class="progress-mark">${index < at ? html`<${Icon} name="check" />` : index + 1}</span>${step}
      </li>`,
    )}
  </ol>`;
}
