// 職員 (administrator): who may sign in and as what. A password given here is for the next sign-in only.
import { html, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useMe } from "./session.js";
import { useCommand, useRows } from "./data.js";
import { Facts, Select, Tag } from "./bits.js";
import { ListPage } from "./list_page.js";
import { setParams } from "./route.js";
import { moment } from "./text.js";

// No letters that are taken for one another when they are read out or copied by hand.
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
const FIRST_PASSWORD_LENGTH = 16; // 80 bits

function makePassword() {
  const bytes = crypto.getRandomValues(new Uint8Array(FIRST_PASSWORD_LENGTH));
  return [...bytes].map((byte) => LETTERS[byte % LETTERS.length]).join("");
}

const stateOf = (row) => (!row.is_active ? "停止中" : row.must_change_password ? "初回パスワード" : "有効");
const levelOf = (row) => (!row.is_active ? undefined : row.must_change_password ? "warning" : "success");

const sectionsOf = (row, sections) => (row.sections.length === 0 ? "すべて" : row.sections.map((code) => sections.find((one) => one.code === code)?.name || code).join("、"));

const columns = [
  { key: "login", name: true, title: "利用者ID", sortBy: (row) => row.login, text: (row) => row.login, render: (row) => html`<span class="nowrap">${row.login}</span>` },
  { key: "name", title: "氏名", sortBy: (row) => row.name, text: (row) => row.name, render: (row) => html`<strong>${row.name}</strong>` },
  { key: "role", title: "役割", sortBy: (row) => row.role_name, text: (row) => row.role_name, render: (row) => html`<span class="nowrap">${row.role_name}</span>` },
  { key: "state", title: "状態", sortBy: stateOf, text: stateOf, render: (row) => html`<${Tag} level=${levelOf(row)}>${stateOf(row)}<//>` },
];

const TextField = ({ label, id, value, onInput, ...rest }) => html`<label class="field"><span class="field-label">${label}</span>
  <input class="input" id=${id} autocomplete="off" autocapitalize="none" spellcheck=${false} value=${value} onInput=${(event) => onInput(event.target.value)} ...${rest} /></label>`;

const RoleSelect = ({ id, value, roles, onChange }) => html`<${Select} label="役割" id=${id} value=${value} options=${roles.map((one) => [one.role, one.role_name])} onChange=${onChange} />`;

const PasswordField = ({ id, value, onInput }) => html`<div class="staff-password">
  <${TextField} label="初回パスワード（12文字以上）" id=${id} value=${value} onInput=${onInput} />
  <${Button} data-testid=${`${id}-make`} onPress=${() => onInput(makePassword())}>つくる<//>
</div>`;

const Fault = ({ command }) => (command.fault ? html`<${Message} kind="danger" onClose=${command.clear}><span role="alert">${command.fault}</span><//>` : null);

// Shown once, to be handed over; the service keeps no copy that can be read.
const HandOver = ({ given, onClose }) => html`<div class="code-shown" role="status">
  <p>${given.name}さん（${given.login}）の初回パスワード</p>
  <output class="code-value staff-given" data-testid="staff-given">${given.password}</output>
  <p>本人だけに渡してください。最初のサインインで、本人が自分のパスワードに変えます。<strong>閉じると二度と表示できません。</strong></p>
  <${Button} onPress=${onClose}>渡したので閉じる<//>
</div>`;

function NewPerson({ roles, onClose, onMade }) {
  const [login, setLogin] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState("finance");
  const [password, setPassword] = useState(makePassword);
  const command = useCommand();
  const canSend = login.trim() !== "" && name.trim() !== "" && password !== "" && !command.isBusy;
  const send = async (event) => {
    event.preventDefault();
    if (canSend && (await command.run("/api/staff", { login: login.trim(), name: name.trim(), role, password })).ok) {
      onMade({ login: login.trim(), name: name.trim(), password });
    }
  };
  return html`<form class="new-code-form" aria-label="職員を加える" onSubmit=${send}>
      <${TextField} label="利用者ID（半角）" id="staff-login" value=${login} onInput=${setLogin} />
      <${TextField} label="氏名" id="staff-name" value=${name} onInput=${setName} />
      <${RoleSelect} id="staff-role" value=${role} roles=${roles} onChange=${setRole} />
      <${PasswordField} id="staff-first" value=${password} onInput=${setPassword} />
      <button type="submit" class="button is-main" data-testid="staff-add" aria-disabled=${canSend ? undefined : "true"}>加える</button>
      <${Button} kind="quiet" onPress=${onClose}>やめる<//>
    </form>
    <${Fault} command=${command} />`;
}

