// What changes, row by row, in words and by member; a conflict shows what was published meanwhile.
import { html, classes } from "./lib/view.js";
import { Button, Empty } from "./lib/components.js";
import { useRows } from "./data.js";
import { address } from "./route.js";
import { Chips, NotYet, StaleNotice, Tag } from "./bits.js";
import { times } from "./text.js";

const states = { added: ["追加", "success"], changed: ["変更", "warning"], removed: ["消す", "danger"], same: ["食い違い", "danger"] };

export function Members({ members }) {
  return html`<table class="masters-differs">
    <thead><tr><th scope="col">項目</th><th scope="col">今まで</th><th scope="col">これから</th></tr></thead>
    <tbody>${members.map((member) => html`<tr key=${member.member}><th scope="row">${member.title}</th><td>${member.before ?? html`<span class="none">なし</span>`}</td><td><strong>${member.after ?? html`<span class="none">なし</span>`}</strong></td></tr>`)}</tbody>
  </table>`;
}

function Conflict({ row, onKeep, onRevert, isBusy }) {
  return html`<div class="masters-conflict" role="alert">
    <p><strong>この行は、この変更案の後に公開された版で変わりました。</strong> 公開された変更: ${row.conflict.sentence}</p>
    <${Members} members=${row.conflict.members} />
    ${onKeep
      ? html`<div class="detail-actions">
          <${Button} data-testid="conflict-keep" disabled=${isBusy} onPress=${() => onKeep(row)}>この変更案の内容を残す<//>
          <${Button} data-testid="conflict-revert" disabled=${isBusy} onPress=${() => onRevert(row)}>公開された内容にする<//>
        </div>`
      : null}
  </div>`;
}

// A difference in one line that opens; the line of the file stands before it where there is one.
export function DifferenceLine({ row }) {
  const [word, level] = states[row.state];
  return html`<li class="masters-difference">
    <details>
      <summary>
        <${Tag} level=${level}>${word}<//>
        <span class="masters-difference-name"><strong>${row.name || row.code}</strong>${row.line ? html`<code>${row.line}行目 ${row.code}</code>` : html`<code>${row.code}</code>`}</span>
        <span class="masters-sentence">${row.sentence}</span>
      </summary>
      ${row.members.length > 0 && row.state !== "removed" ? html`<${Members} members=${row.members} />` : null}
    </details>
  </li>`;
}

function Difference({ row, draftId, onKeep, onRevert, isBusy }) {
  const [word, level] = states[row.state];
  return html`<li class=${classes("masters-difference", row.conflict && "is-conflict")} data-testid="difference" data-id=${row.key}>
    <details open=${row.conflict ? true : undefined}>
      <summary>
        <${Tag} level=${level}>${word}<//>
        <span class="masters-difference-name"><strong>${row.name || row.code || row.kind_name}</strong>${row.name ? html`<code>${row.code}</code>` : null}</span>
        <span class="masters-sentence">${row.sentence}</span>
        ${row.by ? html`<span class="quiet">${row.by.name}</span>` : null}
      </summary>
      ${row.members.length > 0 && row.state !== "removed" ? html`<${Members} members=${row.members} />` : null}
      ${row.conflict ? html`<${Conflict} row=${row} onKeep=${onKeep} onRevert=${onRevert} isBusy=${isBusy} />` : null}
      ${draftId ? html`<p><a href=${address("masters", { kind: row.kind, draft: draftId, id: row.key })}>この行を開く</a></p>` : null}
    </details>
  </li>`;
}

// query: {draft} or {from, version}.
export function DiffList({ query, kind, onKind, draftId, onKeep, onRevert, isBusy }) {
  const list = useRows("/api/masters/diff", { ...query, kind }, { whats: ["masters"], limit: 100 });
  if (list.rows === null) {
    return html`<${NotYet} answer=${list} what="差分" />`;
  }
  const totals = list.head.totals;
  const sum = (total) => total.added + total.changed + total.removed;
  const chips = [
    { key: "", title: "すべて", count: totals.reduce((all, total) => all + sum(total), 0) },
    ...totals.map((total) => ({ key: total.kind, title: total.kind_name, count: sum(total), level: total.conflicts > 0 ? "danger" : undefined })),
  ];
  const groups = [...new Set(list.rows.map((row) => row.kind))].map((name) => [name, list.rows.filter((row) => row.kind === name)]);
  return html`<div class="masters-diff" data-testid="diff">
    <${StaleNotice} answer=${list} />
    ${totals.length === 0
      ? html`<${Empty} icon="list" title="変更はありません" />`
      : html`<${Chips} label="種類で絞る" chips=${chips} selected=${kind || ""} onSelect=${onKind} />
          ${groups.map(([name, rows]) => html`<section key=${name}><h3 class="part-title">${rows[0].kind_name}</h3><ul class="masters-differences">${rows.map((row) => html`<${Difference} key=${row.key} row=${row} draftId=${draftId} onKeep=${onKeep} onRevert=${onRevert} isBusy=${isBusy} />`)}</ul></section>`)}
          ${list.next !== null ? html`<p class="list-end"><span>${times(list.rows.length)}まで</span><${Button} disabled=${list.isLoading} onPress=${list.more}>続きを読み込む<//></p>` : null}`}
  </div>`;
}
