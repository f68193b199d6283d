// The shape most pages share: filters above, a list on the left, the detail of the selected row on the right.
import { html, useMemo, useState } from "./lib/view.js";
import { Empty } from "./lib/components.js";
import { setParams, usePinned } from "./route.js";
import { ListEnd, NoRows, NotYet, Search, StaleNotice } from "./bits.js";
import { Register } from "./register.js";
import { comparable } from "./text.js";

// list: what useRows gave. columns: of register.js; the search looks through their `text`. `detail(row, key)` draws the
// right side; a page without one gives the list the whole width.
export function ListPage({ list, name, noun, columns, rowKey, selected, testId, detail, detailHint, filters, above, isFiltered, onClear, empty, onOpen, rowLevel, search = true, wide = false, hints }) {
  const [query, setQuery] = useState("");
  const wanted = comparable(query);
  const found = useMemo(
    () => (list.rows || []).filter((row) => wanted === "" || comparable(columns.map((column) => (column.text ? column.text(row) ?? "" : "")).join(" ")).includes(wanted)),
    [list.rows, wanted],
  );
  const chosen = usePinned(selected, found[0] ? String(rowKey(found[0])) : null, list.isLoading);
  const clear = () => {
    setQuery("");
    onClear?.();
  };
  const table = html`<section class="panel split-list" aria-label=${name}>
    ${list.rows === null
      ? html`<${NotYet} answer=${list} what=${noun} />`
      : html`<${StaleNotice} answer=${list} />
          ${found.length === 0
            ? html`<${NoRows} isFiltered=${isFiltered || query !== ""} onClear=${clear} ...${empty} />`
            : html`<${Register}
                label=${name}
                testId=${testId}
                columns=${columns}
                rows=${found}
                rowKey=${(row) => String(rowKey(row))}
                selected=${chosen}
                onSelect=${(id) => setParams({ id })}
                onOpen=${onOpen}
                rowLevel=${rowLevel}
                isBusy=${list.isLoading}
                hints=${[...(search ? [["/", "探す"]] : []), ...(hints || [])]}
                foot=${html`<${ListEnd} list=${list} shown=${found} columns=${columns} name=${name} />`}
              />`}`}
  </section>`;
  return html`<div class="page-body">
    ${above}
    ${search || filters
      ? html`<div class="filters"><div class="filter-row">
          ${search ? html`<${Search} label=${`${noun}を探す`} placeholder="一覧から探す" value=${query} onChange=${setQuery} />` : null}${filters}
        </div></div>`
      : null}
    ${detail
      ? html`<div class=${`split ${wide ? "is-wide-detail" : ""}`}>
          ${table}
          <section class="panel split-detail" aria-label=${`${noun}の内容`}>
            ${chosen === null ? html`<${Empty} icon="list" title=${detailHint || "一覧から選ぶと、内容が出ます"} />` : detail(found.find((row) => String(rowKey(row)) === chosen) || null, chosen)}
          </section>
        </div>`
      : html`<div class="split is-single">${table}</div>`}
  </div>`;
}
