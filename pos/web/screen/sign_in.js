// Who stands here, and the PIN. First a name (by touch or number key), then the digits. For signing in, for taking over,
// and for coming back to a locked screen.
import { html, useState } from "./lib/view.js";
import { Button, Empty, Key, Waiting } from "./lib/components.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { PinEntry, usePin } from "./pin.js";

function PinPanel({ clerk, confirmWord, onBack, onDone }) {
  const { till, isIdle } = useTill();
  const pin = usePin();
  const canTry = isIdle && pin.canTry;
  const signIn = async () => canTry && (await pin.tried(till.signIn(clerk.code, pin.text))).ok && onDone?.();
  useKeys({ Enter: signIn, Escape: onBack }, LEVEL_VIEW);
  return html`<div class="panel pin">
    <header class="panel-head">
      <h2 class="panel-title">${clerk.name} さんの暗証番号</h2>
      <${Button} icon="back" hint="Esc" onPress=${onBack}>名前を選び直す<//>
    </header>
    <div class="pin-body">
      <${PinEntry} pin=${pin} level=${LEVEL_VIEW} />
      <${Key} kind="main" class="step-main" hint="Enter" name=${confirmWord} disabled=${!canTry} onPress=${signIn} />
    </div>
  </div>`;
}

// PREFERRED: the code of the clerk who is most likely to come.
export function ClerkChoice({ question, preferred = null, confirmWord, onDone, children }) {
  const { till, now, state, catalog, can } = useTill();
  const [chosen, setChosen] = useState(preferred);
  const clerks = catalog?.clerks || [];
  const clerk = clerks.find((one) => one.code === chosen) || (clerks.length === 1 ? clerks[0] : null);
  const bindings = {};
  clerks.slice(0, 9).forEach((one, index) => {
    bindings[String(index + 1)] = () => setChosen(one.code);
  });
  useKeys(bindings, LEVEL_VIEW, { active: clerk === null });

  const list = () => {
    if (catalog === null && now.catalogFault) {
      return html`<${Empty} icon="warning" title="職員の一覧を読み込めません" actions=${html`<${Button} onPress=${till.reloadCatalog}>もう一度読み込む<//>`}>${now.catalogFault}<//>`;
    }
    if (catalog === null) {
      return html`<${Waiting}>職員の一覧を読み込んでいます…<//>`;
    }
    if (clerks.length === 0) {
      return html`<${Empty} icon="person" title="この窓口の職員が登録されていません">財政担当に、窓口と職員の登録を頼んでください。<//>`;
    }
    return html`<div class="clerks">
      ${clerks.map(
        (one, index) => html`<${Key}
          key=${one.code}
          class="clerk"
          data-clerk=${one.code}
          icon="person"
          hint=${clerk === null && index < 9 ? String(index + 1) : undefined}
          name=${one.name}
          isPressed=${one === clerk}
          disabled=${!can}
          onPress=${() => setChosen(one.code)}
        />`,
      )}
    </div>`;
  };
  return html`<main class="sign-in">
    <section class="sign-in-who">
      <p class="sign-in-town">${state.till.municipality_name}</p>
      <h1 class="sign-in-place">${state.till.place_name || "登録前のレジ"}</h1>
      <p class="sign-in-question">${question}</p>
      ${list()} ${children}
    </section>
    ${clerk === null
      ? html`<div class="panel pin is-empty"><${Empty} icon="person" title="お名前を選ぶと、暗証番号を入力できます">レジ番号 ${state.till.terminal}<//></div>`
      : html`<${PinPanel} key=${clerk.code} clerk=${clerk} confirmWord=${confirmWord} onBack=${() => setChosen(null)} onDone=${onDone} />`}
  </main>`;
}

export function SignIn() {
  return html`<${ClerkChoice} question="担当する方を選んでください。" confirmWord="始める" />`;
}
