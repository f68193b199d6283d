// The clerk's key for the language of the citizen's window: each press is the next language. It holds for the basket in
// hand and its thanks; the next citizen begins in Japanese. The key stands beside the total; ⇧F2 works in every view.
import { html } from "./lib/view.js";
import { Button } from "./lib/components.js";
import { useTill } from "./context.js";
import { languageNames } from "./citizen_words.js";
import { KEYS, written } from "./keys.js";

const order = Object.keys(languageNames);
const shortNames = { ja: "日", en: "英", zh: "中", ko: "韓" };

export const languageBindings = (till) => ({ [KEYS.language]: () => till.nextLanguage(order) });

export function LanguageKey() {
  const { till, state, can } = useTill();
  const language = state.citizen_language;
  return html`<${Button}
    kind="quiet"
    class="total-language"
    icon="globe"
    hint=${written(KEYS.language)}
    label=${`お客様の画面の言語: ${languageNames[language]}`}
    isPressed=${language !== "ja"}
    disabled=${!can}
    onPress=${() => till.nextLanguage(order)}
  >
    ${shortNames[language]}
  <//>`;
}
