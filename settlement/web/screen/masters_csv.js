// One kind as a CSV file, out and in.
import { html } from "./lib/view.js";

export function CsvPanel() {
  return html`<section class="panel"></section>`;
}
