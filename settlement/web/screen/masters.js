// マスタ: the rows of one kind on the left, one row on the right. Edited in a draft, looked at in what is published.
import { html, useEffect, useMemo, useState } from "./lib/view.js";
import { Button, Empty } from "./lib/components.js";
import { useRows } from "./data.js";
import { useMe } from "./session.js";
import { setParams, usePinned } from "./route.js";
import { DateField, NoRows, NotYet, Search, Select, StaleNotice, Tag } from "./bits.js";
import { Register } from "./register.js";
import { DraftBar } from "./masters_draft_bar.js";
import { RowForm } from "./masters_form.js";
import { CsvPanel } from "./masters_csv.js";
import { shortValue } from "./masters_fields.js";
import { dayText, useMasters, useNameMaps, useNames } from "./masters_data.js";
import { times } from "./text.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";

// The kinds as people look for them, not as the document has them.
const groups = [
  ["売るもの", ["items", "tariffs", "reductions", "exemptions", "policies", "scan_rules"]],
  ["窓口と施設", ["facilities", "places", "drawers", "clerks", "templates", "settings"]],
  ["歳入と決済", ["brands", "trustees", "terms", "bank_holidays", "transfer_accounts", "accounts", "sections", "issuers"]],
];

const SEARCH_AFTER_MS = 200;
const COLUMNS_MAX = 6;
const states = { added: ["追加", "success"], changed: ["変更", "warning"], removed: ["消す", "danger"] };
const periods = { past: "終了", future: "これから" };
const notInList = ["kana", "name_en", "name_zh", "name_ko", "note", "sample", "valid_from", "valid_to", "markup", "receipt_note", "favourite", "pin_hash"];

function columnsOf(kind, names) {
  const code = kind.code;
  const shown = kind.fields.filter((field) => ![code, "name", ...notInList].includes(field.key)).slice(0, COLUMNS_MAX);
  const value = (field) => (entry) => shortValue(field, entry.row[field.key], names);
  return [
    {
      key: "name",
      name: true,
      title: kind.fields.some((field) => field.key === "name") ? "名称" : "",
      sortBy: (entry) => entry.row.name || entry.row[code],
      text: (entry) => entry.row.name || entry.row[code] || kind.title,
      render: (entry) => html`<span class="masters-name"><strong>${entry.row.name || shortValue(kind.fields.find((field) => field.key === code) || { kind: "text" }, entry.row[code]) || kind.title}</strong>${entry.row.name ? html`<code>${entry.row[code]}</code>` : null}</span>`,
    },
    {
      key: "state",
      title: "状態",
      sortBy: (entry) => entry.state,
      text: (entry) => states[entry.state]?.[0] || "",
      render: (entry) => html`<span class="tags">${entry.is_conflict ? html`<${Tag} level="danger" icon="warning">食い違い<//>` : null}${states[entry.state] ? html`<${Tag} level=${states[entry.state][1]}>${states[entry.state][0]}<//>` : null}${periods[entry.period] ? html`<${Tag}>${periods[entry.period]}<//>` : null}</span>`,
    },
    ...(kind.has_validity
      ? [{ key: "period", title: "期間", sortBy: (entry) => entry.row.valid_from, text: (entry) => `${entry.row.valid_from} 〜 ${entry.row.valid_to || ""}`, render: (entry) => html`<span class="nowrap">${dayText(entry.row.valid_from)}〜${dayText(entry.row.valid_to)}</span>` }]
      : []),
    ...shown.map((field) => ({ key: field.key, title: field.title, align: field.kind === "integer" ? "right" : "left", sortBy: (entry) => entry.row[field.key], text: value(field), render: (entry) => html`<span class="masters-cell">${value(field)(entry)}</span>` })),
  ];
}

function KindMenu({ kinds, selected }) {
  return html`<nav class="panel masters-kinds" aria-label="マスタの種類">
    ${groups.map(
      ([title, names]) => html`<div key=${title}>
        <h2>${title}</h2>
        ${names.filter((name) => kinds.has(name)).map((name) => html`<button key=${name} type="button" class="masters-kind" data-testid=${`kind-${name}`} aria-current=${name === selected ? "true" : undefined} onClick=${() => setParams({ kind: name, id: "", search: "", facility: "", category: "", state: "" })}>${kinds.get(name).title}</button>`)}
      </div>`,
    )}
  </nav>`;
}

function useLateSearch(initial) {
  const [typed, setTyped] = useState(initial || "");
  const [asked, setAsked] = useState(initial || "");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(typed), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped, asked];
}

