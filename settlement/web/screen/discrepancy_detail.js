// One discrepancy: what it is, what it means, what to do, the evidence, the decision, and what happened so far.
import { html, useEffect, useState } from "./lib/view.js";
import { Button, Message, Money } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useAnswer, useCommand } from "./data.js";
import { useMe } from "./session.js";
import { address } from "./route.js";
import { History, NotYet, StaleNotice, StateTag, Tag } from "./bits.js";
import { Evidence } from "./evidence.js";
import { ConfirmForm, ResolveForm } from "./resolve.js";
import { CommentForm, Comments, ExpectForm, UndoAsked, UndoForm, Waiting } from "./talk.js";
import { Decisions, PairForm, Partners, pairOf } from "./partners.js";
import { guidance } from "./class_guidance.js";
import { payoutKey } from "./payout_key.js";
import { SplitForm, Splits } from "./split.js";
import { SpreadForm } from "./spread.js";
import { moment, shortDate } from "./text.js";

function Head({ row }) {
  const links = [
    row.payment ? ["決済", address("payments", { id: row.payment })] : null,
    row.payout ? ["入金", address("payouts", { id: payoutKey(row.payout_trustee, row.payout) })] : null,
    row.terminal ? ["端末", address("terminals", { id: row.terminal })] : null,
  ].filter(Boolean);
  return html`<header class="detail-head">
    <div class="detail-title">
      <h2>${row.class_name}</h2>
      <${StateTag} state=${row.state} name=${row.state_name} />
      ${row.is_overdue ? html`<${Tag} level="danger" icon="clock">期限超過<//>` : null}
      <span class="detail-amount"><${Money} amount=${row.amount_yen} /></span>
    </div>
    <p class="detail-line">
      <span>発生 ${shortDate(row.date)}</span><span>経過 ${row.age_days}日</span>${row.due_on ? html`<span>期限 ${shortDate(row.due_on)}</span>` : null}
      <span>担当 ${row.owner ? row.owner.name : "なし"}</span>${row.brand_name ? html`<span>${row.brand_name}</span>` : null}
      ${links.map(([title, href]) => html`<a key=${title} href=${href}>${title}を見る</a>`)}
    </p>
  </header>`;
}

function Guidance({ row }) {
  const { meaning, todo } = guidance[row.class] || { meaning: null, todo: null };
  return html`<section class="part guidance" aria-label="意味とすること">
    <p class="guidance-summary">${row.summary}</p>
    ${meaning ? html`<dl><dt>意味</dt><dd>${meaning}</dd>${row.state === "open" ? html`<dt>すること</dt><dd>${todo}</dd>` : null}</dl>` : null}
  </section>`;
}

function Resolution({ row, isDecided }) {
  const made = row.resolution;
  if (row.state === "cleared") {
    return html`<${Message} kind="success">${shortDate(row.cleared_on)} に、${isDecided ? "下の人の判断で" : "後から届いた事実と合って自動で"}解消しました。<//>`;
  }
  return made
    ? html`<${Message} kind=${row.state === "resolved" ? "success" : "warning"} title=${`${made.kind_name}${row.state === "awaiting_second" ? "（二人目の確認待ち）" : ""}`}>
        ${made.reason}　${made.by.name} ${moment(made.at)}${made.confirmed_by ? `　確認 ${made.confirmed_by.name} ${moment(made.confirmed_at)}` : ""}
      <//>`
    : null;
}

// Why this person cannot decide, said before they look for the button.
function NoAction({ row, me }) {
  if (row.state === "awaiting_second") {
    const own = row.resolution?.by.login === me.user.login;
    return html`<p class="detail-why">${own ? "ご自分の処置なので、別の承認者が確認します。" : "承認者の確認を待っています。"}</p>`;
  }
  return row.state === "open" ? html`<p class="detail-why">この画面では見るだけです。処置は会計か承認者が行います。</p>` : null;
}