function Above({ roles, onMade }) {
  const [isAdding, setAdding] = useState(false);
  const [given, setGiven] = useState(null);
  const made = (person) => {
    setAdding(false);
    setGiven(person);
    onMade(person.login);
  };
  if (given) {
    return html`<section class="panel new-code" aria-label="初回パスワード"><${HandOver} given=${given} onClose=${() => setGiven(null)} /></section>`;
  }
  return isAdding
    ? html`<section class="panel new-code" aria-label="職員を加える"><${NewPerson} roles=${roles} onClose=${() => setAdding(false)} onMade=${made} /></section>`
    : html`<div class="staff-above"><${Button} kind="main" icon="plus" data-testid="staff-new" onPress=${() => setAdding(true)}>職員を加える<//></div>`;
}

function Change({ row, roles, isOwn, reason, command, onDone }) {
  const [name, setName] = useState(row.name);
  const [role, setRole] = useState(row.role);
  const isSame = name.trim() === row.name && role === row.role;
  const send = async () => {
    if ((await command.run(`/api/staff/${row.login}/change`, { name: name.trim(), role, reason })).ok) {
      onDone();
    }
  };
  return html`<div class="new-code-form">
    <${TextField} label="氏名" id="staff-change-name" value=${name} onInput=${setName} />
    ${isOwn ? null : html`<${RoleSelect} id="staff-change-role" value=${role} roles=${roles} onChange=${setRole} />`}
    <${Button} kind="main" data-testid="staff-change" disabled=${isSame || name.trim() === "" || command.isBusy} onPress=${send}>変える<//>
  </div>`;
}

// Which 所属 an approver approves for. Nothing marked: all of them.
function Sections({ row, sections, reason, command, onDone }) {
  const [marked, setMarked] = useState(row.sections);
  const isSame = [...marked].sort().join() === [...row.sections].sort().join();
  const mark = (code) => setMarked(marked.includes(code) ? marked.filter((one) => one !== code) : [...marked, code]);
  const send = async () => {
    if ((await command.run(`/api/staff/${row.login}/sections`, { sections: marked, reason })).ok) {
      onDone();
    }
  };
  return html`<section class="part" aria-label="承認する所属">
    <h3 class="part-title">承認する所属</h3>
    <p class="part-text">印をつけた所属の調定だけを承認できます。一つもつけなければ、すべての所属です。</p>
    <div class="form">
      <fieldset class="choices"><legend>所属</legend>
        ${sections.map((one) => html`<label key=${one.code} class="choice"><input type="checkbox" data-testid=${`section-${one.code}`} checked=${marked.includes(one.code)} onChange=${() => mark(one.code)} />${one.name}</label>`)}
      </fieldset>
      <div class="detail-actions"><${Button} data-testid="staff-sections" disabled=${isSame || command.isBusy} onPress=${send}>${marked.length === 0 ? "すべての所属にする" : "この所属に限る"}<//></div>
    </div>
  </section>`;
}

function Reset({ row, reason, command, onGiven }) {
  const [password, setPassword] = useState("");
  const send = async () => {
    if ((await command.run(`/api/staff/${row.login}/password`, { password, reason })).ok) {
      onGiven({ login: row.login, name: row.name, password });
      setPassword("");
    }
  };
  return html`<section class="part" aria-label="パスワードの再発行">
    <h3 class="part-title">パスワードの再発行</h3>
    <p class="part-text">忘れたときに使います。今のサインインはすべて終わり、次のサインインで本人が変えます。</p>
    <div class="new-code-form">
      <${PasswordField} id="staff-reset-password" value=${password} onInput=${setPassword} />
      <${Button} data-testid="staff-reset" disabled=${password === "" || command.isBusy} onPress=${send}>再発行する<//>
    </div>
  </section>`;
}

