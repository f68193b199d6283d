// The items of this counter: categories as tabs, keys with prices, search. Number keys pick the nine favourites.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Empty, Tabs, Waiting, yen } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_STEP, LEVEL_VIEW } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { isLocked, isRunning } from "./stage.js";
import { useItems } from "./items.js";
import { KEYS } from "./keys.js";

const FAVOURITES = "★"; // also where ui.js begins
const BARCODE = /^\s*[0-9A-Z-]{8,128}\s*$/;

// A price of 0 is free, unless it stands on the slip that is read.
function priceWords(item) {
  if (item.tariff) {
    return "料金を計算";
  }
  return item.price_on_slip ? "用紙を読み取る" : item.price_yen === 0 ? "無料" : yen(item.price_yen);
}

function ItemKey({ item, count, disabled, onPress }) {
  return html`<${Button} class=${count > 0 ? "item is-chosen" : "item"} disabled=${disabled} data-item=${item.code} onPress=${onPress}>
    <span class="item-head">
      ${item.key ? html`<kbd class="item-number" aria-hidden="true">${item.key}</kbd>` : null}
      <span class="item-name">${item.name}</span>
    </span>
    <span class="item-foot">
      ${count > 0 ? html`<span class="item-count">${count}点<span class="unseen">選択中</span></span>` : html`<span></span>`}
      <span class="item-price">${priceWords(item)}</span>
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

function useChoice(till, catalog, { category, setCategory }) {
  const [query, setQuery] = useState(null); // null: not searching
  const hasFavourites = (catalog?.favourites || []).length > 0;
  const tabs = [...(hasFavourites ? [{ key: FAVOURITES, title: "よく使う" }] : []), ...(catalog?.categories || []).map((name) => ({ key: name, title: name }))];
  const selected = tabs.some((tab) => tab.key === category) ? category : tabs[0]?.key;
  const wish = query !== null ? (query.trim() === "" ? null : { q: query.trim() }) : selected && selected !== FAVOURITES ? { category: selected } : null;
  const found = useItems(till, catalog, wish);
  const kept = { items: (query === null && catalog?.favourites) || [], hasMore: false, isWaiting: false, fault: null };
  return { tabs, selected, setCategory, query, setQuery, wish, ...found, ...(wish === null ? kept : {}) };
}

function Nothing({ choice }) {
  if (choice.fault) {
    return html`<${Empty} icon="warning" title="商品の一覧を読み込めません" actions=${html`<${Button} onPress=${choice.again}>もう一度読み込む<//>`}>${choice.fault}<//>`;
  }
  if (choice.isWaiting) {
    return html`<${Waiting}>${choice.query === null ? "商品を読み込んでいます…" : "探しています…"}<//>`;
  }
  if (choice.query === null) {
    return html`<${Empty} icon="basket" title="この分類に商品はありません">ほかの分類を選ぶか、検索 ${KEYS.search} をお使いください。<//>`;
  }
  return choice.wish === null
    ? html`<${Empty} icon="search" title="探す言葉を入れてください">読みや名前の一部、商品コードで探せます。<//>`
    : html`<${Empty} icon="search" title=${`「${choice.query}」は見つかりません`}>読みの一部や、商品コードでも探せます。<//>`;
}

function Items({ choice, counts, locked, pick }) {
  if (choice.items.length === 0) {
    return html`<${Nothing} choice=${choice} />`;
  }
  return html`<div class="items" aria-busy=${choice.isWaiting}>
    ${choice.items.map(
      (item) => html`<${ItemKey} key=${item.code} item=${item} count=${counts.get(item.code) || 0} disabled=${locked} onPress=${() => pick(item)} />`,
    )}
    ${choice.hasMore && choice.query !== null ? html`<p class="items-rest">ほかにもあります。続けて入力すると絞り込めます。</p>` : null}
    ${choice.hasMore && choice.query === null ? html`<${Button} class="items-rest" onPress=${choice.more}>続きを表示<//>` : null}
  </div>`;
}

export function Catalogue() {
  const { till, now, state, catalog, ui, can } = useTill();
  const choice = useChoice(till, catalog, ui);
  const locked = !can;
  const isOfNext = isLocked(state); // the first thing picked now begins the next citizen's basket

  const pick = async (item) => {
    if (item.tariff && isRunning(state.payment)) {
      till.say("warning", "料金を計算する商品は、今のお支払いが済んでから選んでください。");
      return false;
    }
    if (item.tariff) {
      ui.openCase(item.code);
      return true;
    }
    const answer = await till.addItem(item.code);
    const line = answer.ok ? answer.data.basket.lines.filter((one) => one.item === item.code && one.exemption === null).pop() : null;
    ui.setLine(line ? line.line : null);
    return answer.ok;
  };
  // A practised hand types and presses Enter before the answer is there: what was typed decides, not what was shown. It
  // may also be the number below the barcode of a form or a slip.
  const pickFirst = async () => {
    const first = locked || choice.wish === null ? undefined : (await choice.settled())[0];
    const isCode = !locked && first === undefined && BARCODE.test(choice.query);
    if ((first && (await pick(first))) || (isCode && (await till.scan(choice.query.trim())).ok)) {
      choice.setQuery(null);
    }
  };
  const turn = (step) => () => {
    const at = choice.tabs.findIndex((tab) => tab.key === choice.selected);
    choice.setCategory(choice.tabs[(at + step + choice.tabs.length) % choice.tabs.length].key);
  };
  const bindings = { [KEYS.search]: () => choice.setQuery(choice.query ?? ""), PageDown: turn(1), PageUp: turn(-1) };
  for (const item of catalog?.favourites || []) {
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
  (isOfNext ? [] : state.basket.lines).forEach((line) => counts.set(line.item, (counts.get(line.item) || 0) + line.quantity));
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
    ${isOfNext ? html`<p class="catalogue-locked"><${Icon} name="next" />ここから選ぶと、次のお客様の会計になります。</p>` : null}
  </div>`;
}
