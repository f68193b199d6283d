// Trying a tariff: the questions of the day, the answers, and the price with its explanation, by the tills' own engine.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Empty, Message, Money } from "./lib/components.js";
import { useMe, call } from "./session.js";
import { useAnswer } from "./data.js";
import { setParams } from "./route.js";
import { DateField, NotYet, Select } from "./bits.js";
import { DraftBar } from "./masters_draft_bar.js";
import { useMasters, useNames } from "./masters_data.js";

const ASK_AFTER_MS = 250;
const wholeNumber = (text) => (/^-?\d+$/.test(text.trim()) ? Number(text) : text);
const nowInJapan = () => new Date(Date.now() + 9 * 3600000).toISOString().slice(0, 16);

function Counts({ question, value, onChange }) {
  return html`<table class="masters-counts"><tbody>
    ${question.rows.map(
      (row) => html`<tr key=${row.code}>
        <th scope="row"><label for=${`q-${question.id}-${row.code}`}>${row.name}</label>${row.hint ? html`<small> ${row.hint}</small>` : null}</th>
        <td>${row.price_yen === undefined || row.price_yen === null ? "" : html`<${Money} amount=${row.price_yen} />`}</td>
        <td><input class="input masters-small" id=${`q-${question.id}-${row.code}`} inputmode="numeric" value=${value?.[row.code] ?? ""} onInput=${(event) => onChange({ ...value, [row.code]: event.target.value === "" ? 0 : wholeNumber(event.target.value) })} /> ${row.unit}</td>
      </tr>`,
    )}
  </tbody></table>`;
}

