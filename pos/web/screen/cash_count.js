// Counting coins and notes by denomination: at the opening, in the day, and at the close.
import { html, useEffect, useState } from "./lib/view.js";
import { Button, Money } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";

const DENOMINATIONS = [10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1];
const PIECES_MAX = 9999;

const none = { cell: 0, pieces: {} };

// What was half counted on another business day is no start for today.
function readDraft(name, date) {
  try {
    const kept = JSON.parse(localStorage.getItem(name));
    return kept !== null && kept.date === date ? { cell: kept.cell, pieces: kept.pieces } : none;
  } catch (error) {
    return none;
  }
}

// What was counted so far. It outlives a look at another view, a reload and a restart, because a citizen may come in
// between; it is forgotten when it has been handed to the till.
export function useCount(purpose, date) {
  const name = `madoguchi.count.${purpose}`;
  const [draft, setDraft] = useState(() => readDraft(name, date));
  useEffect(() => {
    try {
      localStorage.setItem(name, JSON.stringify({ date, ...draft }));
    } catch (error) {
      // then it is counted again after a reload
    }
  }, [draft]);

  const denomination = DENOMINATIONS[draft.cell];
  const text = draft.pieces[denomination] || "";
  const put = (next) => {
    if (Number(next) <= PIECES_MAX) {
      setDraft({ ...draft, pieces: { ...draft.pieces, [denomination]: next } });
    }
  };
  return {
    cell: draft.cell,
    pieces: draft.pieces,
    total: DENOMINATIONS.reduce((sum, value) => sum + value * Number(draft.pieces[value] || 0), 0),
    counts: DENOMINATIONS.map((value) => ({ yen: value, count: Number(draft.pieces[value] || 0) })),
    isEmpty: Object.values(draft.pieces).every((value) => value === ""),
    isLastCell: draft.cell === DENOMINATIONS.length - 1,
    choose: (cell) => setDraft({ ...draft, cell: Math.max(0, Math.min(DENOMINATIONS.length - 1, cell)) }),
    reset: () => setDraft(none),
    // The till has it: the component may be gone before the next effect.
    forget: () => {
      setDraft(none);
      try {
        localStorage.removeItem(name);
      } catch (error) {
        // see above
      }
    },
    // The entry for the number pad.
    entry: {
      text,
      type: (digits) => put((text + digits).replace(/^0+(?=\d)/, "")),
      erase: () => put(text.slice(0, -1)),
      clear: () => put(""),
    },
  };
}

function Cell({ count, index }) {
  const value = DENOMINATIONS[index];
  const pieces = count.pieces[value] || "";
  const isCurrent = count.cell === index;
  return html`<li class="count-row">
    <span class="count-name">${value.toLocaleString("ja-JP")}円</span>
    <button
      type="button"
      class=${`count-cell${isCurrent ? " is-current" : ""}${pieces.length > 3 ? " is-long" : ""}`}
      aria-pressed=${String(isCurrent)}
      aria-label=${`${value}円 ${pieces || 0}枚`}
      data-denomination=${value}
      onMouseDown=${(event) => event.preventDefault()}
      onClick=${() => count.choose(index)}
    >
      ${pieces === "" ? "0" : pieces}<small>枚</small>
    </button>
    <${Money} class="count-amount" amount=${value * Number(pieces || 0)} />
  </li>`;
}

export function CashCount({ count, onDone }) {
  const enter = () => (count.isLastCell ? onDone() : count.choose(count.cell + 1));
  useKeys({ Enter: enter, ArrowDown: () => count.choose(count.cell + 1), ArrowUp: () => count.choose(count.cell - 1) }, LEVEL_STEP, { repeats: ["ArrowDown", "ArrowUp"] });
  return html`<div class="count">
    <ol class="count-cells">${DENOMINATIONS.map((value, index) => html`<${Cell} key=${value} count=${count} index=${index} />`)}</ol>
    <div class="count-foot">
      <span class="count-hint">枚数を入力し、Enter で次へ。</span>
      <${Button} kind="quiet" disabled=${count.isEmpty} onPress=${count.reset}>はじめから数える<//>
    </div>
  </div>`;
}
