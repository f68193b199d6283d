// 書式を試す: a description of a file format is tried out on a real file before anything is taken in with it, and then saved
// as the city's own, version by version.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Empty, Message, Money } from "./lib/components.js";
import { useMe, call } from "./session.js";
import { useAnswer } from "./data.js";
import { upload } from "./api.js";
import { setParams } from "./route.js";
import { Facts, NotYet, Select } from "./bits.js";
import { Faults } from "./import_faults.js";
import { bytes, moment, number, times } from "./text.js";

// Raw beside its meaning, a line each: what a person compares.
function Lines({ lines }) {
  return html`<table class="trial-lines" aria-label="読み取り結果" data-testid="trial-lines">
    <thead><tr><th scope="col">行</th><th scope="col">ファイルの内容</th><th scope="col">読み取った意味</th></tr></thead>
    <tbody>
      ${lines.map(
        (line) => html`<tr key=${line.line} data-testid="trial-line">
          <td class="is-right">${number(line.line)}</td>
          <td><pre class="trial-raw">${line.raw}</pre></td>
          <td><dl class="trial-meaning">${line.parsed.map((one) => html`<div key=${one.name}><dt>${one.name}</dt><dd>${one.value}</dd></div>`)}</dl></td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function Found({ found }) {
  const place = useRef(null);
  useEffect(() => place.current?.scrollIntoView({ block: "start" }), [found]);
  return html`<section class="panel trial-found" ref=${place} aria-label="試した結果" data-testid="trial-found">
    <div class="panel-pad">
      ${found.error
        ? html`<${Message} kind="danger" title="このファイルは、この書式では取り込めません">${found.error.line ? `${number(found.error.line)}行目　` : ""}${found.error.message}<//>`
        : html`<${Message} kind="success" title="最後まで読めました">合計行・件数の確認を含めて終わりました。下の意味が合っているか、一行ずつ見てください。<//>`}
      <${Facts}
        facts=${[
          ["書式", `${found.name}（${found.kind === "bank" ? "銀行" : "決済会社の明細"}、${found.encoding}）`],
          ["読めた行", times(found.line_count)],
          ["読めない行", times(found.fault_count)],
          ["金額の合計", html`<${Money} amount=${found.amount_yen} />`],
          ["手数料の合計", found.kind === "bank" ? null : html`<${Money} amount=${found.fee_yen} />`],
        ]}
      />
      <${Faults} faults=${found.faults} count=${found.fault_count} />
      ${found.lines.length > 0
        ? html`<h3 class="part-title">はじめの${times(found.lines.length)}</h3><${Lines} lines=${found.lines} />`
        : html`<${Empty} icon="list" title="読めた行はありません">書式の見出しの名前・文字コード・区切りを、ファイルと見比べてください。<//>`}
    </div>
  </section>`;
}

function Versions({ name, onOpen }) {
  const answer = useAnswer(`/api/layouts/${encodeURIComponent(name)}`, { whats: ["imports"] });
  if (answer.data === null) {
    return html`<${NotYet} answer=${answer} what="版" />`;
  }
  const { versions, shipped } = answer.data;
  return html`<ul class="trial-versions">
    ${versions.map(
      (one) => html`<li key=${one.version} data-testid="layout-version"><b>第${one.version}版</b> ${moment(one.saved_at)} ${one.saved_by?.name || ""}　${one.reason}
        <${Button} kind="quiet" onPress=${() => onOpen(one.descriptor)}>開く<//></li>`,
    )}
    ${shipped ? html`<li>製品に付いている書式 <${Button} kind="quiet" data-testid="open-shipped" onPress=${() => onOpen(shipped)}>開く<//></li>` : null}
  </ul>`;
}

const readFile = (file) => file.text();

export function LayoutsPage({ params }) {
  const me = useMe();
  const layouts = useAnswer("/api/layouts", { whats: ["imports"] });
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
    const answer = await call("POST", "/api/layouts", { descriptor, reason });
    setBusy(false);
    setSaved(answer.ok ? answer.data : null);
    setFault(answer.ok ? null : answer.message);
  };
  const rows = layouts.data?.rows || [];
  const canSave = found !== null && found.error === null && found.line_count > 0;
  return html`<div class="page-body trial">
    <p class="page-lead">新しい明細の書式を、取り込む前に本物のファイルで試します。ここで試しても、何も取り込まれません。</p>
    <div class="trial-columns">
      <section class="panel panel-pad" aria-label="書式">
        <div class="trial-head">
          <${Select} id="layout-choice" label="もとにする書式" value=${params.layout || ""} options=${[["", "（選んでください）"], ...rows.map((one) => [one.layout, `${one.name}${one.version > 0 ? `　第${one.version}版` : ""}`])]} onChange=${(layout) => setParams({ layout })} />
          <label class="button trial-pick">書式のファイルを開く<input class="unseen" id="descriptor-file" type="file" accept=".json" onChange=${load} /></label>
        </div>
        ${params.layout ? html`<${Versions} key=${params.layout} name=${params.layout} onOpen=${change} />` : null}
        <label class="field-label" for="descriptor">書式（JSON）</label>
        <textarea class="input trial-text" id="descriptor" data-testid="descriptor" spellcheck="false" value=${descriptor} onInput=${(event) => change(event.target.value)}></textarea>
      </section>
      <section class="panel panel-pad" aria-label="試すファイルと保存">
        <label class="button is-main trial-pick">試すファイルを選ぶ<input class="unseen" id="trial-file" data-testid="trial-file" type="file" onChange=${choose} /></label>
        <p>${file ? html`<b>${file.name}</b>　${bytes(file.size)}` : "決済会社や銀行から受け取ったままのファイルを選んでください。"}</p>
        <p><${Button} kind="main" data-testid="trial-run" disabled=${isBusy || descriptor === "" || file === null} onPress=${test}>${isBusy ? "読んでいます…" : "試しに読む"}<//></p>
        ${fault ? html`<${Message} kind="danger">${fault}<//>` : null}
        ${canSave
          ? html`<label class="field-label" for="layout-reason">保存する理由（どのファイルで確かめたか）</label>
              <input class="input" id="layout-reason" data-testid="layout-reason" value=${reason} onInput=${(event) => setReason(event.target.value)} />
              <p><${Button} data-testid="layout-save" disabled=${isBusy || reason.trim() === "" || saved !== null} onPress=${save}>この市の書式として保存<//></p>`
          : null}
        ${saved ? html`<${Message} kind="success">「${saved.layout}」の第${saved.version}版として保存しました。これからの取込は、この版で読みます。<//>` : null}
      </section>
    </div>
    ${found ? html`<${Found} found=${found} />` : null}
  </div>`;
}
