// Counting the drawer by denomination, or just the sum. Used at the opening and at the close of the day.
import { html, useEffect, useState } from "./lib/view.js";
import { Button, Money, yen } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";

const DENOMINATIONS = [10000, 5000, 2000, 1000, 500, 100, 50, 10, 5, 1];
const PIECES_MAX = 9999;
const SUM_MAX = 99999999;

function readDraft(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name)) || {};
  } catch (error) {
    return {};
  }
}

// What was counted so far. It outlives a look at another view (and a reload), because a citizen may come in between.
export function useCount(name) {
  const [draft, setDraft] = useState(() => ({ cell: 0, pieces: {}, sum: null, ...readDraft(name) }));
  useEffect(() => {
    try {
      sessionStorage.setItem(name, JSON.stringify(draft));
    } catch (error) {
      // then it is counted again after a reload
    }
  }, [draft]);

  const isSum = draft.sum !== null;
  const denomination = DENOMINATIONS[draft.cell];
  const text = isSum ? draft.sum : draft.pieces[denomination] || "";
  const put = (next) => {
    if (Number(next) <= (isSum ? SUM_MAX : PIECES_MAX)) {
      setDraft(isSum ? { ...draft, sum: next } : { ...draft, pieces: { ...draft.pieces, [denomination]: next } });
    }
  };
  const counted = isSum ? Number(draft.sum) : DENOMINATIONS.reduce((sum, value) => sum + value * Number(draft.pieces[value] || 0), 0);
  return {
    isSum,
    cell: draft.cell,
    pieces: draft.pieces,
    sum: draft.sum,
    total: counted,
    isEmpty: isSum ? draft.sum === "" : Object.values(draft.pieces).every((value) => value === ""),
    isLastCell: isSum || draft.cell === DENOMINATIONS.length - 1,
    choose: (cell) => setDraft({ ...draft, cell: Math.max(0, Math.min(DENOMINATIONS.length - 1, cell)) }),
    useSum: (value) => setDraft({ ...draft, sum: value ? "" : null }),
    setSum: (value) => setDraft({ ...draft, sum: String(value) }),
    reset: () => setDraft({ cell: 0, pieces: {}, sum: null }),
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
      class=${isCurrent ? "count-cell is-current" : "count-cell"}
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
  useKeys({ Enter: enter, ArrowDown: () => count.choose(count.cell + 1), ArrowUp: () => count.choose(count.cell - 1) }, LEVEL_STEP);
  return html`<div class="count">
    <div class="count-modes" role="group" aria-label="数え方">
      <${Button} isPressed=${!count.isSum} onPress=${() => count.useSum(false)}>金種ごと<//>
      <${Button} isPressed=${count.isSum} onPress=${() => count.useSum(true)}>合計だけ<//>
      <span class="bar-space"></span>
      <${Button} kind="quiet" disabled=${count.isEmpty} onPress=${count.reset}>はじめから数える<//>
    </div>
    ${count.isSum
      ? html`<p class=${count.sum === "" ? "count-sum is-empty" : "count-sum"} aria-live="polite">${count.sum === "" ? "金額を入力してください" : yen(count.total)}</p>`
      : html`<ol class="count-cells">${DENOMINATIONS.map((value, index) => html`<${Cell} key=${value} count=${count} index=${index} />`)}</ol>`}
  </div>`;
}
