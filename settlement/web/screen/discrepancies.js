// 照合・要確認: what does not agree. The list on the left, one discrepancy with its evidence on the right.
import { html, useEffect, useMemo, useRef, useState } from "./lib/view.js";
import { WorklistBulk } from "./worklist_bulk.js";
import { Empty } from "./lib/components.js";
import { useRows } from "./data.js";
import { useMe } from "./session.js";
import { setParams, usePinned } from "./route.js";
import { Chips, DateField, ListEnd, MoneyCell, MoreFilters, NoRows, NotYet, Search, Select, StaleNotice, StateTag, Tag } from "./bits.js";
import { Register } from "./register.js";
import { DiscrepancyDetail } from "./discrepancy_detail.js";
import { Ageing, ageBucket } from "./ageing.js";
import { comparable, shortDate } from "./text.js";

const states = [["", "未処理"], ["awaiting_second", "二人目の確認待ち"], ["undo_asked", "取消しの確認待ち"], ["resolved", "処理済み"], ["cleared", "解消（自動）"], ["all", "すべて"]];
const orders = [["", "古い順"], ["newest", "新しい順"], ["amount", "金額の大きい順"]];

const SEARCH_WAIT_MS = 250; // people type on; each word asked of the service is a scan of what is open

const age = (row) => (row.expected_on && !row.is_overdue && row.state === "open" ? html`<${Tag} icon="clock">${shortDate(row.expected_on)}まで待つ<//>` : row.is_overdue ? html`<${Tag} level="danger" icon="clock">${row.age_days}日<span class="unseen">期限超過</span><//>` : `${row.age_days}日`);

const columns = [
  { key: "class", name: true, title: "区分", sortBy: (row) => row.class_name, text: (row) => row.class_name, render: (row) => html`<strong class="nowrap">${row.class_name}</strong>` },
  { key: "amount", title: "金額", align: "right", sortBy: (row) => row.amount_yen, text: (row) => row.amount_yen, render: (row) => html`<${MoneyCell} amount=${row.amount_yen} />` },
  { key: "age", title: "経過", align: "right", sortBy: (row) => row.age_days, text: (row) => row.age_days, render: age },
  { key: "date", title: "発生日", sortBy: (row) => row.date, text: (row) => row.date, render: (row) => html`<span class="nowrap">${shortDate(row.date)}</span>` },
  { key: "owner", title: "担当", sortBy: (row) => row.owner?.name, text: (row) => row.owner?.name, render: (row) => (row.owner ? html`<span class="nowrap">${row.owner.name}</span>` : html`<span class="none">―</span>`) },
  { key: "state", title: "状態", sortBy: (row) => row.state, text: (row) => row.state_name, render: (row) => html`<${StateTag} state=${row.state === "open" ? "" : row.state} name=${row.state_name} />` },
  { key: "place", title: "端末・番号", sortBy: (row) => row.receipt_number || row.payout || row.terminal, text: (row) => row.receipt_number || row.payout || row.terminal, render: (row) => html`<span class="nowrap">${row.receipt_number || row.payout || row.terminal || ""}</span>` },
  { key: "brand", title: "ブランド", sortBy: (row) => row.brand_name, text: (row) => row.brand_name, render: (row) => html`<span class="nowrap">${row.brand_name || ""}</span>` },
  { key: "due", title: "期限", sortBy: (row) => row.due_on, text: (row) => row.due_on, render: (row) => html`<span class="nowrap">${shortDate(row.due_on)}</span>` },
];
const savedColumns = [...columns, { key: "summary", title: "内容", text: (row) => row.summary }];

const matches = (row, wanted) =>
  wanted === "" || comparable(`${row.class_name} ${row.summary} ${row.receipt_number || ""} ${row.payment || ""} ${row.payout || ""} ${row.terminal || ""} ${row.brand_name || ""} ${row.amount_yen} ${row.owner?.name || ""}`).includes(wanted);

function Filters({ params, list, query, setQuery, me }) {
  const narrow = (changes) => setParams({ ...changes, id: "" });
  const totals = list.head?.totals || [];
  const all = totals.reduce((sum, total) => sum + total.count, 0);
  const chips = [{ key: "", title: "すべて", count: all }, ...totals.map((total) => ({ key: total.class, title: total.class_name, count: total.count, testId: `class-${total.class}` }))];
  const terminals = [...new Set((list.rows || []).map((row) => row.terminal).concat(params.terminal).filter(Boolean))].sort();
  const brands = new Map((list.rows || []).filter((row) => row.brand).map((row) => [row.brand, row.brand_name]));
  const mine = params.owner === me.user.login;
  return html`<div class="filters">
    <${Chips} label="区分で絞る" chips=${chips} selected=${params.class || ""} onSelect=${(name) => narrow({ class: name })} />
    <div class="filter-row">
      <${Search} label="一覧を探す" placeholder="番号・金額・担当" value=${query} onChange=${setQuery} />
      <${Select} label="状態" value=${params.state || ""} options=${states} onChange=${(state) => narrow({ state })} />
      <${Select} label="並び" value=${params.order || ""} options=${orders} onChange=${(order) => narrow({ order })} />
      <label class="check"><input type="checkbox" checked=${params.overdue === "1"} onChange=${() => narrow({ overdue: params.overdue === "1" ? "" : "1" })} />期限超過だけ</label>
      <label class="check"><input type="checkbox" checked=${params.expected === "0"} onChange=${() => narrow({ expected: params.expected === "0" ? "" : "0" })} />待つものを除く</label>
      <label class="check"><input type="checkbox" checked=${mine} onChange=${() => narrow({ owner: mine ? "" : me.user.login })} />自分の担当</label>
      <${MoreFilters} count=${["terminal", "brand", "from", "to"].filter((name) => params[name]).length}>
      <${Select} label="端末" value=${params.terminal || ""} options=${[["", "すべて"], ...terminals.map((name) => [name, name])]} onChange=${(terminal) => narrow({ terminal })} />
      <${Select} label="ブランド" value=${params.brand || ""} options=${[["", "すべて"], ...brands]} onChange=${(brand) => narrow({ brand })} />
      <${DateField} label="発生日 から" value=${params.from} onChange=${(from) => narrow({ from })} />
      <${DateField} label="まで" value=${params.to} onChange=${(to) => narrow({ to })} />
      <//>
    </div>
  </div>`;
}

