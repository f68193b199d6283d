// Long work: how far it is, and ending it; and the files that were given and wait to be taken in.
import { html, useEffect, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useAnswer, useCommand } from "./data.js";
import { useMe } from "./session.js";
import { Tag } from "./bits.js";
import { bytes, moment, number } from "./text.js";

const AGAIN_MS = 1000; // how often running work is looked at

// What ending it means, before somebody does it.
const meanings = {
  import: "中止すると、このファイルは一行も入りません（照合に入っていれば、取込は済んでいて照合だけが止まります）。ファイルは預かってあり、あとで続きから再開できます。",
  reconcile: "中止すると、照合の結果は何も変わりません。もう一度行うと、最初から照合します。",
  replacement: "差替えは済んでいます。中止すると照合だけが止まり、次の照合で続きを行います。",
};

function Running({ work, mayCancel, onCancel }) {
  const [isAsking, setAsking] = useState(false);
  const part = work.percent;
  return html`<li class="work" data-testid="work" data-id=${work.id} data-kind=${work.kind}>
    <span class="work-name">${work.subject || work.kind_name}<small>${work.kind_name}${work.by ? `　${work.by}` : ""}</small></span>
    <span class="work-how-far">
      <progress aria-label=${`${work.kind_name}の進み具合`} max="100" value=${part === null ? undefined : part}></progress>
      <span role="status" class="work-text">${work.is_cancelled ? "中止しています…" : work.text}</span>
    </span>
    ${mayCancel && !work.is_cancelled && !isAsking ? html`<${Button} data-testid="work-cancel" onPress=${() => setAsking(true)}>中止<//>` : null}
    ${isAsking && !work.is_cancelled
      ? html`<div class="work-asking">
          <p>${meanings[work.kind]}</p>
          <${Button} kind="danger" data-testid="work-cancel-send" onPress=${() => onCancel(work.id)}>中止する<//>
          <${Button} onPress=${() => setAsking(false)}>続ける<//>
        </div>`
      : null}
  </li>`;
}

function Waiting({ file, isBusy, isMine, mayResume, onResume, onDiscard }) {
  const [isAsking, setAsking] = useState(false);
  return html`<li class="work" data-testid="waiting-file" data-id=${file.id}>
    <span class="work-name">${file.file_name}<small>${bytes(file.byte_count)}　${file.layout_name}</small></span>
    <span class="work-how-far"><span class="work-text"><${Icon} name="warning" />取込が途中で止まりました。一行も入っていません。${file.staged_lines > 0 ? `再開すると、書き込んだ${number(file.staged_lines)}行の続きから行います。` : ""}<small>${moment(file.given_at)}に${file.by || ""}さんが選んだファイル</small></span></span>
    ${mayResume && !isAsking
      ? html`<span class="work-actions">
          <${Button} kind="main" data-testid="waiting-resume" disabled=${isBusy} onPress=${() => onResume(file)}>${isMine ? "取り込んでいます…" : "再開する"}<//>
          <${Button} kind="quiet" data-testid="waiting-discard" disabled=${isBusy} onPress=${() => setAsking(true)}>破棄…<//>
        </span>`
      : null}
    ${isAsking
      ? html`<div class="work-asking">
          <p>預かっているファイルを消します。取り込むには、もう一度ファイルを選びます。</p>
          <${Button} kind="danger" data-testid="waiting-discard-send" onPress=${() => onDiscard(file)}>破棄する<//>
          <${Button} onPress=${() => setAsking(false)}>残しておく<//>
        </div>`
      : null}
  </li>`;
}

// Nothing at all while nothing runs and nothing waits.
export function Works() {
  const me = useMe();
  const answer = useAnswer("/api/works", { whats: ["works", "imports"] });
  const command = useCommand();
  const [said, setSaid] = useState(null);
  const [resumed, setResumed] = useState(null);
  const running = (answer.data?.rows || []).filter((row) => row.state === "running");
  const waiting = (answer.data?.waiting || []).filter((row) => !row.is_running);
  const mayImport = me.rights.includes("import");
  useEffect(() => {
    if (running.length === 0) {
      return undefined;
    }
    const timer = setTimeout(answer.reload, AGAIN_MS);
    return () => clearTimeout(timer);
  }, [answer.at, running.length]);
  const resume = async (file) => {
    setResumed(file.id);
    const sent = command.run(`/api/imports/waiting/${file.id}/resume`);
    answer.reload();
    const got = await sent;
    setResumed(null);
    setSaid(got.ok ? `${file.file_name} を${got.data.is_repeat ? "取り込み済みでした" : "取り込みました"}。` : null);
    answer.reload();
  };
  const discard = async (file) => {
    await command.run(`/api/imports/waiting/${file.id}/discard`);
    answer.reload();
  };
  const cancel = async (id) => {
    await command.run(`/api/works/${id}/cancel`);
    answer.reload();
  };
  if (running.length === 0 && waiting.length === 0 && !command.fault && !said) {
    return null;
  }
  return html`<section class="panel works" aria-label="進行中の作業">
    ${command.fault ? html`<${Message} kind=${command.code === "cancelled" ? "info" : "danger"} onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
    ${said ? html`<${Message} kind="success" onClose=${() => setSaid(null)}>${said}<//>` : null}
    ${running.length + waiting.length > 0
      ? html`<h2 class="works-title">進行中の作業 ${waiting.length > 0 ? html`<${Tag} level="warning">再開を待つ取込 ${waiting.length}件<//>` : null}</h2>
          <ul class="work-list">
            ${running.map((work) => html`<${Running} key=${`w${work.id}`} work=${work} mayCancel=${mayImport && work.kind !== "nightly"} onCancel=${cancel} />`)}
            ${waiting.map((file) => html`<${Waiting} key=${`f${file.id}`} file=${file} isBusy=${command.isBusy || resumed !== null} isMine=${resumed === file.id} mayResume=${mayImport} onResume=${resume} onDiscard=${discard} />`)}
          </ul>`
      : null}
  </section>`;
}
