// The strip above everything: who and where on the left, the state of the world on the right, always in the same order.
import { html, useEffect, useState } from "./lib/view.js";
import { StatusItem } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useTill } from "./context.js";
import { deviceFacts } from "./concerns.js";
import { unknownCount } from "./stage.js";
import { shortDate } from "./text.js";

const clockForm = new Intl.DateTimeFormat("ja-JP", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Tokyo" });

// The till's clock, carried on between two states; the browser's own is not asked.
function Clock({ instant, receivedAt }) {
  const [, beat] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => beat((n) => n + 1), 5000);
    return () => clearInterval(timer);
  }, []);
  return html`<time class="strip-clock">${clockForm.format(Date.parse(instant) + performance.now() - receivedAt)}</time>`;
}

function Lost() {
  return html`<p class="strip-lost">
    <${Icon} name="warning" />
    <strong>レジ本体とつながっていません。</strong>
    <span>自動でつなぎ直しています。記録はレジ本体に残っています。</span>
  </p>`;
}

// Both words are there; how much room there is decides which is seen (frame.css).
function Words({ fact }) {
  return fact.short ? html`<span class="strip-long">${fact.text}</span><span class="strip-short">${fact.short}</span>` : fact.text;
}

export function StatusStrip() {
  const { state, now, ui, can } = useTill();
  const { till, status, clerk } = state;
  const look = () => ui.setView("attention");
  const [uplink, ...devices] = deviceFacts(status);
  const facts = [uplink, ...devices];
  const item = (fact) => html`<${StatusItem} key=${fact.key} level=${fact.level} icon=${fact.icon} label=${fact.text} text=${html`<${Words} fact=${fact} />`} detail=${fact.detail} onPress=${look} />`;
  const unsent = status.uplink.unsent;
  const unresolved = unknownCount(state);
  const late = state.unprinted.filter((paper) => paper.print === "found_out").length;
  const unprinted = state.unprinted.length - late;
  const loud = facts.filter((fact) => fact.level === "warning" || fact.level === "danger").length + [state.day.is_over_cash_limit, unprinted > 0, late > 0, unresolved > 0].filter(Boolean).length;
  return html`<header class=${!can ? "strip is-lost" : loud > 0 ? "strip is-crowded" : "strip"}>
    <div class="strip-place" data-gives-way>
      <span class="strip-who"><strong class="strip-name">${till.place_name || "登録前のレジ"}</strong>${clerk ? html`<span class="strip-clerk">${clerk.name}</span>` : null}</span>
      <span>${shortDate(state.business_date)}</span>
      <${Clock} instant=${state.now} receivedAt=${now.receivedAt} />
      ${till.devices === "simulated" ? html`<a class="strip-simulated" href="/devices.html" target="_blank" rel="noopener">模擬機器</a>` : null}
    </div>
    ${can
      ? html`<div class="strip-facts" role="group" aria-label="状態">
          ${item(uplink)}
          <${StatusItem} level=${unsent === 0 ? "well" : "working"} label=${`未送信 ${unsent}件`} text=${html`<${Words} fact=${{ text: `未送信 ${unsent}件`, short: `未送信${unsent}` }} />`} detail=${unsent === 0 ? "記録はすべて送信済みです。" : "まだ送っていない記録があります。自動で送ります。"} onPress=${look} />
          ${devices.filter((fact) => !fact.isAside).map(item)}
          ${state.day.is_over_cash_limit
            ? html`<${StatusItem} level="warning" icon="cash" text="払込" detail="引き出しの現金が多くなっています。途中払込をしてください。" onPress=${() => ui.setView("day")} />`
            : null}
          ${unprinted > 0 ? html`<${StatusItem} level="warning" icon="receipt" label=${`未印刷 ${unprinted}件`} text=${html`<${Words} fact=${{ text: `未印刷 ${unprinted}件`, short: `未印刷${unprinted}` }} />`} detail="まだ印刷できていない紙があります。" onPress=${look} />` : null}
          ${late > 0 && unprinted === 0 ? html`<${StatusItem} level="working" icon="receipt" label=${`印刷できます ${late}件`} text=${html`<${Words} fact=${{ text: `印刷できます ${late}件`, short: `印刷可 ${late}件` }} />`} detail="結果が分かった会計のレシートです。お客様が来られたら印刷できます。" onPress=${look} />` : null}
          <${StatusItem} level=${unresolved === 0 ? "well" : "danger"} text=${html`<span class="strip-long"><span class="strip-more">結果</span>未確認 ${unresolved}件</span><span class="strip-short">未確認 ${unresolved}件</span>`} label=${`結果未確認 ${unresolved}件`} detail=${unresolved === 0 ? "結果のわからない決済はありません。" : "結果のわからない決済があります。もう一度請求しないでください。"} onPress=${look} />
        </div>`
      : html`<${Lost} />`}
  </header>`;
}
