// 調定: from what was sold to the slip, 起案前 → 承認待ち → 承認済み → 出力済み.
import { html, useEffect, useMemo, useState } from "./lib/view.js";
import { Button, Empty, Money } from "./lib/components.js";
import { useRows } from "./data.js";
import { useMe } from "./session.js";
import { setParams, usePinned } from "./route.js";
import { Chips, DateField, ListEnd, MoneyCell, NoRows, NotYet, Search, Select, StaleNotice, StateTag, Tag } from "./bits.js";
import { Register } from "./register.js";
import { AssessmentDetail } from "./assessment_detail.js";
import { BulkBar, DraftMaker } from "./assessment_bulk.js";
import { comparable, eraYear, number, shortDate } from "./text.js";

export const accountName = (row) => row.saisetsu?.name || row.setsu?.name || row.account;

const columns = [
  { key: "number", name: true, title: "調定番号", sortBy: (row) => row.number, text: (row) => row.number || "", render: (row) => html`<span class="nowrap">${row.number || html`<span class="none">番号前</span>`}</span>` },
  { key: "state", title: "状態", sortBy: (row) => row.state, text: (row) => row.state_name, render: (row) => html`<span class="tags"><${StateTag} state=${row.state} name=${row.state_name} />${row.kind === "original" ? null : html`<${Tag}>${row.kind_name}<//>`}${row.warnings?.length > 0 ? html`<${Tag} level="warning" icon="warning">注意<//>` : null}</span>` },
  { key: "amount", title: "調定額", align: "right", sortBy: (row) => row.amount_yen, text: (row) => row.amount_yen, render: (row) => html`${row.kind === "decrease" ? "減 " : ""}<${MoneyCell} amount=${row.amount_yen} />` },
  { key: "date", title: "調定年月日", sortBy: (row) => row.assessed_on, text: (row) => row.assessed_on, render: (row) => html`<span class="nowrap">${shortDate(row.assessed_on)}</span>` },
  { key: "account", title: "科目", sortBy: (row) => row.account, text: (row) => `${row.account} ${accountName(row)}`, render: (row) => html`<span class="nowrap">${accountName(row)}</span>` },
  { key: "route", title: "経路", sortBy: (row) => row.route_name, text: (row) => row.route_name, render: (row) => html`<span class="nowrap">${row.route_name}</span>` },
  { key: "section", title: "所属", sortBy: (row) => row.section.code, text: (row) => row.section.name, render: (row) => html`<span class="nowrap">${row.section.name}</span>` },
  { key: "count", title: "件数", align: "right", sortBy: (row) => row.count, text: (row) => row.count, render: (row) => number(row.count) },
  { key: "by", title: "起案", sortBy: (row) => row.proposed_by?.name, text: (row) => row.proposed_by?.name, render: (row) => html`<span class="nowrap">${row.proposed_by?.name || ""}</span>` },
  { key: "kind", title: "種別", sortBy: (row) => row.kind, text: (row) => row.kind_name, render: (row) => row.kind_name },
];

const matches = (row, wanted) => wanted === "" || comparable(columns.map((column) => column.text(row) ?? "").join(" ")).includes(wanted);
const options = (rows, code, name) => [["", "すべて"], ...new Map(rows.map((row) => [code(row), name(row)]))];

function Filters({ params, list, query, setQuery, maker }) {
  const totals = list.head?.totals || [];
  const rows = list.rows || [];
  const chips = [
    { key: "", title: "すべて", count: number(totals.reduce((sum, total) => sum + total.count, 0)) },
    ...totals.map((total) => ({ key: total.state, title: total.state_name, testId: `state-${total.state}`, count: html`${number(total.count)}<span class="chip-money"><${Money} amount=${total.amount_yen} /></span>` })),
  ];
  return html`<div class="filters">
    <div class="chips-row">
      <${Chips} label="状態で絞る" chips=${chips} selected=${params.state || ""} onSelect=${(state) => setParams({ state, id: "" })} />
      ${maker}
    </div>
    <div class="filter-row">
      <${Search} label="調定を探す" placeholder="番号・科目・所属" value=${query} onChange=${setQuery} />
      <${Select} label="年度" value=${params.fiscal_year || ""} options=${[["", "すべて"], ...new Map(rows.map((row) => [String(row.fiscal_year), eraYear(row.fiscal_year)])), ...(params.fiscal_year && !rows.length ? [[params.fiscal_year, eraYear(Number(params.fiscal_year))]] : [])]} onChange=${(year) => setParams({ fiscal_year: year })} />
      <${Select} label="所属" value=${params.section || ""} options=${options(rows, (row) => row.section.code, (row) => row.section.name)} onChange=${(section) => setParams({ section })} />
      <${Select} label="経路" value=${params.route || ""} options=${options(rows, (row) => row.route, (row) => row.route_name)} onChange=${(route) => setParams({ route })} />
      <${Select} label="種別" value=${params.kind || ""} options=${[["", "すべて"], ["original", "当初"], ["increase", "増額"], ["decrease", "減額"]]} onChange=${(kind) => setParams({ kind })} />
      <${DateField} label="調定年月日 から" value=${params.from} onChange=${(from) => setParams({ from })} />
      <${DateField} label="まで" value=${params.to} onChange=${(to) => setParams({ to })} />
    </div>
  </div>`;
}

export function AssessmentsPage({ params }) {
  const me = useMe();
  const { id, line, sale, ...filter } = params;
  const list = useRows("/api/assessments", filter, { whats: ["assessments", "exports"] });
  const [query, setQuery] = useState("");
  const [marked, setMarked] = useState(new Set());
  const wanted = comparable(query);
  const shown = useMemo(() => (list.rows || []).filter((row) => matches(row, wanted)), [list.rows, wanted]);
  const chosen = usePinned(id, shown[0] ? String(shown[0].id) : null, list.isLoading);
  // What is no longer in view is no longer marked: nobody decides about rows they do not see.
  const visible = useMemo(() => shown.filter((row) => marked.has(String(row.id))), [shown, marked]);
  const canWork = me.rights.includes("propose") || me.rights.includes("approve");
  useEffect(() => setMarked(new Set()), [params.state, params.fiscal_year]);
  const mark = (key) => {
    const next = new Set(marked);
    next.delete(key) || next.add(key);
    setMarked(next);
  };
  const unmarkOwn = () => setMarked(new Set(visible.filter((row) => row.proposed_by?.login !== me.user.login).map((row) => String(row.id))));
  const isFiltered = query !== "" || ["state", "fiscal_year", "section", "route", "kind", "from", "to"].some((name) => params[name]);
  // Nothing in a state is good news or a next step, not a search that failed.
  const stateName = list.head?.totals.find((total) => total.state === params.state)?.state_name;
  const isOnlyState = stateName !== undefined && query === "" && !["fiscal_year", "section", "route", "kind", "from", "to"].some((name) => params[name]);
  const clear = () => {
    setQuery("");
    setParams({ state: "", fiscal_year: "", section: "", route: "", kind: "", from: "", to: "" });
  };
  return html`<div class="page-body">
    <${Filters} params=${params} list=${list} query=${query} setQuery=${setQuery} maker=${me.rights.includes("propose") ? html`<${DraftMaker} onDone=${list.reload} />` : null} />
    <div class="split">
      <section class="panel split-list" aria-label="調定の一覧">
        ${list.rows === null
          ? html`<${NotYet} answer=${list} what="一覧" />`
          : html`${canWork ? html`<${BulkBar} rows=${visible} list=${list} me=${me} onDone=${() => setMarked(new Set())} onUnmarkOwn=${unmarkOwn} />` : null}
              <${StaleNotice} answer=${list} />
              ${shown.length === 0
                ? isOnlyState
                  ? html`<${Empty} icon="check-circle" title=${`${stateName}の調定はありません`} actions=${html`<${Button} onPress=${clear}>すべての調定を見る<//>`} />`
                  : html`<${NoRows} isFiltered=${isFiltered} onClear=${clear} icon="receipt" title="調定はまだありません">売上が届いていれば、「調定の案をつくる」で案ができます。<//>`
                : html`<${Register}
                    label="調定"
                    testId="assessment-row"
                    columns=${columns}
                    rows=${shown}
                    rowKey=${(row) => String(row.id)}
                    selected=${chosen}
                    onSelect=${(key) => setParams({ id: key, line: "", sale: "" })}
                    marked=${canWork ? new Set(visible.map((row) => String(row.id))) : undefined}
                    onMark=${mark}
                    onMarkAll=${(keys) => setMarked(new Set(keys))}
                    canMark=${(row) => row.state !== "exported"}
                    isBusy=${list.isLoading}
                    hints=${[...(canWork ? [["x", "印をつける"]] : []), ["/", "探す"]]}
                    foot=${html`<${ListEnd} list=${list} shown=${shown} columns=${columns} name="調定" />`}
                  />`}`}
      </section>
      <section class="panel split-detail" aria-label="調定票">
        ${chosen === null ? html`<${Empty} icon="receipt" title="調定を選ぶと、調定票が出ます" />` : html`<${AssessmentDetail} key=${chosen} id=${chosen} line=${line} sale=${sale} />`}
      </section>
    </div>
  </div>`;
}
