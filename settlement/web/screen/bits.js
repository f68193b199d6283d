// Small parts of the pages: tags, figures that open their evidence, filters, and what stands where nothing is (yet).
import { html, classes, useRef, useState } from "./lib/view.js";
import { Button, Empty, Message, Money, Waiting } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";
import { saveList } from "./save_list.js";
import { clockTime, times } from "./text.js";

export const Tag = ({ level, icon, children }) => html`<span class=${classes("tag", level && `is-${level}`)}>${icon ? html`<${Icon} name=${icon} />` : null}${children}</span>`;

// How loud the state of a thing is, by its code.
const levels = {
  overdue: "danger", differs: "danger", short: "danger", late: "danger", quarantined: "danger", revoked: "danger", unknown: "danger",
  disproved: "danger", requested: "warning", paid: "success",
  open: "warning", awaiting_second: "warning", in_doubt: "warning", over: "warning", proposed: "warning", held: "warning",
  matched: "success", credited: "success", resolved: "success", cleared: "success", approved: "success", exported: "success", active: "success",
};
export const StateTag = ({ state, name }) => html`<${Tag} level=${levels[state]}>${name}<//>`;

export const MoneyCell = ({ amount }) => (amount === null || amount === undefined ? "" : html`<${Money} amount=${amount} />`);

// A figure and what it counts; pressing it shows what it was counted from.
export function Figure({ title, count, amount, href, level, note, testId }) {
  return html`<a class=${classes("figure", level && `is-${level}`)} href=${href} data-testid=${testId}>
    <span class="figure-title">${level ? html`<${Icon} name=${level} />` : null}${title}</span>
    <span class="figure-count">${count}</span>
    <span class="figure-amount">${amount === undefined ? "" : html`<${Money} amount=${amount} />`}</span>
    ${note ? html`<span class="figure-note">${note}</span>` : null}
  </a>`;
}

export function Select({ label, value, options, onChange, id }) {
  return html`<label class="filter">
    <span class="filter-label">${label}</span>
    <select class="input filter-input" id=${id} value=${value} onChange=${(event) => onChange(event.target.value)}>
      ${options.map(([key, title]) => html`<option key=${key} value=${key} selected=${key === value}>${title}</option>`)}
    </select>
  </label>`;
}

export function DateField({ label, value, onChange, max }) {
  return html`<label class="filter">
    <span class="filter-label">${label}</span>
    <input class="input filter-input" type="date" value=${value || ""} max=${max} onChange=${(event) => onChange(event.target.value)} />
  </label>`;
}

// Conditions asked for now and then: folded away where the page is narrow, with the number of those in force.
export function MoreFilters({ count, children }) {
  const [isOpen, setOpen] = useState(count > 0);
  return html`<${Button} class="more-button" isPressed=${isOpen} onPress=${() => setOpen(!isOpen)}>ほかの条件${count > 0 ? ` ${count}` : ""}<//>
    <div class=${classes("more", isOpen && "is-open")}>${children}</div>`;
}

// The search of a list: "/" goes there from anywhere, Escape leaves it, and a second Escape empties it.
export function Search({ label, placeholder, value, onChange, hasKeys = true }) {
  const field = useRef(null);
  useKeys(
    {
      "/": () => field.current.focus(),
      Escape: () => {
        if (document.activeElement === field.current) {
          field.current.blur();
          return true;
        }
        if (value === "") {
          return false;
        }
        onChange("");
        return true;
      },
    },
    LEVEL_VIEW,
    { active: hasKeys },
  );
  const leave = (event) => (event.key === "Enter" && !event.isComposing ? field.current.blur() : null);
  return html`<div class="search">
    <${Icon} name="search" />
    <input class="input search-field" ref=${field} type="search" autocomplete="off" spellcheck=${false} aria-label=${label} placeholder=${`${placeholder}（/）`} value=${value} onInput=${(event) => onChange(event.target.value)} onKeyDown=${leave} />
  </div>`;
}

