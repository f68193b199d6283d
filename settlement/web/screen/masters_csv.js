// One kind as a CSV file: out as it stands, and in after everybody has seen what it would do.
import { html, useRef, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { download, upload } from "./api.js";
import { DifferenceLine } from "./masters_diff.js";
import { number, times } from "./text.js";

const MODES = [
  ["merge", "ファイルの行を加える・変える（ファイルにない行はそのまま）"],
  ["replace", "ファイルの内容に入れ替える（ファイルにない行は消す）"],
];

const queryOf = (kind, draft) => `kind=${kind.kind}${draft ? `&draft=${draft.id}` : ""}`;

function Places({ faults, faultCount, remarks }) {
  const list = [...faults.map((fault) => ({ ...fault, level: "danger" })), ...remarks.map((remark) => ({ ...remark, level: remark.is_warning ? "warning" : "danger" }))];
  return list.length === 0
    ? null
    : html`<ul class="masters-places">
        ${list.map((one, index) => html`<li key=${index} class=${`is-${one.level}`}><span class="masters-place">${one.line ? `${one.line}行目` : "消す行"}${one.column ? ` ${one.column}列` : ""}</span> ${one.title ? html`<strong>${one.title}</strong> ` : ""}${one.message}</li>`)}
        ${faultCount > faults.length ? html`<li class="quiet">ほか${number(faultCount - faults.length)}件</li>` : null}
      </ul>`;
}

// What the file would do; nothing has been taken yet.
function Outlook({ shown, file, isBusy, onTake, onCancel }) {
  const { totals, faults, fault_count, remarks, error_count, rows, is_cut } = shown;
  const sum = totals.added + totals.changed + totals.removed;
  return html`<div class="masters-outlook" data-testid="csv-outlook">
    <p class="masters-csv-sum">
      ${file.name}（${shown.encoding === "cp932" ? "CP932" : "UTF-8"}）: <strong>追加 ${number(totals.added)}</strong>　<strong>変更 ${number(totals.changed)}</strong>　<strong>消す ${number(totals.removed)}</strong>　同じ ${number(totals.same)}
    </p>
    ${fault_count > 0 ? html`<${Message} kind="danger" title=${`読めないところが${times(fault_count)}あります。ファイルを直して、選び直してください。`}><${Places} faults=${faults} faultCount=${fault_count} remarks=${[]} /><//>` : null}
    ${fault_count === 0 && error_count > 0 ? html`<${Message} kind="warning" title=${`取り込むと、直すところが${times(error_count)}できます。提出の前に直せば取り込めます。`}><${Places} faults=${[]} faultCount=${0} remarks=${remarks.filter((one) => !one.is_warning)} /><//>` : null}
    ${remarks.some((one) => one.is_warning) ? html`<details class="masters-warnings"><summary>注意 ${times(remarks.filter((one) => one.is_warning).length)}</summary><${Places} faults=${[]} faultCount=${0} remarks=${remarks.filter((one) => one.is_warning)} /></details>` : null}
    <ul class="masters-differences masters-csv-rows">${rows.map((row) => html`<${DifferenceLine} key=${row.key} row=${row} />`)}</ul>
    ${is_cut ? html`<p class="quiet">はじめの${times(rows.length)}だけを示しています。</p>` : null}
    <div class="detail-actions">
      <${Button} kind="main" data-testid="csv-take" disabled=${isBusy || fault_count > 0 || sum === 0} onPress=${onTake}>${isBusy ? "取り込んでいます…" : `${number(sum)}行を取り込む`}<//>
      <${Button} onPress=${onCancel}>やめる<//>
      ${sum === 0 && fault_count === 0 ? html`<span class="detail-why">ファイルの内容は、今の内容と同じです。</span>` : null}
    </div>
  </div>`;
}

export function CsvPanel({ kind, draft, canEdit, onDone, onClose }) {
  const [mode, setMode] = useState("merge");
  const [state, setState] = useState({ file: null, shown: null, fault: null, said: null, isBusy: false, progress: 0 });
  const picker = useRef(null);
  const put = (changes) => setState((before) => ({ ...before, ...changes }));
  const take = async (encoding) => {
    const answer = await download(`/api/masters/csv?${queryOf(kind, draft)}&encoding=${encoding}`, `${kind.title}-${encoding}.csv`);
    put({ fault: answer.ok ? null : answer.message });
  };
  const send = (file, more) => upload(`/api/masters/drafts/${draft.id}/csv?kind=${kind.kind}&mode=${mode}&file=${encodeURIComponent(file.name)}${more}`, file, (progress) => put({ progress }));
  const look = async (file) => {
    if (!file) {
      return;
    }
    put({ file, shown: null, fault: null, said: null, isBusy: true, progress: 0 });
    const answer = await send(file, "&dry_run=1");
    const place = answer.ok ? "" : answer.line ? `${answer.line}行目: ` : "";
    put({ isBusy: false, shown: answer.ok ? answer.data : null, fault: answer.ok ? null : place && answer.message.startsWith(`${answer.line}行目`) ? answer.message : place + answer.message });
  };
  const takeIn = async () => {
    put({ isBusy: true, fault: null });
    const answer = await send(state.file, `&revision=${state.shown.draft.revision}`);
    if (answer.ok) {
      const { added, changed, removed } = answer.data.totals;
      put({ isBusy: false, file: null, shown: null, said: `${number(added + changed + removed)}行を取り込みました。` });
      onDone();
    } else {
      put({ isBusy: false, fault: answer.message });
    }
  };
  return html`<section class="panel masters-csv" aria-label="CSV" data-testid="csv-panel">
    <div class="masters-csv-head">
      <h3 class="part-title">${kind.title}のCSV</h3>
      <span class="space"></span>
      <${Button} data-testid="csv-utf8" onPress=${() => take("utf8")}>UTF-8で保存<//>
      <${Button} data-testid="csv-cp932" onPress=${() => take("cp932")}>CP932（Shift_JIS）で保存<//>
      <${Button} kind="quiet" icon="close" label="CSVを閉じる" onPress=${onClose} />
    </div>
    ${canEdit
      ? state.shown
        ? html`<${Outlook} shown=${state.shown} file=${state.file} isBusy=${state.isBusy} onTake=${takeIn} onCancel=${() => put({ file: null, shown: null })} />`
        : html`<div class="masters-csv-in">
            <span class="masters-csv-modes" role="radiogroup" aria-label="取り込みかた">${MODES.map(([key, title]) => html`<label class="choice" key=${key}><input type="radio" name="csv-mode" checked=${mode === key} onChange=${() => setMode(key)} />${title}</label>`)}</span>
            <label class="button masters-csv-pick"><span class="button-text">${state.isBusy ? `読んでいます… ${Math.round(state.progress * 100)}%` : "CSVファイルを選んで確かめる"}</span><input class="unseen" type="file" accept=".csv,text/csv" data-testid="csv-file" ref=${picker} disabled=${state.isBusy} onChange=${(event) => (look(event.target.files[0]), (event.target.value = ""))} /></label>
          </div>`
      : html`<p class="quiet">取り込むには、変更案を選んでください。</p>`}
    ${state.fault ? html`<${Message} kind="danger" onClose=${() => put({ fault: null })}><span role="alert">${state.fault}</span><//>` : null}
    ${state.said ? html`<${Message} kind="success" onClose=${() => put({ said: null })}>${state.said}<//>` : null}
  </section>`;
}
