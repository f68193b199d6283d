// What the last command ran into, or that it takes long: one sentence, in a place that every view has.
import { html } from "./lib/view.js";
import { Message } from "./lib/components.js";
import { useTill } from "./context.js";

export function Notice() {
  const { till, now } = useTill();
  if (now.message !== null) {
    return html`<${Message} kind=${now.message.kind} class="notice" onClose=${till.dismissMessage}>${now.message.text}<//>`;
  }
  return now.isSlow ? html`<${Message} kind="work" class="notice">レジ本体の返事を待っています…<//>` : null;
}
