// Taking files in. A file that was chosen is first checked without storing anything; then a person says 取り込む.
//
//   checking ──▶ ready ──取り込む──▶ taking ──▶ taken / repeat
//       └──▶ refused (line, column, what to do)  ◀──┤
//            cancelled (by 中止 in works.js)     ◀──┘
//
// When a file of the same days stands already, `ready` asks first: in its place (shown line by line, then proposed), or beside it?
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Message, yen } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useAnswer } from "./data.js";
import { upload } from "./api.js";
import { queryOf } from "./route.js";
import { Select } from "./bits.js";
import { Faults } from "./import_faults.js";
import { SamePeriod } from "./replacement.js";
import { bytes, number, shortDate, times } from "./text.js";

const LARGEST = 64 * 1024 * 1024;

// A first guess by the name; the check that follows tells whether it was right.
function guessLayout(file, layouts) {
  const isBank = /deposit|bank|nyukin|入出金|\.txt$/i.test(file.name);
  return (layouts.find((layout) => (layout.kind === "bank") === isBank) || layouts[0])?.layout;
}

const period = (one) => (one.from ? (one.from === one.to ? shortDate(one.from) : `${shortDate(one.from)}〜${shortDate(one.to)}`) : "");

function Place({ fault }) {
  return fault.line ? html`<strong class="upload-place">${number(fault.line)}行目${fault.column ? `　${number(fault.column)}文字目` : ""}</strong>` : null;
}

function Outcome({ entry }) {
  const { state, fault, found, run } = entry;
  if (state === "checking" || state === "taking") {
    const part = Math.round(entry.progress * 100);
    return html`<p role="status" class="upload-text">${state === "checking" ? "中身を確かめています" : "取り込んでいます"}${part > 0 && part < 100 ? `（送信 ${part}%）` : "…"}</p>`;
  }
  if (state === "refused") {
    return html`<p role="alert" class="upload-text is-danger"><${Icon} name="danger" /><span><${Place} fault=${fault} />${fault.message}　<b>一行も取り込んでいません。</b></span></p>`;
  }
  if (state === "cancelled") {
    return html`<p role="status" class="upload-text is-warning"><${Icon} name="warning" />${fault.message}</p>`;
  }
  const sums = `${times(found.line_count)}　${yen(found.amount_yen)}　${period(found)}`;
  if (state === "ready") {
    return entry.faultCount > 0
      ? html`<div class="upload-text is-warning"><p><${Icon} name="warning" />読めない行が${times(entry.faultCount)}あります。取り込むと、その行は入りません。${sums}</p><${Faults} faults=${entry.faults} count=${entry.faultCount} /></div>`
      : html`<p class="upload-text"><${Icon} name="check" />読めました。${sums}</p>`;
  }
  if (state === "proposed") {
    return html`<p role="status" class="upload-text is-success"><${Icon} name="check-circle" /><span>差し替えを提案しました。承認者が確認するまで、この中身は数えません。${sums}</span></p>`;
  }
  if (state === "repeat") {
    return html`<p role="status" class="upload-text is-warning"><${Icon} name="warning" /><span>${entry.message || "同じファイルは取り込み済みです。"}　金額は二重に数えていません。</span></p>`;
  }
  return html`<p role="status" class="upload-text is-success"><${Icon} name="check-circle" /><span>取り込みました。${sums}${entry.faultCount > 0 ? `　読めない行 ${times(entry.faultCount)}を除きました` : ""}${run ? `　合った ${times(run.matched_count)}、新しい要確認 ${times(run.opened_count)}、解消 ${times(run.cleared_count)}` : ""}</span></p>`;
}

