// One sale: what was sold, how it was paid, the papers that came out; and what can still be done with it: reprint, void on
// the same day, refund on a later one.
import { html, useState } from "./lib/view.js";
import { Button, Message, Money, yen } from "./lib/components.js";
import { useTill } from "./context.js";
import { Reasons } from "./reasons.js";
import { RefundPayStep, RefundRequests, RefundStep } from "./refund.js";
import { clockTime, paidWith, methodNames, printWords, shortDate } from "./text.js";

const voidReasons = ["打ち間違い", "お客様の申し出", "発行できない証明だった"];
const withdrawReasons = ["お客様の申し出", "受け付けの誤り"];
const paperNames = { receipt: "領収書", void: "取消票", shop_copy: "加盟店控", void_shop_copy: "加盟店控(取消)" };

function Lines({ sale }) {
  return html`<ul class="record-lines">
    ${sale.lines.map(
      (line) => html`<li key=${line.line}>
        <span>${line.name}${line.quantity > 1 ? html` <small>×${line.quantity}</small>` : null}${line.exemption ? html` <small>${line.exemption}</small>` : null}${line.refunded_yen > 0 ? html` <small class="record-refunded">還付 ${yen(line.refunded_yen)}</small>` : null}</span>
        <span>${line.exemption ? "無料" : html`<${Money} amount=${line.amount_yen} />`}</span>
      </li>`,
    )}
    <li class="record-total"><span>合計</span><${Money} amount=${sale.total_yen} /></li>
    ${sale.refund.refunded_yen > 0 ? html`<li><span>還付(受付を含む)</span><${Money} amount=${-sale.refund.refunded_yen} /></li>` : null}
  </ul>`;
}

// How many of each paper certainly came out, and how many perhaps.
function papersText(sale) {
  const out = sale.papers.filter((paper) => paper.printed + paper.unknown > 0).map((paper) => `${paperNames[paper.form] || paper.form} ${paper.printed}枚${paper.unknown > 0 ? `(ほか不明 ${paper.unknown})` : ""}`);
  return out.length > 0 ? out.join("、") : printWords[sale.print].word;
}

// The paper may be drawn anew after a reprint; the address carries the count of copies so that the browser asks again.
function Paper({ sale }) {
  const { till } = useTill();
  const [isMissing, setMissing] = useState(false);
  return isMissing
    ? html`<p class="record-paper is-missing">レシートの画像はありません。</p>`
    : html`<img class="record-paper" src=${`${till.receiptAddress(sale.sale)}?copies=${sale.copies}&state=${sale.state}`} alt=${`レシート ${sale.receipt_number}`} onError=${() => setMissing(true)} />`;
}

const voidStates = {
  voiding: { kind: "warning", text: "取消の結果を確認しています。自動で確認を続けます。" },
  voided: { kind: "info", text: "この会計は取り消されています。" },
};

function Facts({ sale }) {
  return html`<dl class="facts">
    <dt>日時</dt><dd>${shortDate(sale.at.slice(0, 10))} ${clockTime(sale.at)}</dd>
    ${sale.received_on !== sale.at.slice(0, 10) ? html`<dt>受領日</dt><dd>${shortDate(sale.received_on)}</dd>` : null}
    <dt>支払い</dt><dd>${paidWith(sale)}${sale.brand_name ? html` <small>${methodNames[sale.method]}</small>` : null}</dd>
    <dt>担当</dt><dd>${sale.clerk_name}</dd>
    <dt>印刷</dt><dd>${papersText(sale)}</dd>
  </dl>`;
}

// What hinders, in one sentence, and what to do instead; silent while the keys below say it all.
function Hint({ sale }) {
  if (sale.state !== "sold" || sale.can_void || sale.refund.can_request) {
    return sale.state === "sold" && !sale.can_void && sale.refund.can_request && sale.refund.requests.length === 0 ? html`<${Message} kind="info">${sale.void_hint}<//>` : null;
  }
  return html`<${Message} kind="info">${sale.refund.hint || sale.void_hint}<//>`;
}

