// The sales of the day and before: a list on the left, one sale with its evidence on the right.
import { html, useEffect, useState } from "./lib/view.js";
import { Button, Empty, Money, Table, Waiting } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useTill } from "./context.js";
import { NowBand } from "./now_band.js";
import { Notice } from "./notice.js";
import { RecordDetail } from "./record_detail.js";
import { clockTime, comparable, paidWith, printWords, shortDate, shortReceiptNumber } from "./text.js";

const PAGE = 50; // as the till gives them

// Loaded when the view opens and again whenever something happened that the list shows.
function useSales() {
  const { till, state } = useTill();
  const [list, setList] = useState({ sales: null, fault: null, isWhole: false });
  const load = async (before) => {
    const answer = await till.sales(before);
    if (!answer.ok) {
      setList((last) => ({ ...last, fault: answer.message }));
      return;
    }
    const page = answer.data.sales;
    const isLastPage = page.length < PAGE;
    setList((last) => {
      if (before) {
        return { sales: [...last.sales, ...page], fault: null, isWhole: isLastPage };
      }
      // The newest page anew; older ones that were already asked for stay. Receipt numbers sort as text.
      const oldest = isLastPage ? "" : page[page.length - 1].receipt_number;
      const older = (last.sales || []).filter((sale) => sale.receipt_number < oldest);
      return { sales: [...page, ...older], fault: null, isWhole: isLastPage || last.isWhole };
    });
  };
  const occasion = `${state.last_sale?.sale} ${state.last_sale?.print} ${state.revision}`;
  useEffect(() => {
    load(null);
  }, [occasion]);
  return { ...list, reload: () => load(null), more: () => load(list.sales[list.sales.length - 1].receipt_number) };
}

const stateTags = {
  voided: { level: "danger", word: "取消済み" },
  voiding: { level: "warning", word: "取消中" },
};

function StateTag({ sale }) {
  const tag = stateTags[sale.state] || (printWords[sale.print].level === "warning" ? printWords[sale.print] : null);
  return tag ? html`<span class=${`tag is-${tag.level}`}>${tag.word}</span>` : null;
}

function contents(sale) {
  const [first, ...others] = sale.lines;
  return first ? `${first.name}${others.length > 0 ? ` ほか${others.length}` : ""}` : "";
}

const columns = [
  { key: "time", title: "時刻", render: (sale) => html`${sale.isOfToday ? "" : html`<small>${shortDate(sale.at.slice(0, 10))}</small> `}${clockTime(sale.at)}` },
  { key: "number", title: "番号", render: (sale) => shortReceiptNumber(sale.receipt_number) },
  { key: "contents", title: "内容", render: (sale) => html`<span class="records-contents">${contents(sale)}</span>` },
  { key: "paid", title: "支払い", render: (sale) => paidWith(sale) },
  { key: "amount", title: "金額", align: "right", render: (sale) => (sale.total_yen === 0 ? "無料" : html`<${Money} amount=${sale.total_yen} />`) },
  { key: "state", title: "", render: (sale) => html`<${StateTag} sale=${sale} />` },
];

const matches = (sale, wanted) =>
  wanted === "" ||
  comparable(`${sale.receipt_number} ${sale.total_yen} ${paidWith(sale)} ${sale.clerk_name} ${sale.lines.map((line) => line.name).join(" ")}`).includes(wanted);

function List({ list, shown, selected, onSelect, query }) {
  if (list.sales === null) {
    return list.fault
      ? html`<${Empty} icon="warning" title="一覧を読み込めません" actions=${html`<${Button} onPress=${list.reload}>もう一度読み込む<//>`}>${list.fault}<//>`
      : html`<${Waiting}>会計の一覧を読み込んでいます…<//>`;
  }
  if (list.sales.length === 0) {
    return html`<${Empty} icon="receipt" title="まだ会計がありません">会計が済むと、ここに新しいものから並びます。<//>`;
  }
  if (shown.length === 0) {
    return html`<${Empty} icon="search" title=${`「${query}」に当たる会計はありません`}>番号の下4桁、金額、商品の名前で探せます。<//>`;
  }
  return html`<${Table}
    label="会計一覧"
    columns=${columns}
    rows=${shown}
    rowKey=${(sale) => sale.sale}
    rowLevel=${(sale) => (sale.state === "voided" ? "gone" : "here")}
    selected=${selected}
    onSelect=${onSelect}
    foot=${list.isWhole
      ? html`<p class="records-end">これより前の会計はありません。</p>`
      : html`<div class="records-end"><${Button} onPress=${list.more}>さらに前の会計を見る<//></div>`}
  />`;
}

export function RecordsView() {
  const { state } = useTill();
  const list = useSales();
  const [query, setQuery] = useState("");
  const [selected, setSelected] = useState(null);
  const wanted = comparable(query);
  const today = `-${state.business_date.replaceAll("-", "")}-`;
  const shown = (list.sales || []).filter((sale) => matches(sale, wanted)).map((sale) => ({ ...sale, isOfToday: sale.receipt_number.includes(today) }));
  const sale = shown.find((one) => one.sale === selected) || shown[0] || null;
  return html`<main class="records">
    <${NowBand} />
    <div class="records-columns">
      <section class="panel records-list" aria-label="会計一覧">
        <header class="panel-head">
          <h1 class="panel-title">会計一覧 <span class="records-date">${shortDate(state.business_date)}</span></h1>
          <div class="search records-search">
            <${Icon} name="search" />
            <input class="input search-field" type="text" autocomplete="off" aria-label="会計を探す" placeholder="番号・金額・商品" value=${query} onInput=${(event) => setQuery(event.target.value)} />
          </div>
        </header>
        <${List} list=${list} shown=${shown} selected=${sale?.sale} onSelect=${setSelected} query=${query} />
      </section>
      <section class="records-detail" aria-label="会計の内容">
        <${Notice} />
        ${sale === null
          ? html`<div class="panel"><${Empty} icon="receipt" title="会計を選ぶと、内容とレシートが出ます" /></div>`
          : html`<${RecordDetail} key=${sale.sale} sale=${sale} />`}
      </section>
    </div>
  </main>`;
}