export function DiscrepanciesPage({ params }) {
  const me = useMe();
  const { id, bucket, ...filter } = params;
  const [query, setQuery] = useState("");
  const [asked, setAsked] = useState("");
  const list = useRows("/api/discrepancies", { ...filter, search: asked }, { whats: ["discrepancies", "imports"], limit: 500 });
  const [marked, setMarked] = useState(new Set());
  // What is loaded is searched at once; when there is more behind it, the service searches the whole.
  useEffect(() => {
    const isPartial = list.next !== null || asked !== "";
    if (!isPartial || query.trim() === asked) {
      return undefined;
    }
    const timer = setTimeout(() => setAsked(query.trim()), SEARCH_WAIT_MS);
    return () => clearTimeout(timer);
  }, [query, asked, list.next]);
  const detail = useRef(null);
  const wanted = comparable(query);
  const found = useMemo(() => (list.rows || []).filter((row) => matches(row, wanted)), [list.rows, wanted]);
  const shown = useMemo(() => found.filter((row) => !bucket || ageBucket(row) === bucket), [found, bucket]);
  const canWork = me.rights.includes("resolve");
  // What is no longer in view is no longer marked: nobody decides about rows they do not see.
  const visible = useMemo(() => shown.filter((row) => marked.has(String(row.id))), [shown, marked]);
  const mark = (key) => {
    const next = new Set(marked);
    if (!next.delete(key)) {
      next.add(key);
    }
    setMarked(next);
  };
  const select = (key) => setParams({ id: key });
  const index = useRef(0);
  const at = shown.findIndex((row) => String(row.id) === id);

  // One that has left the list (resolved, cleared) stays in view until somebody moves on; the next move goes to its neighbour.
  useEffect(() => {
    if (at >= 0) {
      index.current = at;
    }
  }, [at]);
  const chosen = usePinned(id, shown[0] ? String(shown[0].id) : null, list.isLoading);
  const next = () => {
    const row = at >= 0 ? shown[at + 1] || shown[at - 1] : shown[Math.min(index.current, shown.length - 1)];
    select(row ? row.id : "");
  };
  const isFiltered = query !== "" || ["class", "brand", "terminal", "from", "to", "overdue", "owner", "bucket", "expected"].some((name) => params[name]);
  const clear = () => {
    setQuery("");
    setParams({ class: "", brand: "", terminal: "", from: "", to: "", overdue: "", owner: "", bucket: "", expected: "" });
  };
  return html`<div class="page-body">
    <${Filters} params=${params} list=${list} query=${query} setQuery=${setQuery} me=${me} />
    <div class="split is-wide-detail">
      <section class="panel split-list" aria-label="要確認の一覧">
        ${list.rows === null
          ? html`<${NotYet} answer=${list} what="一覧" />`
          : html`<${StaleNotice} answer=${list} />
              ${found.length > 0 ? html`<${Ageing} rows=${found} selected=${bucket} onSelect=${(name) => setParams({ bucket: name === bucket ? "" : name })} />` : null}
              ${canWork ? html`<${WorklistBulk} rows=${visible} me=${me} onDone=${(refused) => { setMarked(new Set(refused)); list.reload(); }} />` : null}
              ${shown.length === 0
                ? html`<${NoRows} isFiltered=${isFiltered} onClear=${clear} icon="check-circle" title="要確認はありません">届いた明細と入金は、すべて当方の記録と合っています。<//>`
                : html`<${Register}
                    label="要確認"
                    testId="discrepancy-row"
                    columns=${columns}
                    rows=${shown}
                    rowKey=${(row) => String(row.id)}
                    selected=${chosen}
                    onSelect=${select}
                    onOpen=${() => detail.current?.querySelector("[data-first-action]")?.click()}
                    isBusy=${list.isLoading}
                    marked=${canWork ? new Set(visible.map((row) => String(row.id))) : undefined}
                    canMark=${(row) => row.state === "open" || row.state === "awaiting_second"}
                    onMark=${mark}
                    onMarkAll=${(keys) => setMarked(new Set(keys))}
                    hints=${[["x", "印"], ["Enter", "処置へ"], ["n", "次へ"], ["/", "探す"]]}
                    foot=${html`<${ListEnd} list=${list} shown=${shown} columns=${savedColumns} name="要確認" />`}
                  />`}`}
      </section>
      <section class="panel split-detail" aria-label="要確認の内容" ref=${detail}>
        ${chosen === null || (list.rows === null && !id)
          ? html`<${Empty} icon="list" title="一覧から選ぶと、証拠と処置が出ます" />`
          : html`<${DiscrepancyDetail} key=${chosen} id=${chosen} onNext=${next} />`}
      </section>
    </div>
  </div>`;
}