function Person({ row, roles, sections, onDone }) {
  const me = useMe();
  const [reason, setReason] = useState("");
  const [given, setGiven] = useState(null);
  const command = useCommand();
  const isOwn = row.login === me.user.login;
  const done = () => {
    setReason("");
    onDone();
  };
  const turn = async () => {
    if ((await command.run(`/api/staff/${row.login}/${row.is_active ? "deactivate" : "reactivate"}`, { reason: reason.trim() })).ok) {
      done();
    }
  };
  return html`<article class="detail" data-testid="staff-detail">
    <header class="detail-head"><div class="detail-title"><h2>${row.name}</h2><${Tag} level=${levelOf(row)}>${stateOf(row)}<//></div></header>
    <div class="detail-body">
      <section class="part"><${Facts} facts=${[["利用者ID", row.login], ["役割", row.role_name], ["承認する所属", row.role === "approver" ? sectionsOf(row, sections) : null], ["加えた日時", moment(row.created_at)], ["加えた人", row.created_by?.login === "cli" ? "サーバーの操作" : row.created_by?.name]]} /></section>
      ${given ? html`<${HandOver} given=${given} onClose=${() => setGiven(null)} />` : null}
      <${Fault} command=${command} />
      <section class="part" aria-label="変更">
        <h3 class="part-title">変更</h3><div class="form">
        <label class="field"><span class="field-label">理由（操作の記録に残ります。書かなくてもかまいません）</span>
          <textarea class="input reason" rows="2" maxlength="1000" data-testid="staff-reason" value=${reason} onInput=${(event) => setReason(event.target.value)}></textarea></label>
        <${Change} key=${`${row.name} ${row.role}`} row=${row} roles=${roles} isOwn=${isOwn} reason=${reason.trim()} command=${command} onDone=${done} />
        ${isOwn
          ? html`<p class="quiet" data-testid="staff-own">自分の役割・利用の停止・パスワードの再発行は、別の管理者が行います。</p>`
          : html`<div class="detail-actions"><${Button} key=${String(row.is_active)} kind=${row.is_active ? "danger" : "plain"} data-testid="staff-turn" disabled=${command.isBusy} onPress=${turn}>${row.is_active ? "利用を止める" : "利用を再開する"}<//>
              <span class="quiet">${row.is_active ? "サインインできなくなり、今のサインインも終わります。記録の名前は残ります。" : "前のパスワードでサインインできます。"}</span></div>`}
        </div>
      </section>
      ${row.role === "approver" && !isOwn ? html`<${Sections} key=${row.sections.join()} row=${row} sections=${sections} reason=${reason.trim()} command=${command} onDone=${done} />` : null}
      ${isOwn ? null : html`<${Reset} row=${row} reason=${reason.trim()} command=${command} onGiven=${(person) => (setGiven(person), done())} />`}
    </div>
  </article>`;
}

export function StaffPage({ params }) {
  const list = useRows("/api/staff", {}, { whats: ["staff"] });
  const roles = list.head?.roles || [];
  const sections = list.head?.sections || [];
  const made = (login) => {
    list.reload();
    setParams({ id: login });
  };
  return html`<${ListPage}
    list=${list}
    name="職員"
    noun="職員"
    testId="staff-row"
    columns=${columns}
    rowKey=${(row) => row.login}
    selected=${params.id}
    detail=${(row) => (row ? html`<${Person} key=${row.login} row=${row} roles=${roles} sections=${sections} onDone=${list.reload} />` : null)}
    above=${html`<${Above} roles=${roles} onMade=${made} />`}
    empty=${{ icon: "person", title: "職員はまだ登録されていません" }}
  />`;
}
