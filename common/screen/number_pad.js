// Numbers by touch or keyboard: the pad, and the entry behind it.
import { html, useState } from "./view.js";
import { Button } from "./components.js";
import { useKeys, LEVEL_STEP } from "./keyboard.js";

// An amount being typed. `text` is what was typed ("" is nothing yet, which is not the same as 0).
export function useEntry({ limit = 9999999, initial = "" } = {}) {
  const [text, setText] = useState(initial);
  const type = (digits) =>
    setText((before) => {
      const next = (before + digits).replace(/^0+(?=\d)/, "");
      return Number(next) > limit ? before : next;
    });
  return {
    text,
    value: text === "" ? null : Number(text),
    type,
    set: (value) => setText(value === null ? "" : String(Math.min(value, limit))),
    erase: () => setText((before) => before.slice(0, -1)),
    clear: () => setText(""),
  };
}

const rows = ["7", "8", "9", "4", "5", "6", "1", "2", "3"];

export function NumberPad({ entry, disabled = false, level = LEVEL_STEP, secret = false }) {
  const type = (digits) => () => entry.type(digits);
  const bindings = { Backspace: entry.erase, Delete: entry.clear };
  for (const digit of "0123456789") {
    bindings[digit] = type(digit);
  }
  useKeys(bindings, level, { active: !disabled, repeats: ["Backspace"] });
  const key = (digit) => html`<${Button} key=${digit} class="pad-key" disabled=${disabled} onPress=${type(digit)}>${digit}<//>`;
  return html`<div class="pad" role="group" aria-label="数字">
    ${rows.map(key)} ${key("0")}
    ${secret
      ? html`<${Button} class="pad-key" disabled=${disabled} label="すべて消す" onPress=${entry.clear}>C<//>`
      : key("00")}
    <${Button} class="pad-key" disabled=${disabled} icon="backspace" label="1字消す" onPress=${entry.erase} />
  </div>`;
}
