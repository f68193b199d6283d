// The evidence, side by side: our journal lines, the statement's lines, the bank's. Every card opens its exact bytes.
import { html } from "./lib/view.js";
import { Comparison } from "./comparison.js";
import { Facts } from "./bits.js";
import { fileFacts, fileSummary, journalFacts, kindNames } from "./journal_words.js";
import { moment } from "./text.js";
import { address } from "./route.js";

export function JournalCard({ line }) {
  return html`<article class="card" data-testid="journal-line">
    <header class="card-head">
      <strong>${kindNames[line.kind] || line.kind}</strong>
      <span>${moment(line.at)}</span>
      <a class="card-place" href=${address("terminals", { id: line.terminal, sequence: line.sequence })}>${line.terminal} #${line.sequence}</a>
    </header>
    <${Facts} facts=${journalFacts(line.parsed, line.people)} />
    <details class="raw">
      <summary>原文</summary>
      <pre>${line.raw}</pre>
      <p>ハッシュ <code>${line.hash}</code></p>
    </details>
  </article>`;
}

const MANY_LINES = 4; // beyond this every line is folded into one row

export function FileCard({ line, isFolded }) {
  if (isFolded) {
    return html`<details class="card is-folded" data-testid="file-line">
      <summary>${line.line}行目　${fileSummary(line.parsed)}</summary>
      <${Facts} facts=${fileFacts(line.parsed)} />
      <pre class="raw-line">${line.raw}</pre>
    </details>`;
  }
  return html`<article class="card" data-testid="file-line">
    <header class="card-head">
      <a class="card-place" href=${address("imports", { id: line.import, line: line.line })}>${line.file_name}</a>
      <span>${line.line}行目</span>
    </header>
    <${Facts} facts=${fileFacts(line.parsed)} />
    <details class="raw">
      <summary>原文</summary>
      <pre>${line.raw}</pre>
    </details>
  </article>`;
}

function Column({ title, count, none, children }) {
  return html`<section class="evidence-column" aria-label=${title}>
    <h4 class="evidence-title">${title}<span>${count === 0 ? "" : `${count}行`}</span></h4>
    ${count === 0 ? html`<p class="evidence-none">${none}</p>` : children}
  </section>`;
}

export function Evidence({ evidence, isTruncated, brandNames }) {
  const { journal, statement, bank } = evidence;
  return html`<section class="part" aria-label="証拠" data-testid="evidence">
    <h3 class="part-title">証拠</h3>
    <${Comparison} evidence=${evidence} brandNames=${brandNames} />
    <div class="evidence">
      <${Column} title="当方の記録" count=${journal.length} none="レジの記録はありません。">${journal.map((line) => html`<${JournalCard} key=${`${line.terminal}${line.sequence}`} line=${line} />`)}<//>
      <${Column} title="明細" count=${statement.length} none="決済会社の明細にはありません。">
        ${statement.map((line) => html`<${FileCard} key=${`${line.import}-${line.line}`} line=${line} isFolded=${statement.length > MANY_LINES} />`)}
        ${isTruncated ? html`<p class="evidence-none">先頭の500行です。すべては取込の画面で見られます。</p>` : null}
      <//>
      <${Column} title="銀行" count=${bank.length} none="対応する入金はまだありません。">${bank.map((line) => html`<${FileCard} key=${`${line.import}-${line.line}`} line=${line} />`)}<//>
    </div>
  </section>`;
}
