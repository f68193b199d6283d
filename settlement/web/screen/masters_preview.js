// 「4/1に何が変わるか」: what a place sells on two days, side by side.
import { html, useMemo } from "./lib/view.js";
import { Empty, Money } from "./lib/components.js";
import { useRows } from "./data.js";
import { useMe } from "./session.js";
import { setParams } from "./route.js";
import { DateField, ListEnd, NoRows, NotYet, Select, StaleNotice, Tag } from "./bits.js";
import { Register } from "./register.js";
import { DraftBar } from "./masters_draft_bar.js";
import { dayText, useMasters, useNames } from "./masters_data.js";
import { addDays, number } from "./text.js";

const words = { changes: ["変わる", "warning"], begins: ["始まる", "success"], ends: ["終わる", "danger"], same: ["同じ", undefined] };

// The first day of the fiscal year that comes.
export function nextApril(today) {
  const year = Number(today.slice(0, 4));
  return `${today.slice(5) < "04-01" ? year : year + 1}-04-01`;
}

function Price({ side }) {
  if (side === null) {
    return html`<span class="none">売らない</span>`;
  }
  if (side.price_yen !== null) {
    return html`<${Money} amount=${side.price_yen} />`;
  }
  return side.has_no_price ? html`<${Tag} level="danger" icon="warning">料金がない<//>` : html`<span>${side.tariff_name}<small class="quiet"> ${dayText(side.tariff_from)}〜</small></span>`;
}

const difference = (row) => (row.first?.price_yen !== null && row.second?.price_yen !== null && row.first && row.second ? row.second.price_yen - row.first.price_yen : null);

function columnsOf(first, second) {
  return [
    { key: "name", name: true, title: "品目", sortBy: (row) => row.name, text: (row) => row.name, render: (row) => html`<span class="masters-name"><strong>${row.name}</strong><code>${row.code}</code></span>` },
    { key: "change", title: "変化", sortBy: (row) => row.change, text: (row) => words[row.change][0], render: (row) => html`<${Tag} level=${words[row.change][1]}>${words[row.change][0]}<//>` },
    { key: "first", title: dayText(first), align: "right", sortBy: (row) => row.first?.price_yen, text: (row) => row.first?.price_yen ?? row.first?.tariff_name ?? "", render: (row) => html`<${Price} side=${row.first} />` },
    { key: "second", title: dayText(second), align: "right", sortBy: (row) => row.second?.price_yen, text: (row) => row.second?.price_yen ?? row.second?.tariff_name ?? "", render: (row) => html`<strong><${Price} side=${row.second} /></strong>` },
    { key: "difference", title: "差", align: "right", sortBy: difference, text: (row) => difference(row) ?? "", render: (row) => (difference(row) ? html`<${Money} amount=${difference(row)} signed=${true} />` : "") },
    { key: "words", title: "内容", text: (row) => [row.item_change?.sentence, row.tariff_change?.sentence].filter(Boolean).join(" / "), render: (row) => html`<span class="masters-words">${[row.item_change?.sentence, row.tariff_change && `料金表: ${row.tariff_change.sentence}`].filter(Boolean).join(" / ")}</span>` },
    { key: "category", title: "分類", sortBy: (row) => row.category, text: (row) => row.category, render: (row) => html`<span class="nowrap">${row.category}</span>` },
  ];
}

export function PreviewPage({ params }) {
  const me = useMe();
  const masters = useMasters(params);
  const second = params.second || nextApril(me.today);
  const first = params.first || addDays(second, -1);
  const places = useNames("places", masters.draftId);
  const all = params.all === "1";
  const list = useRows("/api/masters/preview", { draft: masters.draftId, place: params.place, first, second, changed: all ? "" : "1" }, { whats: ["masters"] });
  const columns = useMemo(() => columnsOf(first, second), [first, second]);
  if (!masters.isReady) {
    return html`<div class="page-body"><${NotYet} answer=${masters} what="マスタ" /></div>`;
  }
  const totals = list.head?.totals;
  return html`<div class="page-body">
    <div class="filters">
      <${DraftBar} masters=${masters} />
      <div class="filter-row">
        <${DateField} label="この日まで" value=${first} onChange=${(day) => setParams({ first: day })} />
        <${DateField} label="この日から" value=${second} onChange=${(day) => setParams({ second: day, first: day ? addDays(day, -1) : "" })} />
        <${Select} label="窓口" id="preview-place" value=${params.place || ""} options=${[["", "すべての窓口"], ...(places || []).map((row) => [row.code, row.name])]} onChange=${(place) => setParams({ place })} />
        <label class="check"><input type="checkbox" checked=${all} onChange=${() => setParams({ all: all ? "" : "1" })} />変わらないものも見る</label>
        ${totals ? html`<p class="masters-sum" data-testid="preview-sum">${dayText(second)}に <strong>変わる ${number(totals.changes)}</strong>　<strong>始まる ${number(totals.begins)}</strong>　<strong>終わる ${number(totals.ends)}</strong>　同じ ${number(totals.same)}</p>` : null}
      </div>
    </div>
    <div class="split is-single">
      <section class="panel split-list" aria-label="二つの日の見比べ">
        ${list.rows === null
          ? html`<${NotYet} answer=${list} what="見比べ" />`
          : html`<${StaleNotice} answer=${list} />
              ${list.rows.length === 0
                ? totals && totals.same > 0
                  ? html`<${Empty} icon="check-circle" title=${`${dayText(second)} に変わるものはありません`}>${masters.draft ? "" : "準備中の変更を見るには、上で変更案を選びます。"}<//>`
                  : html`<${NoRows} isFiltered=${Boolean(params.place)} onClear=${() => setParams({ place: "" })} icon="list" title="売るものがありません" />`
                : html`<${Register} label="二つの日の見比べ" testId="preview-row" columns=${columns} rows=${list.rows} rowKey=${(row) => row.code} selected=${params.id} onSelect=${(id) => setParams({ id })} isBusy=${list.isLoading} foot=${html`<${ListEnd} list=${list} shown=${list.rows} columns=${columns} name=${`見比べ ${second}`} />`} />`}`}
      </section>
    </div>
  </div>`;
}
