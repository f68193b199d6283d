// Which version of a layout reads files. One person proposes it with the file it was tried out on; a second person sees what was
// read there and what changes, and puts it to use. Going back to an earlier version is the same act.
import { html, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { call, useMe } from "./session.js";
import { NotYet, Tag } from "./bits.js";
import { Trial } from "./layout_trial.js";
import { evenJson, textDifference } from "./text_difference.js";
import { moment, number } from "./text.js";

const versionName = (version) => (version > 0 ? `第${number(version)}版` : "市の版を使わない（製品の書式に戻す）");
const marks = { same: " ", gone: "-", added: "+" };
const words = { same: "", gone: "消える行", added: "加わる行" };

function Change({ one }) {
  const rows = textDifference(evenJson(one.in_use || ""), evenJson(one.descriptor || ""));
  const isAny = rows.some(([kind]) => kind !== "same");
  return html`<h3 class="part-title">今使っている書式との違い</h3>
    ${one.in_use === null
      ? html`<p>この名前の書式は、まだ使っていません。</p>`
      : isAny
        ? null
        : html`<p>書式の中身に違いはありません。</p>`}
    <pre class="layout-change" tabindex="0" aria-label="書式の違い" data-testid="layout-change">${rows.map(
      ([kind, line], at) => html`<span key=${at} class=${`is-${kind}`} title=${words[kind]}>${marks[kind]} ${line}${"\n"}</span>`,
    )}</pre>`;
}

function Decide({ one, isBusy, onSend }) {
  const me = useMe();
  const [reason, setReason] = useState("");
  const isOwn = one.proposed_by?.login === me.user.login;
  const canConfirm = me.rights.includes("confirm") && !isOwn;
  const isEmpty = reason.trim() === "";
  return html`<div class="form" role="form" aria-label="書式の確認">
    ${canConfirm ? null : html`<p>${isOwn ? "自分が提案した書式です。別の承認者が確認すると、使われます。" : "承認者が確認すると、使われます。"}</p>`}
    <label class="field">
      <span class="field-label">確認した内容、または差し戻す理由</span>
      <textarea class="input reason" rows="2" maxlength="1000" data-testid="layout-use-reason" value=${reason} onInput=${(event) => setReason(event.target.value)}></textarea>
    </label>
    <div class="detail-actions">
      ${canConfirm ? html`<${Button} kind="main" data-testid="layout-use-confirm" disabled=${isBusy || isEmpty} onPress=${() => onSend("confirm", reason.trim())}>確認して使い始める<//>` : null}
      <${Button} kind="danger" data-testid="layout-use-refuse" disabled=${isBusy || isEmpty} onPress=${() => onSend("refuse", reason.trim())}>${isOwn ? "取り下げる" : "差し戻す"}<//>
    </div>
  </div>`;
}

function Whole({ id }) {
  const answer = useAnswer(`/api/layout-uses/${id}`, { whats: ["imports"] });
  const [fault, setFault] = useState(null);
  const [isBusy, setBusy] = useState(false);
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="書式の提案" />`;
  }
  const one = answer.data;
  const send = async (deed, reason) => {
    setBusy(true);
    const said = await call("POST", `/api/layout-uses/${id}/${deed}`, { reason });
    setBusy(false);
    setFault(said.ok ? null : said.message);
  };
  return html`<div class="layout-use" data-testid="layout-use">
    ${one.trial
      ? html`<h3 class="part-title">提案した人が試したファイル</h3>
          <${Trial} found=${one.trial} more=${[["ファイル", one.file_name], ["SHA-256", html`<span class="layout-hash">${one.sha256}</span>`]]} />`
      : html`<p>この版を試したときの記録はありません。</p>`}
    <${Change} one=${one} />
    ${fault ? html`<${Message} kind="danger">${fault}<//>` : null}
    ${one.state === "proposed" ? html`<${Decide} one=${one} isBusy=${isBusy} onSend=${send} />` : null}
  </div>`;
}

// What waits for a second person, each opened by its key.
export function WaitingUses() {
  const answer = useAnswer("/api/layout-uses?state=proposed", { whats: ["imports"] });
  const [opened, setOpened] = useState(null);
  const rows = answer.data?.rows || [];
  if (rows.length === 0) {
    return null;
  }
  return html`<section class="panel panel-pad" aria-label="二人目の確認を待つ書式" data-testid="layout-uses-waiting">
    <h2 class="part-title">二人目の確認を待つ書式</h2>
    ${rows.map(
      (row) => html`<div key=${row.id}>
        <p><b>${row.layout}</b>　${versionName(row.version)}　提案 ${row.proposed_by?.name || ""} ${moment(row.proposed_at)}「${row.reason}」
          <${Button} data-testid="layout-use-open" aria-expanded=${opened === row.id} onPress=${() => setOpened(opened === row.id ? null : row.id)}>${opened === row.id ? "閉じる" : "内容を見る"}<//></p>
        ${opened === row.id ? html`<${Whole} key=${row.id} id=${row.id} />` : null}
      </div>`,
    )}
  </section>`;
}

// Proposing to read by VERSION again.
function Back({ name, version }) {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [fault, setFault] = useState(null);
  const propose = async () => {
    const said = await call("POST", `/api/layouts/${encodeURIComponent(name)}/use`, { version, reason: reason.trim() });
    setFault(said.ok ? null : said.message);
    setOpen(!said.ok);
  };
  if (!isOpen) {
    return html`<${Button} kind="quiet" data-testid="layout-back" data-version=${version} onPress=${() => setOpen(true)}>${version > 0 ? "この版に戻す" : "市の版の使用をやめる"}<//>`;
  }
  return html`<div>
    <label class="field"><span class="field-label">戻す理由</span>
      <input class="input" maxlength="1000" data-testid="layout-back-reason" value=${reason} onInput=${(event) => setReason(event.target.value)} /></label>
    ${fault ? html`<${Message} kind="danger">${fault}<//>` : null}
    <p class="part-actions"><${Button} data-testid="layout-back-propose" disabled=${reason.trim() === ""} onPress=${propose}>戻すことを提案する<//>
      <${Button} kind="quiet" onPress=${() => setOpen(false)}>やめる<//></p>
  </div>`;
}

// Every version of layout NAME, which of them reads files, and the program's.
export function Versions({ name, onOpen }) {
  const answer = useAnswer(`/api/layouts/${encodeURIComponent(name)}`, { whats: ["imports"] });
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="版" />`;
  }
  const { versions, shipped, in_use: inUse, waiting } = answer.data;
  const used = html` <${Tag} level="success">使用中<//>`;
  return html`<ul class="trial-versions">
    ${versions.map(
      (one) => html`<li key=${one.version} data-testid="layout-version"><b>第${one.version}版</b>${one.version === inUse ? used : null} ${moment(one.saved_at)} ${one.saved_by?.name || ""}　${one.reason}
        <${Button} kind="quiet" onPress=${() => onOpen(one.descriptor)}>開く<//>
        ${one.version !== inUse && waiting === null ? html`<${Back} name=${name} version=${one.version} />` : null}</li>`,
    )}
    ${shipped
      ? html`<li>製品に付いている書式${inUse === 0 ? used : null} <${Button} kind="quiet" data-testid="open-shipped" onPress=${() => onOpen(shipped)}>開く<//></li>`
      : null}
    ${inUse > 0 && waiting === null ? html`<li><${Back} name=${name} version=${0} /></li>` : null}
  </ul>`;
}
