// Who stands here, and the PIN. First a name (by touch or number key), then the digits.
import { html, useEffect, useState } from "./lib/view.js";
import { Button, Empty, Key, Message, Waiting } from "./lib/components.js";
import { NumberPad, useEntry } from "./lib/number_pad.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";
import { useTill } from "./context.js";

const WAIT_SECONDS = 30; // the till refuses for so long after five wrong PINs

function useCountdown() {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const timer = left > 0 ? setTimeout(() => setLeft(left - 1), 1000) : null;
    return () => clearTimeout(timer);
  }, [left]);
  return [left, setLeft];
}

// A PIN is text: leading zeros count.
function usePin() {
  const entry = useEntry();
  const [text, setText] = useState("");
  return {
    ...entry,
    text,
    type: (digits) => setText((before) => (before + digits).slice(0, 12)),
    erase: () => setText((before) => before.slice(0, -1)),
    clear: () => setText(""),
  };
}

function PinPanel({ clerk, onBack }) {
  const { till, isIdle } = useTill();
  const pin = usePin();
  const [fault, setFault] = useState(null);
  const [wait, setWait] = useCountdown();
  const canTry = isIdle && wait === 0 && pin.text !== "";

  const signIn = async () => {
    if (!canTry) {
      return;
    }
    const answer = await till.signIn(clerk.code, pin.text);
    pin.clear();
    if (!answer.ok) {
      setFault(answer.code === "wrong_pin" ? "暗証番号が違います。もう一度入力してください。" : answer.message);
      setWait(answer.code === "wait" ? WAIT_SECONDS : 0);
    }
  };
  const type = (digits) => {
    setFault(null);
    pin.type(digits);
  };
  useKeys({ Enter: signIn, Escape: onBack }, LEVEL_VIEW);
  return html`<div class="panel pin">
    <header class="panel-head">
      <h2 class="panel-title">${clerk.name} さんの暗証番号</h2>
      <${Button} icon="back" hint="Esc" onPress=${onBack}>名前を選び直す<//>
    </header>
    <div class="pin-body">
      <p class="pin-dots" aria-label=${`${pin.text.length}桁入力済み`} aria-live="polite">${pin.text === "" ? html`<span class="pin-none">数字を押してください</span>` : "●".repeat(pin.text.length)}</p>
      ${wait > 0
        ? html`<${Message} kind="warning">続けて間違えたため、${wait}秒お待ちください。<//>`
        : fault
          ? html`<${Message} kind="danger"><span role="alert">${fault}</span><//>`
          : null}
      <${NumberPad} entry=${{ ...pin, type }} secret=${true} level=${LEVEL_VIEW} />
      <${Key} kind="main" class="step-main" hint="Enter" name="始める" disabled=${!canTry} onPress=${signIn} />
    </div>
  </div>`;
}

export function SignIn() {
  const { till, now, state, catalog, can } = useTill();
  const [chosen, setChosen] = useState(null);
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
      <p class="sign-in-question">担当する方を選んでください。</p>
      ${list()}
    </section>
    ${clerk === null
      ? html`<div class="panel pin is-empty"><${Empty} icon="person" title="お名前を選ぶと、暗証番号を入力できます">レジ番号 ${state.till.terminal}<//></div>`
      : html`<${PinPanel} key=${clerk.code} clerk=${clerk} onBack=${() => setChosen(null)} />`}
  </main>`;
}
