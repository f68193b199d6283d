// What the city's finance system was given of one export, in its own form, and what it answered.
import { html, useState } from "./lib/view.js";
import { Button, Message, Money } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useMe } from "./session.js";
import { useAnswer, useCommand } from "./data.js";
import { download, upload } from "./api.js";
import { address, queryOf } from "./route.js";
import { Tag } from "./bits.js";
import { bytes, moment, number, times } from "./text.js";

function Answers({ file }) {
  return file.answers.length === 0
    ? null
    : html`<ul class="plain-list">
        ${file.answers.map(
          (one) => html`<li key=${one.id} data-testid="handover-answered"><span>回答 ${one.file_name}</span><span class="quiet">${moment(one.taken_at)} ${one.by?.name || ""}</span><span class="space"></span>
            <span>受付 ${times(one.accepted_count)}　${one.refused_count > 0 ? html`<${Tag} level="danger">拒否 ${times(one.refused_count)}<//>` : "拒否 0件"}</span></li>`,
        )}
      </ul>`;
}

function File({ file, canSend, canAnswer, onSaid }) {
  const save = async () => {
    const got = await download(`/api/handover/${file.id}/file`, file.file_name);
    onSaid(got.ok ? { kind: "success", text: `${file.file_name} を保存しました。` } : { kind: "danger", text: got.message });
  };
  const answer = async (event) => {
    const chosen = event.target.files[0];
    event.target.value = "";
    if (!chosen) {
      return;
    }
    const got = await upload(`/api/handover/${file.id}/answer?${queryOf({ file: chosen.name })}`, chosen, () => {});
    if (!got.ok) {
      onSaid({ kind: "danger", text: `${got.message}　何も記録していません。` });
    } else if (got.data.is_repeat) {
      onSaid({ kind: "warning", text: "同じ回答は取り込み済みです。何も変わりません。" });
    } else {
      const { accepted_count: accepted, refused_count: refused, unanswered_count: rest } = got.data;
      onSaid({ kind: refused > 0 ? "warning" : "success", text: `回答を取り込みました。受付 ${times(accepted)}、拒否 ${times(refused)}${rest > 0 ? `、回答のないもの ${times(rest)}` : ""}。` });
    }
  };
  return html`<li class="file" data-testid="handover-file">
    <${Button} kind="main" data-testid="handover-download" onPress=${save}>${file.file_name} を保存<//>
    <p>${file.after_answer ? "拒否された分　" : ""}調定 ${times(file.assessment_count)}　<${Money} amount=${file.amount_yen} />　${bytes(file.byte_count)}　書式 ${file.layout} 第${number(file.layout_version)}版　${moment(file.made_at)} ${file.by?.name || ""}</p>
    <code class="hash">SHA-256 ${file.sha256}</code>
    ${file.substituted_characters > 0 ? html`<${Message} kind="warning">CP932にない文字 ${number(file.substituted_characters)} 字を 〓 に置き換えました。<//>` : null}
    <${Answers} file=${file} />
    ${canSend && canAnswer
      ? html`<p><label class="button trial-pick">財務会計システムの回答を取り込む<input class="unseen" type="file" data-testid="handover-answer" onChange=${answer} /></label></p>`
      : null}
  </li>`;
}

function Refused({ rows }) {
  return html`<section aria-label="拒否された調定" data-testid="handover-refused">
    <p class="part-text"><${Icon} name="danger" /> 拒否された調定が ${times(rows.length)}あります。理由を見て、書式かコード表を直し、「拒否された分だけつくる」を押してください。金額の誤りは、増額・減額の調定で直します。</p>
    <ul class="plain-list">
      ${rows.map(
        (row) => html`<li key=${row.assessment}><a href=${address("assessments", { id: row.assessment })}>${row.number}</a><span>${row.reason || "理由の記載なし"}</span><span class="quiet">結果 ${row.result}</span><span class="space"></span><${Money} amount=${row.amount_yen} /></li>`,
      )}
    </ul>
  </section>`;
}

export function Handover({ id }) {
  const me = useMe();
  const answer = useAnswer(`/api/exports/${id}/handover`, { whats: ["exports"] });
  const command = useCommand();
  const [said, setSaid] = useState(null);
  if (answer.data === null) {
    return null;
  }
  const { layouts, files, assessments } = answer.data;
  const canSend = me.rights.includes("export");
  const refused = assessments.filter((row) => row.state === "refused");
  const accepted = assessments.filter((row) => row.state === "accepted").length;
  const isSent = (layout) => files.some((file) => file.layout === layout.layout && file.layout_version === layout.version && !file.after_answer);
  const make = (layout, onlyRefused) => async () => {
    setSaid(null);
    const got = await command.run(`/api/exports/${id}/handover`, { layout: layout.layout, only_refused: onlyRefused });
    if (got.ok) {
      answer.put(got.data);
    }
  };
  return html`<section class="part" data-testid="handover">
    <h3 class="part-title">財務会計システムへの引渡し</h3>
    ${layouts.length === 0
      ? html`<p class="part-text">市の財務会計システムの書式は、まだ使われていません。<a href=${address("finance-layouts", {})}>財務会計の書式</a>で提案し、承認者が確認すると、その形のファイルをつくれます。</p>`
      : html`<p class="part-text">調定 ${times(assessments.length)}のうち、受付済み ${times(accepted)}、拒否 ${times(refused.length)}、回答なし ${times(assessments.length - accepted - refused.length)}。</p>`}
    ${said ? html`<${Message} kind=${said.kind} onClose=${() => setSaid(null)}>${said.text}<//>` : null}
    ${command.fault ? html`<${Message} kind="danger">${command.fault}<//>` : null}
    ${refused.length > 0 ? html`<${Refused} rows=${refused} />` : null}
    ${canSend
      ? html`<p class="part-actions">
          ${layouts.map((layout) => (isSent(layout) ? null : html`<${Button} key=${layout.layout} data-testid=${`handover-make-${layout.layout}`} disabled=${command.isBusy} onPress=${make(layout, false)}>「${layout.title}」でつくる<//>`))}
          ${refused.length > 0
            ? layouts.map((layout) => html`<${Button} key=${`r${layout.layout}`} kind="main" data-testid=${`handover-again-${layout.layout}`} disabled=${command.isBusy} onPress=${make(layout, true)}>「${layout.title}」で拒否された分だけつくる<//>`)
            : null}
        </p>`
      : null}
    <ul class="files">${files.map((file) => html`<${File} key=${file.id} file=${file} canSend=${canSend} canAnswer=${layouts.some((layout) => layout.layout === file.layout && layout.reads_answers)} onSaid=${setSaid} />`)}</ul>
  </section>`;
}
