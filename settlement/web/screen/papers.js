// 帳票 of what is on the screen, in every shape that an office needs: PDF to print and file, a workbook, CSV.
import { html, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { download } from "./api.js";

const shapes = [
  { format: "pdf", title: "PDF", ending: "pdf" },
  { format: "xlsx", title: "Excel", ending: "xlsx" },
  { format: "csv", title: "CSV（UTF-8）", ending: "csv" },
  { format: "csv-cp932", title: "CSV（Shift_JIS）", ending: "csv" },
];

/* PATH answers ?format=…; NAME is the file's, without its ending. */
export function Papers({ path, name, title = "帳票" }) {
  const [said, setSaid] = useState(null);
  const [busy, setBusy] = useState("");
  const save = (shape) => async () => {
    setBusy(shape.format);
    const file = `${name}.${shape.ending}`;
    const got = await download(`${path}${path.includes("?") ? "&" : "?"}format=${shape.format}`, file);
    setBusy("");
    setSaid(got.ok ? { kind: "success", text: `${file} を保存しました。` } : { kind: "danger", text: got.message });
  };
  return html`<section class="part">
    <h3 class="part-title">${title}</h3>
    <div class="detail-actions">
      ${shapes.map((shape) => html`<${Button} key=${shape.format} data-testid=${`paper-${shape.format}`} disabled=${busy !== ""} onPress=${save(shape)}>${shape.title}<//>`)}
    </div>
    ${said ? html`<${Message} kind=${said.kind} onClose=${() => setSaid(null)}><span role="status">${said.text}</span><//>` : null}
  </section>`;
}
