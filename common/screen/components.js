// What every page is made of. Components show what they are given and hold nothing but the place of the focus.
import { html, classes, useRef } from "./view.js";
import { Icon } from "./icons.js";

// Pressing with finger or mouse leaves the focus where it is: Enter goes on meaning "the next step", not "this key
// again". The Tab key still reaches every button.
const keepFocus = (event) => event.preventDefault();

export const yen = (amount) => `${amount < 0 ? "−" : ""}¥${Math.abs(amount).toLocaleString("ja-JP")}`;

export function Money({ amount, class: name, signed = false }) {
  const text = signed && amount > 0 ? `+${yen(amount)}` : yen(amount);
  return html`<span class=${classes("money", name)}>${text}</span>`;
}

// The key of the keyboard that does the same, written on the button.
export function KeyHint({ name }) {
  return name ? html`<kbd class="hint" aria-hidden="true">${name}</kbd>` : null;
}

// A disabled button keeps its place in the tab order (aria-disabled), so that the focus is not lost while a command is
// under way. `kind`: plain, main (one per view), danger, quiet.
export function Button({ kind = "plain", class: name, disabled = false, onPress, hint, icon, label, isPressed, children, ...rest }) {
  return html`<button
    type="button"
    class=${classes("button", `is-${kind}`, name)}
    aria-disabled=${disabled ? "true" : undefined}
    aria-pressed=${isPressed === undefined ? undefined : String(isPressed)}
    aria-label=${label}
    aria-keyshortcuts=${hint ? shortcut(hint) : undefined}
    onMouseDown=${keepFocus}
    onClick=${disabled ? undefined : onPress}
    ...${rest}
  >
    ${icon ? html`<${Icon} name=${icon} />` : null}
    <span class="button-text">${children}</span>
    <${KeyHint} name=${hint} />
  </button>`;
}

const shortcut = (hint) => ({ Esc: "Escape", Del: "Delete", "↑": "ArrowUp", "↓": "ArrowDown" })[hint] || hint.replace("⇧", "Shift+");

// A large key of the till: a name, and below it what it costs or means.
export function Key({ name, note, mark, class: extra, ...rest }) {
  return html`<${Button} class=${classes("key", extra)} ...${rest}>
    <span class="key-name">${name}</span>
    ${note === undefined || note === null ? null : html`<span class="key-note">${note}</span>`}
    ${mark ? html`<span class="key-mark">${mark}</span>` : null}
  <//>`;
}

export function Panel({ title, titleId, actions, class: name, children, footer, ...rest }) {
  return html`<section class=${classes("panel", name)} aria-labelledby=${titleId} ...${rest}>
    ${title === undefined
      ? null
      : html`<header class="panel-head">
          <h2 id=${titleId} class="panel-title">${title}</h2>
          <div class="panel-actions">${actions}</div>
        </header>`}
    <div class="panel-body">${children}</div>
    ${footer ? html`<footer class="panel-foot">${footer}</footer>` : null}
  </section>`;
}

const messageIcons = { info: "info", work: "clock", success: "check-circle", warning: "warning", danger: "danger" };

// One sentence about what happened, in the flow of the page: it covers nothing and does not go away by itself.
export function Message({ kind = "info", title, children, actions, onClose, class: name }) {
  return html`<div class=${classes("message", `is-${kind}`, name)}>
    <${Icon} name=${messageIcons[kind]} />
    <div class="message-text">
      ${title ? html`<strong class="message-title">${title}</strong>` : null}
      <span>${children}</span>
    </div>
    ${actions}
    ${onClose ? html`<${Button} kind="quiet" class="message-close" icon="close" label="この知らせを閉じる" onPress=${onClose} />` : null}
  </div>`;
}