function Upload({ entry, layouts, onLayout, onTake, onCompare, onShow, onRemove }) {
  const mustAsk = entry.state === "ready" && (entry.samePeriod || []).length > 0;
  const isBusy = entry.state === "checking" || entry.state === "taking";
  return html`<li class="upload" data-testid="upload" data-state=${entry.state}>
    <span class="upload-name">${entry.file.name}<small>${bytes(entry.file.size)}</small></span>
    ${entry.state === "ready" || entry.state === "refused"
      ? html`<${Select} label="形式" value=${entry.layout} options=${layouts.map((one) => [one.layout, `${one.name}（${one.encoding}）`])} onChange=${onLayout} />`
      : html`<span class="upload-layout">${layouts.find((one) => one.layout === entry.layout)?.name || ""}</span>`}
    <${Outcome} entry=${entry} />
    ${mustAsk ? html`<${SamePeriod} files=${entry.samePeriod} difference=${entry.difference} chosen=${entry.supersedes} isBusy=${isBusy} onCompare=${onCompare} onPropose=${(reason) => onTake(reason)} onBeside=${() => onTake()} />` : null}
    <span class="upload-actions">
      ${entry.state === "ready" && !mustAsk ? html`<${Button} kind="main" data-testid="take-in" onPress=${() => onTake()}>取り込む<//>` : null}
      ${entry.state === "repeat" || entry.state === "taken" || entry.state === "proposed" ? html`<${Button} onPress=${onShow}>中身を見る<//>` : null}
      <${Button} kind="quiet" icon="close" label=${`${entry.file.name} をこの欄から外す`} disabled=${isBusy} onPress=${onRemove} />
    </span>
  </li>`;
}

export function Uploads({ onTaken, setOver }) {
  const layoutsAnswer = useAnswer("/api/layouts");
  const layouts = layoutsAnswer.data?.rows || [];
  const [entries, setEntries] = useState([]);
  const picker = useRef(null);
  const counter = useRef(0);
  const change = (key, changes) => setEntries((all) => all.map((one) => (one.key === key ? { ...one, ...changes } : one)));

  // In the place of import SUPERSEDES, when it is given.
  const send = async (entry, isTrial, supersedes = "", reason = "") => {
    change(entry.key, { state: isTrial ? "checking" : "taking", layout: entry.layout, fault: null, progress: 0 });
    const path = `/api/imports?${queryOf({ layout: entry.layout, file: entry.file.name, dry_run: isTrial ? 1 : "", supersedes, reason })}`;
    const answer = await upload(path, entry.file, (progress) => change(entry.key, { progress }));
    if (!answer.ok) {
      change(entry.key, { state: answer.code === "cancelled" ? "cancelled" : "refused", fault: answer });
      return;
    }
    const { import: found, is_repeat: isRepeat, message, run, faults, fault_count: faultCount, same_period: samePeriod, difference } = answer.data;
    const state = isRepeat && !supersedes ? "repeat" : isTrial ? "ready" : supersedes && !answer.data.is_replaced ? "proposed" : "taken";
    const asked = isTrial ? (supersedes ? { difference, supersedes } : { samePeriod, difference: null }) : {};
    change(entry.key, { state, found, message, run, faults, faultCount, ...asked });
    if (!isTrial) {
      onTaken(found.id);
    }
  };
  const add = (files) => {
    const added = [...files].map((file) => {
      counter.current += 1;
      const entry = { key: counter.current, file, layout: guessLayout(file, layouts), state: "checking", progress: 0, fault: null };
      return file.size > LARGEST
        ? { ...entry, state: "refused", fault: { message: "64 MB を超えるファイルは取り込めません。決済会社に分けて送ってもらってください。" } }
        : entry;
    });
    setEntries((all) => [...added, ...all]);
    added.filter((entry) => entry.state === "checking").forEach((entry) => send(entry, true));
  };
  const current = useRef(add);
  current.current = add;

  // A file may be dropped anywhere on the page; the browser would otherwise leave the page to show it.
  useEffect(() => {
    let depth = 0;
    const hasFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
    const over = (event) => (hasFiles(event) ? event.preventDefault() : null);
    const enter = (event) => {
      depth += hasFiles(event) ? 1 : 0;
      setOver(depth > 0);
    };
    const leave = () => {
      depth = Math.max(0, depth - 1);
      setOver(depth > 0);
    };
    const drop = (event) => {
      event.preventDefault();
      depth = 0;
      setOver(false);
      current.current(event.dataTransfer.files);
    };
    const heard = { dragover: over, dragenter: enter, dragleave: leave, drop };
    Object.entries(heard).forEach(([name, hear]) => window.addEventListener(name, hear));
    return () => Object.entries(heard).forEach(([name, hear]) => window.removeEventListener(name, hear));
  }, []);

  const ready = entries.filter((entry) => entry.state === "ready" && (entry.samePeriod || []).length === 0);
  const pick = (event) => {
    add(event.target.files);
    event.target.value = "";
  };
  return html`<section class="panel uploads" aria-label="ファイルを取り込む">
    <div class="uploads-head">
      <label class="button is-main uploads-pick">
        <${Icon} name="upload" />ファイルを選ぶ
        <input class="unseen" id="import-file" data-testid="import-file" type="file" multiple accept=".csv,.tsv,.txt,.dat,.xml" ref=${picker} disabled=${layouts.length === 0} onChange=${pick} />
      </label>
      <p>決済会社の明細か、銀行の入出金明細を選ぶか、この画面に落としてください。先に中身を確かめ、「取り込む」を押すまで何も記録しません。</p>
      ${ready.length > 1 ? html`<${Button} kind="main" data-testid="take-in-all" onPress=${() => ready.reduce((before, entry) => before.then(() => send(entry, false)), Promise.resolve())}>読めた${times(ready.length)}をすべて取り込む<//>` : null}
    </div>
    ${layoutsAnswer.fault ? html`<${Message} kind="danger" actions=${html`<${Button} onPress=${layoutsAnswer.reload}>もう一度読み込む<//>`}>ファイルの形式を読み込めないため、取り込めません。${layoutsAnswer.fault}<//>` : null}
    ${entries.length > 0
      ? html`<ul class="upload-list">
          ${entries.map(
            (entry) => html`<${Upload}
              key=${entry.key}
              entry=${entry}
              layouts=${layouts}
              onLayout=${(layout) => send({ ...entry, layout }, true)}
              onTake=${(reason) => (reason ? send(entry, false, entry.supersedes, reason) : send(entry, false))}
              onCompare=${(id) => send(entry, true, id)}
              onShow=${() => onTaken(entry.found.id)}
              onRemove=${() => setEntries((all) => all.filter((one) => one.key !== entry.key))}
            />`,
          )}
        </ul>`
      : null}
  </section>`;
}