export function DiscrepancyDetail({ id, onNext }) {
  const me = useMe();
  const answer = useAnswer(`/api/discrepancies/${id}`, { whats: ["discrepancies"] });
  const command = useCommand();
  const [form, setForm] = useState(null);
  const [said, setSaid] = useState(null);
  const [partner, setPartner] = useState(null);
  const close = () => {
    setForm(null);
    setPartner(null);
    command.clear();
  };
  const may = (action) => answer.data?.actions.includes(action) || false;
  const openForm = (name) => () => (may(name) ? setForm(name) : false);
  useKeys({ Escape: close }, LEVEL_STEP, { active: form !== null });
  useKeys({ n: onNext, c: openForm("comment"), w: openForm("expect"), u: openForm("undo"), m: () => (may("pair") && answer.data.discrepancy.side ? setForm("split") : false), p: () => (may("pair") && answer.data.partners.length > 0 ? choose(answer.data.partners[0]) : false) }, LEVEL_STEP, { active: form === null });
  const choose = (one) => {
    setPartner(one);
    setForm("pair");
  };
  // What stood under the form has gone when somebody else decided in the meantime.
  const allowed = answer.data?.actions.join();
  useEffect(() => {
    if (form !== null && allowed !== undefined && !answer.data.actions.includes({ spread: "resolve", split: "pair" }[form] || form)) {
      setForm(null);
    }
  }, [allowed]);

  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="内容" />`;
  }
  const { discrepancy: row, evidence, history, actions, resolutions, comments, partners, decisions, splits } = answer.data;
  const send = async (verb, body, words) => {
    const got = await command.run(`/api/discrepancies/${id}/${verb}`, body);
    if (got.ok) {
      answer.put(got.data);
      setForm(null);
      setSaid(words(got.data.discrepancy));
    } else if (got.code === "version_changed" || got.code === "wrong_state") {
      answer.reload();
    }
  };
  const versioned = (verb, words) => (body) => send(verb, { ...body, version: row.version }, () => words);
  const pairs = async (path, body, words) => {
    const got = await command.run(path, body);
    if (got.ok) {
      setForm(null);
      setPartner(null);
      setSaid(words);
      answer.reload();
    }
  };
  // The side that this discrepancy is about, as the service names it in a pair.
  const side = row.side;
  const sendPair = (reason) => pairs("/api/pairs", { ...pairOf(row, side, partner), reason }, "同じ決済としました。照合をやり直しました。");
  const undoDecision = (one, reason) => pairs(`/api/pairs/${one.id}/undo`, { reason }, "判断を取り消しました。照合をやり直しました。");
  const sendSplit = (body) => pairs("/api/splits", body, "合わせて一つの決済としました。照合をやり直しました。");
  const undoSplit = (one, reason) => pairs(`/api/splits/${one.id}/undo`, { reason }, "判断を取り消しました。照合をやり直しました。");
  // A credit at the bank that no payout takes: people may say which ones it pays.
  const credit = row.class === "deposit_over" && !row.payout && evidence.bank.length === 1 ? { ...evidence.bank[0], amount_yen: row.amount_yen } : null;
  const sendSpread = (body) => pairs("/api/credits/spread", body, "入金を割り当てました。照合をやり直しました。");
  const mine = row.owner?.login === me.user.login;
  const assign = () => send("assign", { owner: mine ? null : me.user.login }, () => (mine ? "担当を外れました。" : "担当になりました。"));
  const decide = actions.includes("resolve") ? "resolve" : actions.includes("confirm") || actions.includes("reject") ? "confirm" : null;
  return html`<article class="detail" data-testid="discrepancy-detail" aria-busy=${String(answer.isLoading)}>
    <${Head} row=${row} />
    <div class="detail-body">
      <${StaleNotice} answer=${answer} />
      ${said ? html`<${Message} kind="success" onClose=${() => setSaid(null)} actions=${html`<${Button} onPress=${onNext}>次へ<//>`}>${said}<//>` : null}
      <${Guidance} row=${row} />
      <${Resolution} row=${row} isDecided=${splits.length > 0 || decisions.some((one) => one.is_pair)} />
      <${Waiting} row=${row} />
      <${UndoAsked} row=${row} actions=${actions} isBusy=${command.isBusy} onConfirm=${() => versioned("undo-confirm", "取り消しました。未処理に戻りました。")({})} onStop=${() => versioned("undo-stop", "処置のままにしました。")({})} />
      <${Decisions} decisions=${decisions} canUndo=${actions.includes("unpair")} isBusy=${command.isBusy} onUndo=${undoDecision} />
      <${Splits} splits=${splits} canUndo=${actions.includes("unpair")} isBusy=${command.isBusy} onUndo=${undoSplit} />
      <${Partners} partners=${partners} canPair=${actions.includes("pair") && form === null} onChoose=${choose} />
      ${side && actions.includes("pair") && form === null ? html`<section class="part"><${Button} kind="quiet" data-testid="split" hint="m" onPress=${() => setForm("split")}>分かれているとき：複数を合わせる<//></section>` : null}
      <${Evidence} evidence=${evidence} brandNames=${row.brand ? { [row.brand]: row.brand_name } : undefined} />
      <${Comments} comments=${comments} />
      <${History} entries=${history} />
    </div>
    <footer class="detail-foot">
      ${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
      ${form === "resolve" ? html`<${ResolveForm} row=${row} choices=${resolutions} isBusy=${command.isBusy} onCancel=${close} onSend=${(body) => send("resolve", { ...body, version: row.version }, (now) => (now.state === "awaiting_second" ? "処置を記録しました。別の承認者が確認すると済みます。" : "処置を記録しました。"))} />` : null}
      ${form === "confirm" ? html`<${ConfirmForm} row=${row} isBusy=${command.isBusy} onCancel=${close} onSend=${(body) => send("confirm", body, () => (body.decision === "confirm" ? "確認しました。処理済みです。" : "差し戻しました。未処理に戻りました。"))} />` : null}
      ${form === "comment" ? html`<${CommentForm} isBusy=${command.isBusy} onCancel=${close} onSend=${versioned("comment", "コメントを書きました。")} />` : null}
      ${form === "expect" ? html`<${ExpectForm} row=${row} me=${me} isBusy=${command.isBusy} onCancel=${close} onSend=${versioned("expect", "記録しました。")} />` : null}
      ${form === "undo" ? html`<${UndoForm} row=${row} isBusy=${command.isBusy} onCancel=${close} onSend=${(body) => send("undo", { ...body, version: row.version }, (now) => (now.state === "open" ? "処置を取り消しました。未処理に戻りました。" : "取消しを記録しました。別の承認者が確認すると未処理に戻ります。"))} />` : null}
      ${form === "pair" && partner ? html`<${PairForm} partner=${partner} row=${row} isBusy=${command.isBusy} onCancel=${close} onSend=${sendPair} />` : null}
      ${form === "split" && side ? html`<${SplitForm} side=${side} isBusy=${command.isBusy} onCancel=${close} onSend=${sendSplit} />` : null}
      ${form === "spread" && credit ? html`<${SpreadForm} credit=${credit} isBusy=${command.isBusy} onCancel=${close} onSend=${sendSpread} />` : null}
      ${form === null
        ? html`<div class="detail-actions">
            ${decide
              ? html`<${Button} kind="main" data-first-action="true" data-testid=${decide === "resolve" ? "resolve" : "confirm"} hint="Enter" onPress=${() => setForm(decide)}>${decide === "resolve" ? "処置する" : "処置を確認する"}<//>`
              : html`<${NoAction} row=${row} me=${me} />`}
            ${credit && actions.includes("resolve") ? html`<${Button} data-testid="spread" onPress=${() => setForm("spread")}>入金を割り当てる<//>` : null}
            ${actions.includes("assign") ? html`<${Button} icon="person" data-testid="assign" disabled=${command.isBusy} onPress=${assign}>${mine ? "担当を外れる" : "自分が担当する"}<//>` : null}
            ${actions.includes("expect") ? html`<${Button} data-testid="expect" hint="w" onPress=${() => setForm("expect")}>待つ<//>` : null}
            ${actions.includes("undo") ? html`<${Button} data-testid="undo" hint="u" onPress=${() => setForm("undo")}>処置を取り消す<//>` : null}
            ${actions.includes("comment") ? html`<${Button} kind="quiet" data-testid="comment" hint="c" onPress=${() => setForm("comment")}>コメント<//>` : null}
            <span class="space"></span>
            <${Button} kind="quiet" hint="n" onPress=${onNext}>次へ<//>
          </div>`
        : null}
    </footer>
  </article>`;
}
