// One 調定票 with its 内訳, and the way back from a figure: slip › breakdown line › sale › journal lines.
import { html, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useAnswer, useCommand } from "./data.js";
import { useMe } from "./session.js";
import { go, setParams } from "./route.js";
import { Papers } from "./papers.js";
import { History, NotYet, StaleNotice } from "./bits.js";
import { Slip } from "./slip.js";
import { Breakdown, Corrections, LineEvidence } from "./breakdown.js";
import { SaleDetail } from "./sale_detail.js";

function Trail({ line, sale, name }) {
  const step = (title, changes, isLast) =>
    isLast ? html`<strong aria-current="true">${title}</strong>` : html`<button type="button" class="trail-step" onClick=${() => setParams(changes)}>${title}</button>`;
  return html`<nav class="trail" aria-label="さかのぼり">
    ${step("調定票", { line: "", sale: "" }, !line)}
    ${line ? html`<span aria-hidden="true">›</span>${step(`内訳 ${line} ${name || ""}`, { sale: "" }, !sale)}` : null}
    ${sale ? html`<span aria-hidden="true">›</span>${step("売上とレジの記録", {}, true)}` : null}
  </nav>`;
}

function Decision({ one, actions, me, command, onSend, onExport }) {
  const [isReturning, setReturning] = useState(false);
  const [reason, setReason] = useState("");
  const body = { assessments: [{ id: one.id, version: one.version }] };
  const own = one.state === "proposed" && one.proposed_by?.login === me.user.login;
  const isOthers = one.state === "proposed" && me.rights.includes("approve") && me.user.sections.length > 0 && !me.user.sections.includes(one.section.code);
  if (isReturning && actions.includes("return")) {
    return html`<div class="form">
      <label class="field"><span class="field-label">${own ? "取り下げる理由" : "差し戻す理由"}</span><input class="input" value=${reason} onInput=${(event) => setReason(event.target.value)} /></label>
      <div class="detail-actions">
        <${Button} kind="danger" data-testid="detail-return-send" disabled=${reason.trim() === "" || command.isBusy} onPress=${() => onSend("return", { ...body, reason: reason.trim() })}>起案前に戻す<//>
        <${Button} onPress=${() => setReturning(false)}>やめる<//>
      </div>
    </div>`;
  }
  return html`<div class="detail-actions">
    ${actions.includes("propose") ? html`<${Button} kind="main" data-testid="detail-propose" disabled=${command.isBusy} onPress=${() => onSend("propose", body)}>起案する<//>` : null}
    ${actions.includes("approve") ? html`<${Button} kind="main" data-testid="detail-approve" disabled=${command.isBusy} onPress=${() => onSend("approve", body)}>承認する<//>` : null}
    ${actions.includes("return") ? html`<${Button} data-testid="detail-return" disabled=${command.isBusy} onPress=${() => setReturning(true)}>${own ? "取り下げる" : "差し戻す"}<//>` : null}
    ${actions.includes("export") ? html`<${Button} kind="main" data-testid="detail-export" disabled=${command.isBusy} onPress=${onExport}>出力ファイルをつくる<//>` : null}
    ${isOthers && !own ? html`<span class="detail-why" data-testid="detail-other-section">${one.section.name}の調定の承認は任されていません。その所属の承認者に頼んでください。</span>` : null}
    ${own && me.rights.includes("approve") ? html`<span class="detail-why">ご自分の起案なので承認できません。別の承認者に頼んでください。</span>` : null}
    ${own && !me.rights.includes("approve") ? html`<span class="detail-why">承認者の承認を待っています。</span>` : null}
    ${one.export ? html`<${Button} onPress=${() => go("exports", { id: one.export.id })}>出力の記録を見る<//>` : null}
    ${actions.length === 0 && !own && !one.export ? html`<span class="detail-why">この調定に、今できる操作はありません。</span>` : null}
  </div>`;
}

export function AssessmentDetail({ id, line, sale }) {
  const me = useMe();
  const answer = useAnswer(`/api/assessments/${id}`, { whats: ["assessments", "exports"] });
  const command = useCommand();
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="調定" />`;
  }
  const { assessment: one, lines, corrections, history, actions } = answer.data;
  const send = async (verb, body) => {
    await command.run(`/api/assessments/${verb}`, body);
    answer.reload();
  };
  const makeExport = async () => {
    const got = await command.run("/api/exports", { ids: [one.id] });
    got.ok ? go("exports", { id: got.data.export.id }) : answer.reload();
  };
  const chosen = lines.find((row) => String(row.line) === line);
  return html`<article class="detail" data-testid="assessment-detail" aria-busy=${String(answer.isLoading)}>
    ${line || sale ? html`<${Trail} line=${line} sale=${sale} name=${chosen?.name} />` : null}
    <div class="detail-body">
      <${StaleNotice} answer=${answer} />
      ${sale
        ? html`<${SaleDetail} id=${sale} />`
        : line
          ? html`<${LineEvidence} id=${id} row=${chosen} line=${line} />`
          : html`${(one.warnings || []).map((text) => html`<${Message} key=${text} kind="warning">${text}<//>`)}
              <${Slip} one=${one} />
              <${Breakdown} one=${one} lines=${lines} onOpen=${(number) => setParams({ line: number })} />
              <${Corrections} one=${one} rows=${corrections} />
              <${History} entries=${history} />`}
      ${line || sale ? null : html`<${Papers} path=${`/api/assessments/${id}/paper`} name=${one.number ? `chotei-${one.number}` : `chotei-draft-${id}`} />`}
    </div>
    <footer class="detail-foot">
      ${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
      <${Decision} key=${one.state} one=${one} actions=${actions} me=${me} command=${command} onSend=${send} onExport=${makeExport} />
    </footer>
  </article>`;
}
