// 財務会計の書式: how the city's finance system wants its file. A description is tried out on an export, proposed, and put to use
// by a second person; nothing is programmed.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useMe } from "./session.js";
import { useAnswer, useCommand } from "./data.js";
import { NotYet, Select, StateTag } from "./bits.js";
import { eraYear, moment, number, times } from "./text.js";

// The places of the fields above the first record, so that a column is found by eye.
function Fields({ fields, isFixed }) {
  let at = 1;
  const rows = fields.map((field, index) => {
    const from = at;
    at += field.width;
    return { key: index, name: field.name, from, to: at - 1, width: field.width };
  });
  return html`<details><summary>調定の行の項目 ${number(fields.length)}</summary>
    <table class="table"><thead><tr><th scope="col">番号</th><th scope="col">項目</th>${isFixed ? html`<th scope="col">位置(バイト)</th><th scope="col">長さ</th>` : null}</tr></thead>
      <tbody>${rows.map((row) => html`<tr key=${row.key}><td>${number(row.key + 1)}</td><td>${row.name || "（空白）"}</td>${isFixed ? html`<td>${row.from}〜${row.to}</td><td>${row.width}</td>` : null}</tr>`)}</tbody></table>
  </details>`;
}

function Preview({ tried }) {
  const place = useRef(null);
  useEffect(() => place.current?.scrollIntoView({ block: "nearest" }), [tried]);
  return html`<section class="panel panel-pad" ref=${place} aria-label="試した結果" data-testid="finance-layout-tried">
    <h2 class="part-title">「${tried.title}」で書いた最初の部分（${number(tried.byte_count)}バイト）</h2>
    <pre class="layout-change" tabindex="0" aria-label="ファイルの最初の部分">${tried.text}</pre>
    <${Fields} fields=${tried.fields} isFixed=${tried.is_fixed} />
  </section>`;
}

function Decide({ row }) {
  const me = useMe();
  const command = useCommand();
  const [reason, setReason] = useState("");
  const isOwn = row.proposed_by?.login === me.user.login;
  const canConfirm = me.rights.includes("confirm") && !isOwn;
  const isEmpty = reason.trim() === "";
  const send = (deed) => () => command.run(`/api/finance-layouts/${row.id}/${deed}`, { reason: reason.trim() });
  return html`<div class="form" role="form" aria-label="書式の確認">
    ${canConfirm ? null : html`<p>${isOwn ? "自分が提案した書式です。別の承認者が確認すると、使われます。" : "承認者が確認すると、使われます。"}</p>`}
    <label class="field"><span class="field-label">確認した内容、または差し戻す理由</span>
      <textarea class="input reason" rows="2" maxlength="1000" data-testid="finance-layout-reason" value=${reason} onInput=${(event) => setReason(event.target.value)}></textarea></label>
    ${command.fault ? html`<${Message} kind="danger">${command.fault}<//>` : null}
    <div class="detail-actions">
      ${canConfirm ? html`<${Button} kind="main" data-testid="finance-layout-confirm" disabled=${command.isBusy || isEmpty} onPress=${send("confirm")}>確認して使い始める<//>` : null}
      <${Button} kind="danger" data-testid="finance-layout-refuse" disabled=${command.isBusy || isEmpty} onPress=${send("refuse")}>${isOwn ? "取り下げる" : "差し戻す"}<//>
    </div>
  </div>`;
}

function Whole({ row, onOpen }) {
  const answer = useAnswer(`/api/finance-layouts/${row.id}`, { whats: ["exports"] });
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="書式" />`;
  }
  const { layout } = answer.data;
  return html`<div>
    <pre class="layout-change" tabindex="0" aria-label="書式の中身">${layout.descriptor}</pre>
    <p class="part-actions"><${Button} kind="quiet" onPress=${() => onOpen(layout.descriptor)}>この中身から直す<//></p>
    ${row.state === "proposed" ? html`<${Decide} row=${row} />` : null}
  </div>`;
}