export function Chips({ label, chips, selected, onSelect }) {
  return html`<div class="chips" role="group" aria-label=${label}>
    ${chips.map(
      (chip) => html`<button
        key=${chip.key}
        type="button"
        class=${classes("chip", chip.level && `is-${chip.level}`)}
        data-testid=${chip.testId}
        aria-pressed=${String(chip.key === selected)}
        onMouseDown=${(event) => event.preventDefault()}
        onClick=${() => onSelect(chip.key)}
      >
        ${chip.title}${chip.count === undefined ? null : html`<span class="chip-count">${chip.count}</span>`}
      </button>`,
    )}
  </div>`;
}

// The states of something asked from the server, until there is something to show.
export function NotYet({ answer, what }) {
  if (answer.fault) {
    return answer.code === "not_found"
      ? html`<${Empty} icon="search" title=${`この${what}は見つかりません`}>住所が古いか、ほかの団体のものです。一覧から選び直してください。<//>`
      : html`<${Empty} icon="warning" title=${`${what}を読み込めません`} actions=${html`<${Button} onPress=${answer.reload}>もう一度読み込む<//>`}>${answer.fault}<//>`;
  }
  return html`<${Waiting}>${what}を読み込んでいます…<//>`;
}

// Above rows that could not be refreshed: they are still shown, and how old they are.
export function StaleNotice({ answer }) {
  const at = answer.at;
  return answer.fault
    ? html`<${Message} kind="warning" class="stale" actions=${html`<${Button} onPress=${answer.reload}>もう一度読み込む<//>`}>
        最新の内容を読み込めませんでした。${at ? `${clockTime(new Date(at.getTime() + 9 * 3600000).toISOString())} 時点の内容です。` : ""}
      <//>`
    : null;
}

// Below the rows: how many there are, the next ones, and the list as a file.
export function ListEnd({ list, shown, columns, name }) {
  const isPart = list.next !== null;
  return html`<div class="list-end">
    <span>${shown.length === list.rows.length ? times(shown.length) : `${times(list.rows.length)}のうち ${times(shown.length)}`}${isPart ? "（続きがあります。並べ替えと検索は読み込んだ分だけです）" : ""}</span>
    ${isPart ? html`<${Button} disabled=${list.isLoading} onPress=${list.more}>続きを読み込む<//>` : null}
    ${shown.length > 0 ? html`<${Button} kind="quiet" onPress=${() => saveList(name, columns, shown)}>表示中の一覧をCSVで保存<//>` : null}
  </div>`;
}

// A list that is empty: for good, or only because of the filter.
export function NoRows({ isFiltered, onClear, icon, title, children }) {
  return isFiltered
    ? html`<${Empty} icon="search" title="条件に当たるものはありません" actions=${html`<${Button} onPress=${onClear}>条件を消す<//>`} />`
    : html`<${Empty} icon=${icon} title=${title}>${children}<//>`;
}

// Facts in pairs, leaving out what is not known.
export function Facts({ facts }) {
  return html`<dl class="facts">
    ${facts.filter(([, value]) => value !== null && value !== undefined && value !== "").map(([name, value]) => html`<dt key=${name}>${name}</dt><dd>${value}</dd>`)}
  </dl>`;
}

export function History({ entries }) {
  return entries.length === 0
    ? null
    : html`<section class="part" aria-label="経過">
        <h3 class="part-title">経過</h3>
        <ol class="history">
          ${entries.map(
            (entry, index) => html`<li key=${index}>
              <time>${Number(entry.at.slice(5, 7))}/${Number(entry.at.slice(8, 10))} ${clockTime(entry.at)}</time>
              <span>${entry.by ? entry.by.name : "自動"}</span>
              <span><strong>${entry.what_name}</strong>${entry.reason ? `　${entry.reason}` : ""}</span>
            </li>`,
          )}
        </ol>
      </section>`;
}
