// A paper's template: what it may name, and what it looks like printed, while it is typed. The picture is drawn by the code
// that the tills print with.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useAnswer } from "./data.js";
import { requestHeaders, whenRenewed } from "./session.js";
import { Select } from "./bits.js";

const ASK_AFTER_MS = 300;
const WIDTHS = [["48", "80 mm（48桁）"], ["42", "80 mm（42桁）"], ["32", "58 mm（32桁）"]];

// {picture} or {fault, line, column}.
async function draw(body) {
  for (;;) {
    let response;
    try {
      response = await fetch("/api/masters/template-preview", { method: "POST", headers: { ...requestHeaders(), "Content-Type": "application/json" }, body: JSON.stringify(body) });
      if (response.ok) {
        return { picture: await createImageBitmap(await response.blob()) };
      }
    } catch (error) {
      return { fault: "サーバーにつながりません。" };
    }
    if (response.status !== 401) {
      const answer = await response.json().catch(() => null);
      return { fault: answer?.error?.message || "紙のかたちにできません。", line: answer?.error?.line };
    }
    await whenRenewed();
  }
}

function Names({ names }) {
  return html`<table class="file-lines masters-names"><tbody>
    ${names.map(
      (name) => html`<tr key=${name.name}><th scope="row"><code>${name.name}</code></th><td>${name.meaning}${name.rows ? html`<${Names} names=${name.rows} />` : null}</td></tr>`,
    )}
  </tbody></table>`;
}

export function TemplateHelp({ form, columns, markup, isReadOnly, onMarkup }) {
  const [width, setWidth] = useState(String(columns || 48));
  const [drawn, setDrawn] = useState({ picture: null, fault: null });
  const canvas = useRef(null);
  const latest = useRef(0);
  const about = useAnswer(form ? `/api/masters/template?form=${form}` : null);
  const chosen = columns ? String(columns) : width;
  useEffect(() => {
    latest.current += 1;
    const mine = latest.current;
    const timer = setTimeout(async () => {
      const answer = await draw({ form, columns: Number(chosen), ...(markup ? { markup } : {}) });
      if (mine === latest.current) {
        setDrawn((before) => (answer.picture ? { picture: answer.picture, fault: null } : { picture: before.picture, fault: answer.fault, line: answer.line }));
      }
    }, ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [form, chosen, markup]);
  useEffect(() => {
    if (drawn.picture && canvas.current) {
      canvas.current.width = drawn.picture.width;
      canvas.current.height = drawn.picture.height;
      canvas.current.getContext("2d").drawImage(drawn.picture, 0, 0);
    }
  }, [drawn.picture]);
  if (!form) {
    return html`<p class="quiet">帳票を選ぶと、見本が出ます。</p>`;
  }
  return html`<section class="part masters-template" aria-label="印字の見本" data-testid="template-preview" data-drawn=${drawn.picture && !drawn.fault ? "true" : "false"}>
    <div class="filter-row">
      <h3 class="part-title">印字の見本</h3>
      ${columns ? null : html`<${Select} label="用紙" value=${width} options=${WIDTHS} onChange=${setWidth} />`}
      ${about.data && !isReadOnly ? html`<${Button} data-testid="template-builtin" onPress=${() => onMarkup(about.data.markup)}>標準の様式から始める<//>` : null}
    </div>
    ${drawn.fault ? html`<${Message} kind="danger"><span role="alert">${drawn.fault}</span><//>` : null}
    <div class=${`masters-paper ${drawn.fault ? "is-old" : ""}`}><canvas ref=${canvas} role="img" aria-label="印字の見本"></canvas></div>
    ${about.data ? html`<details><summary>使える名前（[[name]] のように書きます）</summary><${Names} names=${about.data.names} /></details>` : null}
  </section>`;
}
