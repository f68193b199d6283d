// Counted against recorded. A difference is booked with a reason and never keeps the day from closing.
import { html, useState } from "./lib/view.js";
import { Key, Message, Money, yen } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { Notice } from "./notice.js";
import { Reasons } from "./reasons.js";
import { Step } from "./step.js";
import { methodNames } from "./text.js";

const differenceReasons = ["つり銭の渡し間違い", "お預かりの打ち間違い", "原因不明(調べます)"];

function Totals({ result, brands }) {
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

function verdict(difference) {
  if (difference === 0) {
    return { kind: "success", text: "記録と合っています。" };
  }
  return difference > 0
    ? { kind: "warning", text: `記録より ${yen(difference)} 多くあります。理由を付けて精算できます。` }
    : { kind: "warning", text: `記録より ${yen(-difference)} 足りません。理由を付けて精算できます。` };
}

function CloseKey({ onClose }) {
  const { isIdle } = useTill();
  const close = () => isIdle && onClose(null);
  useKeys({ Enter: close }, LEVEL_STEP);
  return html`<${Key} kind="main" class="step-main" hint="Enter" name="精算する" note="きょうの会計を締めます" disabled=${!isIdle} onPress=${close} />`;
}

export function Comparison({ result, onClose, onBack }) {
  const { catalog, isIdle } = useTill();
  const [isReasoning, setReasoning] = useState(false);
  const { difference_yen: difference, unresolved } = result;
  const { kind, text } = verdict(difference);
  const unresolvedCount = Array.isArray(unresolved) ? unresolved.length : unresolved;
  const startReason = () => isIdle && setReasoning(true);
  useKeys(isReasoning ? {} : { Escape: onBack, ...(difference === 0 ? {} : { Enter: startReason }) }, LEVEL_STEP);
  return html`<section class="panel day-main" aria-label="きょうの記録">
      <header class="panel-head"><h1 class="panel-title">きょうの記録</h1></header>
      <div class="day-body">
        <${Totals} result=${result} brands=${catalog?.brands || []} />
        <dl class="facts day-facts">
          <dt>無料で発行</dt><dd class="is-right">${result.zero_count}件</dd>
          <dt>結果未確認</dt><dd class="is-right">${unresolvedCount}件</dd>
        </dl>
        ${unresolvedCount > 0 ? html`<${Message} kind="warning">結果未確認の決済は、精算後も自動で照会を続けます。<//>` : null}
      </div>
    </section>
    <${Step} class="day-side" title="現金" onBack=${isReasoning ? undefined : onBack} backWord="数え直す">
      <${Notice} />
      <dl class="facts cash-facts">
        <dt>数えた現金</dt><dd class="is-right"><${Money} amount=${result.counted_cash_yen} /></dd>
        <dt>記録の現金</dt><dd class="is-right"><${Money} amount=${result.expected_cash_yen} /></dd>
        <dt class="cash-note">うち つり銭</dt><dd class="is-right cash-note"><${Money} amount=${result.float_yen} /></dd>
        <dt class="cash-difference">差</dt><dd class="is-right cash-difference"><${Money} amount=${difference} signed=${true} /></dd>
      </dl>
      ${isReasoning ? null : html`<${Message} kind=${kind}>${text}<//>`}
      <span class="bar-space"></span>
      ${difference === 0
        ? html`<${CloseKey} onClose=${onClose} />`
        : isReasoning
          ? html`<${Reasons} question="差の理由" reasons=${differenceReasons} confirmWord="この理由で精算する" disabled=${!isIdle} onConfirm=${onClose} onCancel=${() => setReasoning(false)} />`
          : html`<${Key} kind="main" class="step-main" hint="Enter" name="理由を付けて精算する" disabled=${!isIdle} onPress=${startReason} />`}
    <//>`;
}
