// One row under the hands of a person: its members, what is wrong with them, and what may be done with the row.
//
// What is typed stays here until it is saved or given up. When somebody else saved the row meanwhile, both are shown.
import { html, classes, useEffect, useMemo, useRef, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { call } from "./session.js";
import { setParams } from "./route.js";
import { Tag } from "./bits.js";
import { Field, shortValue } from "./masters_fields.js";
import { OtherMembers, otherMembers } from "./masters_other.js";
import { TemplateHelp } from "./masters_template.js";
import { dayText, periodText } from "./masters_data.js";

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

// What is sent: no member that says nothing.
const cleaned = (row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== undefined && value !== ""));

const about = (remarks, key) => remarks.filter((remark) => remark.member === key || remark.member.startsWith(`${key}.`) || remark.member.startsWith(`${key}[`));

function Remarks({ id, remarks }) {
  return remarks.length === 0
    ? null
    : html`<span class="masters-remarks" id=${id}>
        ${remarks.map((remark) => html`<span key=${remark.member + remark.message} class=${classes("masters-remark", remark.is_warning ? "is-warning" : "is-danger")}>${remark.message}</span>`)}
      </span>`;
}

function Member({ kind, field, value, published, remarks, onChange, isReadOnly, draftId, hasPin, names }) {
  const id = `field-${field.key}`;
  const mine = about(remarks, field.key);
  const isChanged = published !== undefined && !same(published[field.key], value);
  return html`<div class=${classes("masters-member", `is-${field.kind}`, mine.some((one) => !one.is_warning) && "is-wrong", isChanged && "is-changed")} data-member=${field.key}>
    <label class="field-label" for=${id}>${field.title}${field.is_optional || isReadOnly ? "" : html`<span class="masters-must" aria-label="必須">＊</span>`}</label>
    ${isReadOnly
      ? html`<span class="masters-value">${field.kind === "pin" ? (hasPin ? "設定済み" : "未設定") : shortValue(field, value, names) || html`<span class="none">―</span>`}</span>`
      : html`<${Field} id=${id} field=${field} value=${value} onChange=${onChange} draftId=${draftId} describedBy=${mine.length > 0 ? `${id}-remarks` : undefined} hasPin=${hasPin} kind=${kind} />`}
    ${isChanged && field.kind !== "pin" ? html`<span class="masters-was">公開中: ${shortValue(field, published[field.key], names) || "なし"}</span>` : null}
    <${Remarks} id=${`${id}-remarks`} remarks=${mine} />
  </div>`;
}

function SinceForm({ row, isBusy, onSend, onCancel }) {
  const [from, setFrom] = useState("");
  const first = useRef(null);
  useEffect(() => first.current?.focus(), []);
  useKeys({ Escape: onCancel }, LEVEL_STEP + 1);
  const send = (event) => {
    event.preventDefault();
    if (from && !isBusy) {
      onSend(from);
    }
  };
  return html`<form class="masters-since" onSubmit=${send}>
    <label class="filter"><span class="filter-label">変更する日（この日から新しい内容）</span><input class="input masters-date" type="date" data-testid="since-date" ref=${first} value=${from} min=${row.valid_from} onInput=${(event) => setFrom(event.target.value)} /></label>
    <button type="submit" class="button is-main" data-testid="since-send" aria-disabled=${!from || isBusy ? "true" : undefined}>この日から変更する</button>
    <${Button} hint="Esc" onPress=${onCancel}>やめる<//>
    <p class="detail-why">${from ? `今の行は ${dayText(from)} の前日で終わり、上に入力した内容が ${dayText(from)} から始まります。` : "今の行は前日で終わり、上に入力した内容がこの日から始まります。"}</p>
  </form>`;
}

