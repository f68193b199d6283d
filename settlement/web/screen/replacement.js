// A corrected file in the place of an earlier one: what it changes, line by line; the proposal; the second person's word.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Message, yen } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { call, useMe } from "./session.js";
import { NotYet, Tag } from "./bits.js";
import { moment, number, times } from "./text.js";

const levels = { changed: "warning", gone: "danger", added: "success" };
const side = (line, amount, fee) => (line === null ? html`<span class="none">なし</span>` : html`<span class="nowrap">${number(line)}行目</span> <b class="nowrap">${yen(amount)}</b>${fee ? html` <small class="nowrap">手数料 ${yen(fee)}</small>` : null}`);

// Lines of both files beside each other; those that are the same are only counted.
export function Difference({ difference }) {
  const { same_count: same, changed_count: changed, gone_count: gone, added_count: added, rows } = difference;
  const isAny = changed + gone + added > 0;
  return html`<section class="difference" aria-label="差替えで変わる行" data-testid="difference">
    <p>変更 <b>${times(changed)}</b>　削除 <b>${times(gone)}</b>　追加 <b>${times(added)}</b>　変わらない ${times(same)}</p>
    <p>ファイルの合計　${yen(difference.earlier_yen)} → <b>${yen(difference.later_yen)}</b></p>
    ${isAny
      ? html`<table class="difference-lines">
          <thead><tr><th scope="col">違い</th><th scope="col">今のファイル</th><th scope="col">新しいファイル</th></tr></thead>
          <tbody>
            ${rows.map(
              (row) => html`<tr key=${`${row.earlier_line}-${row.later_line}`} data-testid="difference-row" data-kind=${row.kind}>
                <td><${Tag} level=${levels[row.kind]}>${row.kind_name}<//></td>
                <td>${side(row.earlier_line, row.earlier_yen, row.earlier_fee_yen)}</td>
                <td>${side(row.later_line, row.later_yen, row.later_fee_yen)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
        ${changed + gone + added > rows.length ? html`<p class="quiet">はじめの${times(rows.length)}を示しています。</p>` : null}`
      : html`<p>どの行も変わりません。二人目の確認なしに差し替わります。</p>`}
  </section>`;
}

function Decide({ replacement, isBusy, onSend }) {
  const me = useMe();
  const [reason, setReason] = useState("");
  const isOwn = replacement.proposed_by?.login === me.user.login;
  const canConfirm = me.rights.includes("confirm") && !isOwn;
  const isEmpty = reason.trim() === "";
  if (!me.rights.includes("import")) {
    return null;
  }
  return html`<div class="form" role="form" aria-label="差替えの確認">
    ${canConfirm ? null : html`<p>${isOwn ? "自分が提案した差替えです。別の承認者が確認します。" : "承認者が確認すると有効になります。"}</p>`}
    <label class="field">
      <span class="field-label">確認した内容、または差し戻す理由</span>
      <textarea class="input reason" rows="2" maxlength="1000" data-testid="replacement-reason" value=${reason} onInput=${(event) => setReason(event.target.value)}></textarea>
    </label>
    <div class="detail-actions">
      ${canConfirm ? html`<${Button} kind="main" data-testid="replacement-confirm" disabled=${isBusy || isEmpty} onPress=${() => onSend("confirm", reason.trim())}>確認して差し替える<//>` : null}
      <${Button} kind="danger" data-testid="replacement-refuse" disabled=${isBusy || isEmpty} onPress=${() => onSend("refuse", reason.trim())}>${isOwn ? "取り下げる" : "差し戻す"}<//>
    </div>
  </div>`;
}

function Waiting({ id }) {
  const answer = useAnswer(`/api/replacements/${id}`, { whats: ["imports"] });
  const [fault, setFault] = useState(null);
  const [isBusy, setBusy] = useState(false);
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="差替え" />`;
  }
  const one = answer.data;
  const send = async (deed, reason) => {
    setBusy(true);
    const said = await call("POST", `/api/replacements/${id}/${deed}`, { reason });
    setBusy(false);
    setFault(said.ok ? null : said.message);
  };
  return html`<section class="part" data-testid="replacement-waiting">
    <h3 class="part-title">差替えの確認待ち</h3>
    <p>${one.proposed_by?.name || ""} さんが ${moment(one.proposed_at)} に、取込${number(one.earlier)}を取込${number(one.later)}に差し替えると提案しました。${one.reason ? `「${one.reason}」` : ""}　確認されるまで、金額は何も変わりません。</p>
    <${Difference} difference=${one.difference} />
    ${fault ? html`<${Message} kind="danger">${fault}<//>` : null}
    <${Decide} replacement=${one} isBusy=${isBusy} onSend=${send} />
  </section>`;
}

// What was decided before; the file that stands may be put back.
function Past({ rows, id, canPutBack }) {
  const [fault, setFault] = useState(null);
  const [reason, setReason] = useState("");
  const last = rows.find((row) => row.state === "done" && row.later === id);
  const putBack = async () => {
    const said = await call("POST", `/api/imports/${id}/replace`, { by: last.earlier, reason: reason.trim() });
    setFault(said.ok ? null : said.message);
  };
  return html`<section class="part" data-testid="replacement-past">
    <h3 class="part-title">差替えの記録</h3>
    <ul class="fault-list">
      ${rows.map((row) => html`<li key=${row.id}>取込${number(row.earlier)} → 取込${number(row.later)}　<b>${row.state_name}</b>　変更${number(row.changed_count)} 削除${number(row.gone_count)} 追加${number(row.added_count)}　提案 ${row.proposed_by?.name || ""} ${moment(row.proposed_at)}${row.decided_by ? `　${row.state === "done" ? "確認" : "差戻し"} ${row.decided_by.name} ${moment(row.decided_at)}` : ""}${row.decided_reason ? `「${row.decided_reason}」` : ""}</li>`)}
    </ul>
    ${fault ? html`<${Message} kind="danger">${fault}<//>` : null}
    ${last && canPutBack
      ? html`<label class="field"><span class="field-label">元のファイル（取込${number(last.earlier)}）に戻す理由</span>
            <input class="input" data-testid="put-back-reason" maxlength="1000" value=${reason} onInput=${(event) => setReason(event.target.value)} /></label>
          <p class="part-actions"><${Button} data-testid="put-back" disabled=${reason.trim() === ""} onPress=${putBack}>元に戻すことを提案する<//></p>`
      : null}
  </section>`;
}

// What stands about import ONE.
export function Replacements({ one }) {
  const me = useMe();
  const answer = useAnswer(`/api/replacements?import=${one.id}`, { whats: ["imports"] });
  const rows = (answer.data?.rows || []).filter((row) => row.state !== "proposed");
  return html`${one.replaced_by ? html`<${Message} kind="warning">このファイルは取込${number(one.replaced_by)}に差し替えられました。受け取ったままのファイルは残っています。<//>` : null}
    ${!one.counts && !one.replaced_by && !one.replacement ? html`<${Message} kind="warning">このファイルの差替えは差し戻されました。中身は数えていません。<//>` : null}
    ${one.replacement ? html`<${Waiting} key=${one.replacement} id=${one.replacement} />` : null}
    ${rows.length > 0 ? html`<${Past} rows=${rows} id=${one.id} canPutBack=${one.counts && !one.replacement && me.rights.includes("import")} />` : null}`;
}

// A file that was read and not taken in yet, while another one of these days stands: in its place, or beside it?
export function SamePeriod({ files, difference, chosen, isBusy, onCompare, onPropose, onBeside }) {
  const [reason, setReason] = useState("");
  const place = useRef(null);
  useEffect(() => (difference ? place.current?.scrollIntoView({ block: "nearest" }) : undefined), [difference]);
  return html`<div class="same-period" data-testid="same-period" ref=${place}>
    ${difference
      ? html`<p><b>取込${number(chosen)}と差し替えると、次のように変わります。</b></p>
          <${Difference} difference=${difference} />
          <label class="field"><span class="field-label">差し替える理由</span>
            <input class="input" data-testid="supersede-reason" maxlength="1000" value=${reason} onInput=${(event) => setReason(event.target.value)} /></label>
          <p class="part-actions"><${Button} kind="main" data-testid="supersede" disabled=${isBusy || reason.trim() === ""} onPress=${() => onPropose(reason.trim())}>差し替えを提案する<//>
            <${Button} data-testid="beside" disabled=${isBusy} onPress=${onBeside}>差し替えずに、追加で取り込む<//></p>`
      : html`<p>同じ期間のファイルが取り込まれています。訂正されたファイルなら、差し替えてください。追加で取り込むと、両方の行を数えます。</p>
          <ul class="fault-list">
            ${files.map((one) => html`<li key=${one.id}>取込${number(one.id)}　${one.file_name}（${times(one.line_count)}） <${Button} kind="main" data-testid="compare" disabled=${isBusy} onPress=${() => onCompare(one.id)}>差し替えたときの違いを見る<//></li>`)}
          </ul>
          <p class="part-actions"><${Button} data-testid="beside" disabled=${isBusy} onPress=${onBeside}>差し替えずに、追加で取り込む<//></p>`}
  </div>`;
}
