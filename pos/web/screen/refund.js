// Money back on a later day: which lines and how much of each, by which means, why. Cash, and what the network gives back on
// our word, are paid here with a supervisor's PIN; what finance carries out is only asked for here, and the screen says so.
import { html, useState } from "./lib/view.js";
import { Button, Key, Message, Money, yen } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { ApprovalStep } from "./approval.js";
import { Reasons } from "./reasons.js";
import { Step } from "./step.js";
import { clockTime, shortDate } from "./text.js";

// Whether MEANS of SALE's refund is paid here, once a supervisor approves.
const isPaidHere = (sale, means) => means === "cash" || (means === "gateway" && sale.refund.gateway_at_till);

const refundReasons = ["申請の取下げ", "使用の取りやめ", "金額の誤り"];

const meansWords = {
  cash: { name: "現金", note: "この窓口で返す" },
  gateway: { name: "決済会社から", note: "会計担当が手続き" },
  bank_transfer: { name: "口座振込", note: "会計担当が手続き" },
};

const meansKeys = ["a", "b", "c"]; // beside the digits of the reasons; a chosen means leaves Enter to the reason

const stateWords = {
  requested: { level: "warning", word: "受付済み" },
  running: { level: "warning", word: "結果を照会中" },
  paid: { level: "success", word: "返金済み" },
  withdrawn: { level: "info", word: "取り下げ" },
};

// One line: taken or not, and how much of it. A line of several things goes back thing by thing.
function Part({ line, amount, onAmount }) {
  const isTaken = amount > 0;
  const step = line.quantity > 1 && line.unit_price_yen > 0 ? line.unit_price_yen : line.refundable_yen;
  const set = (value) => onAmount(Math.max(0, Math.min(line.refundable_yen, value)));
  const type = (event) => set(Number(event.target.value.normalize("NFKC").replace(/[^0-9]/g, "")) || 0);
  return html`<li class=${isTaken ? "refund-part is-taken" : "refund-part"}>
    <${Button} class="refund-line" isPressed=${isTaken} icon=${isTaken ? "check" : undefined} onPress=${() => set(isTaken ? 0 : line.refundable_yen)}>
      ${line.name}${line.quantity > 1 ? ` ×${line.quantity}` : ""}
    <//>
    ${line.quantity > 1 ? html`<${Button} icon="minus" label=${`${line.name}を1点分減らす`} disabled=${amount === 0} onPress=${() => set(amount - step)} />` : null}
    <input class="input refund-amount" type="text" inputmode="numeric" autocomplete="off" aria-label=${`${line.name}の還付額`} value=${amount === 0 ? "" : String(amount)} placeholder="0" onInput=${type} />
    ${line.quantity > 1 ? html`<${Button} icon="plus" label=${`${line.name}を1点分増やす`} disabled=${amount === line.refundable_yen} onPress=${() => set(amount + step)} />` : null}
    ${amount < line.refundable_yen ? html`<span class="refund-most">最大 ${yen(line.refundable_yen)}</span>` : null}
  </li>`;
}

