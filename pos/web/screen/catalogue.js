// The items of this counter: categories as tabs, keys with prices, search. Number keys pick the nine favourites.
import { html, useEffect, useMemo, useRef, useState } from "./lib/view.js";
import { Button, Empty, Tabs, Waiting, yen } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_STEP, LEVEL_VIEW } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { isLocked } from "./stage.js";
import { comparable } from "./text.js";
import { KEYS } from "./keys.js";

const FAVOURITES = "★";
const SHOWN_MAX = 60; // more results than this are a search that is not finished

function ItemKey({ item, count, disabled, onPress }) {
  return html`<${Button} class=${count > 0 ? "item is-chosen" : "item"} disabled=${disabled} data-item=${item.code} onPress=${onPress}>
    <span class="item-head">
      ${item.key ? html`<kbd class="item-number" aria-hidden="true">${item.key}</kbd>` : null}
      <span class="item-name">${item.name}</span>
    </span>
    <span class="item-foot">
      ${count > 0 ? html`<span class="item-count">${count}点<span class="unseen">選択中</span></span>` : html`<span></span>`}
      <span class="item-price">${item.price_yen === 0 ? "無料" : yen(item.price_yen)}</span>
    </span>
  <//>`;
}

function SearchField({ query, onQuery, onClose, onFirst }) {
  const field = useRef(null);
  useEffect(() => field.current.focus(), []);
  const onKeyDown = (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      onFirst();
    }
  };
  return html`<div class="search">
    <${Icon} name="search" />
    <input
      ref=${field}
      class="input search-field"
      type="text"
      autocomplete="off"
      spellcheck=${false}
      aria-label="商品を探す"
      placeholder="かな・名前・コードで探す"
      value=${query}
      onInput=${(event) => onQuery(event.target.value)}
      onKeyDown=${onKeyDown}
    />
    <${Button} hint="Esc" onPress=${onClose}>閉じる<//>
  </div>`;
}

function useChoice(catalog) {
  const [category, setCategory] = useState(FAVOURITES);
  const [query, setQuery] = useState(null); // null: not searching
  const index = useMemo(
    () => (catalog?.items || []).map((item) => ({ item, text: `${comparable(item.name)} ${comparable(item.kana)} ${item.code.toLowerCase()}` })),
    [catalog],
  );
  const hasFavourites = index.some(({ item }) => item.favourite);
  const tabs = [...(hasFavourites ? [{ key: FAVOURITES, title: "よく使う" }] : []), ...(catalog?.categories || []).map((name) => ({ key: name, title: name }))];
  const selected = tabs.some((tab) => tab.key === category) ? category : tabs[0]?.key;
  const wanted = query === null ? null : comparable(query);
  const items = index
    .filter(({ item, text }) => {
      if (wanted !== null) {
        return text.includes(wanted);
      }
      return selected === FAVOURITES ? item.favourite : item.category === selected;
    })
    .map(({ item }) => item);
  return { tabs, selected, setCategory, query, setQuery, items };
}

function Items({ choice, counts, locked, pick }) {
  if (choice.items.length === 0) {
    return choice.query === null
      ? html`<${Empty} icon="basket" title="この分類に商品はありません">ほかの分類を選ぶか、検索 ${KEYS.search} をお使いください。<//>`
      : html`<${Empty} icon="search" title=${`「${choice.query}」は見つかりません`}>読みの一部や、商品コードでも探せます。<//>`;
  }
  const rest = choice.items.length - SHOWN_MAX;
  return html`<div class="items">
    ${choice.items.slice(0, SHOWN_MAX).map(
      (item) => html`<${ItemKey} key=${item.code} item=${item} count=${counts.get(item.code) || 0} disabled=${locked} onPress=${() => pick(item)} />`,
    )}
    ${rest > 0 ? html`<p class="items-rest">ほかに ${rest}件あります。続けて入力すると絞り込めます。</p>` : null}
  </div>`;
}

export function Catalogue() {
  const { till, now, state, catalog, ui, can } = useTill();
  const choice = useChoice(catalog);
  const locked = !can || isLocked(state);

  const pick = async (item) => {
    const answer = await till.addItem(item.code);
    const line = answer.ok ? answer.data.basket.lines.filter((one) => one.item === item.code && one.exemption === null).pop() : null;
    ui.setLine(line ? line.line : null);
    return answer.ok;
  };
  const pickFirst = async () => {
    if (!locked && choice.items.length > 0 && (await pick(choice.items[0]))) {
      choice.setQuery(null);
    }
  };
  const turn = (step) => () => {
    const at = choice.tabs.findIndex((tab) => tab.key === choice.selected);
    choice.setCategory(choice.tabs[(at + step + choice.tabs.length) % choice.tabs.length].key);
  };
  const bindings = { [KEYS.search]: () => choice.setQuery(choice.query ?? ""), PageDown: turn(1), PageUp: turn(-1) };
  for (const item of catalog?.items || []) {
    if (item.key) {
      bindings[item.key] = () => (locked ? false : pick(item) && true);
    }
  }
  useKeys(bindings, LEVEL_VIEW);
  useKeys({ Escape: () => choice.setQuery(null) }, LEVEL_STEP, { active: choice.query !== null });

  if (catalog === null) {
    return html`<div class="catalogue">
      ${now.catalogFault
        ? html`<${Empty} icon="warning" title="商品の一覧を読み込めません" actions=${html`<${Button} onPress=${till.reloadCatalog}>もう一度読み込む<//>`}>
            ${now.catalogFault}
          <//>`
        : html`<${Waiting}>商品の一覧を読み込んでいます…<//>`}
    </div>`;
  }
  const counts = new Map();
  state.basket.lines.forEach((line) => counts.set(line.item, (counts.get(line.item) || 0) + line.quantity));
  return html`<div class="catalogue">
    <div class="catalogue-head">
      ${choice.query === null
        ? html`<${Tabs} label="分類" tabs=${choice.tabs} selected=${choice.selected} onSelect=${choice.setCategory} panelId="items" />
            <${Button} class="search-open" icon="search" hint=${KEYS.search} onPress=${() => choice.setQuery("")}>検索<//>`
        : html`<${SearchField} query=${choice.query} onQuery=${choice.setQuery} onClose=${() => choice.setQuery(null)} onFirst=${pickFirst} />`}
    </div>
    <div id="items" class="catalogue-body" role=${choice.query === null ? "tabpanel" : "group"} aria-label="商品">
      <${Items} choice=${choice} counts=${counts} locked=${locked} pick=${pick} />
    </div>
    ${isLocked(state) ? html`<p class="catalogue-locked"><${Icon} name="clock" />お支払い中は、内容を変えられません。</p>` : null}
  </div>`;
}
