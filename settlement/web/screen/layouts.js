// 書式を試す: a description of a file format is tried out on a real file before anything is taken in with it, and then proposed
// as the city's own, version by version. A second person puts it to use (layout_uses.js).
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useMe } from "./session.js";
import { useAnswer } from "./data.js";
import { upload } from "./api.js";
import { queryOf, setParams } from "./route.js";
import { Select } from "./bits.js";
import { Trial } from "./layout_trial.js";
import { Versions, WaitingUses } from "./layout_uses.js";
import { bytes } from "./text.js";

function Found({ found }) {
  const place = useRef(null);
  useEffect(() => place.current?.scrollIntoView({ block: "start" }), [found]);
  return html`<section class="panel trial-found" ref=${place} aria-label="試した結果" data-testid="trial-found">
    <div class="panel-pad"><${Trial} found=${found} /></div>
  </section>`;
}

const readFile = (file) => file.text();

export function LayoutsPage({ params }) {
  const me = useMe();
  const layouts = useAnswer("/api/layouts", { whats: ["imports"] });
  const uses = useAnswer("/api/layout-uses", { whats: ["imports"] });
  const [descriptor, setDescriptor] = useState("");
  const [file, setFile] = useState(null);
  const [found, setFound] = useState(null);
  const [fault, setFault] = useState(null);
  const [reason, setReason] = useState("");
  const [saved, setSaved] = useState(null);
  const [isBusy, setBusy] = useState(false);
  if (!me.rights.includes("import")) {
    return html`<div class="page-body"><p class="page-lead">書式を試せるのは、会計と承認者です。</p></div>`;
  }
  // What was tried is what may be saved: a change takes the result away.
  const change = (text) => {
    setDescriptor(text);
    setFound(null);
    setSaved(null);
    setFault(null);
  };
  const choose = (event) => {
    setFile(event.target.files[0] || null);
    setFound(null);
    setSaved(null);
  };
  const load = async (event) => {
    const chosen = event.target.files[0];
    event.target.value = "";
    if (chosen) {
      change(await readFile(chosen));
    }
  };
  const test = async () => {
    setBusy(true);
    setFault(null);
    const head = new Blob([descriptor]);
    const answer = await upload(`/api/layouts/try?descriptor_bytes=${head.size}`, new Blob([head, file]), () => {});
    setBusy(false);
    setFound(answer.ok ? answer.data : null);
    setFault(answer.ok ? null : answer.message);
  };
  const save = async () => {
    setBusy(true);
    const head = new Blob([descriptor]);
    const answer = await upload(`/api/layouts?${queryOf({ descriptor_bytes: head.size, file: file.name, reason: reason.trim() })}`, new Blob([head, file]), () => {});
    setBusy(false);
    setSaved(answer.ok ? answer.data : null);
    setFault(answer.ok ? null : answer.message);
  };
  const rows = layouts.data?.rows || [];
  const unused = [...new Set((uses.data?.rows || []).map((use) => use.layout))].filter((name) => !rows.some((row) => row.layout === name));
  const canSave = found !== null && found.error === null && found.line_count > 0;
  return html`<div class="page-body trial">
    <p class="page-lead">新しい明細の書式を、取り込む前に本物のファイルで試します。ここで試しても、何も取り込まれません。</p>
    <${WaitingUses} />
    <div class="trial-columns">
      <section class="panel panel-pad" aria-label="書式">
        <div class="trial-head">
          <${Select} id="layout-choice" label="もとにする書式" value=${params.layout || ""} options=${[["", "（選んでください）"], ...rows.map((one) => [one.layout, `${one.name}${one.version > 0 ? `　第${one.version}版` : ""}`]), ...unused.map((name) => [name, `${name}（使っていません）`])]} onChange=${(layout) => setParams({ layout })} />
          <label class="button trial-pick">書式のファイルを開く<input class="unseen" id="descriptor-file" type="file" accept=".json" onChange=${load} /></label>
        </div>
        ${params.layout ? html`<${Versions} key=${params.layout} name=${params.layout} onOpen=${change} />` : null}
        <label class="field-label" for="descriptor">書式（JSON）</label>
        <textarea class="input trial-text" id="descriptor" data-testid="descriptor" spellcheck="false" value=${descriptor} onInput=${(event) => change(event.target.value)}></textarea>
      </section>
      <section class="panel panel-pad" aria-label="試すファイルと提案">
        <label class="button is-main trial-pick">試すファイルを選ぶ<input class="unseen" id="trial-file" data-testid="trial-file" type="file" onChange=${choose} /></label>
        <p>${file ? html`<b>${file.name}</b>　${bytes(file.size)}` : "決済会社や銀行から受け取ったままのファイルを選んでください。"}</p>
        <p><${Button} kind="main" data-testid="trial-run" disabled=${isBusy || descriptor === "" || file === null} onPress=${test}>${isBusy ? "読んでいます…" : "試しに読む"}<//></p>
        ${fault ? html`<${Message} kind="danger">${fault}<//>` : null}
        ${canSave
          ? html`<label class="field-label" for="layout-reason">提案する理由（どのファイルで確かめたか）</label>
              <input class="input" id="layout-reason" maxlength="1000" data-testid="layout-reason" value=${reason} onInput=${(event) => setReason(event.target.value)} />
              <p><${Button} data-testid="layout-save" disabled=${isBusy || reason.trim() === "" || saved !== null} onPress=${save}>この市の書式として提案<//></p>`
          : null}
        ${saved ? html`<${Message} kind="success">「${saved.layout}」の第${saved.version}版を提案しました。別の承認者が確認すると、これからの取込はこの版で読みます。<//>` : null}
      </section>
    </div>
    ${found ? html`<${Found} found=${found} />` : null}
  </div>`;
}
