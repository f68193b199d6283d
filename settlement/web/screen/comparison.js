// The facts that should agree, one row each, our record beside theirs. Only what both sides say is called different.
import { html, classes } from "./lib/view.js";
import { yen } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { moment } from "./text.js";

const MOST_LINES = 12; // beyond this a side is a list, not a transaction

const field = (line, pattern) => line.parsed?.find(({ name }) => pattern.test(name))?.value || null;
const unique = (values) => [...new Set(values.filter((value) => value !== null && value !== undefined && value !== ""))];
const asYen = (value) => (value === null ? null : yen(Number(value)));

function ours(lines) {
  const bodies = lines.map((line) => line.parsed || {});
  const inner = (body) => (typeof body.payment === "object" && body.payment !== null ? body.payment : {});
  const amounts = unique(bodies.map((body) => body.total_yen ?? body.amount_yen ?? null)).map((value) => yen(value));
  return {
    金額: amounts,
    日時: unique(lines.filter((line) => /^(sale|payment)\./.test(line.kind)).map((line) => moment(line.at))).slice(-1),
    端末: unique(lines.map((line) => line.terminal)),
    ブランド: unique(bodies.map((body) => body.brand ?? inner(body).brand)),
    決済ID: unique(bodies.map((body) => (typeof body.payment === "string" ? body.payment : inner(body).payment))),
    決済会社取引ID: unique(bodies.map((body) => body.acquirer_reference)),
    領収書番号: unique(bodies.map((body) => body.receipt_number)),
    区分: unique(lines.map((line) => ({ "sale.recorded": "売上", "sale.voided": "取消" })[line.kind])),
  };
}

function reported(lines) {
  return {
    金額: lines.map((line) => asYen(field(line, /^取引金額$/))).filter(Boolean),
    手数料: lines.map((line) => asYen(field(line, /^手数料$/))).filter(Boolean),
    日時: unique(lines.map((line) => field(line, /^取引日時$/)?.slice(5, 16).replace(/^0/, "").replace("/0", "/"))),
    端末: unique(lines.map((line) => field(line, /^端末番号$/))),
    ブランド: unique(lines.map((line) => field(line, /^ブランド$/))),
    決済ID: unique(lines.map((line) => field(line, /^加盟店取引ID$/))),
    決済会社取引ID: unique(lines.map((line) => field(line, /^決済会社取引ID$/))),
    区分: lines.map((line) => field(line, /^取引区分$/)).filter(Boolean),
    入金番号: unique(lines.map((line) => field(line, /^入金番号$/))),
    入金日: unique(lines.map((line) => field(line, /^入金予定日$/))),
  };
}

function banked(lines) {
  return {
    金額: lines.map((line) => asYen(field(line, /^金額$|入金額|預入金額/))).filter(Boolean),
    区分: unique(lines.map((line) => field(line, /^入払区分$|^取引区分$/))),
    入金番号: unique(lines.map((line) => field(line, /EDI/i))),
    入金日: unique(lines.map((line) => field(line, /^勘定日$/))),
    振込依頼人: unique(lines.map((line) => field(line, /^振込依頼人名$/))),
  };
}

const rows = ["金額", "手数料", "区分", "日時", "端末", "ブランド", "領収書番号", "決済ID", "決済会社取引ID", "入金番号", "入金日", "振込依頼人"];
const judged = new Set(["金額", "端末", "ブランド", "決済ID", "区分"]);
const same = (a, b) => [...a].sort().join("|") === [...b].sort().join("|");

// brandNames: {code: name} of the brands at hand; a code without a name is shown as it stands in the record.
export function Comparison({ evidence, brandNames = {} }) {
  const { journal, statement, bank } = evidence;
  if (Math.max(journal.length, statement.length, bank.length) > MOST_LINES || journal.length + statement.length + bank.length === 0) {
    return null;
  }
  const sides = [ours(journal), reported(statement), banked(bank)];
  const shown = rows.filter((name) => sides.some((side) => side[name]?.length > 0));
  const differs = (name) => judged.has(name) && sides[0][name]?.length > 0 && sides[1][name]?.length > 0 && !same(sides[0][name], sides[1][name]);
  return html`<table class="comparison" aria-label="見比べ">
    <thead>
      <tr><th scope="col"></th><th scope="col">当方の記録</th><th scope="col">明細</th><th scope="col">銀行</th></tr>
    </thead>
    <tbody>
      ${shown.map(
        (name) => html`<tr key=${name} class=${classes(differs(name) && "differs")}>
          <th scope="row">${name}${differs(name) ? html`<span class="differs-word"><${Icon} name="warning" />ちがい</span>` : null}</th>
          ${sides.map(
            (side, index) => html`<td key=${index} class=${classes((name === "金額" || name === "手数料") && "is-figure")}>
              ${side[name]?.length > 0 ? side[name].map((value, at) => html`<span key=${at} class="comparison-value">${(name === "ブランド" && brandNames[value]) || value}</span>`) : html`<span class="none">―</span>`}
            </td>`,
          )}
        </tr>`,
      )}
    </tbody>
  </table>`;
}