export function RefundStep({ sale, onBack, onAsked }) {
  const { till, isIdle } = useTill();
  const lines = sale.lines.filter((line) => line.refundable_yen > 0);
  const [amounts, setAmounts] = useState(() => Object.fromEntries(lines.map((line) => [line.line, line.refundable_yen])));
  const [chosen, setMeans] = useState(sale.refund.means.length === 1 ? sale.refund.means[0] : null);
  const total = lines.reduce((sum, line) => sum + amounts[line.line], 0);
  const kept = sale.refund.rule !== null && lines.length < sale.lines.filter((line) => line.amount_yen > 0).length;
  const ask = async (reason) => {
    const parts = lines.filter((line) => amounts[line.line] > 0).map((line) => ({ line: line.line, amount_yen: amounts[line.line] }));
    const answer = await till.requestRefund(sale.sale, { remainder_yen: sale.refund.remainder_yen, means: chosen, reason, lines: parts });
    if (answer.ok) {
      onAsked(chosen);
    }
  };
  const bindings = {};
  sale.refund.means.slice(0, meansKeys.length).forEach((means, index) => {
    bindings[meansKeys[index]] = () => setMeans(means);
  });
  useKeys(bindings, LEVEL_STEP);
  return html`<${Step} class="refund" icon="cash" title="還付を受け付ける" onBack=${onBack}>
    <ul class="refund-parts">
      ${lines.map((line) => html`<${Part} key=${line.line} line=${line} amount=${amounts[line.line]} onAmount=${(value) => setAmounts({ ...amounts, [line.line]: value })} />`)}
    </ul>
    ${kept ? html`<${Message} kind="info">ほかの明細は還付できません(${sale.refund.rule})。<//>` : null}
    <div class="step-due"><span>還付額</span><${Money} amount=${total} /></div>
    <div class="refund-means" role="group" aria-label="返し方">
      ${sale.refund.means.map(
        (means, index) => html`<${Key} key=${means} data-means=${means} hint=${meansKeys[index]?.toUpperCase()} name=${meansWords[means].name} note=${isPaidHere(sale, means) ? "この窓口で返す" : meansWords[means].note} isPressed=${means === chosen} onPress=${() => setMeans(means)} />`,
      )}
    </div>
    <${Reasons}
      question=${chosen === null ? "返し方を選び、理由を入れてください。" : chosen === "cash" ? "理由。受け付けたあと、責任者の承認で現金を返します。" : isPaidHere(sale, chosen) ? "理由。受け付けたあと、責任者の承認で決済会社から返します。" : "理由。会計担当に送られ、ここでは支払いません。"}
      reasons=${refundReasons}
      confirmWord=${`${yen(total)} の還付を受け付ける`}
      disabled=${!isIdle || total === 0 || chosen === null}
      onConfirm=${ask}
      onCancel=${onBack}
    />
  <//>`;
}

// The supervisor's PIN; then the drawer opens, or the network is asked.
export function RefundPayStep({ request, onBack, onPaid }) {
  const { till } = useTill();
  const pay = async (approval) => {
    const answer = await till.payRefund(request.refund, approval);
    if (answer.ok) {
      onPaid(request);
    }
    return answer;
  };
  return request.means === "cash"
    ? html`<${ApprovalStep} title="現金で還付" question=${`${yen(request.amount_yen)} を引き出しから返します。責任者の承認が必要です。`} confirmWord="承認して引き出しを開ける" onApprove=${pay} onBack=${onBack} />`
    : html`<${ApprovalStep} title="決済会社から返金" question=${`${yen(request.amount_yen)} を、支払いのときの決済会社から返します。責任者の承認が必要です。`} confirmWord="承認して返金する" onApprove=${pay} onBack=${onBack} />`;
}

const waitingWord = (request) => (request.can_pay ? "未払い" : request.means !== "cash" && request.state === "requested" ? "手続き中" : stateWords[request.state].word);

function noteOf(request) {
  if (request.state === "running") {
    return " 返金の結果を確かめています。もう一度返金しないでください。";
  }
  if (request.state !== "requested" || request.means === "cash" || request.can_pay) {
    return "";
  }
  return request.is_refused ? " 決済会社が返金を断りました。会計担当が手続きします。" : " 会計担当が手続きします。";
}

function Request({ request, onPay, onWithdraw }) {
  const { isIdle } = useTill();
  return html`<li class="refund-request">
    <p class="refund-request-main">
      <span class=${`tag is-${stateWords[request.state].level}`}>還付 ${waitingWord(request)}</span>
      <strong>${meansWords[request.means].name}</strong> <${Money} amount=${request.amount_yen} />
    </p>
    <p class="refund-request-text">${shortDate(request.at.slice(0, 10))} ${clockTime(request.at)} ${request.clerk_name}「${request.reason}」${noteOf(request)}</p>
    ${request.can_pay || request.can_withdraw
      ? html`<p class="refund-request-keys">
          ${request.can_pay ? html`<${Button} kind="main" icon="cash" disabled=${!isIdle} onPress=${() => onPay(request)}>${request.means === "cash" ? "現金で返す" : "決済会社から返す"}<//>` : null}
          ${request.can_withdraw ? html`<${Button} disabled=${!isIdle} onPress=${() => onWithdraw(request)}>受付を取り下げる<//>` : null}
        </p>`
      : null}
  </li>`;
}

export function RefundRequests({ sale, onPay, onWithdraw }) {
  return sale.refund.requests.length === 0
    ? null
    : html`<ul class="refund-requests" aria-label="還付の受付">
        ${sale.refund.requests.map((request) => html`<${Request} key=${request.refund} request=${request} onPay=${onPay} onWithdraw=${onWithdraw} />`)}
      </ul>`;
}
