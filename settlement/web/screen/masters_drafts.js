// 変更案: what each one changes, who proposed it, and the second person's decision.
import { html, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useAnswer, useCommand, useRows } from "./data.js";
import { useMe } from "./session.js";
import { address, go, setParams } from "./route.js";
import { Chips, History, NotYet, StaleNotice, StateTag } from "./bits.js";
import { ListPage } from "./list_page.js";
import { NewDraft } from "./masters_draft_bar.js";
import { DiffList } from "./masters_diff.js";
import { chooseDraft } from "./masters_data.js";
import { moment, number, times } from "./text.js";

const columns = [
  { key: "title", name: true, title: "題名", sortBy: (row) => row.title, text: (row) => row.title, render: (row) => html`<strong class="masters-draft-title">${row.title}</strong>` },
  { key: "state", title: "状態", sortBy: (row) => row.state, text: (row) => row.state_name, render: (row) => html`<${StateTag} state=${row.state} name=${row.state_name} />` },
  { key: "changes", title: "変更", align: "right", sortBy: (row) => row.change_count, text: (row) => row.change_count, render: (row) => number(row.change_count) },
  { key: "by", title: "提出", sortBy: (row) => row.proposed_by?.name, text: (row) => row.proposed_by?.name, render: (row) => html`<span class="nowrap">${row.proposed_by?.name || ""}</span>` },
  { key: "approved", title: "承認", sortBy: (row) => row.approved_by?.name, text: (row) => row.approved_by?.name, render: (row) => html`<span class="nowrap">${row.approved_by?.name || ""}</span>` },
  { key: "version", title: "版", align: "right", sortBy: (row) => row.version, text: (row) => row.version, render: (row) => row.version || "" },
  { key: "changed", title: "最後の変更", sortBy: (row) => row.changed_at, text: (row) => row.changed_at, render: (row) => html`<span class="nowrap">${moment(row.changed_at)}</span>` },
];

