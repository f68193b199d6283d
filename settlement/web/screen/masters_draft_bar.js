// Which draft is worked on, above every page of the masters: choose one, begin one, see how far it is.
import { html, useRef, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useCommand } from "./data.js";
import { useMe } from "./session.js";
import { address } from "./route.js";
import { Select, StateTag } from "./bits.js";
import { chooseDraft } from "./masters_data.js";
import { times } from "./text.js";

export function NewDraft({ onDone, suggestion = "" }) {
  const [title, setTitle] = useState(suggestion);
  const command = useCommand();
  const make = async (event) => {
    event.preventDefault();
    if (title.trim() === "" || command.isBusy) {
      return;
    }
    const answer = await command.run("/api/masters/drafts", { title: title.trim() });
    if (answer.ok) {
      chooseDraft(answer.data.draft.id);
      onDone(answer.data.draft.id);
    }
  };
  return html`<form class="masters-new" onSubmit=${make}>
    <input class="input filter-input masters-title" data-testid="draft-title" aria-label="変更案の題名" placeholder="題名（例: 令和9年4月 使用料の改定）" autocomplete="off" ref=${(field) => field && !title && field.focus()} value=${title} onInput=${(event) => setTitle(event.target.value)} />
    <button type="submit" class="button is-main" data-testid="draft-create" aria-disabled=${title.trim() === "" || command.isBusy ? "true" : undefined}>変更案をつくる</button>
    <${Button} kind="quiet" onPress=${() => onDone(null)}>やめる<//>
    ${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
  </form>`;
}

export function DraftBar({ masters }) {
  const me = useMe();
  const [isMaking, setMaking] = useState(false);
  const { drafts, draft } = masters;
  const place = useRef(null);
  const options = [["0", "公開中のマスタ（見るだけ）"], ...(drafts || []).map((one) => [String(one.id), `${one.title}（${one.state_name}）`])];
  return html`<div class="masters-bar" ref=${place}>
    ${isMaking
      ? html`<${NewDraft} onDone=${() => setMaking(false)} />`
      : html`<${Select} label="見ているもの" id="masters-draft" value=${draft ? String(draft.id) : "0"} options=${options} onChange=${chooseDraft} />
          ${draft ? html`<${StateTag} state=${draft.state} name=${draft.state_name} /><a class="masters-count" data-testid="draft-changes" href=${address("masters-drafts", { id: draft.id })}>変更 ${times(draft.change_count)}</a>` : null}
          ${draft?.state === "proposed" ? html`<span class="detail-why">${draft.proposed_by?.name}さんが提出しました。承認か差戻しまで変えられません。</span>` : null}
          ${me.rights.includes("edit_masters") ? html`<${Button} icon="plus" data-testid="draft-new" onPress=${() => setMaking(true)}>新しい変更案<//>` : null}`}
  </div>`;
}
