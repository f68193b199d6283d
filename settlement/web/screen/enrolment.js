// 端末の登録 (administrator): one-time codes with which a till makes itself known. A code is shown once.
import { html, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useAnswer, useCommand, useRows } from "./data.js";
import { Select, Tag } from "./bits.js";
import { ListPage } from "./list_page.js";
import { moment } from "./text.js";

const isOver = (row) => !row.used_at && new Date(row.expires_at) < new Date();
const stateOf = (row) => (row.used_at ? "使用済み" : isOver(row) ? "期限切れ" : "使えます");

const columns = [
  { key: "terminal", name: true, title: "端末", sortBy: (row) => row.terminal, text: (row) => row.terminal, render: (row) => html`<strong class="nowrap">${row.terminal}</strong>` },
  { key: "place", title: "窓口", sortBy: (row) => row.place, text: (row) => row.place, render: (row) => row.place },
  { key: "state", title: "状態", sortBy: stateOf, text: stateOf, render: (row) => html`<${Tag} level=${row.used_at || isOver(row) ? undefined : "success"}>${stateOf(row)}<//>` },
  { key: "created", title: "つくった日時", sortBy: (row) => row.created_at, text: (row) => row.created_at, render: (row) => html`<span class="nowrap">${moment(row.created_at)}</span>` },
  { key: "by", title: "つくった人", text: (row) => row.by?.name || row.by, render: (row) => row.by?.name || row.by },
  { key: "expires", title: "期限", sortBy: (row) => row.expires_at, text: (row) => row.expires_at, render: (row) => html`<span class="nowrap">${moment(row.expires_at)}</span>` },
  { key: "used", title: "使った日時", sortBy: (row) => row.used_at, text: (row) => row.used_at, render: (row) => html`<span class="nowrap">${moment(row.used_at)}</span>` },
];

function NewCode({ onMade }) {
  const places = useAnswer("/api/places");
  const [terminal, setTerminal] = useState("");
  const [place, setPlace] = useState("");
  const [made, setMade] = useState(null);
  const command = useCommand();
  const rows = places.data?.rows || [];
  const chosen = place || rows[0]?.place || "";
  const canMake = terminal.trim() !== "" && chosen !== "" && !command.isBusy;
  const make = async (event) => {
    event.preventDefault();
    if (!canMake) {
      return;
    }
    const answer = await command.run("/api/enrolment-codes", { terminal: terminal.trim(), place: chosen });
    if (answer.ok) {
      setMade(answer.data);
      setTerminal("");
      onMade();
    }
  };
  return html`<section class="panel new-code" aria-label="登録コードをつくる">
    <form class="new-code-form" onSubmit=${make}>
      <label class="filter"><span class="filter-label">新しい端末番号</span><input class="input filter-input" id="new-terminal" autocomplete="off" spellcheck=${false} placeholder="例 KO-13" value=${terminal} onInput=${(event) => setTerminal(event.target.value)} /></label>
      <${Select} label="窓口" id="new-place" value=${chosen} options=${rows.map((row) => [row.place, `${row.name}（${row.section_name}）`])} onChange=${setPlace} />
      <button type="submit" class="button is-main" data-testid="make-code" aria-disabled=${canMake ? undefined : "true"}>登録コードをつくる</button>
      <p class="quiet">コードは一度だけ使え、24時間で切れます。</p>
    </form>
    ${places.fault ? html`<${Message} kind="danger" actions=${html`<${Button} onPress=${places.reload}>もう一度読み込む<//>`}>窓口の一覧を読み込めません。${places.fault}<//>` : null}
    ${command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null}
    ${made
      ? html`<div class="code-shown" role="status">
          <p>${made.terminal}（${rows.find((row) => row.place === made.place)?.name || made.place}）の登録コード</p>
          <output class="code-value" data-testid="enrolment-code">${made.code}</output>
          <p>レジの画面で入力してください。${moment(made.expires_at)} まで使えます。<strong>このコードは二度と表示できません。</strong></p>
          <${Button} onPress=${() => setMade(null)}>書き写したので閉じる<//>
        </div>`
      : null}
  </section>`;
}

export function EnrolmentPage({ params }) {
  const list = useRows("/api/enrolment-codes", {}, { whats: ["terminals"] });
  return html`<${ListPage}
    list=${list}
    name="登録コード"
    noun="登録コード"
    columns=${columns}
    rowKey=${(row) => `${row.terminal} ${row.created_at}`}
    selected=${params.id}
    search=${false}
    above=${html`<${NewCode} onMade=${list.reload} />`}
    empty=${{ icon: "terminal", title: "登録コードはまだつくっていません", children: "端末番号と窓口を選んで、コードをつくってください。" }}
  />`;
}
