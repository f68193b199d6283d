// 今日: the morning page. What came in, what agrees, what does not, what waits for whom. Every figure opens its evidence.
import { html } from "./lib/view.js";
import { Button, Money } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useAnswer } from "./data.js";
import { useMe } from "./session.js";
import { address, setParams } from "./route.js";
import { DateField, Figure, NotYet, StaleNotice } from "./bits.js";
import { AssessmentPart, CashPart, DepositPart, StatementPart, TerminalPart } from "./today_parts.js";
import { addDays, clockTime, eraDate, moment, number, shortDate, times } from "./text.js";

const whats = ["discrepancies", "imports", "assessments", "exports", "terminals", "journal", "parked"];
const urgent = new Set(["quarantined", "overdue", "late_deposits", "misses_closing"]);

function Waiting({ waiting }) {
  return html`<section class="panel today-waiting" aria-labelledby="waiting-title">
    <header class="panel-head"><h2 id="waiting-title" class="panel-title">待っている仕事</h2></header>
    ${waiting.length === 0
      ? html`<p class="today-none"><${Icon} name="check-circle" />待っている仕事はありません。</p>`
      : html`<ul class="waiting-list">
          ${waiting.map(
            (item) => html`<li key=${item.what}>
              <a class=${`waiting-item ${urgent.has(item.what) ? "is-danger" : ""}`} href=${`#${item.page}`} data-testid=${`waiting-${item.what}`}>
                ${urgent.has(item.what) ? html`<${Icon} name="danger" />` : html`<span class="waiting-dot" aria-hidden="true"></span>`}
                <span class="waiting-text">${item.message}</span>
                ${item.amount_yen ? html`<${Money} amount=${item.amount_yen} />` : null}
                <${Icon} name="next" />
              </a>
            </li>`,
          )}
        </ul>`}
  </section>`;
}

function Classes({ classes: rows, open, openYen }) {
  return html`<section class="panel" aria-labelledby="classes-title">
    <header class="panel-head">
      <h2 id="classes-title" class="panel-title">要確認の内訳</h2>
      <a class="panel-link" href="#discrepancies">${times(open)} <${Money} amount=${openYen} /></a>
    </header>
    ${rows.length === 0
      ? html`<p class="today-none"><${Icon} name="check-circle" />要確認はありません。</p>`
      : html`<ul class="class-list">
          ${rows.map(
            (row) => html`<li key=${row.class}>
              <a href=${address("discrepancies", { class: row.class })}><span>${row.class_name}</span><span class="class-count">${times(row.count)}</span><${Money} amount=${row.amount_yen} /></a>
            </li>`,
          )}
        </ul>`}
  </section>`;
}

// Two days side by side, so that a day that is unlike the one before shows.
function Methods({ day, before }) {
  const names = new Map([...before.sales.by_method, ...day.sales.by_method].map((row) => [row.method, row.method_name]));
  const of = (answer, method) => answer.sales.by_method.find((row) => row.method === method) || { count: 0, amount_yen: 0, zero_count: 0, void_count: 0, void_yen: 0 };
  const cells = (answer, row, method) => html`<td>${number(row.count)}</td>
    <td><a href=${address("sales", { date: answer.date, method })}><${Money} amount=${row.amount_yen} /></a></td>
    <td>${row.void_count > 0 ? html`${number(row.void_count)} <small>(<${Money} amount=${row.void_yen} />)</small>` : html`<span class="none">―</span>`}</td>`;
  return html`<section class="panel" aria-labelledby="methods-title">
    <header class="panel-head"><h2 id="methods-title" class="panel-title">支払方法別の売上</h2></header>
    <table class="methods">
      <thead>
        <tr><th></th>${[before, day].map((answer) => html`<th key=${answer.date} colspan="3" scope="colgroup">${shortDate(answer.date)}</th>`)}</tr>
        <tr><th scope="col">支払方法</th>${[before, day].map((answer) => html`<th scope="col">件数</th><th scope="col">金額</th><th scope="col">取消</th>`)}</tr>
      </thead>
      <tbody>
        ${[...names].map(([method, name]) => html`<tr key=${method}><th scope="row">${name}</th>${[before, day].map((answer) => cells(answer, of(answer, method), method))}</tr>`)}
        <tr class="methods-total"><th scope="row">合計</th>${[before, day].map((answer) => cells(answer, answer.sales, undefined))}</tr>
        <tr><th scope="row">うち無料</th>${[before, day].map((answer) => html`<td>${number(answer.sales.zero_count)}</td><td></td><td></td>`)}</tr>
      </tbody>
    </table>
  </section>`;
}

function DaySwitch({ date, today }) {
  const show = (day) => () => setParams({ date: day === addDays(today, -1) ? "" : day });
  return html`<div class="day-switch" role="group" aria-label="日を選ぶ">
    <${Button} icon="back" label="前の日" onPress=${show(addDays(date, -1))} />
    <${Button} isPressed=${date === addDays(today, -1)} onPress=${show(addDays(today, -1))}>昨日<//>
    <${Button} isPressed=${date === today} onPress=${show(today)}>今日<//>
    <${Button} icon="next" label="次の日" disabled=${date >= today} onPress=${show(addDays(date, 1))} />
    <${DateField} label="日付" value=${date} max=${today} onChange=${(day) => (day ? show(day)() : null)} />
  </div>`;
}

export function TodayPage({ params }) {
  const me = useMe();
  const date = params.date || addDays(me.today, -1);
  const day = useAnswer(`/api/today?date=${date}`, { whats, keep: true });
  const before = useAnswer(`/api/today?date=${addDays(date, -1)}`, { whats: ["journal"], keep: true });
  if (day.data === null || before.data === null) {
    return html`<div class="page-body"><section class="panel today-first"><${NotYet} answer=${day.data === null ? day : before} what="集計" /></section></div>`;
  }
  const { sales, reconciliation, waiting } = day.data;
  const today = day.data.today;
  const when = date === today ? "今日" : date === addDays(today, -1) ? "昨日" : "";
  const run = reconciliation.last_run;
  return html`<div class="page-body today" aria-busy=${String(day.isLoading)}>
    <header class="today-head">
      <h1>${when} ${shortDate(date)}<small>${eraDate(date)}</small></h1>
      <p class="today-at">${clockTime(day.data.at)} 現在${run ? html`　最後の照合 <a href=${address("runs", { id: run.id })}>${moment(run.at)}</a>` : "　まだ照合していません"}</p>
      <${DaySwitch} date=${date} today=${today} />
    </header>
    <${StaleNotice} answer=${day} />
    <div class="figures">
      <${Figure} title="売上" count=${times(sales.count)} amount=${sales.amount_yen} href=${address("sales", { date })} note=${`無料 ${number(sales.zero_count)}　取消 ${number(sales.void_count)}`} testId="figure-sales" />
      <${Figure} title="照合済み" count=${times(reconciliation.matched_count)} amount=${reconciliation.matched_yen} href=${address("payments", { state: "matched", date })} note="明細と合った分" testId="figure-matched" />
      <${Figure} title="明細待ち" count=${times(reconciliation.waiting_count)} amount=${reconciliation.waiting_yen} href=${address("payments", { state: "waiting", date })} note="期限はまだ来ていません" testId="figure-waiting" />
      <${Figure} title="要確認" count=${times(reconciliation.open_count)} amount=${reconciliation.open_yen} href="#discrepancies" level=${reconciliation.open_count > 0 ? "warning" : undefined} note=${`すべての日　二人目の確認待ち ${number(reconciliation.awaiting_second_count)}`} testId="figure-open" />
      <${Figure} title="期限超過" count=${times(reconciliation.overdue_count)} href=${address("discrepancies", { overdue: 1 })} level=${reconciliation.overdue_count > 0 ? "danger" : undefined} note="要確認のうち期限を過ぎたもの" testId="figure-overdue" />
    </div>
    <div class="today-columns">
      <div class="today-column">
        <${Waiting} waiting=${waiting} />
        <${Classes} classes=${reconciliation.by_class} open=${reconciliation.open_count} openYen=${reconciliation.open_yen} />
      </div>
      <div class="today-column">
        <${Methods} day=${day.data} before=${before.data} />
        <div class="today-parts">
          <${StatementPart} statements=${day.data.statements} />
          <${AssessmentPart} assessment=${day.data.assessment} />
          <${DepositPart} deposits=${day.data.deposits} />
          <${CashPart} cash=${day.data.cash} remittance=${day.data.remittance} refunds=${day.data.refunds} date=${day.data.date} />
          <${TerminalPart} terminals=${day.data.terminals} parked=${day.data.parked_count} />
        </div>
      </div>
    </div>
  </div>`;
}
