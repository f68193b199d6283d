// The sale is done: what goes back to the citizen in the largest type, what became of the paper, Enter for the next.
import { html, useEffect, useState } from "./lib/view.js";
import { Button, Key, Money, yen } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { paidWith, printWords, shortReceiptNumber } from "./text.js";

const printIcons = { queued: "printer", printing: "printer", printed: "check", not_printed: "warning", unknown: "question" };

function Paper({ sale }) {
  const { till, isIdle } = useTill();
  const [isAsked, setAsked] = useState(false);
  useEffect(() => setAsked(false), [sale.print]);
  const words = printWords[sale.print];
  const reprint = async () => {
    setAsked(true);
    await till.reprint(sale.sale);
  };
  return html`<div class=${`paper is-${words.level}`}>
    <${Icon} name=${printIcons[sale.print]} />
    <p class="paper-text"><strong>${words.word}</strong> <span>${(words.level === "warning" && sale.print_message) || words.sentence}</span></p>
    ${words.level === "warning" ? html`<${Button} disabled=${!isIdle || isAsked} onPress=${reprint}>再印字<//>` : null}
  </div>`;
}

// Nine digits still fit on one line.
const figureClass = (text) => (text.length > 8 ? "paid-figure is-long" : "paid-figure");

function Figure({ sale }) {
  if (sale.method === "cash") {
    const change = yen(sale.change_yen);
    return html`${sale.change_yen === 0
        ? html`<p class="paid-figure is-words">お釣りなし</p>`
        : html`<p class="paid-label">お釣り</p>
            <p class=${figureClass(change)}>${change}</p>`}
      <dl class="facts paid-facts">
        <dt>お預かり</dt>
        <dd class="is-right"><${Money} amount=${sale.tendered_yen} /></dd>
        <dt>合計</dt>
        <dd class="is-right"><${Money} amount=${sale.total_yen} /></dd>
      </dl>`;
  }
  if (sale.method === "none") {
    return html`<p class="paid-label">お支払いはありません</p>
      <p class="paid-figure is-words">無料で発行</p>`;
  }
  return html`<p class="paid-figure is-words">お支払い済み</p>
    <p class="paid-amount"><${Money} amount=${sale.total_yen} /></p>
    <p class="paid-label">${sale.cash_part_yen > 0 ? `${paidWith(sale)} ${yen(sale.total_yen - sale.cash_part_yen)} ＋ 現金 ${yen(sale.cash_part_yen)}` : paidWith(sale)}</p>
    ${sale.cash_part_yen > 0 && sale.change_yen > 0 ? html`<p class="paid-amount">お釣り <${Money} amount=${sale.change_yen} /></p>` : null}`;
}

export function PaidStep() {
  const { state, ui } = useTill();
  const sale = state.last_sale;
  const next = () => ui.markSeen(sale.sale);
  useKeys({ Enter: next, Escape: next }, LEVEL_VIEW);
  return html`<div class="panel paid">
    <header class="panel-head paid-head">
      <h2 class="panel-title step-title"><${Icon} name="check-circle" />会計が済みました</h2>
      <span class="paid-number">${shortReceiptNumber(sale.receipt_number)}</span>
    </header>
    <div class="paid-body"><${Figure} sale=${sale} /></div>
    <${Paper} sale=${sale} />
    <footer class="step-foot">
      <${Key} kind="main" class="step-main" icon="next" hint="Enter" name="次の会計へ" note="商品を選んでも始まります" onPress=${next} />
    </footer>
  </div>`;
}
