// What is plugged into this computer and not used, with the lines of the configuration that would use it: for whoever
// sets the till up. Asked for when somebody wants to see it, because every USB device is looked at for it.
import { html, useState } from "./lib/view.js";
import { Button, Message } from "./lib/components.js";
import { useTill } from "./context.js";

export function Plugged() {
  const { till } = useTill();
  const [answer, setAnswer] = useState(null);
  const [isLooking, setLooking] = useState(false);
  const look = async () => {
    setLooking(true);
    setAnswer(await till.pluggedDevices());
    setLooking(false);
  };
  return html`<section class="panel check-plugged" aria-label="つながっている機器">
    <header class="panel-head"><h2 class="panel-title">使っていない機器</h2><${Button} icon="search" disabled=${isLooking} onPress=${look}>調べる<//></header>
    ${isLooking ? html`<p class="check-text" role="status">つながっている機器を調べています…</p>` : null}
    ${answer && !answer.ok ? html`<${Message} kind="warning">${answer.message}<//>` : null}
    ${answer?.ok && answer.data.unused.length === 0 ? html`<p class="check-text" role="status">設定されていない機器はつながっていません。</p>` : null}
    ${answer?.ok && answer.data.unused.length > 0
      ? html`<ul class="check-unused">
          ${answer.data.unused.map((one, i) => html`<li key=${i}>
            <strong>${one.name}</strong>
            <p class="check-text">使うには、設定ファイルに次の行を書いて起動し直します(設置担当者)。</p>
            <pre class="check-lines">${one.lines.join("\n")}</pre>
          </li>`)}
        </ul>`
      : null}
  </section>`;
}
