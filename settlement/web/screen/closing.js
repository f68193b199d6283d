// 年度締め: what stands against closing a fiscal year, what would be declared final, and the two people who do it.
import { html, useState } from "./lib/view.js";
import { Button, Message, Money } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useMe } from "./session.js";
import { useAnswer, useCommand } from "./data.js";
import { address, setParams } from "./route.js";
import { NotYet, Select, StaleNotice, StateTag } from "./bits.js";
import { eraYear, moment, number, shortDate } from "./text.js";

const YEARS_BACK = 6; // as many years as a person may want to see closed

const fiscalYear = (day) => Number(day.slice(0, 4)) - (Number(day.slice(5, 7)) < 4 ? 1 : 0);

function Check({ check }) {
  const isWell = check.count === 0;
  const level = isWell ? "check-circle" : check.forbids ? "danger" : "warning";
  return html`<tr data-testid="closing-check" data-code=${check.code}><th scope="row"><${Icon} name=${level} /> ${check.name}</th>
    <td class="is-right">${number(check.count)}${check.code === "undrafted_days" ? "日" : "件"}</td>
    <td class="is-right">${check.yen !== 0 ? html`<${Money} amount=${check.yen} />` : ""}</td>
    <td>${isWell ? "ありません" : html`<a href=${address(check.page, {})}>${check.forbids ? "先に片づける" : "確かめる"}</a>`}</td></tr>`;
}

function Figures({ data }) {
  return html`<dl class="closing-figures">
    <dt>調定額（${number(data.assessed_count)}件、減額を引いた額）</dt><dd data-testid="closing-assessed"><${Money} amount=${data.assessed_yen} /></dd>
    <dt>収入済額（${shortDate(data.closing_day)}まで）</dt><dd><${Money} amount=${data.received_yen} /></dd>
    <dt>収入未済（翌年度へ繰り越す額）</dt><dd><${Money} amount=${data.outstanding_yen} />　<a href=${address("collection", { fiscal_year: data.fiscal_year })}>内訳</a></dd>
  </dl>`;
}

function Act({ data, standing, me }) {
  const command = useCommand();
  const [reason, setReason] = useState("");
  const isEmpty = reason.trim() === "";
  const canPropose = me.rights.includes("propose");
  const canApprove = me.rights.includes("approve");
  const isOwn = standing?.proposed_by?.login === me.user.login;
  const send = (deed) => async () => {
    const got = await command.run(`/api/closing/${deed}`, { fiscal_year: data.fiscal_year, reason: reason.trim() });
    if (got.ok) {
      setReason("");
    }
  };
  if (!canPropose || standing?.state === "closed" || (!standing && !data.can_close)) {
    return null;
  }
  return html`<div class="form" role="form" aria-label="年度を締める">
    ${standing ? html`<p>${isOwn ? "自分が提案した締めです。別の承認者が確認すると、締まります。" : "提案された金額と上の金額を比べて、確認してください。"}</p>` : null}
    <p class="part-text"><b>締めると、この年度の調定は二度と変えられません。</b>あとから見つかった売上は見つかった年度の歳入に、返すお金は返す年度の歳出になります。</p>
    <label class="field"><span class="field-label">${standing ? "確認した内容、または取り下げる理由" : "提案する理由"}</span>
      <textarea class="input reason" rows="2" maxlength="1000" data-testid="closing-reason" value=${reason} onInput=${(event) => setReason(event.target.value)}></textarea></label>
    ${command.fault ? html`<${Message} kind="danger">${command.fault}<//>` : null}
    <div class="detail-actions">
      ${standing
        ? html`${canApprove && !isOwn ? html`<${Button} kind="main" data-testid="closing-approve" disabled=${command.isBusy || isEmpty} onPress=${send("approve")}>確認して締める<//>` : null}
            <${Button} kind="danger" data-testid="closing-withdraw" disabled=${command.isBusy || isEmpty} onPress=${send("withdraw")}>${isOwn ? "取り下げる" : "差し戻す"}<//>`
        : html`<${Button} kind="main" data-testid="closing-propose" disabled=${command.isBusy || isEmpty} onPress=${send("propose")}>締めることを提案する<//>`}
    </div>
  </div>`;
}

function History({ rows }) {
  return rows.length === 0
    ? null
    : html`<section class="part"><h2 class="part-title">締めの記録</h2>
        <ul class="plain-list">${rows.map(
          (row) => html`<li key=${row.id} data-testid="closing-row"><${StateTag} state=${row.state === "closed" ? "approved" : row.state} name=${row.state_name} /><span>調定 <${Money} amount=${row.assessed_yen} />　収入済 <${Money} amount=${row.received_yen} />　未済 <${Money} amount=${row.outstanding_yen} /></span>
            <span class="quiet">提案 ${row.proposed_by?.name || ""} ${moment(row.proposed_at)}「${row.reason}」${row.decided_by ? `　${row.decided_by.name} ${moment(row.decided_at)}「${row.decided_reason}」` : ""}</span></li>`,
        )}</ul></section>`;
}

export function ClosingPage({ params }) {
  const me = useMe();
  const latest = fiscalYear(me.today);
  const year = Number(params.fiscal_year) || latest - 1;
  const answer = useAnswer(`/api/closing?fiscal_year=${year}`, { whats: ["assessments", "exports", "imports"], keep: true });
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="年度締め" />`;
  }
  const data = answer.data;
  const standing = data.closings.find((row) => row.state !== "withdrawn") || null;
  const years = Array.from({ length: YEARS_BACK }, (_, index) => [String(latest - index), eraYear(latest - index)]);
  return html`<div class="page-body trial">
    <p class="page-lead">出納閉鎖（${shortDate(data.closing_day)}）のあと、年度の調定を確定します。提案した人とは別の承認者が確認すると締まり、それからは何も変わりません。</p>
    <${Select} label="年度" value=${String(year)} options=${years} onChange=${(value) => setParams({ fiscal_year: value })} />
    <${StaleNotice} answer=${answer} />
    <section class="panel panel-pad" aria-label="締める前の確認">
      <h2 class="part-title">${eraYear(data.fiscal_year)}　${standing ? html`<${StateTag} state=${standing.state === "closed" ? "approved" : standing.state} name=${standing.state_name} />` : data.can_close ? "締められます" : data.is_after_closing_day ? "まだ締められません" : "出納閉鎖の前です"}</h2>
      <table class="table"><thead><tr><th scope="col">確認すること</th><th scope="col" class="is-right">件数</th><th scope="col" class="is-right">金額</th><th scope="col"></th></tr></thead>
        <tbody>${data.checks.map((check) => html`<${Check} key=${check.code} check=${check} />`)}</tbody></table>
      <${Figures} data=${data} />
      <${Act} key=${`${data.fiscal_year}${standing?.state}`} data=${data} standing=${standing} me=${me} />
      <${History} rows=${data.closings} />
    </section>
  </div>`;
}