// One fact about the world. `level`: well, working, warning, danger. Well is quiet: a dot and a word.
export function StatusItem({ level = "well", icon, text, label = text, detail, onPress }) {
  const loud = level === "warning" || level === "danger";
  return html`<button
    type="button"
    class=${classes("status", `is-${level}`)}
    aria-label=${detail ? `${label}。${detail}` : label}
    title=${detail}
    onMouseDown=${keepFocus}
    onClick=${onPress}
  >
    ${loud ? html`<${Icon} name=${icon || level} />` : html`<span class="status-dot" aria-hidden="true"></span>`}
    <span>${text}</span>
  </button>`;
}

// What stands where there is nothing (yet): why, and what to do.
export function Empty({ icon, title, children, actions }) {
  return html`<div class="empty">
    ${icon ? html`<${Icon} name=${icon} />` : null}
    <p class="empty-title">${title}</p>
    ${children ? html`<p class="empty-text">${children}</p>` : null}
    ${actions ? html`<div class="empty-actions">${actions}</div>` : null}
  </div>`;
}

// Waiting is said in words; the moving bar only underlines them.
export function Waiting({ children, actions }) {
  return html`<div class="waiting" role="status">
    <span class="waiting-bar" aria-hidden="true"></span>
    <p>${children}</p>
    ${actions}
  </div>`;
}

// Told to a screen reader when the text changes, and shown to nobody.
export function Announcement({ children, urgent = false }) {
  return html`<div class="unseen" role=${urgent ? "alert" : "status"} aria-live=${urgent ? "assertive" : "polite"} aria-atomic="true">
    ${children}
  </div>`;
}

// Tabs moved by the arrow keys, of which one is in the tab order.
export function Tabs({ label, tabs, selected, onSelect, panelId }) {
  const list = useRef(null);
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      const at = tabs.findIndex((tab) => tab.key === selected);
      const next = (at + step + tabs.length) % tabs.length;
      event.preventDefault();
      event.stopPropagation();
      onSelect(tabs[next].key);
      list.current.children[next].focus();
    }
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} ref=${list} onKeyDown=${move}>
    ${tabs.map(
      (tab) => html`<button
        key=${tab.key}
        type="button"
        role="tab"
        class="tab"
        aria-selected=${String(tab.key === selected)}
        aria-controls=${panelId}
        tabindex=${tab.key === selected ? 0 : -1}
        onMouseDown=${keepFocus}
        onClick=${() => onSelect(tab.key)}
      >
        ${tab.title}
      </button>`,
    )}
  </div>`;
}

// A dense list: the head stays in view, the arrow keys move the selection, the detail stands beside it.
// columns: [{key, title, align?, render(row)}].
export function Table({ label, columns, rows, rowKey, selected, onSelect, rowLevel, foot }) {
  const body = useRef(null);
  const at = Math.max(0, rows.findIndex((row) => rowKey(row) === selected));
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -rows.length, End: rows.length }[event.key];
    if (step && rows.length > 0) {
      const next = Math.min(rows.length - 1, Math.max(0, at + step));
      event.preventDefault();
      event.stopPropagation();
      onSelect(rowKey(rows[next]));
      body.current.children[next].focus();
    }
  };
  return html`<div class="table-frame">
    <table class="table" role="grid" aria-label=${label}>
      <thead>
        <tr>
          ${columns.map((column) => html`<th key=${column.key} scope="col" class=${classes(`is-${column.align || "left"}`)}>${column.title}</th>`)}
        </tr>
      </thead>
      <tbody ref=${body} onKeyDown=${move}>
        ${rows.map(
          (row, index) => html`<tr
            key=${rowKey(row)}
            class=${rowLevel ? `is-${rowLevel(row)}` : undefined}
            aria-selected=${String(rowKey(row) === selected)}
            tabindex=${index === at ? 0 : -1}
            onMouseDown=${keepFocus}
            onClick=${() => onSelect(rowKey(row))}
          >
            ${columns.map((column) => html`<td key=${column.key} class=${classes(`is-${column.align || "left"}`)}>${column.render(row)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
    ${foot}
  </div>`;
}
