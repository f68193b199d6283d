// The door: sign in, at the start and again when the session has ended behind a page.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { signIn, useSession } from "./session.js";

const reasons = {
  expired: "サインインの期限が切れました。もう一度サインインすると、そのまま続けられます。",
  idle: "しばらく操作がなかったため、サインアウトしました。もう一度サインインすると、そのまま続けられます。",
};

export function SignIn() {
  const { me, status, cause } = useSession();
  const again = status === "renew";
  const [login, setLogin] = useState(again ? me.user.login : "");
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const first = useRef(null);
  useEffect(() => first.current.focus(), []);

  const submit = async (event) => {
    event.preventDefault();
    if (isBusy) {
      return;
    }
    if (login.trim() === "" || password === "") {
      setFault("利用者IDとパスワードを入力してください。");
      return;
    }
    setBusy(true);
    setFault(null);
    const answer = await signIn(login.trim(), password);
    if (!answer.ok) {
      setBusy(false);
      setPassword("");
      setFault(answer.message);
    }
  };
  return html`<form class="sign-in panel" onSubmit=${submit} aria-labelledby="sign-in-title" data-testid="login-form">
    <div class="sign-in-head">
      <p class="sign-in-mark">まどぐち</p>
      <h1 id="sign-in-title">会計の画面にサインイン</h1>
    </div>
    ${again ? html`<${Message} kind="warning">${reasons[cause]}<//>` : null}
    <label class="field">
      <span class="field-label">利用者ID</span>
      <input class="input" id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck=${false} ref=${again ? null : first} value=${login} onInput=${(event) => setLogin(event.target.value)} />
    </label>
    <label class="field">
      <span class="field-label">パスワード</span>
      <input class="input" id="password" name="password" type="password" autocomplete="current-password" ref=${again ? first : null} value=${password} onInput=${(event) => setPassword(event.target.value)} />
    </label>
    ${fault ? html`<${Message} kind="danger"><span role="alert">${fault}</span><//>` : null}
    <button type="submit" class="button is-main sign-in-go" id="login-submit" data-testid="login-submit" aria-disabled=${isBusy ? "true" : undefined}>
      ${isBusy ? "確認しています…" : "サインインする"}
    </button>
    ${again
      ? html`<${Button} kind="quiet" onPress=${() => location.reload()}>別の人がサインインする（この画面は閉じます）<//>`
      : html`<p class="sign-in-help">パスワードを忘れたときは、システム管理者に再発行を頼んでください。</p>`}
  </form>`;
}
