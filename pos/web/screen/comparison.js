// Counted against recorded: what the till tells behind a count.
import { html } from "./lib/view.js";
import { Message, Money, yen } from "./lib/components.js";
import { methodNames } from "./text.js";

export const differenceReasons = ["つり銭の渡し間違い", "お預かりの打ち間違い", "原因不明(調べます)"];

export function Totals({ result, brands }) {
  const name = (row) => brands.find((brand) => brand.code === row.brand)?.name || methodNames[row.method] || row.method;
  const all = result.totals.reduce(
    (sum, row) => ({
      count: sum.count + row.count,
      amount_yen: sum.amount_yen + row.amount_yen,
      void_count: sum.void_count + row.void_count,
      void_yen: sum.void_yen + row.void_yen,
    }),
    { count: 0, amount_yen: 0, void_count: 0, void_yen: 0 },
  );
  const row = (key, title, sums) => html`<tr key=${key}>
    <th scope="row">${title}</th>
    <td class="is-right">${sums.count}件</td>
    <td class="is-right"><${Money} amount=${sums.amount_yen} /></td>
    <td class="is-right">${sums.void_count === 0 ? "—" : `${sums.void_count}件 ${yen(sums.void_yen)}`}</td>
  </tr>`;
  return html`<div class="table-frame">
    <table class="table totals">
      <thead>
        <tr><th scope="col">支払い方法</th><th scope="col" class="is-right">件数</th><th scope="col" class="is-right">金額</th><th scope="col" class="is-right">取消</th></tr>
      </thead>
      <tbody>
        ${result.totals.map((sums) => row(`${sums.method} ${sums.brand}`, name(sums), sums))}
      </tbody>
      <tfoot>${row("all", "合計", all)}</tfoot>
    </table>
  </div>`;
}

export function DayFacts({ result, held = 0 }) {
  const unresolved = result.unresolved.length;
  return html`<dl class="facts day-facts">
      <dt>無料で発行</dt><dd class="is-right">${result.zero_count}件</dd>
      <dt>引き出しだけ開けた</dt><dd class="is-right">${result.no_sale_count}回</dd>
      <dt>結果未確認</dt><dd class="is-right">${unresolved}件</dd>
      ${held > 0 ? html`<dt>保留</dt><dd class="is-right">${held}件</dd>` : null}
    </dl>
    ${held > 0 ? html`<${Message} kind="warning">保留 ${held}件 は、精算すると取りやめになります。<//>` : null}
    ${unresolved > 0 ? html`<${Message} kind="warning">結果未確認の決済・返金は、このあとも自動で照会を続けます。<//>` : null}`;
}

// How the recorded cash comes about; what there was none of is left out.
export function CashFacts({ result }) {
  const parts = [
    ["つり銭", result.float_yen, true],
    ["現金の会計", result.cash_sales_yen, true],
    ["入金", result.cash_in_yen, false],
    ["出金", -result.cash_out_yen, false],
    ["還付", -result.refund_cash_yen, false],
  ];
  return html`<dl class="facts cash-facts">
    ${parts
      .filter(([, amount, isAlways]) => isAlways || amount !== 0)
      .map(([name, amount]) => html`<dt key=${name} class="cash-note">${name}</dt><dd class="is-right cash-note"><${Money} amount=${amount} /></dd>`)}
    <dt>記録の現金</dt><dd class="is-right"><${Money} amount=${result.expected_cash_yen} /></dd>
    <dt>数えた現金</dt><dd class="is-right"><${Money} amount=${result.counted_cash_yen} /></dd>
    <dt class="cash-difference">差</dt><dd class=${`is-right cash-difference ${result.difference_yen === 0 ? "" : "is-off"}`}><${Money} amount=${result.difference_yen} signed=${true} /></dd>
  </dl>`;
}

// Over the reasons there is room for the one figure that they are about.
export function DifferenceFact({ difference }) {
  return html`<dl class="facts cash-facts">
    <dt class="cash-difference">差</dt><dd class="is-right cash-difference is-off"><${Money} amount=${difference} signed=${true} /></dd>
  </dl>`;
}

// What is paid in; less than the float in the drawer is not, and is said as what is missing.
export function Deposit({ amount }) {
  return amount < 0
    ? html`<p class="day-deposit"><span>つり銭に足りない現金</span><${Money} amount=${-amount} /></p>`
    : html`<p class="day-deposit"><span>払込額</span><${Money} amount=${amount} /></p>`;
}

export function Verdict({ difference, then }) {
  if (difference === 0) {
    return html`<${Message} kind="success">記録と合っています。<//>`;
  }
  const how = difference > 0 ? `${yen(difference)} 多く` : `${yen(-difference)} 少なく`;
  return html`<${Message} kind="warning">記録より ${how}なっています。${then}<//>`;
}
