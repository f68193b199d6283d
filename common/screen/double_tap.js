// A double tap presses one key, never two: when the first tap puts another key under the finger, the second is dropped.
//
// Older hands tap twice, and screens change under them: the second tap on 「会計へ」 would fall on クレジット, that on
// 「取り消す」 on 「再発行する」. The same key may be tapped as fast as one likes (quantity, digits), and so may another
// key elsewhere on the screen. Keyboards are not concerned: a press there has no place.

const TAP_AGAIN_MS = 350; // slower taps are meant; the slowest double click that systems recognise is 500
const SAME_PLACE_PX = 24; // half a key

// A key that is drawn anew with another meaning may be the same element: its words tell. Not its numbers: a key that
// counts what was tapped is still the same key.
const COUNTS = /[0-9,¥]+(点|件|枚|人|部|回)?/g;
const wordsOf = (key) => (key.getAttribute("aria-label") || key.textContent).replace(COUNTS, "").replace(/\s+/g, "");

const keyOf = (target) => target.closest("button, a, summary, label, [role=button], [role=row], [role=tab]") || target;

// Whether TAP falls where LAST fell, too soon after it, on another key. Pure.
export function isStray(last, tap) {
  return last !== null
    && tap.at - last.at < TAP_AGAIN_MS
    && Math.hypot(tap.x - last.x, tap.y - last.y) < SAME_PLACE_PX
    && (tap.key !== last.key || tap.words !== last.words);
}

export function guardDoubleTaps(page = document) {
  let last = null;
  page.addEventListener("click", (event) => {
    if (event.detail === 0) {
      return; // Enter on a key, or a label passing the click on to its field
    }
    const key = keyOf(event.target);
    const tap = { key, words: wordsOf(key), at: event.timeStamp, x: event.clientX, y: event.clientY };
    if (isStray(last, tap)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    last = tap;
  }, { capture: true });
}
