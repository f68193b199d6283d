// Work on several discrepancies at once: take them over, say something, wait for them, resolve them alike. A second person
// looks at each by itself: that is what the second person is for.
import { html, classes, useState } from "./lib/view.js";
import { Button, Message, Money } from "./lib/components.js";
import { useCommand } from "./data.js";
import { DateField, Select } from "./bits.js";
import { addDays, times } from "./text.js";

// Resolutions that fit every class and move no money: what is alike for many.
const alike = [["explained", "説明済み"], ["corrected_by_acquirer", "決済会社が訂正"], ["duplicate_report", "重複報告"], ["fee_accepted", "手数料差を認める"]];

const reference = ({ id, version }) => ({ id, version });

const forms = {
  comment: { title: "コメントする", label: "コメント", send: "コメントを書く" },
  expect: { title: "待つ", label: "待つ理由", send: "この日まで待つ" },
  resolve: { title: "まとめて処置する", label: "理由（後の監査で読まれます）", send: "処置を記録する" },
};

export function WorklistBulk({ rows, me, onDone }) {
  const command = useCommand();
  const [form, setForm] = useState(null);
  const [text, setText] = useState("");
  const [on, setOn] = useState(addDays(me.today, 7));
  const [kind, setKind] = useState("explained");
  const [said, setSaid] = useState(null);
  const count = rows.length;
  const sum = rows.reduce((total, row) => total + row.amount_yen, 0);
  const open = rows.every((row) => row.state === "open");

  const send = async (deed, members) => {
    const answer = await command.run("/api/discrepancies/bulk", { deed, rows: rows.map(reference), ...members });
    if (answer.ok) {
      setSaid(answer.data);
      setForm(null);
      setText("");
      onDone(answer.data.refused.map((one) => String(one.id)));
    }
  };
  const sendForm = () =>
    send(form, form === "comment" ? { text: text.trim() } : form === "expect" ? { on, reason: text.trim() } : { kind, reason: text.trim() });
  const reasons = said ? [...new Set(said.refused.map((one) => one.message))] : [];

  return html`<div class=${classes("work-bulk", count > 0 && "has-rows")} role="group" aria-label="印をつけた要確認">
    ${count === 0
      ? html`<span class="work-hint">行に印（x）をつけると、まとめて担当・コメント・待つ・処置ができます。</span>`
      : html`<strong class="work-count">${times(count)} <${Money} amount=${sum} /></strong>`}
    ${count > 0 && form === null
      ? html`<${Button} data-testid="bulk-assign" disabled=${command.isBusy} onPress=${() => send("assign", { owner: me.user.login })}>自分が担当する<//>
          <${Button} data-testid="bulk-comment" disabled=${command.isBusy} onPress=${() => setForm("comment")}>${forms.comment.title}<//>
          <${Button} data-testid="bulk-expect" disabled=${command.isBusy || !open} onPress=${() => setForm("expect")}>${forms.expect.title}<//>
          <${Button} kind="main" data-testid="bulk-resolve" disabled=${command.isBusy || !open} onPress=${() => setForm("resolve")}>${forms.resolve.title}<//>
          ${open ? null : html`<span class="work-why">処置が決まったものが混ざっています。未処理のものだけに印をつけてください。</span>`}`
      : null}
    ${count > 0 && form !== null
      ? html`${form === "resolve" ? html`<${Select} label="処置" value=${kind} options=${alike} onChange=${setKind} />` : null}
          ${form === "expect" ? html`<${DateField} label="いつまで" value=${on} onChange=${(day) => setOn(day || addDays(me.today, 7))} />` : null}
          <input class="input work-reason" data-testid="bulk-text" aria-label=${forms[form].label} placeholder=${forms[form].label} maxlength="1000" value=${text} onInput=${(event) => setText(event.target.value)} />
          <${Button} kind="main" data-testid="bulk-send" disabled=${command.isBusy || text.trim() === ""} onPress=${sendForm}>${times(count)}に${forms[form].send}<//>
          <${Button} onPress=${() => setForm(null)}>やめる<//>`
      : null}
    ${command.fault ? html`<${Message} kind="danger" class="work-said" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
    ${said
      ? html`<${Message} kind=${said.refused.length === 0 ? "success" : "warning"} class="work-said" onClose=${() => setSaid(null)}>
          <span role="status">${times(said.done_count)}に記録しました。${said.refused.length > 0 ? `${times(said.refused.length)}はできませんでした（印を残しました）: ${reasons.join(" ")}` : ""}</span>
        <//>`
      : null}
  </div>`;
}
