// Who is signed in: role, change of password, sign out.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { signOut, useMe } from "./session.js";
import { useCommand } from "./data.js";
import { clockTime } from "./text.js";

// `onCancel` absent: there is no way around it.
export function PasswordForm({ onDone, onCancel, doneText = "パスワードを変えました。ほかの場所のサインインは終わりました。", doneLabel = "閉じる" }) {
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [isDone, setDone] = useState(false);
  const command = useCommand();
  const differs = again !== "" && fresh !== again;
  const canSend = old !== "" && fresh !== "" && fresh === again && !command.isBusy;
  const submit = async (event) => {
    event.preventDefault();
    if (canSend && (await command.run("/api/me/password", { old, new: fresh })).ok) {
      setDone(true);
    }
  };
  if (isDone) {
    return html`<${Message} kind="success">${doneText}<//><${Button} data-testid="password-done" onPress=${onDone}>${doneLabel}<//>`;
  }
  const field = (label, value, set, autocomplete) => html`<label class="field">
    <span class="field-label">${label}</span>
    <input class="input" type="password" autocomplete=${autocomplete} value=${value} onInput=${(event) => set(event.target.value)} />
  </label>`;
  return html`<form class="menu-form" onSubmit=${submit}>
    ${field("今のパスワード", old, setOld, "current-password")} ${field("新しいパスワード", fresh, setFresh, "new-password")}
    ${field("新しいパスワード（もう一度）", again, setAgain, "new-password")}
    ${differs ? html`<${Message} kind="warning">新しいパスワードが二つで違います。<//>` : null}
    ${command.fault ? html`<${Message} kind="danger"><span role="alert">${command.fault}</span><//>` : null}
    <button type="submit" class="button is-main" aria-disabled=${canSend ? undefined : "true"}>パスワードを変える</button>
    ${onCancel ? html`<${Button} kind="quiet" onPress=${onCancel}>やめる<//>` : null}
  </form>`;
}

export function UserMenu() {
  const me = useMe();
  const [isOpen, setOpen] = useState(false);
  const [isChanging, setChanging] = useState(false);
  const [fault, setFault] = useState(null);
  const place = useRef(null);
  const close = () => {
    setOpen(false);
    setChanging(false);
  };
  useKeys({ Escape: close }, LEVEL_STEP, { active: isOpen });
  useEffect(() => {
    const away = (event) => (place.current?.contains(event.target) ? null : close());
    window.addEventListener("pointerdown", away);
    return () => window.removeEventListener("pointerdown", away);
  }, []);
  const leave = async () => {
    const answer = await signOut();
    setFault(answer.ok ? null : answer.message);
  };
  return html`<div class="menu" ref=${place}>
    <button type="button" class="menu-open" data-testid="user-menu" aria-expanded=${String(isOpen)} aria-haspopup="true" onClick=${() => (isOpen ? close() : setOpen(true))}>
      <${Icon} name="person" /><span>${me.user.name}</span><span class="menu-role">${me.user.role_name}</span>
    </button>
    ${isOpen
      ? html`<div class="menu-body panel">
          <p class="menu-who"><strong>${me.user.name}</strong>（${me.user.login}）<br />${me.user.role_name} · サインインは ${clockTime(me.expires_at)} まで</p>
          ${isChanging
            ? html`<${PasswordForm} onDone=${close} onCancel=${close} />`
            : html`${fault ? html`<${Message} kind="danger">${fault}<//>` : null}
                <${Button} onPress=${() => setChanging(true)}>パスワードを変える<//>
                <${Button} icon="leave" data-testid="logout" onPress=${leave}>サインアウトする<//>
                <p class="menu-version">${me.software}</p>`}
        </div>`
      : null}
  </div>`;
}
