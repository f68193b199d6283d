// One file that was taken in: its sums, its lines with what became of each, and the exact bytes.
import { html, classes, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Message, Money } from "./lib/components.js";
import { useAnswer, useRows } from "./data.js";
import { download } from "./api.js";
import { Facts, NotYet, StateTag } from "./bits.js";
import { Faults } from "./import_faults.js";
import { Replacements } from "./replacement.js";
import { fileFacts, fileSummary } from "./journal_words.js";
import { bytes, moment, number, shortDate, times } from "./text.js";

function Lines({ id, wanted }) {
  const list = useRows(`/api/imports/${id}/lines`, {}, { whats: ["discrepancies"], limit: 500 });
  const [open, setOpen] = useState(wanted ? Number(wanted) : null);
  const place = useRef(null);
  const rows = list.rows || [];
  const isThere = rows.some((row) => row.line === open);
  // A line that evidence points to may lie on a later page.
  useEffect(() => {
    if (wanted && list.rows !== null && !isThere && list.next !== null && !list.isLoading) {
      list.more();
    }
  }, [list.rows, list.isLoading]);
  useEffect(() => place.current?.querySelector(".is-open")?.scrollIntoView({ block: "center" }), [isThere]);
  if (list.rows === null) {
    return html`<${NotYet} answer=${list} what="行" />`;
  }
  return html`<table class="file-lines" ref=${place} aria-label="ファイルの行">
    <thead><tr><th scope="col">行</th><th scope="col">結果</th><th scope="col">内容</th></tr></thead>
    <tbody>
      ${rows.map((row) => {
        const isOpen = row.line === open;
        const toggle = () => setOpen(isOpen ? null : row.line);
        return html`<tr key=${row.line} class=${classes(isOpen && "is-open")} onClick=${(event) => (event.target.closest("button, pre, dl") ? null : toggle())}>
          <td class="is-right"><button type="button" class="line-number" aria-expanded=${String(isOpen)} onClick=${toggle}>${number(row.line)}</button></td>
          <td><${StateTag} state=${row.state} name=${row.state_name} /></td>
          <td>${isOpen ? html`<${Facts} facts=${fileFacts(row.parsed)} /><pre class="raw-line">${row.raw}</pre>` : html`<span class="line-short">${fileSummary(row.parsed)}</span>`}</td>
        </tr>`;
      })}
    </tbody>
  </table>
  ${list.next !== null ? html`<div class="list-end"><span>${times(rows.length)}まで</span><${Button} disabled=${list.isLoading} onPress=${list.more}>続きを読み込む<//></div>` : null}`;
}

function KeptFaults({ id, count }) {
  const answer = useAnswer(`/api/imports/${id}/faults`);
  return answer.data === null ? html`<${NotYet} answer=${answer} what="読めない行" />` : html`<${Faults} faults=${answer.data.rows} count=${count} />`;
}

export function ImportDetail({ id, line }) {
  const answer = useAnswer(`/api/imports/${id}`, { whats: ["imports", "discrepancies"] });
  const [fault, setFault] = useState(null);
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="ファイル" />`;
  }
  const one = answer.data.import;
  const save = async () => {
    const got = await download(`/api/imports/${id}/file`, one.file_name);
    setFault(got.ok ? null : got.message);
  };
  return html`<article class="detail">
    <header class="detail-head">
      <div class="detail-title"><h2>${one.file_name}</h2><span class="detail-amount"><${Money} amount=${one.amount_yen} /></span></div>
      <p class="detail-line"><span>${one.layout_name}</span><span>${one.from === one.to ? shortDate(one.from) : `${shortDate(one.from)}〜${shortDate(one.to)}`}</span><span>取込 ${moment(one.imported_at)} ${one.by || "自動"}</span></p>
    </header>
    <div class="detail-body">
      ${fault ? html`<${Message} kind="danger">${fault}<//>` : null}
      <section class="part">
        <${Facts}
          facts=${[
            ["件数", `${times(one.line_count)}（合った ${number(one.matched_count)}、要確認 ${number(one.open_count)}）`], ["手数料", one.fee_yen === null || one.fee_yen === undefined ? null : html`<${Money} amount=${one.fee_yen} />`],
            ["大きさ", bytes(one.byte_count)], ["SHA-256", html`<code class="hash">${one.sha256}</code>`],
          ]}
        />
        <p class="part-actions"><${Button} onPress=${save}>受け取ったままのファイルを保存<//></p>
      </section>
      <${Replacements} one=${one} />
      ${one.fault_count > 0 ? html`<${KeptFaults} id=${id} count=${one.fault_count} />` : null}
      <section class="part"><h3 class="part-title">行ごとの結果</h3><${Lines} id=${id} wanted=${line} /></section>
    </div>
  </article>`;
}
