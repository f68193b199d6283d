// One member of a row as an input. What cannot be read as a number or a list stays as it was typed: the server says what is
// wrong with it, at this field, and nothing is lost.
import { html, useRef, useState } from "./lib/view.js";
import { Button } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useNames } from "./masters_data.js";

const LONG_TEXT = 400;
const wholeNumber = (text) => (/^\s*-?\d[\d,]*\s*$/.test(text) ? Number(text.replaceAll(",", "")) : text);
const lines = (text) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

function TextField({ id, field, value, onChange, describedBy }) {
  return field.maximum > LONG_TEXT
    ? html`<textarea class="input masters-long" id=${id} aria-describedby=${describedBy} spellcheck=${false} rows=${field.key === "note" ? 2 : 4} value=${value ?? ""} onInput=${(event) => onChange(event.target.value)}></textarea>`
    : html`<input class="input" id=${id} aria-describedby=${describedBy} autocomplete="off" spellcheck=${false} value=${value ?? ""} onInput=${(event) => onChange(event.target.value)} />`;
}

function NumberField({ id, value, onChange, describedBy, isYen }) {
  return html`<span class="masters-number"
    ><input class="input" id=${id} aria-describedby=${describedBy} inputmode="numeric" autocomplete="off" value=${value ?? ""} onInput=${(event) => onChange(event.target.value.trim() === "" ? null : wholeNumber(event.target.value))} />${isYen ? "円" : ""}</span
  >`;
}

// Members that are lists of texts or numbers: one to a line.
function LinesField({ id, value, onChange, describedBy, isNumber }) {
  const [text, setText] = useState((value || []).join("\n"));
  const change = (event) => {
    setText(event.target.value);
    onChange(lines(event.target.value).map((line) => (isNumber ? wholeNumber(line) : line)));
  };
  return html`<textarea class="input masters-lines" id=${id} aria-describedby=${describedBy} spellcheck=${false} rows=${Math.min(8, Math.max(2, text.split("\n").length))} placeholder="1行に一つ" value=${text} onInput=${change}></textarea>`;
}

function WordField({ id, field, value, onChange, describedBy }) {
  const known = field.words.some((word) => word.word === value);
  return html`<select class="input" id=${id} aria-describedby=${describedBy} value=${value ?? ""} onChange=${(event) => onChange(event.target.value || null)}>
    ${field.is_optional || !known ? html`<option value=${known || !value ? "" : value}>${value && !known ? value : "（選んでください）"}</option>` : null}
    ${field.words.map((word) => html`<option key=${word.word} value=${word.word} selected=${word.word === value}>${word.name}</option>`)}
  </select>`;
}

function WordsField({ id, field, value, onChange }) {
  const list = value || [];
  const toggle = (word) => onChange(field.words.map((one) => one.word).filter((one) => (one === word ? !list.includes(one) : list.includes(one))));
  return html`<span class="masters-checks" id=${id} role="group">
    ${field.words.map((word) => html`<label class="check" key=${word.word}><input type="checkbox" checked=${list.includes(word.word)} onChange=${() => toggle(word.word)} />${word.name}</label>`)}
  </span>`;
}

// A code of another table, typed or chosen; its name stands beside it.
export function CodeField({ id, refersTo, draftId, value, onChange, describedBy, placeholder = "コード" }) {
  const names = useNames(refersTo, draftId);
  const name = names?.find((row) => row.code === value)?.name;
  return html`<span class="masters-code">
    <input class="input" id=${id} aria-describedby=${describedBy} list=${`${id}-names`} autocomplete="off" spellcheck=${false} placeholder=${placeholder} value=${value ?? ""} onInput=${(event) => onChange(event.target.value.trim() || null)} />
    <datalist id=${`${id}-names`}>${(names || []).map((row) => html`<option key=${row.code} value=${row.code}>${row.name}</option>`)}</datalist>
    <span class="masters-code-name">${name || ""}</span>
  </span>`;
}