function useDeeds(sale) {
  const { till } = useTill();
  const [doing, setDoing] = useState(null); // {name: "void" | "refund" | "pay" | "withdraw", request?}
  const [said, setSaid] = useState(null);
  const done = (text) => {
    setDoing(null);
    setSaid(text);
  };
  return {
    doing,
    said,
    begin: (name, request) => setDoing({ name, request }),
    stop: () => setDoing(null),
    reprint: async () => setSaid((await till.reprint(sale.sale)).ok ? "再発行を印刷します。" : null),
    reprintShopCopy: async () => setSaid((await till.printPaper(sale.shop_copy, sale.sale)).ok ? "加盟店控の再発行を印刷します。" : null),
    voidSale: async (reason) => {
      if ((await till.voidSale(sale.sale, reason)).ok) {
        done(sale.method === "cash" ? `取り消しました。現金 ${yen(sale.total_yen)} をお客様に返してください。` : "取消を頼みました。結果はここに出ます。");
      }
    },
    asked: (means) =>
      done(
        means === "cash"
          ? "還付を受け付けました。「現金で返す」で支払います。"
          : means === "gateway" && sale.refund.gateway_at_till
            ? "還付を受け付けました。「決済会社から返す」で返金します。"
            : "還付を受け付けました。会計担当が手続きします。",
      ),
    paid: (request) => done(request.means === "cash" ? `現金 ${yen(request.amount_yen)} をお客様に返してください。` : "返金を頼みました。結果はここに出ます。"),
    withdraw: async (reason) => {
      if ((await till.withdrawRefund(doing.request.refund, reason)).ok) {
        done("還付の受付を取り下げました。");
      }
    },
  };
}

export function RecordDetail({ sale, isScanned }) {
  const { isIdle } = useTill();
  const deeds = useDeeds(sale);
  const { doing, said } = deeds;
  if (doing?.name === "refund") {
    return html`<${RefundStep} sale=${sale} onBack=${deeds.stop} onAsked=${deeds.asked} />`;
  }
  if (doing?.name === "pay") {
    return html`<${RefundPayStep} request=${doing.request} onBack=${deeds.stop} onPaid=${deeds.paid} />`;
  }
  const held = voidStates[sale.state];
  return html`<div class="panel record">
    <header class="panel-head">
      <h2 class="panel-title">${sale.receipt_number}</h2>
      ${isScanned ? html`<span class="tag is-info">読み取った票</span>` : null}
    </header>
    <div class="record-body">
      <div class="record-facts">
        ${said && (sale.state !== "voided" || sale.method === "cash") ? html`<${Message} kind="success">${said}<//>` : null}
        ${held ? html`<${Message} kind=${held.kind}>${held.text}<//>` : null}
        <${Facts} sale=${sale} />
        <${Lines} sale=${sale} />
        <${RefundRequests} sale=${sale} onPay=${(request) => deeds.begin("pay", request)} onWithdraw=${(request) => deeds.begin("withdraw", request)} />
        ${doing === null ? html`<${Hint} sale=${sale} />` : null}
        ${doing?.name === "void"
          ? html`<${Reasons}
              question=${sale.method === "cash" ? "取り消す理由。現金をお客様に返してください。" : "取り消す理由。支払いを取り消します。"}
              reasons=${voidReasons}
              confirmWord="この会計を取り消す"
              kind="danger"
              disabled=${!isIdle}
              onConfirm=${deeds.voidSale}
              onCancel=${deeds.stop}
            />`
          : null}
        ${doing?.name === "withdraw"
          ? html`<${Reasons} question="還付の受付を取り下げる理由" reasons=${withdrawReasons} confirmWord="受付を取り下げる" kind="danger" disabled=${!isIdle} onConfirm=${deeds.withdraw} onCancel=${deeds.stop} />`
          : null}
      </div>
      ${doing === null ? html`<${Paper} sale=${sale} />` : null}
    </div>
    ${doing === null
      ? html`<footer class="panel-foot record-foot">
          <${Button} class="key" icon="printer" disabled=${!isIdle} onPress=${deeds.reprint}>再発行する<//>
          ${sale.shop_copy ? html`<${Button} class="key" icon="printer" disabled=${!isIdle} onPress=${deeds.reprintShopCopy}>加盟店控<//>` : null}
          ${sale.can_void ? html`<${Button} class="key" kind="danger" disabled=${!isIdle} onPress=${() => deeds.begin("void")}>この会計を取り消す<//>` : null}
          ${sale.refund.can_request ? html`<${Button} class="key" icon="cash" disabled=${!isIdle} onPress=${() => deeds.begin("refund")}>還付を受け付ける<//>` : null}
        </footer>`
      : null}
  </div>`;
}
