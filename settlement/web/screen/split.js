// A payment that stands on the other side in several pieces: which ones they are. Together they must be the same yen.
import { html, useState } from "./lib/view.js";
import { Button, Message, Money, yen } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { TakeBack } from "./take_back.js";
import { moment } from "./text.js";

const placeOf = (one) => (one.import ? `取込${one.import}の${one.line}行目` : `${one.terminal} #${one.sequence}${one.part === "void" ? " 取消" : ""}`);
const keyOf = (one) => (one.import ? `${one.import}-${one.line}` : `${one.terminal}-${one.sequence}-${one.part}`);

export function SplitForm({ side, isBusy, onSend, onCancel }) {
  const query = side.import ? `import=${side.import}&line=${side.line}` : `terminal=${encodeURIComponent(side.terminal)}&sequence=${side.sequence}&part=${side.part}`;
  const answer = useAnswer(`/api/pieces?${query}`, { whats: ["discrepancies"] });
  const [chosen, setChosen] = useState({});
  const [reason, setReason] = useState("");
  const pieces = answer.data?.pieces || [];
  const amount = answer.data?.amount_yen || 0;
  const picked = pieces.filter((one) => chosen[keyOf(one)]);
  const rest = amount - picked.reduce((sum, one) => sum + one.amount_yen, 0);
  const canSend = picked.length >= 2 && rest === 0 && reason.trim() !== "" && !isBusy;
  const other = side.import ? "決済" : "明細の行";
  const why = picked.length < 2 ? `${other}を二つ以上選んでください。` : rest !== 0 ? (rest > 0 ? `あと ${yen(rest)} 足りません。` : `${yen(-rest)} 多すぎます。`) : reason.trim() === "" ? "理由を書いてください。" : "";
  const members = picked.map((one) => (one.import ? { import: one.import, line: one.line } : { terminal: one.terminal, sequence: one.sequence, part: one.part }));
  const send = () => (canSend ? onSend(side.import ? { import: side.import, line: side.line, payments: members, reason: reason.trim() } : { terminal: side.terminal, sequence: side.sequence, part: side.part, lines: members, reason: reason.trim() }) : null);
  return html`<div class="form" role="form" aria-label="合わせて一つの決済とする">
    <p><strong><${Money} amount=${amount} /></strong> が、相手の側では分かれているときに、その${other}を選びます。残り <strong data-testid="split-rest"><${Money} amount=${rest} /></strong></p>
    ${answer.data === null
      ? null
      : pieces.length === 0
        ? html`<${Message} kind="info">合わせられる${other}（これより小さい額で、まだ組になっていないもの）がありません。<//>`
        : html`<div class="pieces"><table class="breakdown"><thead><tr><th scope="col">選ぶ</th><th scope="col">${other}</th><th scope="col" class="is-right">金額</th><th scope="col">分かっていること</th></tr></thead>
          <tbody>${pieces.map(
            (one) => html`<tr key=${keyOf(one)}><td><label class="piece-choice"><input type="checkbox" data-testid=${`piece-${keyOf(one)}`} aria-label=${`${placeOf(one)} ${yen(one.amount_yen)}`} checked=${!!chosen[keyOf(one)]} onChange=${(event) => setChosen({ ...chosen, [keyOf(one)]: event.target.checked })} /></label></td>
              <th scope="row">${placeOf(one)}<p class="line-note">${one.accepted_at ? moment(one.accepted_at) : ""}</p></th><td class="is-right"><${Money} amount=${one.amount_yen} /></td><td>${one.reason}</td></tr>`,
          )}</tbody></table></div>`}
    <label class="field"><span class="field-label">そう判断した理由（機械はこの判断を変えません）</span>
      <textarea class="input reason" rows="2" maxlength="1000" data-testid="split-reason" value=${reason} onInput=${(event) => setReason(event.target.value)}></textarea></label>
    <div class="detail-actions">
      <${Button} kind="main" data-testid="split-send" disabled=${!canSend} onPress=${send}>合わせて一つとする<//>
      <${Button} hint="Esc" onPress=${onCancel}>やめる<//>
      ${canSend || isBusy ? null : html`<span class="detail-why" data-testid="split-why">${why}</span>`}
    </div>
  </div>`;
}

// What people put together, and the way back.
export function Splits({ splits, canUndo, isBusy, onUndo }) {
  return splits.length === 0
    ? null
    : html`<section class="part" aria-label="合わせて一つの決済とした判断" data-testid="splits">
        <h3 class="part-title">合わせて一つの決済とした判断</h3>
        <ol class="history">${splits.map(
          (one) => html`<li key=${one.id}><time>${moment(one.at)}</time><span>${one.by}</span><span>${[...new Set(one.parts.map((part) => `${part.terminal} #${part.sequence}`))].join("、")} と ${[...new Set(one.parts.map((part) => `取込${part.import}の${part.line}行目`))].join("、")}　${one.reason}
            ${canUndo ? html`<${TakeBack} title="判断を取り消す" testid="split-undo" isBusy=${isBusy} onSend=${(reason) => onUndo(one, reason)} />` : null}</span></li>`,
        )}</ol>
      </section>`;
}
