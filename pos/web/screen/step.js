// The shape of a step over the basket: its name and the way back above, the one next key below.
import { html } from "./lib/view.js";
import { Button } from "./lib/components.js";
import { Icon } from "./lib/icons.js";

export function Step({ title, icon, onBack, backDisabled = false, backWord = "戻る", children, footer, class: name = "" }) {
  return html`<div class=${`panel step ${name}`}>
    <header class="panel-head">
      <h2 class="panel-title step-title">${icon ? html`<${Icon} name=${icon} />` : null}${title}</h2>
      ${onBack ? html`<${Button} icon="back" hint="Esc" disabled=${backDisabled} onPress=${onBack}>${backWord}<//>` : null}
    </header>
    <div class="step-body">${children}</div>
    ${footer ? html`<footer class="step-foot">${footer}</footer>` : null}
  </div>`;
}