// kind: of the schema. entry: a row of the list, or null for a new one. onSaved(row, words) after every save: the row may be
// another one (「この日から変更」), whose form then begins with the words.
export function RowForm({ kind, entry, draft, canEdit, names, like, said, onSaved, onCancel }) {
  const start = entry ? entry.row : like || {};
  const [row, setRow] = useState(start);
  const [base, setBase] = useState({ row: start, revision: entry?.revision || 0 });
  const [remarks, setRemarks] = useState([]);
  const [state, setState] = useState({ isBusy: false, fault: null, said: said || null, theirs: null });
  const [isSince, setSince] = useState(false);
  const [isRemoving, setRemoving] = useState(false);
  const place = useRef(null);
  const isDirty = !same(cleaned(row), cleaned(base.row));
  const draftId = draft?.id || null;
  const isReadOnly = !canEdit || entry?.state === "removed";
  // The row was saved elsewhere: take it over unless something was typed here.
  useEffect(() => {
    if (entry && entry.revision !== base.revision && !isDirty && !state.isBusy) {
      setRow(entry.row);
      setBase({ row: entry.row, revision: entry.revision });
    }
  }, [entry?.revision]);
  const key = entry?.key;
  useEffect(() => {
    let isOld = false;
    if (key && draftId && entry.state !== "same") {
      call("GET", `/api/masters/check?draft=${draftId}`).then((answer) => {
        if (!isOld && answer.ok) {
          setRemarks(answer.data.remarks.filter((remark) => remark.kind === kind.kind && remark.key === key));
        }
      });
    }
    return () => {
      isOld = true;
    };
  }, [key, draftId]);

  const send = async (path, body, words) => {
    setState({ isBusy: true, fault: null, said: null, theirs: null });
    const answer = await call("POST", `/api/masters/drafts/${draftId}/${path}`, { kind: kind.kind, key, revision: base.revision, ...body });
    if (answer.ok) {
      const saved = answer.data.saved;
      setRemarks(answer.data.remarks || []);
      setSince(false);
      setRemoving(false);
      if (saved) {
        setRow(saved.row);
        setBase({ row: saved.row, revision: saved.revision });
      }
      setState({ isBusy: false, fault: null, said: words, theirs: null });
      onSaved(saved, words);
    } else {
      setState({ isBusy: false, fault: answer.message, said: null, theirs: answer.code === "row_changed" ? answer.data?.saved : null });
    }
  };
  const save = () => (isReadOnly || state.isBusy || (!isDirty && entry) ? null : send("rows", { row: cleaned(row) }, "保存しました。"));
  const onKey = (event) => {
    if ((event.ctrlKey && event.key === "Enter") || (event.ctrlKey && event.key === "s")) {
      event.preventDefault();
      save();
    }
  };
  // From the list into the form, and back.
  useKeys({ e: () => place.current?.querySelector("input, select, textarea")?.focus(), Escape: () => (place.current?.contains(document.activeElement) ? (document.activeElement.blur(), true) : onCancel ? (onCancel(), true) : false) }, LEVEL_STEP);

  const change = (name) => (value) => {
    setState((before) => ({ ...before, said: null }));
    setRow((before) => ({ ...before, [name]: value }));
  };
  const others = useMemo(() => otherMembers(kind, row), [kind, row]);
  const errors = remarks.filter((remark) => !remark.is_warning).length;
  const general = remarks.filter((remark) => remark.member === "");
  const codeField = kind.fields.find((field) => field.key === kind.code);
  const title = row.name || (codeField && shortValue(codeField, row[kind.code])) || (kind.is_single ? kind.title : "新しい行");
  return html`<article class="detail masters-form" data-testid="masters-form" data-key=${key} aria-busy=${String(state.isBusy)} ref=${place} onKeyDown=${onKey}>
    <header class="detail-head">
      <div class="detail-title">
        <h2>${title}</h2>
        ${entry === null ? html`<${Tag} level="success">新規<//>` : entry.state === "same" ? null : html`<${Tag} level=${entry.state === "removed" ? "danger" : "warning"}>${{ added: "追加", changed: "変更あり", removed: "消す" }[entry.state]}<//>`}
        ${entry?.is_conflict ? html`<${Tag} level="danger" icon="warning">食い違い<//>` : null}
      </div>
      <p class="detail-line">${kind.title}${row[kind.code] ? html`<code>${row[kind.code]}</code>` : null}<span>${periodText(row.valid_from, row.valid_to)}</span>${entry?.by ? html`<span>${entry.by.name}が変更</span>` : null}</p>
    </header>
    <div class="detail-body">
      ${state.theirs
        ? html`<${Message} kind="danger" title="この行は先に変えられました">
            ${state.fault} 入力した内容は下に残っています。相手の内容: ${kind.fields.filter((field) => !same(state.theirs.row[field.key], row[field.key])).map((field) => `${field.title} ${shortValue(field, state.theirs.row[field.key], names) || "なし"}`).join("、") || "同じ"}
            <span class="detail-actions masters-choice"><${Button} data-testid="take-theirs" onPress=${() => (setRow(state.theirs.row), setBase({ row: state.theirs.row, revision: state.theirs.revision }), setState({ isBusy: false, fault: null, said: null, theirs: null }), onSaved(state.theirs))}>相手の内容にする<//><${Button} data-testid="keep-mine" onPress=${() => (setBase({ row: state.theirs.row, revision: state.theirs.revision }), setState({ isBusy: false, fault: null, said: "自分の内容で保存できます。", theirs: null }))}>自分の内容を残す<//></span>
          <//>`
        : null}
      <${Remarks} id="row-remarks" remarks=${general} />
      <div class="masters-members">
        ${kind.fields.map(
          (field) => html`<${Member} key=${field.key} kind=${kind} field=${field} value=${field.kind === "pin" ? row.pin : row[field.key]} published=${entry?.published} remarks=${remarks} onChange=${change(field.kind === "pin" ? "pin" : field.key)} isReadOnly=${isReadOnly} draftId=${draftId} hasPin=${entry?.has_pin} names=${names} />`,
        )}
      </div>
      ${kind.kind === "templates" ? html`<${TemplateHelp} form=${row.form} columns=${typeof row.columns === "number" ? row.columns : null} markup=${row.markup} isReadOnly=${isReadOnly} onMarkup=${change("markup")} />` : null}
      ${kind.has_other_members ? html`<${OtherMembers} kind=${kind} row=${row} others=${others} remarks=${remarks} isReadOnly=${isReadOnly} draftId=${draftId} onChange=${setRow} />` : null}
    </div>
    <footer class="detail-foot">
      ${state.fault && !state.theirs ? html`<${Message} kind="danger" onClose=${() => setState({ ...state, fault: null })}><span role="alert">${state.fault}</span><//>` : null}
      ${state.said && !isDirty ? html`<${Message} kind=${errors > 0 ? "warning" : "success"}>${state.said}${errors > 0 ? `ただし、直すところが${errors}か所あります。提出の前に直してください。` : ""}<//>` : null}
      ${isSince
        ? html`<${SinceForm} row=${row} isBusy=${state.isBusy} onSend=${(from) => send("rows", { row: cleaned(row), from }, `${dayText(from)} から変更する行をつくりました。`)} onCancel=${() => setSince(false)} />`
        : isRemoving
          ? html`<div class="detail-actions"><span>この行を消します。過去の売上は変わりません。</span><${Button} kind="danger" data-testid="remove-send" onPress=${() => send("rows", { row: null }, "消す行にしました。")}>消す<//><${Button} onPress=${() => setRemoving(false)}>やめる<//></div>`
          : html`<div class="detail-actions">
              ${isReadOnly
                ? null
                : html`<${Button} kind="main" data-testid="row-save" hint="Ctrl+Enter" disabled=${state.isBusy || (!isDirty && entry !== null)} onPress=${save}>${state.isBusy ? "保存しています…" : "保存する"}<//>
                    ${entry && kind.has_validity ? html`<${Button} data-testid="row-since" disabled=${state.isBusy} onPress=${() => setSince(true)}>この日から変更…<//>` : null}
                    ${isDirty ? html`<${Button} data-testid="row-undo" onPress=${() => (setRow(base.row), setState({ isBusy: false, fault: null, said: null, theirs: null }))}>入力を元に戻す<//>` : null}
                    ${entry && !kind.is_single ? html`<${Button} kind="quiet" icon="trash" data-testid="row-remove" disabled=${state.isBusy} onPress=${() => setRemoving(true)}>行を消す<//>` : null}`}
              ${canEdit && entry && entry.state !== "same" ? html`<${Button} kind="quiet" data-testid="row-revert" disabled=${state.isBusy} onPress=${() => send("revert", {}, "公開中の内容に戻しました。")}>変更をやめる<//>` : null}
              ${!canEdit ? html`<span class="detail-why">${draft ? "この変更案は今は変えられません。" : "変えるには、上で変更案を選ぶか、新しくつくってください。"}</span>` : null}
              ${onCancel ? html`<${Button} hint="Esc" onPress=${onCancel}>やめる<//>` : null}
            </div>`}
    </footer>
  </article>`;
}

export const openRow = (key) => setParams({ id: key });
