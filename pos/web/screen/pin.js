// A PIN being typed: dots, what was wrong, how long to wait. Used for signing in, for approvals and for the lock.
import { html, useEffect, useState } from "./lib/view.js";
import { Message } from "./lib/components.js";
import { NumberPad, useEntry } from "./lib/number_pad.js";
import { LEVEL_STEP } from "./lib/keyboard.js";

const WAIT_SECONDS = 30; // the till refuses for so long after five wrong PINs
const DIGITS_MAX = 12;

function useCountdown() {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const timer = left > 0 ? setTimeout(() => setLeft(left - 1), 1000) : null;
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
}

// A PIN is text: leading zeros count.
export function usePin() {
  const entry = useEntry();
  const [text, setText] = useState("");
  const [fault, setFault] = useState(null);
  const [wait, setWait] = useCountdown();
  return {
    ...entry,
    text,
    fault,
    wait,
    canTry: wait === 0 && text !== "",
    type: (digits) => {
      setFault(null);
      setText((before) => (before + digits).slice(0, DIGITS_MAX));
    },
    erase: () => setText((before) => before.slice(0, -1)),
    clear: () => setText(""),
    // The command that carried the PIN is under way; what it says is shown here. Gives its answer.
    tried: async (asking) => {
      setText("");
      const answer = await asking;
      if (!answer.ok) {
        setFault(answer.code === "wrong_pin" ? "暗証番号が違います。もう一度入力してください。" : answer.message);
        setWait(answer.code === "wait" ? WAIT_SECONDS : 0);
      }
      return answer;
    },
  };
}

function Dots({ text, disabled }) {
  return html`<p class="pin-dots" aria-label=${`${text.length}桁入力済み`} aria-live="polite">
    ${text === "" ? html`<span class="pin-none">${disabled ? "お名前を選んでください" : "数字を押してください"}</span>` : "●".repeat(text.length)}
  </p>`;
}

// What was wrong stands in the place of the dots until the next digit.
export function PinEntry({ pin, level = LEVEL_STEP, disabled = false }) {
  return html`${pin.wait > 0
      ? html`<${Message} kind="warning">続けて間違えたため、${pin.wait}秒お待ちください。<//>`
      : pin.fault
        ? html`<${Message} kind="danger"><span role="alert">${pin.fault}</span><//>`
        : html`<${Dots} text=${pin.text} disabled=${disabled} />`}
    <${NumberPad} entry=${pin} secret=${true} level=${level} disabled=${disabled} />`;
}