function Grid({ question, value, onChange }) {
  const toggle = (row, column) => {
    const list = value?.[row] || [];
    const next = question.columns.map((one) => one.code).filter((code) => (code === column ? !list.includes(code) : list.includes(code)));
    onChange({ ...value, [row]: next });
  };
  return html`<table class="masters-counts">
    <thead><tr><th></th>${question.columns.map((column) => html`<th key=${column.code} scope="col">${column.name}</th>`)}</tr></thead>
    <tbody>
      ${question.rows.map(
        (row) => html`<tr key=${row.code}><th scope="row">${row.name}</th>
          ${question.columns.map((column) => html`<td key=${column.code}>${row.columns.includes(column.code) ? html`<input type="checkbox" aria-label=${`${row.name} ${column.name}`} checked=${(value?.[row.code] || []).includes(column.code)} onChange=${() => toggle(row.code, column.code)} />` : "―"}</td>`)}
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function Question({ question, value, onChange }) {
  const id = `q-${question.id}`;
  const pick = (list, code) => (list.includes(code) ? list.filter((one) => one !== code) : [...list, code]);
  const input = {
    count: () => html`<input class="input masters-small" id=${id} inputmode="numeric" placeholder=${String(question.default ?? "")} value=${value ?? ""} onInput=${(event) => onChange(event.target.value === "" ? undefined : wholeNumber(event.target.value))} /> ${question.unit || ""}`,
    yen: () => html`<input class="input masters-small" id=${id} inputmode="numeric" placeholder=${String(question.default ?? "")} value=${value ?? ""} onInput=${(event) => onChange(event.target.value === "" ? undefined : wholeNumber(event.target.value))} /> 円`,
    counts: () => html`<${Counts} question=${question} value=${value} onChange=${onChange} />`,
    grid: () => html`<${Grid} question=${question} value=${value} onChange=${onChange} />`,
    choice: () => html`<select class="input" id=${id} value=${value ?? ""} onChange=${(event) => onChange(event.target.value || undefined)}>
      <option value="">${question.default ? "（既定）" : "（選んでください）"}</option>
      ${question.choices.map((choice) => html`<option key=${choice.code} value=${choice.code}>${choice.name}</option>`)}
    </select>`,
    choices: () => html`<span class="masters-checks">${question.choices.map((choice) => html`<label class="check" key=${choice.code}><input type="checkbox" checked=${(value || []).includes(choice.code)} onChange=${() => onChange(pick(value || [], choice.code))} />${choice.name}</label>`)}</span>`,
    flag: () => html`<label class="check"><input type="checkbox" id=${id} checked=${value ?? question.default ?? false} onChange=${(event) => onChange(event.target.checked)} />はい</label>`,
    date: () => html`<input class="input masters-date" type="date" id=${id} value=${value ?? ""} onInput=${(event) => onChange(event.target.value || undefined)} />`,
    instant: () => html`<input class="input" type="datetime-local" id=${id} value=${value ?? ""} onInput=${(event) => onChange(event.target.value || undefined)} />`,
  }[question.kind];
  return html`<div class="masters-question" data-question=${question.id}>
    <label class="field-label" for=${id}>${question.label}${question.required ? html`<span class="masters-must">＊</span>` : null}</label>
    ${question.hint ? html`<small class="quiet">${question.hint}</small>` : null}
    ${input ? input() : html`<span class="quiet">この画面では答えられない質問です。</span>`}
  </div>`;
}

function Result({ result, problem }) {
  if (problem) {
    return html`<${Message} kind="info">${problem}<//>`;
  }
  return html`<div class="masters-result" data-testid="trial-result" role="status">
    ${result.lines.map(
      (line, index) => html`<section key=${index} class="masters-priced">
        <h4>${line.label || "料金"} <span>${line.quantity > 1 ? `×${line.quantity}` : ""}</span><${Money} amount=${line.amount_yen} /></h4>
        <ul>${line.rows.map((row, at) => html`<li key=${at}><span>${row.text}</span><${Money} amount=${row.yen} /></li>`)}</ul>
        ${line.reduction ? html`<p class="quiet">減免: ${line.reduction.name}（${line.reduction.granter}）</p>` : null}
      </section>`,
    )}
    <p class="masters-total"><span>合計</span><${Money} amount=${result.total_yen} /></p>
  </div>`;
}

// row: a tariff's row as it stands in a form; or tariff: the code of one.
export function TariffTrial({ row, tariff, draftId }) {
  const me = useMe();
  const [date, setDate] = useState(me.today);
  const [facts, setFacts] = useState({});
  const [granted, setGranted] = useState("");
  const [answer, setAnswer] = useState({ data: null, fault: null });
  const reductions = useNames("reductions", draftId);
  const latest = useRef(0);
  const asked = JSON.stringify([row || tariff, date, facts, granted, draftId]);
  useEffect(() => {
    latest.current += 1;
    const mine = latest.current;
    const timer = setTimeout(async () => {
      const body = { ...(row ? { row } : { tariff }), date, facts, ...(granted ? { reductions: [{ code: granted }] } : {}) };
      const got = await call("POST", `/api/masters/tariff-trial${draftId ? `?draft=${draftId}` : ""}`, body);
      if (mine === latest.current) {
        setAnswer((before) => (got.ok ? { data: got.data, fault: null } : { data: before.data, fault: got.message }));
      }
    }, ASK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  const put = (id) => (value) =>
    setFacts((before) => {
      const next = { ...before, [id]: value };
      if (value === undefined) {
        delete next[id];
      }
      return next;
    });
  return html`<section class="masters-trial" aria-label="試算" data-testid="trial">
    <div class="filter-row">
      <${DateField} label="利用する日" value=${date} onChange=${(day) => setDate(day || me.today)} />
      ${reductions?.length > 0 ? html`<${Select} label="減免" value=${granted} options=${[["", "なし"], ...reductions.map((one) => [one.code, one.name])]} onChange=${setGranted} />` : null}
      ${answer.data?.tariff.questions.some((question) => question.kind === "instant") ? html`<${Button} onPress=${() => answer.data.tariff.questions.filter((question) => question.kind === "instant").forEach((question) => put(question.id)(nowInJapan()))}>時刻を今にする<//>` : null}
    </div>
    ${answer.fault ? html`<${Message} kind="danger">${answer.fault}<//>` : null}
    ${answer.data
      ? html`<div class="masters-case">
          <div class="masters-questions">${answer.data.tariff.questions.map((question) => html`<${Question} key=${question.id} question=${question} value=${facts[question.id]} onChange=${put(question.id)} />`)}</div>
          ${answer.data.result || answer.data.problem ? html`<${Result} result=${answer.data.result} problem=${answer.data.problem} />` : null}
        </div>`
      : answer.fault
        ? null
        : html`<p class="quiet">質問を読み込んでいます…</p>`}
  </section>`;
}

export function TrialPage({ params }) {
  const masters = useMasters(params);
  const draftId = masters.draftId;
  const tariffs = useAnswer(`/api/masters/names?kind=tariffs&limit=500${draftId ? `&draft=${draftId}` : ""}`, { whats: ["masters"], keep: true });
  if (!masters.isReady || tariffs.data === null) {
    return html`<div class="page-body"><${NotYet} answer=${tariffs.fault ? tariffs : masters} what="料金表" /></div>`;
  }
  const rows = tariffs.data.rows;
  const tariff = rows.some((row) => row.code === params.tariff) ? params.tariff : rows[0]?.code;
  return html`<div class="page-body">
    <div class="filters"><${DraftBar} masters=${masters} />
      ${rows.length > 0 ? html`<div class="filter-row"><${Select} label="料金表" id="trial-tariff" value=${tariff} options=${rows.map((row) => [row.code, row.name])} onChange=${(code) => setParams({ tariff: code })} /></div>` : null}
    </div>
    <section class="panel masters-page" aria-label="料金の試算">
      ${rows.length === 0 ? html`<${Empty} icon="cash" title="料金表はまだありません">固定の単価だけの品目には、試算はいりません。<//>` : html`<${TariffTrial} key=${tariff} tariff=${tariff} draftId=${draftId} />`}
    </section>
  </div>`;
}