function CodesField({ id, field, draftId, value, onChange }) {
  const names = useNames(field.refers_to, draftId);
  const [next, setNext] = useState(null);
  const entry = useRef(null);
  const list = value || [];
  const nameOf = (code) => names?.find((row) => row.code === code)?.name || code;
  const add = () => {
    if (next && !list.includes(next)) {
      onChange([...list, next]);
    }
    setNext(null);
    entry.current?.querySelector("input")?.focus();
  };
  const onKey = (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      add();
    }
  };
  return html`<div class="masters-codes">
    ${list.length > 0
      ? html`<ul class="masters-chips">
          ${list.map(
            (code) => html`<li key=${code}>${nameOf(code)}<button type="button" class="masters-chip-drop" aria-label=${`${nameOf(code)}を外す`} onClick=${() => onChange(list.filter((one) => one !== code))}><${Icon} name="close" /></button></li>`,
          )}
        </ul>`
      : html`<span class="quiet">${value ? "なし" : field.is_optional ? "限定しない" : "なし"}</span>`}
    <span class="masters-add" ref=${entry} onKeyDown=${onKey}>
      <${CodeField} id=${id} refersTo=${field.refers_to} draftId=${draftId} value=${next} onChange=${setNext} placeholder="加えるコード" />
      <${Button} disabled=${!next} onPress=${add}>加える<//>
      ${field.is_optional && value ? html`<${Button} kind="quiet" onPress=${() => onChange(null)}>限定しない<//>` : null}
    </span>
  </div>`;
}

function CodeNameField({ id, value, onChange, describedBy }) {
  const change = (changes) => {
    const next = { ...value, ...changes };
    onChange(next.code || next.name ? next : null);
  };
  return html`<span class="masters-pair">
    <input class="input" id=${id} aria-label="コード" aria-describedby=${describedBy} autocomplete="off" placeholder="コード" value=${value?.code ?? ""} onInput=${(event) => change({ code: event.target.value })} />
    <input class="input" aria-label="名称" aria-describedby=${describedBy} autocomplete="off" placeholder="名称" value=${value?.name ?? ""} onInput=${(event) => change({ name: event.target.value })} />
  </span>`;
}

// A small table inside a row (減免の割合).
function RowsField({ id, field, value, onChange }) {
  const rows = value || [];
  const put = (index, key, text) => {
    const cell = text.trim() === "" ? undefined : field.fields.find((one) => one.key === key).kind === "integer" ? wholeNumber(text) : text.trim();
    onChange(rows.map((row, at) => (at === index ? Object.fromEntries(Object.entries({ ...row, [key]: cell }).filter(([, one]) => one !== undefined)) : row)));
  };
  return html`<div class="masters-inner">
    <table>
      <thead><tr>${field.fields.map((one) => html`<th key=${one.key} scope="col">${one.title}</th>`)}<th></th></tr></thead>
      <tbody>
        ${rows.map(
          (row, index) => html`<tr key=${index}>
            ${field.fields.map((one) => html`<td key=${one.key}><input class="input" id=${index === 0 && one === field.fields[0] ? id : undefined} aria-label=${`${one.title} ${index + 1}`} value=${row[one.key] ?? ""} onInput=${(event) => put(index, one.key, event.target.value)} /></td>`)}
            <td><${Button} kind="quiet" icon="close" label=${`${index + 1}行目を消す`} onPress=${() => onChange(rows.filter((_, at) => at !== index))} /></td>
          </tr>`,
        )}
      </tbody>
    </table>
    <${Button} icon="plus" onPress=${() => onChange([...rows, {}])}>行を加える<//>
  </div>`;
}

function PinField({ id, value, onChange, describedBy, hasPin }) {
  return html`<span class="masters-number">
    <input class="input" id=${id} aria-describedby=${describedBy} type="password" inputmode="numeric" autocomplete="new-password" placeholder=${hasPin ? "設定済み（変えるなら入力）" : "4〜12桁の数字"} value=${value ?? ""} onInput=${(event) => onChange(event.target.value)} />
  </span>`;
}

export function Field({ id, field, value, onChange, draftId, describedBy, hasPin }) {
  const common = { id, field, value, onChange, describedBy };
  switch (field.kind) {
    case "integer":
      return html`<${NumberField} ...${common} isYen=${field.is_yen} />`;
    case "boolean":
      return html`<label class="check"><input type="checkbox" id=${id} checked=${value === true} onChange=${(event) => onChange(event.target.checked)} />${field.title}</label>`;
    case "date":
      return html`<input class="input masters-date" type="date" id=${id} aria-describedby=${describedBy} value=${value ?? ""} onInput=${(event) => onChange(event.target.value || null)} />`;
    case "word":
      return html`<${WordField} ...${common} />`;
    case "words":
      return html`<${WordsField} ...${common} />`;
    case "texts":
      return html`<${LinesField} ...${common} />`;
    case "integers":
      return html`<${LinesField} ...${common} isNumber=${true} />`;
    case "reference":
      return html`<${CodeField} ...${common} refersTo=${field.refers_to} draftId=${draftId} />`;
    case "references":
      return html`<${CodesField} ...${common} draftId=${draftId} />`;
    case "code_name":
      return html`<${CodeNameField} ...${common} />`;
    case "rows":
      return html`<${RowsField} ...${common} />`;
    case "pin":
      return html`<${PinField} ...${common} hasPin=${hasPin} />`;
    default:
      return html`<${TextField} ...${common} />`;
  }
}

// A member's value in short, for lists.
export function shortValue(field, value, names) {
  if (value === null || value === undefined || value === "") {
    return "";
  }
  switch (field.kind) {
    case "boolean":
      return value ? "✓" : "";
    case "word":
      return field.words.find((word) => word.word === value)?.name || value;
    case "words":
      return value.map((one) => field.words.find((word) => word.word === one)?.name || one).join("、");
    case "reference":
      return names?.get(field.refers_to)?.get(value) || value;
    case "references":
      return value.length <= 2 ? value.map((code) => names?.get(field.refers_to)?.get(code) || code).join("、") : `${value.length}件`;
    case "texts":
    case "integers":
      return value.join("、");
    case "code_name":
      return `${value.code} ${value.name}`;
    case "rows":
      return `${value.length}件`;
    case "integer":
      return field.is_yen && typeof value === "number" ? `${value.toLocaleString("ja-JP")}円` : String(value);
    default:
      return String(value);
  }
}
