// For the day on which the scanner does not work: the digits below the citizen's code, typed in. Closed until wanted,
// because the scanner is the usual way and needs nothing on the screen.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button } from "./lib/components.js";
import { useKeys, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";

export function CodeEntry() {
  const { till, catalog, isIdle } = useTill();
  const [isOpen, setOpen] = useState(false);
  const [code, setCode] = useState("");
  const field = useRef(null);
  useEffect(() => field.current?.focus(), [isOpen]);

  useKeys({ Escape: () => setOpen(false) }, LEVEL_STEP, { active: isOpen });

  const brands = (catalog?.brands || []).filter((brand) => brand.method === "qr").map((brand) => brand.name);
  const canGive = isIdle && /^\d{8,}$/.test(code);
  const give = () => canGive && till.giveCode(code);
  if (!isOpen) {
    return html`<div class="code-entry">
      <p class="code-brands"><span>使えるコード</span> ${brands.join("・")}</p>
      <${Button} kind="quiet" onPress=${() => setOpen(true)}>読み取れないときは番号を入力<//>
    </div>`;
  }
  return html`<div class="code-entry is-open">
    <input
      ref=${field}
      class="input"
      inputmode="numeric"
      autocomplete="off"
      maxlength="64"
      aria-label="コードの下の番号"
      placeholder="コードの下の番号"
      value=${code}
      onInput=${(event) => setCode(event.target.value.normalize("NFKC").replace(/[^0-9]/g, ""))}
      onKeyDown=${(event) => event.key === "Enter" && !event.isComposing && (event.preventDefault(), give())}
    />
    <${Button} kind="main" disabled=${!canGive} onPress=${give}>送る<//>
  </div>`;
}
