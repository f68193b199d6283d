// One sale: what was sold, how it was paid, the paper as it was printed; reprint and void.
import { html, useState } from "./lib/view.js";
import { Button, Message, Money, yen } from "./lib/components.js";
import { useTill } from "./context.js";
import { Reasons } from "./reasons.js";
import { clockTime, paidWith, methodNames, printWords, shortDate } from "./text.js";

const voidReasons = ["打ち間違い", "お客様の申し出", "発行できない証明だった"];

function Lines({ sale }) {
  return html`<ul class="record-lines">
    ${sale.lines.map(
      (line, index) => html`<li key=${index}>
        <span>${line.name}${line.quantity > 1 ? html` <small>×${line.quantity}</small>` : null}${line.exemption ? html` <small>${line.exemption.name}</small>` : null}</span>
        <span>${line.exemption ? "無料" : html`<${Money} amount=${line.amount_yen} />`}</span>
      </li>`,
    )}
    <li class="record-total"><span>合計</span><${Money} amount=${sale.total_yen} /></li>
  </ul>`;
}

// The paper may be drawn anew after a reprint; the address carries the count of copies so that the browser asks again.
function Paper({ sale }) {
  const { till } = useTill();
  const [isMissing, setMissing] = useState(false);
  return isMissing
    ? html`<p class="record-paper is-missing">レシートの画像はありません。</p>`
    : html`<img class="record-paper" src=${`${till.receiptAddress(sale.sale)}?copies=${sale.copies}`} alt=${`レシート ${sale.receipt_number}`} onError=${() => setMissing(true)} />`;
}

const voidStates = {
  voiding: { kind: "warning", text: "取消の結果を確認しています。自動で確認を続けます。" },
  voided: { kind: "info", text: "この会計は取り消されています。" },
};

export function RecordDetail({ sale }) {
  const { till, isIdle } = useTill();
  const [isVoiding, setVoiding] = useState(false);
  const [said, setSaid] = useState(null);
  const print = printWords[sale.print];

  const reprint = async () => setSaid((await till.reprint(sale.sale)).ok ? "再発行を印刷します。" : null);
  const voidSale = async (reason) => {
    if ((await till.voidSale(sale.sale, reason)).ok) {
      setVoiding(false);
      setSaid(sale.method === "cash" ? `取り消しました。現金 ${yen(sale.total_yen)} をお客様に返してください。` : "取消を頼みました。結果はここに出ます。");
    }
  };
  const held = voidStates[sale.state];
  return html`<div class="panel record">
    <header class="panel-head">
      <h2 class="panel-title">${sale.receipt_number}</h2>
    </header>
    <div class="record-body">
      <div class="record-facts">
        <dl class="facts">
          <dt>日時</dt><dd>${shortDate(sale.at.slice(0, 10))} ${clockTime(sale.at)}</dd>
          ${sale.received_on !== sale.at.slice(0, 10) ? html`<dt>受領日</dt><dd>${shortDate(sale.received_on)}</dd>` : null}
          <dt>支払い</dt><dd>${paidWith(sale)}${sale.brand_name ? html` <small>${methodNames[sale.method]}</small>` : null}</dd>
          <dt>担当</dt><dd>${sale.clerk_name}</dd>
          <dt>レシート</dt><dd>${print.word}${sale.copies > 1 ? `(${sale.copies}枚)` : ""}</dd>
        </dl>
        <${Lines} sale=${sale} />
        ${held ? html`<${Message} kind=${held.kind}>${held.text}<//>` : null}
        ${said && (sale.state !== "voided" || sale.method === "cash") ? html`<${Message} kind="success">${said}<//>` : null}
        ${sale.state === "sold" && !sale.can_void && sale.void_hint ? html`<${Message} kind="info">${sale.void_hint}<//>` : null}
        ${isVoiding
          ? html`<${Reasons}
              question=${sale.method === "cash" ? "取り消す理由。現金をお客様に返してください。" : "取り消す理由。支払いを取り消します。"}
              reasons=${voidReasons}
              confirmWord="この会計を取り消す"
              kind="danger"
              disabled=${!isIdle}
              onConfirm=${voidSale}
              onCancel=${() => setVoiding(false)}
            />`
          : null}
      </div>
      ${isVoiding ? null : html`<${Paper} sale=${sale} />`}
    </div>
    ${isVoiding
      ? null
      : html`<footer class="panel-foot record-foot">
          <${Button} class="key" icon="printer" disabled=${!isIdle} onPress=${reprint}>再発行する<//>
          ${sale.can_void ? html`<${Button} class="key" kind="danger" disabled=${!isIdle} onPress=${() => setVoiding(true)}>この会計を取り消す<//>` : null}
        </footer>`}
  </div>`;
}
