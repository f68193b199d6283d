// 現金・払込: what lies in offices and until when it must be at the bank, the 払込 that were made of it, and the books.
import { html, useState } from "./lib/view.js";
import { Button, Empty, Message, Money, Tabs } from "./lib/components.js";
import { useAnswer, useCommand } from "./data.js";
import { useMe } from "./session.js";
import { queryOf, setParams } from "./route.js";
import { DateField, MoneyCell, NotYet, Select, StaleNotice, Tag } from "./bits.js";
import { Papers } from "./papers.js";
import { Register } from "./register.js";
import { RemittanceList } from "./remittances.js";
import { number, shortDate, times } from "./text.js";

const keyOf = (row) => `${row.terminal}/${row.sequence}`;

// What was over and short is on every row, with the reason that the counter gave: it cannot be left out.
const Difference = ({ row }) => (row.difference_yen === 0 ? html`<span class="none">―</span>` : html`<strong><${Money} amount=${row.difference_yen} signed=${true} /></strong>${row.difference_reason ? html`<p class="line-note">${row.difference_reason}</p>` : null}`);

const columns = [
  { key: "terminal", name: true, title: "端末", sortBy: (row) => row.terminal, text: (row) => row.terminal, render: (row) => html`<span class="nowrap">${row.terminal}</span>` },
  { key: "date", title: "営業日", sortBy: (row) => row.business_date, text: (row) => row.business_date, render: (row) => html`<span class="nowrap">${shortDate(row.business_date)}</span>` },
  { key: "due", title: "払込期限", sortBy: (row) => row.due_on, text: (row) => row.due_on, render: (row) => html`<span class="nowrap">${shortDate(row.due_on)}</span>${row.is_late ? html` <${Tag} level="danger" icon="danger">期限超過<//>` : null}` },
  { key: "deposit", title: "払込額", align: "right", sortBy: (row) => row.deposit_yen, text: (row) => row.deposit_yen, render: (row) => html`<${MoneyCell} amount=${row.deposit_yen} />` },
  { key: "difference", title: "過不足", align: "right", sortBy: (row) => row.difference_yen, text: (row) => row.difference_yen, render: (row) => html`<${Difference} row=${row} />` },
  { key: "counted", title: "数えた現金", align: "right", sortBy: (row) => row.counted_cash_yen, text: (row) => row.counted_cash_yen, render: (row) => html`<${MoneyCell} amount=${row.counted_cash_yen} />` },
  { key: "float", title: "つり銭", align: "right", sortBy: (row) => row.float_yen, text: (row) => row.float_yen, render: (row) => html`<${MoneyCell} amount=${row.float_yen} />` },
  { key: "section", title: "所属", sortBy: (row) => row.section.name, text: (row) => row.section.name, render: (row) => row.section.name },
  { key: "place", title: "窓口", sortBy: (row) => row.place.name, text: (row) => row.place.name, render: (row) => row.place.name },
  { key: "remittance", title: "払込", sortBy: (row) => row.remittance?.number, text: (row) => row.remittance?.number ?? "", render: (row) => (row.remittance ? html`<a class="nowrap" href=${`#cash?${queryOf({ view: "remittances", id: row.remittance.id })}`}>${row.remittance.number} 領収待ち</a>` : html`<span class="none">―</span>`) },
];

function Offices({ data, section }) {
  return html`<div class="report"><table class="breakdown" aria-label="所属ごとの現金" data-testid="cash-offices">
    <thead><tr><th scope="col">所属（出納員）</th><th scope="col" class="is-right">精算</th><th scope="col" class="is-right">手元の現金</th><th scope="col" class="is-right">うち領収待ち</th><th scope="col">最初の期限</th><th scope="col" class="is-right">期限超過</th></tr></thead>
    <tbody>${data.offices.map((row) => html`<tr key=${row.section.code} data-testid="cash-office" data-id=${row.section.code} aria-current=${section === row.section.code ? "true" : undefined}>
      <th scope="row"><a href=${`#cash?${queryOf({ section: row.section.code })}`}>${row.section.name}</a>${row.officer ? `（${row.officer}）` : ""}${row.is_over_limit ? html` <${Tag} level="danger" icon="danger">限度額 ${number(data.rule.limit_yen)}円を超過<//>` : null}</th>
      <td class="is-right">${times(row.count)}</td><td class="is-right"><${Money} amount=${row.held_yen} /></td><td class="is-right"><${Money} amount=${row.prepared_yen} /></td>
      <td class="nowrap">${shortDate(row.first_due_on)}</td><td class="is-right">${row.late_count > 0 ? html`<strong>${times(row.late_count)} <${Money} amount=${row.late_yen} /></strong>` : "―"}</td>
    </tr>`)}</tbody>
  </table></div>`;
}

// The amount is what the marked closes come to; nobody types it.
function Prepare({ rows, data, onDone }) {
  const [payOn, setPayOn] = useState(data.next_bank_day);
  const [bank, setBank] = useState(data.bank);
  const command = useCommand();
  const sum = rows.reduce((yen, row) => yen + row.deposit_yen, 0);
  const difference = rows.reduce((yen, row) => yen + row.difference_yen, 0);
  const sections = new Set(rows.map((row) => row.section.code));
  const canSend = rows.length > 0 && sections.size === 1 && bank.trim() !== "" && payOn && !command.isBusy;
  const send = async () => {
    if (!canSend) {
      return;
    }
    const got = await command.run("/api/remittances", { closes: rows.map((row) => ({ terminal: row.terminal, sequence: row.sequence })), pay_on: payOn, bank: bank.trim() });
    if (got.ok) {
      onDone(got.data.id);
    }
  };
  const keys = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      send();
    }
  };
  return html`<div class="form" role="form" aria-label="現金払込書" onKeyDown=${keys}>
    <p class="page-sum" data-testid="prepare-sum">選んだ精算 ${times(rows.length)}　払込額 <${Money} amount=${sum} />　過不足の計 <${Money} amount=${difference} signed=${true} /></p>
    <div class="filter-row">
      <${DateField} label="払込日" value=${payOn} onChange=${setPayOn} />
      <label class="filter"><span class="filter-label">払込先の金融機関</span><input class="input filter-input" data-testid="prepare-bank" maxlength="40" value=${bank} onInput=${(event) => setBank(event.target.value)} /></label>
      <${Button} kind="main" data-testid="prepare-send" hint="Ctrl+Enter" disabled=${!canSend} onPress=${send}>払込書を作る<//>
      ${rows.length === 0 ? html`<span class="detail-why">一覧で精算を選んでください（x）。</span>` : sections.size > 1 ? html`<span class="detail-why">払込書は所属（出納員）ごとに作ります。</span>` : null}
    </div>
    ${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
  </div>`;
}

function Held({ params }) {
  const me = useMe();
  const answer = useAnswer(`/api/cash?${queryOf({ section: params.section })}`, { whats: ["journal", "remittances", "masters"], keep: true });
  const [marked, setMarked] = useState(new Set());
  const data = answer.data;
  if (data === null) {
    return html`<${NotYet} answer=${answer} what="現金" />`;
  }
  const canWrite = me.rights.includes("propose");
  const canMark = (row) => row.remittance === null;
  const chosen = data.rows.filter((row) => canMark(row) && marked.has(keyOf(row)));
  const onMark = (key) => {
    const next = new Set(marked);
    next.has(key) ? next.delete(key) : next.add(key);
    setMarked(next);
  };
  const selected = params.row && data.rows.some((row) => keyOf(row) === params.row) ? params.row : data.rows[0] ? keyOf(data.rows[0]) : null;
  const days = data.rule.days === 0 ? "即日" : `営業日の翌日から数えて${data.rule.days}銀行営業日まで`;
  return html`<${StaleNotice} answer=${answer} />
    <p class="line-note">精算を終えて、まだ領収が確かめられていない現金です。期限は${days}${data.rule.small_yen > 0 ? `（所属の手元が${number(data.rule.small_yen)}円までは${data.rule.small_days}銀行営業日）` : ""}。</p>
    ${data.rows.length === 0
      ? html`<${Empty} icon="cash" title="払い込む現金はありません">精算が終わると、ここに並びます。<//>`
      : html`<${Offices} data=${data} section=${params.section} />
          ${params.section ? html`<p><a href="#cash">すべての所属を見る</a></p>` : null}
          ${data.has_more ? html`<${Message} kind="warning">多すぎるので一部だけを表示しています。所属を選んでください。<//>` : null}
          <${Register} label="払い込む現金" testId="held-row" columns=${columns} rows=${data.rows} rowKey=${keyOf} selected=${selected} onSelect=${(row) => setParams({ row })}
            rowLevel=${(row) => (row.is_late ? "danger" : null)} marked=${canWrite ? marked : undefined} onMark=${onMark} onMarkAll=${(keys) => setMarked(new Set(keys))} canMark=${canMark} isBusy=${answer.isLoading} hints=${canWrite ? [["x", "選ぶ"]] : []} />
          ${canWrite ? html`<${Prepare} key=${data.bank} rows=${chosen} data=${data} onDone=${(id) => {
            setMarked(new Set());
            setParams({ view: "remittances", id, row: "", section: "" });
          }} />` : null}`}`;
}

const books = [["receipts", "収納日報", "shuno-nippo"], ["day", "日計表", "nikkei"], ["month", "月計表", "gekkei"], ["book", "現金出納簿", "genkin-suito"], ["float", "釣銭管理簿", "tsurisen"]];

function Books({ params }) {
  const me = useMe();
  const from = params.from || me.today;
  const to = params.to && params.to >= from ? params.to : from;
  const names = useAnswer("/api/masters/names?kind=sections&limit=500", { whats: ["masters"] });
  const sections = (names.data?.rows ?? []).map((row) => [row.code, row.name]);
  return html`<div class="filter-row">
      <${DateField} label="いつから" value=${from} onChange=${(value) => setParams({ from: value, to: value > to || from === to ? value : to })} />
      <${DateField} label="いつまで" value=${to} onChange=${(value) => setParams({ from: value < from ? value : from, to: value })} />
      ${sections.length > 0 ? html`<${Select} label="所属" value=${params.section || ""} options=${[["", "すべて"], ...sections]} onChange=${(section) => setParams({ section })} />` : null}
    </div>
    <div class="cash-books">${books.map(([paper, title, file]) => html`<div key=${paper} data-testid=${`book-${paper}`}><${Papers} path=${`/api/cash/paper?${queryOf({ paper, from, to, section: params.section })}`} name=${`${file}-${to}`} title=${title} /></div>`)}</div>`;
}

const views = [
  { key: "held", title: "払い込む現金", show: Held },
  { key: "remittances", title: "払込", show: RemittanceList },
  { key: "books", title: "帳簿・帳票", show: Books },
];

export function CashPage({ params }) {
  const view = views.find((one) => one.key === params.view) || views[0];
  return html`<div class="page-body">
    <${Tabs} label="現金・払込" tabs=${views} selected=${view.key} onSelect=${(key) => setParams({ view: key, id: "", row: "", state: "" })} panelId="cash-panel" />
    <section class=${`panel report-panel ${view.key === "remittances" ? "" : "cash-panel"}`} id="cash-panel" role="tabpanel" aria-label=${view.title} data-testid=${`cash-${view.key}`}><${view.show} params=${params} /></section>
  </div>`;
}
