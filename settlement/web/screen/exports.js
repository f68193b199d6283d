// 調定・出力: files for the city's financial system. The same bytes for ever, in UTF-8 and CP932.
import { html, useState } from "./lib/view.js";
import { Button, Message, Money } from "./lib/components.js";
import { useAnswer, useRows } from "./data.js";
import { download } from "./api.js";
import { address } from "./route.js";
import { MoneyCell, NotYet } from "./bits.js";
import { ListPage } from "./list_page.js";
import { Handover } from "./handover.js";
import { bytes, eraYear, moment, number, times } from "./text.js";

const encodings = { utf8: "UTF-8", cp932: "CP932 (Shift_JIS)" };

const columns = [
  { key: "at", name: true, title: "出力", sortBy: (row) => row.created_at, text: (row) => row.created_at, render: (row) => html`<span class="nowrap">${moment(row.created_at)}</span>` },
  { key: "count", title: "調定", align: "right", sortBy: (row) => row.count, text: (row) => row.count, render: (row) => times(row.count) },
  { key: "amount", title: "金額", align: "right", sortBy: (row) => row.amount_yen, text: (row) => row.amount_yen, render: (row) => html`<${MoneyCell} amount=${row.amount_yen} />` },
  { key: "year", title: "年度", sortBy: (row) => row.fiscal_year, text: (row) => row.fiscal_year, render: (row) => html`<span class="nowrap">${eraYear(row.fiscal_year)}</span>` },
  { key: "by", title: "出力した人", sortBy: (row) => row.by.name, text: (row) => row.by.name, render: (row) => html`<span class="nowrap">${row.by.name}</span>` },
  { key: "file", title: "ファイル", text: (row) => row.files[0]?.file_name, render: (row) => row.files[0]?.file_name },
];

function ExportDetail({ id }) {
  const answer = useAnswer(`/api/exports/${id}`, { whats: ["exports"] });
  const [said, setSaid] = useState(null);
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="出力" />`;
  }
  const { export: one, assessments } = answer.data;
  const save = (file) => async () => {
    const got = await download(`/api/exports/${one.id}/file?encoding=${file.encoding}`, file.file_name);
    setSaid(got.ok ? { kind: "success", text: `${file.file_name} を保存しました。` } : { kind: "danger", text: got.message });
  };
  return html`<article class="detail" data-testid="export-detail">
    <header class="detail-head">
      <div class="detail-title"><h2>出力 ${moment(one.created_at)}</h2><span class="detail-amount"><${Money} amount=${one.amount_yen} /></span></div>
      <p class="detail-line"><span>${eraYear(one.fiscal_year)}</span><span>調定 ${times(one.count)}</span><span>${one.by.name}</span></p>
    </header>
    <div class="detail-body">
      ${said ? html`<${Message} kind=${said.kind} onClose=${() => setSaid(null)}>${said.text}<//>` : null}
      <section class="part">
        <h3 class="part-title">ファイル</h3>
        <p class="part-text">財務会計システムに合う文字コードを選んでください。何度保存しても同じ中身です。</p>
        <ul class="files">
          ${one.files.map(
            (file) => html`<li key=${file.encoding} class="file">
              <${Button} kind="main" data-testid=${`download-${file.encoding}`} onPress=${save(file)}>${encodings[file.encoding] || file.encoding} で保存<//>
              <p>${file.file_name}　${bytes(file.byte_count)}</p>
              <code class="hash">SHA-256 ${file.sha256}</code>
              ${file.replaced_characters > 0 ? html`<${Message} kind="warning">CP932にない文字 ${number(file.replaced_characters)} 字を 〓 に置き換えました。正しい字はUTF-8のファイルにあります。<//>` : null}
            </li>`,
          )}
        </ul>
      </section>
      <${Handover} key=${one.id} id=${one.id} />
      <section class="part">
        <h3 class="part-title">入っている調定</h3>
        <ul class="plain-list">
          ${assessments.map((row) => html`<li key=${row.id}><a href=${address("assessments", { id: row.id })}>${row.number}</a><span>${row.saisetsu?.name || row.setsu?.name || row.account}</span><span class="quiet">${row.route_name}</span><span class="space"></span><${Money} amount=${row.amount_yen} /></li>`)}
        </ul>
      </section>
    </div>
  </article>`;
}

export function ExportsPage({ params }) {
  const list = useRows("/api/exports", {}, { whats: ["exports"] });
  return html`<${ListPage}
    list=${list}
    name="出力の記録"
    noun="出力"
    testId="export-row"
    columns=${columns}
    rowKey=${(row) => row.id}
    selected=${params.id}
    search=${false}
    detail=${(row, key) => html`<${ExportDetail} key=${key} id=${key} />`}
    empty=${{ icon: "receipt", title: "まだ出力していません", children: "承認済みの調定に印をつけ、「出力ファイルをつくる」を押してください。" }}
  />`;
}
