// Lines of a file that could not be read: where, why, and the line itself.
import { html } from "./lib/view.js";
import { number, times } from "./text.js";

export function Faults({ faults, count }) {
  if (!count) {
    return null;
  }
  return html`<section class="part faults" aria-label="読めない行" data-testid="faults">
    <h3 class="part-title">読めない行　${times(count)}</h3>
    <ul class="fault-list">
      ${faults.map(
        (one) => html`<li key=${`${one.line}-${one.column}`} data-testid="fault">
          <strong class="upload-place">${number(one.line)}行目　${number(one.column)}文字目</strong> ${one.message}
          ${one.raw ? html`<pre class="raw-line">${one.raw}</pre>` : null}
        </li>`,
      )}
    </ul>
    ${count > faults.length ? html`<p class="quiet">はじめの${times(faults.length)}を示しています。</p>` : null}
  </section>`;
}
