// Staff time as the city measured it: the list, a new entry, and taking one back with a reason.
import { html, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { call, useMe } from "./session.js";
import { eraYear, moment, number, times } from "./text.js";

const SECONDS = 60;
const duration = (seconds) => `${seconds < 0 ? "△" : ""}${number(Math.trunc(Math.abs(seconds) / 3600))}時間${Math.trunc((Math.abs(seconds) % 3600) / SECONDS)}分`;
const each = (seconds) => `${Math.trunc(seconds / SECONDS)}分${seconds % SECONDS > 0 ? `${seconds % SECONDS}秒` : ""}`;
const empty = { work: "", before: "", after: "", cases: "", basis: "" };

// Minutes as people write them, "1.5", in whole seconds; NaN when it is no number.
const secondsOf = (text) => (text.trim() === "" ? Number.NaN : Math.round(Number(text.normalize("NFKC")) * SECONDS));

function Field({ label, name, value, set, numeric }) {
  return html`<label class="filter">
    <span class="filter-label">${label}</span>
    <input class="input filter-input" data-testid=${`saving-${name}`} inputmode=${numeric ? "decimal" : undefined} value=${value[name]} onInput=${(event) => set({ ...value, [name]: event.target.value })} />
  </label>`;
}

function Entry({ year, onDone }) {
  const [value, set] = useState(empty);
  const [said, setSaid] = useState(null);
  const send = async () => {
    const got = await call("POST", "/api/statistics/savings", {
      fiscal_year: year, work: value.work.trim(), before_seconds: secondsOf(value.before), after_seconds: secondsOf(value.after), cases: Number(value.cases.normalize("NFKC").replaceAll(",", "")), basis: value.basis.trim(),
    });
    setSaid(got.ok ? null : got.message);
    if (got.ok) {
      set(empty);
      onDone();
    }
  };
  const isWhole = Object.values(value).every((text) => text.trim() !== "");
  return html`<div class="form" role="form" aria-label="測った作業時間の入力">
    <h3 class="part-title">${eraYear(year)}の作業時間を入力する</h3>
    <div class="filter-row">
      <${Field} label="作業" name="work" value=${value} set=${set} />
      <${Field} label="導入前（1件、分）" name="before" numeric value=${value} set=${set} />
      <${Field} label="導入後（1件、分）" name="after" numeric value=${value} set=${set} />
      <${Field} label="年間の件数" name="cases" numeric value=${value} set=${set} />
      <${Field} label="測り方" name="basis" value=${value} set=${set} />
    </div>
    ${said ? html`<${Message} kind="danger" onClose=${() => setSaid(null)}><span role="status">${said}</span><//>` : null}
    <div class="detail-actions"><${Button} kind="main" data-testid="saving-send" disabled=${!isWhole} onPress=${send}>記録する<//></div>
  </div>`;
}

function Row({ row, canUndo, onDone }) {
  const [reason, setReason] = useState(null);
  const [said, setSaid] = useState(null);
  const undo = async () => {
    const got = await call("POST", `/api/statistics/savings/${row.id}/undo`, { reason: reason.trim() });
    setSaid(got.ok ? null : got.message);
    if (got.ok) {
      onDone();
    }
  };
  return html`<tr data-testid="saving-row">
    <th scope="row">${row.work}<p class="line-note">${row.basis}　${row.by.name}　${moment(row.at)}</p></th>
    <td class="is-right">${each(row.before_seconds)}</td><td class="is-right">${each(row.after_seconds)}</td><td class="is-right">${times(row.cases)}</td><td class="is-right">${duration(row.saved_seconds)}</td>
    <td>${!canUndo ? null : reason === null
      ? html`<${Button} kind="quiet" onPress=${() => setReason("")}>取り消す<//>`
      : html`<label class="filter"><span class="filter-label">取り消す理由</span><input class="input filter-input" value=${reason} onInput=${(event) => setReason(event.target.value)} /></label>
          <${Button} kind="danger" disabled=${reason.trim() === ""} onPress=${undo}>取り消す<//><${Button} kind="quiet" onPress=${() => setReason(null)}>やめる<//>`}
      ${said ? html`<p role="status">${said}</p>` : null}</td>
  </tr>`;
}

export function Savings({ data, year, reload }) {
  const me = useMe();
  const canWrite = me.rights.includes("propose");
  return html`<p class="page-sum">${eraYear(year)}の削減時間 ${duration(data.saved_seconds)}</p>
    ${data.rows.length === 0
      ? html`<p>この年度の作業時間はまだ入力されていません。</p>`
      : html`<div class="statistics-table"><table class="breakdown" aria-label="作業時間">
          <thead><tr><th scope="col">作業</th><th scope="col" class="is-right">導入前（1件）</th><th scope="col" class="is-right">導入後（1件）</th><th scope="col" class="is-right">件数</th><th scope="col" class="is-right">削減時間</th><th scope="col"></th></tr></thead>
          <tbody>${data.rows.map((row) => html`<${Row} key=${row.id} row=${row} canUndo=${canWrite} onDone=${reload} />`)}</tbody>
        </table></div>`}
    ${canWrite ? html`<${Entry} year=${year} onDone=${reload} />` : null}`;
}
