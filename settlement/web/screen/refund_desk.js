// What the finance desk does with one refund: take over a till's, approve, say where the money goes, declare it paid, take it back.
import { html, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useAnswer, useCommand } from "./data.js";
import { useMe } from "./session.js";
import { address, go } from "./route.js";
import { DateField, Select } from "./bits.js";
import { Papers } from "./papers.js";
import { TakeBack } from "./take_back.js";
import { deskMeans } from "./refund_request.js";

const kinds = [["1", "普通"], ["2", "当座"], ["4", "貯蓄"]];

function TakeOver({ row, command }) {
  const [means, setMeans] = useState(row.means === "gateway" ? "gateway" : "bank_transfer");
  const take = async () => {
    const got = await command.run("/api/refunds", { takes_over: row.refund, means, reason: row.reason });
    if (got.ok) {
      go("refunds", { state: "all", id: got.data.refund });
    }
  };
  return html`<section class="part" role="form" aria-label="会計が引き継ぐ"><h3 class="part-title">会計で支払う</h3>
    <p class="part-text">窓口で受けた申出を会計が引き継ぎ、承認を経て支払います。窓口では支払わないでください。</p>
    <div class="filter-row"><${Select} label="返し方" value=${means} options=${deskMeans} onChange=${setMeans} /><${Button} kind="main" data-testid="refund-take-over" disabled=${command.isBusy} onPress=${take}>引き継ぐ<//></div></section>`;
}

function Payee({ row, command }) {
  const answer = useAnswer(`/api/refunds/${row.refund}/payee`, { whats: [] });
  const [payee, setPayee] = useState(null);
  if (answer.data === null) {
    return null;
  }
  const known = answer.data.is_known ? answer.data : { bank: "", branch: "", account_kind: "1", account_number: "", holder: "" };
  const now = payee || known;
  const set = (key) => (event) => setPayee({ ...now, [key]: event.target.value });
  const send = async () => {
    const { bank, branch, account_kind, account_number, holder } = now;
    if ((await command.run(`/api/refunds/${row.refund}/payee`, { bank: bank.trim(), branch: branch.trim(), account_kind, account_number: account_number.trim(), holder: holder.trim() })).ok) {
      setPayee(null);
      answer.reload();
    }
  };
  const field = (key, title, length) => html`<label class="filter"><span class="filter-label">${title}</span><input class="input filter-input" data-testid=${`payee-${key}`} maxlength=${length} value=${now[key]} onInput=${set(key)} /></label>`;
  return html`<section class="part" role="form" aria-label="振込先"><h3 class="part-title">振込先${answer.data.is_known ? "" : "（まだ入っていません）"}</h3>
    <div class="filter-row">${field("bank", "金融機関番号", 4)}${field("branch", "支店番号", 3)}<${Select} label="預金種目" value=${now.account_kind} options=${kinds} onChange=${(account_kind) => setPayee({ ...now, account_kind })} />${field("account_number", "口座番号", 7)}${field("holder", "口座名義（カナ）", 60)}</div>
    <div class="detail-actions"><${Button} data-testid="payee-send" disabled=${command.isBusy || payee === null} onPress=${send}>振込先を記録<//></div>
    <p class="line-note">口座は個人情報です。見た人と記録した人は、操作の記録に残ります。</p></section>`;
}

function Paid({ row, me, command }) {
  const [day, setDay] = useState(me.today);
  const [proof, setProof] = useState("");
  const send = () => command.run(`/api/refunds/${row.refund}/pay`, { paid_on: day, proof: proof.trim() });
  return html`<section class="part" role="form" aria-label="返金を記録"><h3 class="part-title">決済会社から返した</h3>
    <p class="part-text">決済会社の管理画面で返金してから、返金した日と、決済会社の返金の番号を記録します。</p>
    <div class="filter-row"><${DateField} label="返金した日" value=${day} max=${me.today} onChange=${setDay} />
      <label class="filter"><span class="filter-label">返金の番号</span><input class="input filter-input" data-testid="refund-proof" maxlength="40" value=${proof} onInput=${(event) => setProof(event.target.value)} /></label>
      <${Button} kind="main" data-testid="refund-paid" disabled=${command.isBusy || proof.trim() === "" || !day} onPress=${send}>返金を記録<//></div></section>`;
}

export function RefundDesk({ row, onDone }) {
  const me = useMe();
  const command = useCommand();
  const isWaiting = row.state === "requested";
  const isRunning = row.run === "running" || row.run === "unknown";
  const canPropose = me.rights.includes("propose");
  const canTake = canPropose && isWaiting && !row.is_of_desk && !row.taken_over_by && !isRunning && row.received_on;
  const isMine = row.is_of_desk && isWaiting;
  const canApprove = isMine && !row.approved_by && me.rights.includes("approve") && row.clerk !== me.user.login;
  const approve = async () => ((await command.run(`/api/refunds/${row.refund}/approve`, {})).ok ? onDone() : null);
  const withdraw = async (reason) => ((await command.run(`/api/refunds/${row.refund}/withdraw`, { reason })).ok ? onDone() : null);
  return html`${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
    ${row.taken_over_by ? html`<${Message} kind="info" title="会計が引き継いでいます"><a href=${address("refunds", { state: "all", id: row.taken_over_by })}>会計の還付を開く</a><//>` : null}
    ${canTake ? html`<${TakeOver} row=${row} command=${command} />` : null}
    ${isMine && !row.approved_by && !canApprove ? html`<p class="line-note" data-testid="refund-waits">${row.clerk === me.user.login ? "起こした本人は承認できません。別の承認者が確かめます。" : "承認者の確認を待っています。"}</p>` : null}
    ${canApprove ? html`<section class="part"><div class="detail-actions"><${Button} kind="main" data-testid="refund-approve" disabled=${command.isBusy} onPress=${approve}>確かめて承認する<//></div></section>` : null}
    ${isMine && canPropose && row.means === "bank_transfer" ? html`<${Payee} key=${row.refund} row=${row} command=${command} />` : null}
    ${isMine && canPropose && row.approved_by && row.means === "gateway" ? html`<${Paid} row=${row} me=${me} command=${command} />` : null}
    ${row.received_on ? html`<${Papers} path=${`/api/refunds/${row.refund}/paper`} name=${`kanpu-${row.receipt_number}`} title="還付命令票" />` : null}
    ${isMine && canPropose ? html`<${TakeBack} title="この還付を取り下げる" testid="refund-withdraw" isBusy=${command.isBusy} onSend=${withdraw} />` : null}`;
}
