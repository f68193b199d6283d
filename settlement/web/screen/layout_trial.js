// What a layout made of a file it was tried out on: for the person who tries, and for the second one who is asked to agree.
import { html } from "./lib/view.js";
import { Empty, Message, Money } from "./lib/components.js";
import { Facts } from "./bits.js";
import { Faults } from "./import_faults.js";
import { number, times } from "./text.js";

// Raw beside its meaning, a line each: what a person compares.
function Lines({ lines }) {
  return html`<table class="trial-lines" aria-label="読み取り結果" data-testid="trial-lines">
    <thead><tr><th scope="col">行</th><th scope="col">ファイルの内容</th><th scope="col">読み取った意味</th></tr></thead>
    <tbody>
      ${lines.map(
        (line) => html`<tr key=${line.line} data-testid="trial-line">
          <td class="is-right">${number(line.line)}</td>
          <td><pre class="trial-raw">${line.raw}</pre></td>
          <td><dl class="trial-meaning">${line.parsed.map((one) => html`<div key=${one.name}><dt>${one.name}</dt><dd>${one.value}</dd></div>`)}</dl></td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

export function Trial({ found, more = [] }) {
  return html`${found.error
      ? html`<${Message} kind="danger" title="このファイルは、この書式では取り込めません">${found.error.line ? `${number(found.error.line)}行目　` : ""}${found.error.message}<//>`
      : html`<${Message} kind="success" title="最後まで読めました">合計行・件数の確認を含めて終わりました。下の意味が合っているか、一行ずつ見てください。<//>`}
    <${Facts}
      facts=${[
        ["書式", `${found.name}（${found.kind === "bank" ? "銀行" : "決済会社の明細"}、${found.encoding}）`],
        ...more,
        ["読めた行", times(found.line_count)],
        ["読めない行", times(found.fault_count)],
        ["金額の合計", html`<${Money} amount=${found.amount_yen} />`],
        ["手数料の合計", found.kind === "bank" ? null : html`<${Money} amount=${found.fee_yen} />`],
      ]}
    />
    <${Faults} faults=${found.faults} count=${found.fault_count} />
    ${found.lines.length > 0
      ? html`<h3 class="part-title">はじめの${times(found.lines.length)}</h3><${Lines} lines=${found.lines} />`
      : html`<${Empty} icon="list" title="読めた行はありません">書式の見出しの名前・文字コード・区切りを、ファイルと見比べてください。<//>`}`;
}
