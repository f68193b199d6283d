// Keys of the keyboard. A component says which keys it answers while it is shown; of several, the innermost answers.
//
//   useKeys({ F9: payCash, Escape: goBack }, LEVEL_STEP);
//
// What is typed into a text field belongs to the field, except for function keys and Escape. Enter and space on a focused
// button press that button. A handler may return false to let the next one have the key.
import { useLayoutEffect, useRef } from "./view.js";

export const LEVEL_FRAME = 0; // there in every view
export const LEVEL_VIEW = 1;
export const LEVEL_STEP = 2; // a step inside a view

const registrations = new Set();

// The name under which a key is bound. Digits are read from the place on the keyboard, so that they work while a
// Japanese input method is on; "Shift+F9" names a function key with shift.
export function keyName(event) {
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code || "");
  if (digit && !event.shiftKey) {
    return digit[1];
  }
  if (event.code === "NumpadAdd" || event.key === "+") {
    return "+";
  }
  if (event.code === "NumpadSubtract" || event.key === "-" || event.key === "−") {
    return "-";
  }
  if (event.code === "NumpadMultiply" || event.key === "*") {
    return "*";
  }
  if (event.code === "NumpadEnter") {
    return "Enter";
  }
  return /^F\d+$/.test(event.key) && event.shiftKey ? `Shift+${event.key}` : event.key;
}

const isField = (element) =>
  element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;

function belongsToElement(element, name) {
  if (/^(Shift\+)?F\d+$/.test(name) || name === "Escape") {
    return false;
  }
  if (isField(element)) {
    return true;
  }
  return (name === "Enter" || name === " ") && element instanceof Element && element.closest("button, a[href], summary") !== null;
}

function onKeyDown(event) {
  if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  const name = keyName(event);
  if (belongsToElement(event.target, name)) {
    return;
  }
  const inOrder = [...registrations].reverse().sort((a, b) => b.level - a.level);
  for (const registration of inOrder) {
    const handle = registration.bindings[name];
    // A held key repeats; only what may be repeated without harm is.
    if (handle && (!event.repeat || registration.repeats.includes(name))) {
      if (handle(event) !== false) {
        event.preventDefault();
        return;
      }
    } else if (handle) {
      event.preventDefault();
      return;
    }
  }
}

window.addEventListener("keydown", onKeyDown);

export function useKeys(bindings, level, { active = true, repeats = [] } = {}) {
  const registration = useRef(null);
  if (registration.current === null) {
    registration.current = { bindings, level, repeats };
  }
  registration.current.bindings = bindings;
  registration.current.level = level;
  useLayoutEffect(() => { // with what is drawn, not after it: a practised hand is faster than the next frame
    if (!active) {
      return undefined;
    }
    const mine = registration.current;
    registrations.add(mine);
    return () => registrations.delete(mine);
  }, [active]);
}