function Problems({ id }) {
  const answer = useAnswer(`/api/masters/check?draft=${id}`, { whats: ["masters"], keep: true });
  if (answer.data === null) {
    return answer.fault ? html`<${Message} kind="warning">内容を確かめられません。${answer.fault}<//>` : html`<p class="quiet">内容を確かめています…</p>`;
  }
  const { remarks, error_count, warning_count, is_cut } = answer.data;
  if (error_count + warning_count === 0) {
    return html`<${Message} kind="success">誤りはありません。<//>`;
  }
  const list = (rows) => html`<ul class="masters-problems">
    ${rows.map((remark, index) => html`<li key=${index}><a href=${remark.key ? address("masters", { kind: remark.kind, draft: id, id: remark.key }) : address("masters", { kind: remark.kind, draft: id })}>${remark.kind_name} ${remark.name || ""}</a> ${remark.title ? html`<strong>${remark.title}</strong> ` : ""}${remark.message}</li>`)}
  </ul>`;
  const errors = remarks.filter((remark) => !remark.is_warning);
  const warnings = remarks.filter((remark) => remark.is_warning);
  return html`${error_count > 0 ? html`<${Message} kind="danger" title=${`直すところが${number(error_count)}か所あります。直すまで提出できません。`}>${list(errors)}<//>` : null}
    ${warning_count > 0 ? html`<details class="masters-warnings" open=${error_count === 0 ? true : undefined}><summary>注意 ${times(warning_count)}（このままでも提出できます）</summary>${list(warnings)}</details>` : null}
    ${is_cut ? html`<p class="quiet">多すぎるため、一部だけを示しています。</p>` : null}`;
}

function Decision({ draft, actions, me, command, onSend }) {
  const [asking, setAsking] = useState(null);
  const [reason, setReason] = useState("");
  const own = draft.state === "proposed" && draft.proposed_by?.login === me.user.login;
  const seen = { revision: draft.revision };
  if (asking && actions.includes(asking)) {
    const words = asking === "discard" ? ["破棄する理由", "破棄する"] : [own ? "取り下げる理由" : "差し戻す理由", own ? "取り下げる" : "差し戻す"];
    return html`<div class="form">
      <label class="field"><span class="field-label">${words[0]}</span><input class="input" data-testid="draft-reason" value=${reason} onInput=${(event) => setReason(event.target.value)} /></label>
      <div class="detail-actions">
        <${Button} kind="danger" data-testid="draft-reason-send" disabled=${reason.trim() === "" || command.isBusy} onPress=${() => onSend(asking, { reason: reason.trim() })}>${words[1]}<//>
        <${Button} onPress=${() => setAsking(null)}>やめる<//>
      </div>
    </div>`;
  }
  return html`<div class="detail-actions">
    ${actions.includes("edit") ? html`<${Button} data-testid="draft-edit" onPress=${() => (chooseDraft(draft.id), go("masters", { draft: draft.id }))}>行を変える<//>` : null}
    ${actions.includes("propose") ? html`<${Button} kind="main" data-testid="draft-propose" disabled=${command.isBusy || draft.change_count === 0} onPress=${() => onSend("propose", seen)}>承認に出す<//>` : null}
    ${actions.includes("approve") ? html`<${Button} kind="main" data-testid="draft-approve" disabled=${command.isBusy} onPress=${() => onSend("approve", seen)}>承認して公開する<//>` : null}
    ${actions.includes("return") ? html`<${Button} data-testid="draft-return" disabled=${command.isBusy} onPress=${() => setAsking("return")}>${own ? "取り下げる" : "差し戻す"}<//>` : null}
    ${actions.includes("discard") ? html`<${Button} kind="quiet" icon="trash" data-testid="draft-discard" disabled=${command.isBusy} onPress=${() => setAsking("discard")}>破棄する<//>` : null}
    ${own ? html`<span class="detail-why">ご自分の提出なので承認できません。別の承認者に頼んでください。</span>` : null}
    ${draft.state === "proposed" && actions.includes("approve") ? html`<span class="detail-why">承認すると、すぐにレジへ届きます（適用開始日までは今の内容で売ります）。</span>` : null}
    ${draft.state === "published" ? html`<span class="detail-why">第${draft.version}版として公開しました。</span>` : null}
  </div>`;
}

function DraftDetail({ id, kind }) {
  const me = useMe();
  const answer = useAnswer(`/api/masters/drafts/${id}`, { whats: ["masters"], keep: true });
  const command = useCommand();
  if (answer.data === null || String(answer.data.draft.id) !== String(id)) {
    return html`<${NotYet} answer=${answer} what="変更案" />`;
  }
  const { draft, actions, history } = answer.data;
  const send = async (verb, body) => {
    await command.run(`/api/masters/drafts/${id}/${verb}`, body);
    answer.reload();
  };
  const decide = (verb) => (row) => send(verb, { kind: row.kind, key: row.key, revision: row.revision });
  const canEdit = actions.includes("edit");
  return html`<article class="detail" data-testid="draft-detail" aria-busy=${String(answer.isLoading)}>
    <header class="detail-head">
      <div class="detail-title"><h2>${draft.title}</h2><${StateTag} state=${draft.state} name=${draft.state_name} /></div>
      <p class="detail-line"><span>${draft.created_by?.name}がつくりました</span>${draft.proposed_by ? html`<span>提出 ${draft.proposed_by.name} ${moment(draft.proposed_at)}</span>` : null}${draft.approved_by ? html`<span>承認 ${draft.approved_by.name} ${moment(draft.approved_at)}</span>` : null}</p>
    </header>
    <div class="detail-body">
      <${StaleNotice} answer=${answer} />
      ${["editing", "proposed"].includes(draft.state) ? html`<${Problems} id=${id} />` : null}
      <${DiffList} query=${{ draft: id }} kind=${kind} onKind=${(name) => setParams({ kind: name })} draftId=${canEdit ? id : null} onKeep=${canEdit ? decide("keep") : null} onRevert=${canEdit ? decide("revert") : null} isBusy=${command.isBusy} />
      <p><a href=${address("masters-preview", { draft: id })}>窓口ごとに、変わる前と後を見比べる</a></p>
      <${History} entries=${history} />
    </div>
    <footer class="detail-foot">
      ${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
      <${Decision} key=${draft.state} draft=${draft} actions=${actions} me=${me} command=${command} onSend=${send} />
    </footer>
  </article>`;
}

export function DraftsPage({ params }) {
  const me = useMe();
  const [isMaking, setMaking] = useState(false);
  const state = params.state || "open";
  const list = useRows("/api/masters/drafts", { state: state === "ended" ? "ended" : "" }, { whats: ["masters"] });
  const chips = [{ key: "", title: "進行中" }, { key: "ended", title: "公開・破棄したもの" }];
  return html`<${ListPage}
    list=${list}
    name="マスタの変更案"
    noun="変更案"
    testId="draft-row"
    columns=${columns}
    rowKey=${(row) => row.id}
    selected=${params.id}
    wide=${true}
    detail=${(row, id) => html`<${DraftDetail} key=${id} id=${id} kind=${params.kind} />`}
    above=${html`<div class="chips-row"><${Chips} label="状態で絞る" chips=${chips} selected=${params.state || ""} onSelect=${(next) => setParams({ state: next, id: "" })} />
      ${isMaking ? html`<${NewDraft} onDone=${(id) => (setMaking(false), id && setParams({ id: String(id), state: "" }))} />` : me.rights.includes("edit_masters") ? html`<${Button} icon="plus" data-testid="draft-new" onPress=${() => setMaking(true)}>新しい変更案<//>` : null}</div>`}
    empty=${{ icon: "list", title: state === "ended" ? "公開・破棄した変更案はまだありません" : "進行中の変更案はありません", children: "料金や品目を変えるときは「新しい変更案」をつくります。" }}
  />`;
}

