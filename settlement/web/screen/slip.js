// The 調定票 as a form: every field in its box, in the order of the paper.
import { html } from "./lib/view.js";
import { Money } from "./lib/components.js";
import { StateTag } from "./bits.js";
import { address } from "./route.js";
import { eraDate, eraYear, moment, number } from "./text.js";

const Box = ({ name, wide, children }) => html`<div class=${wide ? "box is-wide" : "box"}><dt>${name}</dt><dd>${children}</dd></div>`;
const coded = (one) => (one && (one.code || one.name) ? html`<span class="code">${one.code}</span> ${one.name}` : html`<span class="none">―</span>`);
const signed = (person, at) => (person ? html`${person.name} <small>${moment(at)}</small>` : html`<span class="none">―</span>`);

export function Slip({ one }) {
  // Nothing is owed on paper before the 調定 is approved.
  const unpaid = one.number && one.kind !== "decrease" ? one.amount_yen - one.received_yen : 0;
  return html`<section class="slip" aria-label="調定票">
    <header class="slip-head">
      <h2>${one.category_name}${one.form_name}調定票</h2>
      <span class="slip-number">${one.number ? html`第 ${one.number} 号` : html`<span class="none">番号は承認のときにつきます</span>`}</span>
      <${StateTag} state=${one.state} name=${one.state_name} />
    </header>
    <dl class="slip-grid">
      <${Box} name="調定年月日">${eraDate(one.assessed_on)}<//>
      <${Box} name="起票日">${eraDate(one.drafted_on)}<//>
      <${Box} name="会計年度">${eraYear(one.fiscal_year)}<//>
      <${Box} name="種別">${one.kind_name}${one.original ? html`　元 <a href=${address("assessments", { id: one.original.id })}>${one.original.number}</a>` : ""}<//>
      <${Box} name="会計">${coded(one.fund)}<//>
      <${Box} name="所属">${coded(one.section)}<//>
      <${Box} name="款">${coded(one.kan)}<//>
      <${Box} name="項">${coded(one.kou)}<//>
      <${Box} name="目">${coded(one.moku)}<//>
      <${Box} name="節">${coded(one.setsu)}<//>
      <${Box} name="細節">${coded(one.saisetsu)}<//>
      <${Box} name="科目コード"><span class="code">${one.account}</span><//>
      <div class="box is-amount"><dt>調定額${one.kind === "decrease" ? "（減）" : ""}</dt><dd><${Money} amount=${one.amount_yen} /></dd></div>
      <div class="box is-amount is-second"><dt>収入済額</dt><dd><${Money} amount=${one.received_yen} />${unpaid > 0 ? html`<small>未済 <${Money} amount=${unpaid} /></small>` : ""}</dd></div>
      <${Box} name="うち消費税額"><${Money} amount=${one.tax_yen} />（${one.tax_name}）<//>
      <${Box} name="件数">${number(one.count)}件${one.zero_count > 0 ? html` <small>ほかに無料 ${number(one.zero_count)}件</small>` : ""}<//>
      <${Box} name="納入義務者">${one.payer}<//>
      <${Box} name="納期限">${one.due}<//>
      <${Box} name="納付方法">${one.payment_method}<//>
      <${Box} name="経路">${one.route_name}<//>
      <${Box} name="摘要" wide=${true}>${one.summary || html`<span class="none">―</span>`}<//>
      <${Box} name="起案">${signed(one.proposed_by, one.proposed_at)}<//>
      <${Box} name="承認">${signed(one.approved_by, one.approved_at)}<//>
    </dl>
  </section>`;
}