function Filters({ masters, kind, params, typed, setTyped, onNew, onCsv, isCsv }) {
  const me = useMe();
  const categories = useNames(kind.kind === "items" ? "items" : null, masters.draftId, "category");
  const facilities = useNames(kind.fields.some((field) => field.key === "facility") ? "facilities" : null, masters.draftId);
  const canEdit = me.rights.includes("edit_masters") && masters.draft?.state === "editing";
  return html`<div class="filter-row">
    <${Search} label=${`${kind.title}を探す`} placeholder="名称・コード・よみ" value=${typed} onChange=${setTyped} />
    ${kind.has_validity ? html`<${DateField} label="この日に有効なもの" value=${params.date} onChange=${(date) => setParams({ date, id: "" })} />` : null}
    ${categories ? html`<${Select} label="分類" value=${params.category || ""} options=${[["", "すべて"], ...categories.map((row) => [row.code, row.code])]} onChange=${(category) => setParams({ category, id: "" })} />` : null}
    ${facilities?.length > 0 ? html`<${Select} label="施設" value=${params.facility || ""} options=${[["", "すべて"], ...facilities.map((row) => [row.code, row.name])]} onChange=${(facility) => setParams({ facility, id: "" })} />` : null}
    ${masters.draft ? html`<label class="check"><input type="checkbox" checked=${params.state === "touched"} onChange=${() => setParams({ state: params.state === "touched" ? "" : "touched", id: "" })} />変更だけ</label>` : null}
    <span class="space"></span>
    ${canEdit && !kind.is_single ? html`<${Button} icon="plus" hint="n" data-testid="row-new" onPress=${onNew}>${kind.title}を加える<//>` : null}
    ${kind.is_single ? null : html`<${Button} icon="list" data-testid="csv" isPressed=${isCsv} onPress=${onCsv}>CSV<//>`}
  </div>`;
}

function Rows({ masters, kind, params }) {
  const me = useMe();
  const [typed, setTyped, search] = useLateSearch(params.search);
  const [isNew, setNew] = useState(false);
  const [isCsv, setCsv] = useState(false);
  const [said, setSaid] = useState(null);
  const { draft, draftId } = masters;
  const list = useRows("/api/masters/rows", { kind: kind.kind, draft: draftId, search, date: params.date, category: params.category, facility: params.facility, state: params.state }, { whats: ["masters"] });
  const referred = useMemo(() => [...new Set(kind.fields.filter((field) => field.refers_to && field.refers_to !== "items").map((field) => field.refers_to))], [kind]);
  const names = useNameMaps(referred, draftId);
  const columns = useMemo(() => columnsOf(kind, names), [kind, names]);
  const rows = list.rows || [];
  const chosen = usePinned(params.id, rows[0]?.key || null, list.isLoading);
  const entry = rows.find((row) => row.key === chosen) || null;
  const canEdit = me.rights.includes("edit_masters") && draft?.state === "editing";
  const isFiltered = Boolean(typed || params.date || params.category || params.facility || params.state);
  const clear = () => {
    setTyped("");
    setParams({ search: "", date: "", category: "", facility: "", state: "" });
  };
  const begin = () => (canEdit && !kind.is_single ? (setNew(true), setCsv(false), true) : false);
  useKeys({ n: begin }, LEVEL_VIEW);
  const saved = (row, words) => {
    setNew(false);
    setSaid(row && words ? { key: row.key, words } : null);
    list.reload();
    if (row) {
      setParams({ id: row.key });
    }
  };
  return html`<${Filters} masters=${masters} kind=${kind} params=${params} typed=${typed} setTyped=${setTyped} onNew=${begin} onCsv=${() => setCsv(!isCsv)} isCsv=${isCsv} />
    ${isCsv ? html`<${CsvPanel} key=${`${kind.kind} ${draftId}`} kind=${kind} draft=${draft} canEdit=${canEdit} onDone=${list.reload} onClose=${() => setCsv(false)} />` : null}
    <div class="split masters-split">
      <section class="panel split-list" aria-label=${kind.title}>
        ${list.rows === null
          ? html`<${NotYet} answer=${list} what="一覧" />`
          : html`<${StaleNotice} answer=${list} />
              ${rows.length === 0
                ? html`<${NoRows} isFiltered=${isFiltered} onClear=${clear} icon="list" title=${`${kind.title}はまだありません`}>${canEdit ? "「加える」かCSVの取込でつくれます。" : ""}<//>`
                : html`<${Register}
                    label=${kind.title}
                    testId="masters-row"
                    columns=${columns}
                    rows=${rows}
                    rowKey=${(row) => row.key}
                    selected=${isNew ? null : chosen}
                    onSelect=${(id) => (setNew(false), setSaid(null), setParams({ id }))}
                    isBusy=${list.isLoading}
                    hints=${[["e", "右の内容へ"], ...(canEdit ? [["n", "加える"]] : []), ["/", "探す"]]}
                    foot=${html`<div class="list-end"><span>${times(list.head?.total ?? rows.length)}${rows.length < (list.head?.total ?? 0) ? `のうち ${times(rows.length)}` : ""}</span>${list.next !== null ? html`<${Button} disabled=${list.isLoading} onPress=${list.more}>続きを読み込む<//>` : null}</div>`}
                  />`}`}
      </section>
      <section class="panel split-detail" aria-label="内容">
        ${isNew
          ? html`<${RowForm} key="new" kind=${kind} entry=${null} draft=${draft} canEdit=${canEdit} names=${names} onSaved=${saved} onCancel=${() => setNew(false)} />`
          : entry
            ? html`<${RowForm} key=${`${draftId} ${kind.kind} ${entry.key}`} kind=${kind} entry=${entry} draft=${draft} canEdit=${canEdit} names=${names} said=${said?.key === entry.key ? said.words : null} onSaved=${saved} />`
            : html`<${Empty} icon="list" title="一覧から選ぶと、内容が出ます" />`}
      </section>
    </div>`;
}

export function MastersPage({ params }) {
  const masters = useMasters(params);
  if (!masters.isReady) {
    return html`<div class="page-body"><${NotYet} answer=${masters} what="マスタ" /></div>`;
  }
  const kind = masters.kinds.get(params.kind) || masters.kinds.get("items");
  return html`<div class="page-body masters">
    <${DraftBar} masters=${masters} />
    <div class="masters-body">
      <${KindMenu} kinds=${masters.kinds} selected=${kind.kind} />
      <div class="masters-work"><${Rows} key=${kind.kind} masters=${masters} kind=${kind} params=${params} /></div>
    </div>
  </div>`;
}
