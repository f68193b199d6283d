// Between the door and the pages: a password that an administrator chose is changed before anything else.
import { html } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { signOut, startSession, useMe } from "./session.js";
import { PasswordForm } from "./user_menu.js";

export function FirstPassword() {
  const me = useMe();
  return html`<section class="sign-in panel" aria-labelledby="first-password-title" data-testid="first-password">
    <div class="sign-in-head">
      <p class="sign-in-mark">まどぐち</p>
      <h1 id="first-password-title">自分のパスワードに変える</h1>
    </div>
    <${Message} kind="info">${me.user.name}さんの今のパスワードは、管理者が付けたものです。本人だけが知るパスワードに変えると、画面が開きます。12文字以上で、長いほど安全です。<//>
    <${PasswordForm} doneText="パスワードを変えました。" doneLabel="会計の画面を開く" onDone=${startSession} />
    <${Button} kind="quiet" icon="leave" onPress=${signOut}>サインアウトする<//>
  </section>`;
}
