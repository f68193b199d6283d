// Which brand. A code usually tells by itself, so one press more is enough; the terminal needs to know before the
// citizen touches it.
import { html } from "./lib/view.js";
import { Empty, Key, Money, yen } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { payBindings, usePay } from "./basket.js";
import { Step } from "./step.js";
import { methodIcons, methodNames } from "./text.js";
import { KEYS } from "./keys.js";

function question(method, status) {
  if (method === "qr") {
    return status.qr_gateway.state === "offline"
      ? "コード決済の窓口につながりません。選ぶと、もう一度つないでみます。"
      : "自動で見分けられないコードは、ブランドを選んでください。";
  }
  return status.payment_terminal.state === "offline"
    ? "決済端末から応答がありません。選ぶと、もう一度つないでみます。"
    : "お客様がお使いになるものを選んでください。";
}

const ownKeys = { qr: KEYS.qr, emoney: KEYS.emoney, credit: KEYS.credit };

// Beside the digits of the brands: whose code is shown to the citizen.
const presentedKeys = ["a", "b", "c", "d"];

export function BrandStep() {
  const { till, state, catalog, ui, isIdle } = useTill();
  const method = ui.step;
  const brands = (catalog?.brands || []).filter((brand) => brand.method === method);

  const presented = method === "qr" && !ui.mixed ? state.basket.presented || [] : [];
  const present = (brand) => isIdle && till.payPresented(brand);
  const choose = (brand) => isIdle && till.payCashless(method, brand, ui.mixed);
  // The key of another way to pay changes to it, as it does in the basket.
  const bindings = { ...payBindings(usePay()), [ownKeys[method]]: () => undefined, Escape: () => ui.setStep(null) };
  brands.slice(0, 9).forEach((brand, index) => {
    bindings[String(index + 1)] = () => choose(brand.code);
  });
  presented.slice(0, presentedKeys.length).forEach((brand, index) => {
    bindings[presentedKeys[index]] = () => present(brand.brand);
  });
  if (method === "qr") {
    bindings.Enter = () => choose(null);
    bindings[KEYS.qr] = () => choose(null); // the same key twice is the whole way
  }
  useKeys(bindings, LEVEL_STEP);

  return html`<${Step} class="brands" icon=${methodIcons[method]} title=${methodNames[method]} onBack=${() => ui.setStep(null)}>
    ${ui.mixed
      ? html`<div class="step-due"><span>残り <small>(現金 ${yen(ui.mixed.amount_yen)} を預かり中)</small></span><${Money} amount=${state.basket.total_yen - ui.mixed.amount_yen} /></div>`
      : html`<div class="step-due"><span>合計</span><${Money} amount=${state.basket.total_yen} /></div>`}
    ${method === "qr"
      ? html`<${Key} kind="main" class="step-main brand-any" data-brand="" icon="phone" hint="Enter" name="コードを読み取る" note="ブランドは自動で見分けます" disabled=${!isIdle} onPress=${() => choose(null)} />`
      : null}
    <p class="step-question">${question(method, state.status)}</p>
    ${brands.length === 0
      ? html`<${Empty} icon=${methodIcons[method]} title=${`${methodNames[method]}は使えません`}>この窓口で扱うブランドが登録されていません。<//>`
      : html`<div class=${presented.length > 0 ? "brand-keys is-close" : "brand-keys"}>
          ${brands.map(
            (brand, index) => html`<${Key}
              key=${brand.code}
              class="brand-key"
              data-brand=${brand.code}
              hint=${index < 9 ? String(index + 1) : undefined}
              name=${brand.name}
              disabled=${!isIdle}
              onPress=${() => choose(brand.code)}
            />`,
          )}
        </div>`}
    ${presented.length === 0
      ? null
      : html`<div class="brand-keys">
          ${presented.map(
            (brand) => html`<${Key}
              key=${brand.brand}
              class="brand-key presented-key"
              data-presented=${brand.brand}
              icon="phone"
              hint=${presentedKeys[presented.indexOf(brand)]?.toUpperCase()}
              name=${`${brand.name}のコードをお客様に見せる`}
              disabled=${!isIdle}
              onPress=${() => present(brand.brand)}
            />`,
          )}
        </div>`}
  <//>`;
}
