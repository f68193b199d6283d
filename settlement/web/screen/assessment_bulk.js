// Work on several 調定 at once: make drafts, propose, approve, send back, export. What is not possible is said before.
import { html, classes, useState } from "./lib/view.js";
import { Button, Message, Money, yen } from "./lib/components.js";
import { useCommand } from "./data.js";
import { useMe } from "./session.js";
import { DateField } from "./bits.js";
import { address, go } from "./route.js";
import { addDays, shortDate, times } from "./text.js";

export function DraftMaker({ onDone }) {
  const me = useMe();
  const [to, setTo] = useState(addDays(me.today, -1));
  const [made, setMade] = useState(null);
  const command = useCommand();
  const make = async () => {
    const answer = await command.run("/api/assessments/draft", { to });
    if (answer.ok) {
      setMade(answer.data);
      onDone();
    }
  };
  return html`<div class="work-draft">
    <${DateField} label="受領日 まで" value=${to} max=${me.today} onChange=${(day) => setTo(day || addDays(me.today, -1))} />
    <${Button} data-testid="make-drafts" disabled=${command.isBusy} onPress=${make}>${command.isBusy ? "つくっています…" : "調定の案をつくる"}<//>
    ${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
    ${made
      ? html`<${Message} kind="success" class="work-said" onClose=${() => setMade(null)}>
          ${shortDate(to)}までの案: 新しく${times(made.created)}、つくり直し${times(made.remade)}${made.dropped > 0 ? `、取り下げ${times(made.dropped)}` : ""}。
          ${made.held_count > 0 ? html`<a href="#held">${times(made.held_count)} ${yen(made.held_yen)} は受け取りが確かでないため入れていません。</a>` : null}
        <//>`
      : null}
  </div>`;
}

const nextState = { propose: "proposed", approve: "approved", return: "draft" };
const reference = ({ id, version }) => ({ id, version });

// What may be done with the marked rows by this person, and why not.
function choices(rows, me) {
  const can = (right) => me.rights.includes(right);
  const all = (state) => rows.length > 0 && rows.every((row) => row.state === state);
  const own = rows.filter((row) => row.proposed_by?.login === me.user.login);
  const proposed = all("proposed");
  const mine = me.user.sections;
  const others = rows.filter((row) => mine.length > 0 && !mine.includes(row.section.code));
  return {
    propose: can("propose") && all("draft"),
    approve: can("approve") && proposed,
    own: proposed ? own.length : 0,
    others: proposed && can("approve") ? others.length : 0,
    giveBack: proposed && (can("approve") || own.length === rows.length),
    exportAll: can("export") && all("approved"),
    isMixed: rows.length > 1 && new Set(rows.map((row) => row.state)).size > 1,
  };
}

export function BulkBar({ rows, list, me, onDone, onUnmarkOwn }) {
  const command = useCommand();
  const [said, setSaid] = useState(null);
  const [isReturning, setReturning] = useState(false);
  const [reason, setReason] = useState("");
  const can = choices(rows, me);
  const sum = rows.reduce((total, row) => total + (row.kind === "decrease" ? -row.amount_yen : row.amount_yen), 0);
  const send = async (verb, body, words) => {
    const answer = await command.run(`/api/assessments/${verb}`, body);
    if (answer.ok) {
      setSaid({ verb, words });
      setReturning(false);
      setReason("");
      onDone();
    }
    list.reload();
  };
  const some = rows.map(reference);
  const take = async () => {
    const answer = await command.run("/api/exports", { ids: rows.map((row) => row.id) });
    if (answer.ok) {
      onDone();
      go("exports", { id: answer.data.export.id });
    } else {
      list.reload();
    }
  };
  return html`<div class=${classes("work-bulk", rows.length > 0 && "has-rows")} role="group" aria-label="印をつけた調定">
    ${rows.length === 0
      ? html`<span class="work-hint">行に印をつけると、まとめて起案・承認・出力できます。</span>`
      : html`<strong class="work-count">${times(rows.length)} <${Money} amount=${sum} /></strong>`}
    ${can.propose ? html`<${Button} kind="main" data-testid="propose" disabled=${command.isBusy} onPress=${() => send("propose", { assessments: some }, `${times(rows.length)}を起案しました。承認者の承認を待ちます。`)}>起案する<//>` : null}
    ${can.approve
      ? html`<${Button} kind="main" data-testid="approve" disabled=${command.isBusy || can.own > 0 || can.others > 0} aria-describedby="approve-why" onPress=${() => send("approve", { assessments: some }, `${times(rows.length)}を承認しました。番号がつきました。`)}>承認する<//>`
      : null}
    ${can.giveBack && !isReturning ? html`<${Button} data-testid="return" disabled=${command.isBusy} onPress=${() => setReturning(true)}>${can.own === rows.length ? "取り下げる" : "差し戻す"}<//>` : null}
    ${can.exportAll ? html`<${Button} kind="main" data-testid="export" disabled=${command.isBusy} onPress=${take}>出力ファイルをつくる<//>` : null}
    ${isReturning && can.giveBack
      ? html`<input class="input work-reason" aria-label="理由" placeholder="理由" value=${reason} onInput=${(event) => setReason(event.target.value)} />
          <${Button} kind="danger" data-testid="return-send" disabled=${command.isBusy || reason.trim() === ""} onPress=${() => send("return", { assessments: some, reason: reason.trim() }, `${times(rows.length)}を起案前に戻しました。`)}>起案前に戻す<//>
          <${Button} onPress=${() => setReturning(false)}>やめる<//>`
      : null}
    ${can.own > 0 && me.rights.includes("approve") ? html`<span class="work-why" id="approve-why">ご自分の起案が${times(can.own)}あります。起案した人は承認できません。別の承認者に頼んでください。</span>${can.own < rows.length ? html`<${Button} data-testid="unmark-own" onPress=${onUnmarkOwn}>自分の起案の印を外す<//>` : null}` : null}
    ${can.others > 0 && can.own === 0 ? html`<span class="work-why" id="approve-why">承認を任された所属ではない調定が${times(can.others)}あります。印を外してください。</span>` : null}
    ${can.isMixed ? html`<span class="work-why">状態の違う調定が混ざっています。同じ状態のものだけに印をつけてください。</span>` : null}
    ${command.fault ? html`<${Message} kind="danger" class="work-said" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
    ${said
      ? html`<${Message} kind="success" class="work-said" onClose=${() => setSaid(null)} actions=${html`<a href=${address("assessments", { state: nextState[said.verb] })}>${said.verb === "return" ? "起案前を見る" : said.verb === "propose" ? "承認待ちを見る" : "承認済みを見る"}</a>`}>${said.words}<//>`
      : null}
  </div>`;
}