function Versions({ rows, onOpen }) {
  const [opened, setOpened] = useState(null);
  return html`<section class="panel panel-pad" aria-label="書式の版">
    <h2 class="part-title">書式の版</h2>
    ${rows.length === 0 ? html`<p>まだ提案がありません。</p>` : null}
    ${rows.map(
      (row) => html`<div key=${row.id} data-testid="finance-layout-row">
        <p><b>${row.title || row.layout}</b>　${row.layout} 第${number(row.version)}版 <${StateTag} state=${row.is_in_use ? "active" : row.state} name=${row.state_name} />　提案 ${row.proposed_by?.name || ""} ${moment(row.proposed_at)}「${row.reason}」
          ${row.decided_by ? `　${row.decided_by.name} ${moment(row.decided_at)}「${row.decided_reason}」` : ""}
          <${Button} data-testid="finance-layout-open" aria-expanded=${opened === row.id} onPress=${() => setOpened(opened === row.id ? null : row.id)}>${opened === row.id ? "閉じる" : "内容を見る"}<//></p>
        ${opened === row.id ? html`<${Whole} row=${row} onOpen=${onOpen} />` : null}
      </div>`,
    )}
  </section>`;
}

export function FinanceLayoutsPage() {
  const me = useMe();
  const list = useAnswer("/api/finance-layouts", { whats: ["exports"], keep: true });
  const exports = useAnswer("/api/exports?limit=50", { whats: ["exports"], keep: true });
  const trying = useCommand();
  const saving = useCommand();
  const [descriptor, setDescriptor] = useState("");
  const [chosen, setChosen] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(null);
  const [isSaved, setSaved] = useState(false);
  const canPropose = me.rights.includes("export");
  const rows = exports.data?.rows || [];
  const one = chosen || String(rows[0]?.id || "");
  // What was tried is what may be proposed: a change takes the result away.
  const change = (text) => {
    setDescriptor(text);
    setTried(null);
    setSaved(false);
  };
  const load = async (event) => {
    const file = event.target.files[0];
    event.target.value = "";
    if (file) {
      change(await file.text());
    }
  };
  const test = async () => {
    const got = await trying.run("/api/finance-layouts/try", { descriptor, export: Number(one) });
    setTried(got.ok ? got.data : null);
  };
  const propose = async () => {
    const got = await saving.run("/api/finance-layouts", { descriptor, reason: reason.trim() });
    setSaved(got.ok);
  };
  if (list.data === null) {
    return html`<${NotYet} answer=${list} what="財務会計の書式" />`;
  }
  return html`<div class="page-body trial">
    <p class="page-lead">財務会計システムが受け取るファイルの形を、ここで決めます。出力済みの調定で試してから提案し、別の承認者が確認すると使われます。</p>
    <${Versions} rows=${list.data.rows} onOpen=${change} />
    ${canPropose
      ? html`<section class="panel panel-pad" aria-label="書式を試す">
          <h2 class="part-title">書式を試して、提案する</h2>
          <p><label class="button trial-pick">書式のファイル（JSON）を開く<input class="unseen" type="file" accept=".json,application/json" data-testid="finance-layout-file" onChange=${load} /></label></p>
          <label class="field"><span class="field-label">書式</span>
            <textarea class="input trial-text" rows="16" data-testid="finance-layout-text" spellcheck="false" value=${descriptor} onInput=${(event) => change(event.target.value)}></textarea></label>
          ${rows.length === 0
            ? html`<p>調定を一度出力すると、それで試せます。</p>`
            : html`<${Select} label="試す出力" value=${one} options=${rows.map((row) => [String(row.id), `${moment(row.created_at)}　${eraYear(row.fiscal_year)}　調定 ${times(row.count)}`])} onChange=${(value) => { setChosen(value); setTried(null); }} />`}
          <p class="part-actions"><${Button} data-testid="finance-layout-try" disabled=${trying.isBusy || descriptor.trim() === "" || one === ""} onPress=${test}>試す<//></p>
          ${trying.fault ? html`<${Message} kind="danger">${trying.fault}<//>` : null}
          ${tried ? html`<label class="field"><span class="field-label">提案する理由（どのシステムの、どの仕様書によるか）</span>
            <textarea class="input reason" rows="2" maxlength="1000" data-testid="finance-layout-why" value=${reason} onInput=${(event) => setReason(event.target.value)}></textarea></label>
            <p class="part-actions"><${Button} kind="main" data-testid="finance-layout-propose" disabled=${saving.isBusy || isSaved || reason.trim() === ""} onPress=${propose}>この書式を提案する<//></p>` : null}
          ${saving.fault ? html`<${Message} kind="danger">${saving.fault}<//>` : null}
          ${isSaved ? html`<${Message} kind="success">提案しました。別の承認者が確認すると使われます。<//>` : null}
        </section>`
      : null}
    ${tried ? html`<${Preview} tried=${tried} />` : null}
  </div>`;
}
