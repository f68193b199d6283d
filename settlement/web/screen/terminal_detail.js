// One till: what is known about it, its journal line by line, and the end of its right to send.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Empty, Message } from "./lib/components.js";
import { useCommand, useRows } from "./data.js";
import { useMe } from "./session.js";
import { address } from "./route.js";
import { Facts, NotYet, StateTag, Tag } from "./bits.js";
import { journalFacts, kindNames } from "./journal_words.js";
import { moment, number, shortDate } from "./text.js";

const AT_ONCE = 60;

// The journal is read backwards from its end, or around the line that evidence points to.
function Journal({ terminal, last, sequence }) {
  const [to, setTo] = useState(sequence ? Math.min(last, sequence + 20) : last);
  useEffect(() => setTo(sequence ? Math.min(last, sequence + 20) : last), [last, sequence]);
  const from = Math.max(1, to - AT_ONCE + 1);
  const list = useRows(`/api/journal/${encodeURIComponent(terminal)}`, { from }, { whats: ["journal"], limit: AT_ONCE });
  const [open, setOpen] = useState(sequence);
  const place = useRef(null);
  useEffect(() => {
    setOpen(sequence);
  }, [sequence]);
  useEffect(() => (sequence ? place.current?.querySelector(".is-open")?.scrollIntoView({ block: "center" }) : undefined), [list.rows === null, sequence]);
  if (last === 0) {
    return html`<p class="evidence-none">まだ何も届いていません。</p>`;
  }
  if (list.rows === null) {
    return html`<${NotYet} answer=${list} what="レジの記録" />`;
  }
  const rows = list.rows.filter((row) => row.sequence <= to).reverse();
  return html`<table class="file-lines" ref=${place} aria-label="レジの記録">
      <thead><tr><th scope="col">番号</th><th scope="col">日時</th><th scope="col">内容</th></tr></thead>
      <tbody>
        ${rows.map((row) => {
          const isOpen = row.sequence === open;
          const toggle = () => setOpen(isOpen ? null : row.sequence);
          return html`<tr key=${row.sequence} class=${isOpen ? "is-open" : undefined} onClick=${(event) => (event.target.closest("button, pre, dl") ? null : toggle())}>
            <td class="is-right"><button type="button" class="line-number" aria-expanded=${String(isOpen)} onClick=${toggle}>${number(row.sequence)}</button></td>
            <td class="nowrap">${moment(row.at)}</td>
            <td>
              <strong>${kindNames[row.kind] || row.kind}</strong>${row.is_parked ? html` <${Tag} level="warning">読めない記録<//>` : null}
              ${isOpen
                ? html`<${Facts} facts=${[...journalFacts(row.parsed), ["届いた", moment(row.received_at)]]} /><pre class="raw-line">${row.raw}</pre><p class="quiet">ハッシュ <code class="hash">${row.hash}</code></p>`
                : html`<span class="line-short">${journalFacts(row.parsed).slice(0, 3).map(([, value]) => value).join("　")}</span>`}
            </td>
          </tr>`;
        })}
      </tbody>
    </table>
    <div class="list-end">
      ${to < last ? html`<${Button} onPress=${() => setTo(Math.min(last, to + AT_ONCE))}>新しい方へ<//>` : null}
      <span>#${number(from)}〜#${number(to)}（全${number(last)}行）</span>
      ${from > 1 ? html`<${Button} onPress=${() => setTo(from - 1)}>古い方へ<//>` : null}
    </div>`;
}

function Revoke({ row, onDone }) {
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const command = useCommand();
  const send = async () => {
    if ((await command.run(`/api/terminals/${encodeURIComponent(row.terminal)}/revoke`, { reason: reason.trim() })).ok) {
      setAsking(false);
      onDone();
    }
  };
  if (!isAsking) {
    return html`<${Button} kind="danger" data-testid="revoke" onPress=${() => setAsking(true)}>この端末の登録を取り消す<//>`;
  }
  return html`<div class="form">
    <${Message} kind="warning">取り消すと、${row.terminal} の記録はもう受け取れません。元に戻せず、同じレジを使うには新しい番号で登録し直します。未送信の記録がレジに残っていないか、先にレジの画面で確かめてください。<//>
    <label class="field"><span class="field-label">理由（操作の記録に残ります）</span><input class="input" value=${reason} onInput=${(event) => setReason(event.target.value)} /></label>
    ${command.fault ? html`<${Message} kind="danger"><span role="alert">${command.fault}</span><//>` : null}
    <div class="detail-actions">
      <${Button} kind="danger" data-testid="revoke-send" disabled=${reason.trim() === "" || command.isBusy} onPress=${send}>登録を取り消す<//>
      <${Button} onPress=${() => setAsking(false)}>やめる<//>
    </div>
  </div>`;
}

function Condition({ row }) {
  if (row.state === "quarantined") {
    return html`<${Message} kind="danger" title="受け取りを止めています">${row.reason || "記録が食い違っています。"}　会計は続けられ、記録はレジに残りますが、新しい記録を受け取れません。システム管理者に知らせてください。届いた分は失われません。<//>`;
  }
  if (row.state === "revoked") {
    return html`<${Message} kind="info" title="登録は取り消されています">${row.reason || ""}<//>`;
  }
  return row.is_silent
    ? html`<${Message} kind="warning" title="便りがありません">営業中のはずですが、${row.last_seen_at ? `${moment(row.last_seen_at)} から` : "まだ"}何も届いていません。窓口に、レジの「通信」の表示を確かめてもらってください。記録はレジに残っています。<//>`
    : null;
}

export function TerminalDetail({ id, row, sequence, onDone }) {
  const me = useMe();
  if (!row) {
    return html`<${Empty} icon="terminal" title=${`${id} は登録されていません`}>一覧から選び直してください。<//>`;
  }
  return html`<article class="detail" data-testid="terminal-detail">
    <header class="detail-head">
      <div class="detail-title"><h2>${row.terminal}</h2><${StateTag} state=${row.state} name=${row.state_name} /></div>
      <p class="detail-line">
        <span>${row.place_name}</span><a href=${address("sales", { terminal: row.terminal })}>売上を見る</a><a href=${address("payments", { terminal: row.terminal })}>決済を見る</a>
        ${row.parked_count > 0 ? html`<a href="#parked">読めなかった記録 ${number(row.parked_count)}件</a>` : null}
      </p>
    </header>
    <div class="detail-body">
      <${Condition} row=${row} />
      <section class="part">
        <${Facts}
          facts=${[
            ["最後に届いた", row.last_seen_at ? `${moment(row.last_seen_at)}` : "まだありません"], ["届いた記録", `#${number(row.acknowledged?.sequence)} まで`],
            ["未送信", "こちらからは分かりません。レジの画面の「未送信」で確かめてください。"],
            ["営業日", row.last_business_date ? `${shortDate(row.last_business_date)} ${row.day_is_open ? "営業中（精算はまだ届いていません）" : "精算済み"}` : null],
            ["登録", moment(row.enrolled_at)], ["最後のハッシュ", row.acknowledged?.hash ? html`<code class="hash">${row.acknowledged.hash}</code>` : null],
          ]}
        />
      </section>
      <section class="part"><h3 class="part-title">レジの記録</h3><${Journal} terminal=${row.terminal} last=${row.acknowledged?.sequence || 0} sequence=${sequence ? Number(sequence) : null} /></section>
    </div>
    ${me.rights.includes("manage") && row.state !== "revoked" ? html`<footer class="detail-foot"><${Revoke} row=${row} onDone=${onDone} /></footer>` : null}
  </article>`;
}
