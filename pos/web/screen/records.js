// The sales of all days: a list on the left that the till searches, one sale with its evidence on the right.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Empty, Money, Table, Waiting } from "./lib/components.js";
import { useTill } from "./context.js";
import { NowBand } from "./now_band.js";
import { Notice } from "./notice.js";
import { RecordDetail } from "./record_detail.js";
import { RecordSearch, anySale, isAnySale, searchParameters } from "./record_search.js";
import { clockTime, paidWith, printWords, shortDate, shortReceiptNumber } from "./text.js";

const TYPING_MS = 200; // a search begins when the typing pauses

// A value that follows another one after it has rested.
function useRested(value, ms) {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [JSON.stringify(value)]);
  return rested;
}

// Loaded when the wish changes, and again whenever something happened that the list shows.
function useSales(parameters) {
  const { till, state } = useTill();
  const [list, setList] = useState({ sales: null, fault: null, hasMore: false });
  const wanted = JSON.stringify(parameters);
  const newest = useRef(wanted);
  newest.current = wanted;
  const load = async (before) => {
    const asked = wanted;
    const answer = await till.sales({ ...parameters, ...(before ? { before } : {}) });
    if (newest.current !== asked) {
      return; // something else is looked for meanwhile
    }
    if (!answer.ok) {
      setList((last) => ({ ...last, sales: before ? last.sales : null, fault: answer.message }));
      return;
    }
    const { sales: page, has_more: hasMore } = answer.data;
    setList((last) => {
      if (before) {
        return { sales: [...last.sales, ...page], fault: null, hasMore };
      }
      // The newest page anew; older ones that were already asked for stay. Receipt numbers sort as text.
      const oldest = hasMore ? page[page.length - 1].receipt_number : "";
      const older = last.wanted === asked ? (last.sales || []).filter((sale) => sale.receipt_number < oldest) : [];
      return { sales: [...page, ...older], fault: null, hasMore: older.length > 0 ? last.hasMore : hasMore, wanted: asked };
    });
  };
  useEffect(() => {
    load(null);
  }, [`${wanted} ${state.revision}`]);
  return { ...list, reload: () => load(null), more: () => load(list.sales[list.sales.length - 1].receipt_number) };
}

const stateTags = {
  voided: { level: "danger", word: "取消済み" },
  voiding: { level: "warning", word: "取消中" },
};

function StateTag({ sale }) {
  const isOpen = sale.refund.requests.some((request) => request.can_pay);
  const refund = isOpen ? { level: "warning", word: "還付 未払い" } : sale.refund.refunded_yen > 0 ? { level: "info", word: "還付" } : null;
  const paper = printWords[sale.print].level === "warning" ? printWords[sale.print] : null;
  const tag = stateTags[sale.state] || refund || paper;
  return tag ? html`<span class=${`tag is-${tag.level}`}>${tag.word}</span>` : null;
}

function contents(sale) {
  const [first, ...others] = sale.lines;
  return first ? `${first.name}${others.length > 0 ? ` ほか${others.length}` : ""}` : "";
}

const columns = [
  { key: "time", title: "時刻", render: (sale) => html`${sale.isOfToday ? "" : html`<small>${shortDate(sale.business_date)}</small> `}${clockTime(sale.at)}` },
  { key: "number", title: "番号", render: (sale) => shortReceiptNumber(sale.receipt_number) },
  { key: "contents", title: "内容", render: (sale) => html`<span class="records-contents">${contents(sale)}</span>` },
  { key: "paid", title: "支払い", render: (sale) => paidWith(sale) },
  { key: "amount", title: "金額", align: "right", render: (sale) => (sale.total_yen === 0 ? "無料" : html`<${Money} amount=${sale.total_yen} />`) },
  { key: "state", title: "", render: (sale) => html`<${StateTag} sale=${sale} />` },
];

function List({ list, shown, selected, onSelect, wish, onWish }) {
  if (list.sales === null) {
    return list.fault
      ? html`<${Empty} icon="warning" title="一覧を読み込めません" actions=${html`<${Button} onPress=${list.reload}>もう一度読み込む<//>`}>${list.fault}<//>`
      : html`<${Waiting}>会計の一覧を読み込んでいます…<//>`;
  }
  if (list.sales.length === 0) {
    return isAnySale(wish)
      ? html`<${Empty} icon="receipt" title="まだ会計がありません">会計が済むと、ここに新しいものから並びます。<//>`
      : html`<${Empty} icon="search" title="当たる会計はありません" actions=${html`<${Button} onPress=${() => onWish(anySale)}>条件を消す<//>`}>
          番号の下4桁、金額、品名で探せます。レシートのバーコードを読み取っても開きます。
        <//>`;
  }
  return html`<${Table}
    label="会計一覧"
    columns=${columns}
    rows=${shown}
    rowKey=${(sale) => sale.sale}
    rowLevel=${(sale) => (sale.state === "voided" ? "gone" : "here")}
    selected=${selected}
    onSelect=${onSelect}
    foot=${list.hasMore
      ? html`<div class="records-end"><${Button} onPress=${list.more}>さらに前の会計を見る<//></div>`
      : html`<p class="records-end">これより前の会計はありません。</p>`}
  />`;
}

// The sale that a scanned paper is about; it need not be in the list.
function useScannedSale(id, revision) {
  const { till } = useTill();
  const [sale, setSale] = useState(null);
  useEffect(() => {
    let isWanted = true;
    if (id === null) {
      setSale(null);
    } else {
      till.sale(id).then((answer) => isWanted && setSale(answer.ok ? answer.data : null));
    }
    return () => {
      isWanted = false;
    };
  }, [`${id} ${revision}`]);
  return sale;
}

export function RecordsView() {
  const { state, ui } = useTill();
  const [wish, setWish] = useState(anySale);
  const rested = useRested(wish, TYPING_MS);
  const list = useSales(searchParameters(rested, state.business_date));
  const [selected, setSelected] = useState(null);
  const scanned = useScannedSale(ui.scannedSale, state.revision);
  const shown = (list.sales || []).map((sale) => ({ ...sale, isOfToday: sale.business_date === state.business_date }));
  const select = (sale) => {
    ui.forgetScanned();
    setSelected(sale);
  };
  const sale = scanned || shown.find((one) => one.sale === selected) || shown[0] || null;
  return html`<main class="records">
    <${NowBand} />
    <div class="records-columns">
      <section class="panel records-list" aria-label="会計一覧">
        <h1 class="unseen">会計一覧</h1>
        <${RecordSearch} wish=${wish} onWish=${setWish} today=${state.business_date} />
        <${List} list=${list} shown=${shown} selected=${sale?.sale} onSelect=${select} wish=${wish} onWish=${setWish} />
      </section>
      <section class="records-detail" aria-label="会計の内容">
        <${Notice} />
        ${sale === null
          ? html`<div class="panel"><${Empty} icon="receipt" title="会計を選ぶと、内容とレシートが出ます" /></div>`
          : html`<${RecordDetail} key=${sale.sale} sale=${sale} isScanned=${scanned !== null} />`}
      </section>
    </div>
  </main>`;
}
