// The dense list of every page: the head and the first column stay in view, columns sort, j and k move.
//
// columns: [{key, title, align?, width?, render(row), sortBy?(row), text?(row)}]; `text` is what a saved list carries.
// `marked` is a Set of row keys that a bulk command will take; leave it out where there is none.
import { html, classes, useEffect, useMemo, useRef, useState } from "./lib/view.js";
import { KeyHint } from "./lib/components.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";

const compare = (a, b) => (a === b ? 0 : a === null || a === undefined ? 1 : b === null || b === undefined ? -1 : a < b ? -1 : 1);

export function useSorted(rows, columns) {
  const [sort, setSort] = useState(null);
  const sorted = useMemo(() => {
    const column = sort && columns.find((one) => one.key === sort.key);
    if (!column) {
      return rows;
    }
    const direction = sort.isDown ? -1 : 1;
    return [...rows].sort((a, b) => direction * compare(column.sortBy(a), column.sortBy(b)));
  }, [rows, sort]);
  // Up, down, and back to the order of the server.
  const toggle = (key) => setSort(sort?.key !== key ? { key, isDown: false } : sort.isDown ? null : { key, isDown: true });
  return { sorted, sort, toggle };
}

function Head({ columns, sort, toggle, marking }) {
  return html`<thead>
    <tr>
      ${marking ? html`<th scope="col" class="register-mark">${marking}</th>` : null}
      ${columns.map((column) => {
        const direction = sort?.key === column.key ? (sort.isDown ? "descending" : "ascending") : undefined;
        return html`<th key=${column.key} scope="col" class=${classes(`is-${column.align || "left"}`, column.name && "is-name")} aria-sort=${direction}>
          ${column.sortBy
            ? html`<button type="button" class="register-sort" onMouseDown=${(event) => event.preventDefault()} onClick=${() => toggle(column.key)}>
                ${column.title}${direction ? html`<span class="register-arrow" aria-hidden="true">${sort.isDown ? "▼" : "▲"}</span>` : null}
              </button>`
            : column.title}
        </th>`;
      })}
    </tr>
  </thead>`;
}

function Row({ row, rowId, columns, isSelected, isFirst, level, marked, onMark, canMark, onSelect, testId }) {
  // A row's cells depend on the row alone: moving the selection through hundreds of rows draws none of them again.
  const cells = useMemo(
    () => columns.map((column) => html`<td key=${column.key} class=${classes(`is-${column.align || "left"}`, column.name && "is-name")}>${column.render(row)}</td>`),
    [row, columns],
  );
  return html`<tr
    class=${classes(level && `is-${level}`, marked?.has(rowId) && "is-marked")}
    data-testid=${testId}
    data-id=${rowId}
    aria-selected=${String(isSelected)}
    tabindex=${isSelected || isFirst ? 0 : -1}
    onMouseDown=${(event) => (event.target.closest("a, input, button") ? null : event.preventDefault())}
    onClick=${(event) => (event.target.closest("a, input, button") ? null : onSelect(rowId))}
  >
    ${marked
      ? html`<td class="register-mark">
          ${canMark(row)
            ? html`<input type="checkbox" tabindex="-1" aria-label="この行を選ぶ" checked=${marked.has(rowId)} onChange=${() => onMark(rowId)} />`
            : null}
        </td>`
      : null}
    ${cells}
  </tr>`;
}

export function Register({ label, columns, rows, rowKey, selected, onSelect, onOpen, rowLevel, marked, onMark, onMarkAll, canMark = () => true, foot, testId, isBusy, hasKeys = true, hints }) {
  const { sorted, sort, toggle } = useSorted(rows, columns);
  const frame = useRef(null);
  const at = sorted.findIndex((row) => rowKey(row) === selected);

  const focusRow = () => frame.current?.querySelector('tr[aria-selected="true"]')?.focus({ preventScroll: true });
  const isAfterMove = useRef(false);
  useEffect(() => {
    const element = frame.current?.querySelector('tr[aria-selected="true"]');
    element?.scrollIntoView({ block: "nearest" });
    if (isAfterMove.current) {
      isAfterMove.current = false;
      focusRow();
    }
  }, [selected, at]);

  const move = (step) => () => {
    if (sorted.length === 0) {
      return false;
    }
    const next = at < 0 ? 0 : Math.min(sorted.length - 1, Math.max(0, at + step));
    isAfterMove.current = true;
    onSelect(rowKey(sorted[next]));
    focusRow();
    return true;
  };
  const mark = () => {
    if (!marked || at < 0 || !canMark(sorted[at])) {
      return false;
    }
    onMark(selected);
    return true;
  };
  const open = () => (onOpen && at >= 0 ? onOpen(sorted[at]) : false);
  useKeys(
    { j: move(1), ArrowDown: move(1), k: move(-1), ArrowUp: move(-1), PageDown: move(12), PageUp: move(-12), Home: move(-sorted.length), End: move(sorted.length), Enter: open, x: mark, " ": mark },
    LEVEL_VIEW,
    { active: hasKeys, repeats: ["j", "k", "ArrowDown", "ArrowUp", "PageDown", "PageUp"] },
  );

  const markable = marked ? sorted.filter(canMark) : [];
  const isAllMarked = markable.length > 0 && markable.every((row) => marked.has(rowKey(row)));
  const marking = marked
    ? html`<input type="checkbox" aria-label="すべての行を選ぶ" checked=${isAllMarked} indeterminate=${!isAllMarked && marked.size > 0} disabled=${markable.length === 0} onChange=${() => onMarkAll(isAllMarked ? [] : markable.map(rowKey))} />`
    : null;
  return html`<div class="register">
    <div class=${classes("register-frame", isBusy && "is-busy")} ref=${frame} aria-busy=${String(Boolean(isBusy))}>
      <table class=${classes("table", "register-table", marked && "has-marks")} role="grid" aria-label=${label} aria-rowcount=${sorted.length}>
        <${Head} columns=${columns} sort=${sort} toggle=${toggle} marking=${marking} />
        <tbody>
          ${sorted.map(
            (row, index) => html`<${Row}
              key=${rowKey(row)}
              row=${row}
              rowId=${rowKey(row)}
              columns=${columns}
              isSelected=${rowKey(row) === selected}
              isFirst=${at < 0 && index === 0}
              level=${rowLevel?.(row)}
              marked=${marked}
              onMark=${onMark}
              canMark=${canMark}
              onSelect=${onSelect}
              testId=${testId}
            />`,
          )}
        </tbody>
      </table>
      ${foot}
    </div>
    ${hasKeys ? html`<${Hints} hints=${[["j", "k", "上下"], ...(hints || [])]} />` : null}
  </div>`;
}

// The keys that work here, in the place where they work.
function Hints({ hints }) {
  return html`<p class="register-hints" aria-hidden="true">
    ${hints.map((hint) => html`<span key=${hint.join()}>${hint.slice(0, -1).map((name) => html`<${KeyHint} name=${name} />`)} ${hint[hint.length - 1]}</span>`)}
  </p>`;
}
