// 還付を起こす: which lines of a sale go back, how and why. Amounts are what is left of the lines; only a part is typed.
import { html, useState } from "./lib/view.js";
import { Button, Message, Money } from "./lib/components.js";
import { useCommand } from "./data.js";
import { useMe } from "./session.js";
import { go } from "./route.js";
import { Select } from "./bits.js";

// Whole yen as a person writes them; 0 for anything else.
const yenOf = (text) => {
  const digits = text.normalize("NFKC").replace(/[,円¥\s]/g, "");
  return /^[0-9]{1,9}$/.test(digits) ? Number(digits) : 0;
};

export const deskMeans = [["bank_transfer", "口座振込"], ["gateway", "決済会社から返す"]];

// What of LINE is asked for or gone already.
const goneOf = (refunds, line) =>
  refunds.filter((row) => row.state !== "withdrawn" && !row.taken_over_by).reduce((yen, row) => yen + row.lines.filter((part) => part.line === line.line).reduce((sum, part) => sum + part.amount_yen, 0), 0);

function Line({ line, left, value, onChange }) {
  const isMarked = value !== undefined;
  return html`<tr data-testid="refund-line"><th scope="row"><label class="check"><input type="checkbox" disabled=${left <= 0} checked=${isMarked} onChange=${() => onChange(isMarked ? undefined : String(left))} />${line.name}</label></th>
    <td class="is-right"><${Money} amount=${left} /></td>
    <td class="is-right">${isMarked ? html`<input class="input is-right" inputmode="numeric" aria-label=${`${line.name}の還付額`} value=${value} onInput=${(event) => onChange(event.target.value)} />` : ""}</td></tr>`;
}

export function RefundRequest({ sale, refunds, onDone }) {
  const me = useMe();
  const command = useCommand();
  const [isOpen, setOpen] = useState(false);
  const [marked, setMarked] = useState({});
  const [means, setMeans] = useState("bank_transfer");
  const [reason, setReason] = useState("");
  const [isMistake, setMistake] = useState(false);
  if (!me.rights.includes("propose") || sale.is_void || sale.is_zero || sale.business_date >= me.today) {
    return null;
  }
  if (!isOpen) {
    return html`<section class="part"><${Button} kind="quiet" data-testid="refund-open" onPress=${() => setOpen(true)}>還付を起こす<//></section>`;
  }
  const lines = sale.lines.filter((line) => marked[line.line] !== undefined).map((line) => ({ line: line.line, amount_yen: yenOf(marked[line.line]) }));
  const sum = lines.reduce((yen, line) => yen + (line.amount_yen || 0), 0);
  const canSend = lines.length > 0 && lines.every((line) => line.amount_yen > 0) && reason.trim() !== "" && !command.isBusy;
  const send = async () => {
    const got = await command.run("/api/refunds", { sale: sale.sale, means, reason: reason.trim(), is_by_mistake: isMistake, lines });
    if (got.ok) {
      setOpen(false);
      setMarked({});
      onDone?.();
      go("refunds", { state: "all", id: got.data.refund });
    }
  };
  return html`<section class="part form" role="form" aria-label="還付を起こす">
    <h3 class="part-title">還付を起こす</h3>
    <table class="breakdown"><thead><tr><th scope="col">品目</th><th scope="col" class="is-right">還付できる額</th><th scope="col" class="is-right">還付額（円）</th></tr></thead>
      <tbody>${sale.lines.map((line) => html`<${Line} key=${line.line} line=${line} left=${line.amount_yen - goneOf(refunds, line)} value=${marked[line.line]} onChange=${(value) => setMarked({ ...marked, [line.line]: value })} />`)}</tbody>
      <tfoot><tr class="is-total"><th scope="row">合計</th><td></td><td class="is-right" data-testid="refund-sum"><${Money} amount=${sum} /></td></tr></tfoot></table>
    <div class="filter-row"><${Select} label="返し方" value=${means} options=${deskMeans} onChange=${setMeans} />
      <label class="check"><input type="checkbox" checked=${isMistake} onChange=${() => setMistake(!isMistake)} data-testid="refund-mistake" />過誤納（取りすぎたお金。不還付の品目でも返す）</label></div>
    <label class="field"><span class="field-label">還付する理由</span><textarea class="input reason" rows="2" maxlength="240" data-testid="refund-reason" value=${reason} onInput=${(event) => setReason(event.target.value)}></textarea></label>
    ${command.fault ? html`<${Message} kind="danger"><span role="alert">${command.fault}</span><//>` : null}
    <div class="detail-actions"><${Button} kind="main" data-testid="refund-send" disabled=${!canSend} onPress=${send}>起こす（別の承認者が確かめます）<//><${Button} kind="quiet" onPress=${() => setOpen(false)}>やめる<//></div>
  </section>`;
}
