// 機器の点検: each device of the till with a key that tries it, what came of it and when, and what has happened to the
// devices since the till was started. The till holds all of it; this page asks for it anew whenever the state says that
// there is something new.
import { html, useEffect, useState } from "./lib/view.js";
import { Button } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { NowBand } from "./now_band.js";
import { Notice } from "./notice.js";
import { BalanceInquiry } from "./balance.js";
import { Plugged } from "./plugged.js";
import { playTest } from "./sound.js";
import { clockTime } from "./text.js";

// The devices in the order of their keys. A test that a person judges says so in its words.
const tests = {
  printer: { key: "1", icon: "printer", word: "試し刷り" },
  cash_drawer: { key: "2", icon: "drawer", word: "引き出しを開ける", note: "開けたことは「機器の点検」として記録されます。" },
  scanner: { key: "3", icon: "code", word: "読み取りを試す", running: "コードを何か読み取ってください(30秒待ちます)。" },
  line_display: { key: "4", icon: "person", word: "表示を試す" },
};
const SOUND_KEY = "5";

const stateWords = {
  ready: { level: "success", text: "使えます" },
  printing: { level: "success", text: "印刷中" },
  none: { level: "", text: "設定なし" },
  paper_near_end: { level: "warning", text: "用紙残り少し" },
  paper_out: { level: "danger", text: "用紙切れ" },
  cover_open: { level: "danger", text: "ふたが開いています" },
  error: { level: "danger", text: "異常" },
  offline: { level: "danger", text: "つながりません" },
  refused: { level: "danger", text: "権限がありません" },
  in_use: { level: "danger", text: "ほかで使用中" },
};

const outcomes = {
  running: { icon: "clock", level: "working", text: "点検中" },
  passed: { icon: "check", level: "success", text: "よい" },
  look: { icon: "search", level: "warning", text: "目で確認" },
  failed: { icon: "warning", level: "danger", text: "できません" },
};

function StateTag({ state }) {
  const { level, text } = stateWords[state] || { level: "warning", text: state };
  return html`<span class=${level ? `tag is-${level}` : "tag"}>${text}</span>`;
}

const clockSeconds = (instant) => (instant ? instant.slice(11, 19) : "");

function Outcome({ test, running }) {
  if (test.state === "never") {
    return null;
  }
  const { icon, level, text } = outcomes[test.state];
  return html`<p class=${`check-outcome is-${level}`} role="status">
    <${Icon} name=${icon} />
    <span><strong>${text}</strong> <time>${clockSeconds(test.at)}</time><br />${test.state === "running" ? running || "しばらくお待ちください。" : test.message}</span>
  </p>`;
}

function Device({ device, onTest, onStop, isIdle }) {
  const test = tests[device.device];
  const isRunning = device.test.state === "running";
  const isAbsent = device.state === "none";
  return html`<li class="check-device" data-device=${device.device}>
    <div class="check-head">
      <strong class="check-title">${device.title}</strong><${StateTag} state=${device.state} />
      ${test && !isAbsent
        ? isRunning && device.device === "scanner"
          ? html`<${Button} class="check-key" icon="close" disabled=${!isIdle} onPress=${onStop}>やめる<//>`
          : html`<${Button} class="check-key" icon=${test.icon} hint=${test.key} disabled=${!isIdle || isRunning} onPress=${onTest}>${test.word}<//>`
        : null}
    </div>
    ${device.message ? html`<p class="check-text">${device.message}</p>` : null}
    ${test?.note && !isAbsent ? html`<p class="check-text">${test.note}</p>` : null}
    <${Outcome} test=${device.test} running=${test?.running} />
  </li>`;
}

function Sound() {
  const [heard, setHeard] = useState(null);
  const { state } = useTill();
  const play = () => setHeard(playTest() ? `${clockTime(state.now)} 二つの音を鳴らしました。聞こえないときは、端末の音量を確かめてください。` : "この画面では、まだ音を鳴らせません。画面に一度触れてからもう一度押してください。");
  useKeys({ [SOUND_KEY]: play }, LEVEL_VIEW);
  return html`<li class="check-device">
    <div class="check-head">
      <strong class="check-title">音</strong>
      <${Button} class="check-key" icon="sound" hint=${SOUND_KEY} onPress=${play}>音を鳴らす<//>
    </div>
    ${heard ? html`<p class="check-outcome is-warning" role="status"><${Icon} name="search" /><span><strong>耳で確認</strong><br />${heard}</span></p>` : null}
  </li>`;
}

function History({ history }) {
  return html`<section class="panel check-history" aria-label="機器の経過">
    <header class="panel-head"><h2 class="panel-title">起動してからの経過</h2></header>
    ${history.length === 0
      ? html`<p class="matters-none"><${Icon} name="check" />まだ変わったことはありません。</p>`
      : html`<ol class="check-list">
          ${history.map((one, i) => html`<li key=${i}><time>${clockSeconds(one.at)}</time><span>${one.title}</span><${StateTag} state=${one.state} /></li>`)}
        </ol>`}
  </section>`;
}

export function DeviceCheckView({ onBack }) {
  const { till, state, isIdle } = useTill();
  const [answer, setAnswer] = useState(null);
  const { printer, cash_drawer, scanner, line_display, card_reader, devices_revision } = state.status;
  const edition = JSON.stringify([printer, cash_drawer, scanner, line_display, card_reader, devices_revision]);
  useEffect(() => {
    let isHere = true;
    till.devices().then((given) => isHere && setAnswer(given));
    return () => {
      isHere = false;
    };
  }, [edition]);
  const devices = answer?.ok ? answer.data.devices : [];
  const tryOut = (device) => isIdle && device.state !== "none" && device.test.state !== "running" && till.testDevice(device.device);
  const keys = Object.fromEntries(devices.filter(({ device }) => tests[device]).map((device) => [tests[device.device].key, () => tryOut(device)]));
  useKeys({ ...keys, Escape: onBack }, LEVEL_VIEW);
  return html`<main class="attention check">
    <${NowBand} />
    <${Notice} />
    <div class="attention-columns">
      <section class="panel" aria-label="機器の点検">
        <header class="panel-head"><h1 class="panel-title">機器の点検</h1><${Button} icon="back" hint="Esc" onPress=${onBack}>戻る<//></header>
        ${answer && !answer.ok ? html`<p class="check-text">${answer.message}</p>` : null}
        <ul class="check-devices">
          ${devices.map((device) => html`<${Device} key=${device.device} device=${device} isIdle=${isIdle} onTest=${() => tryOut(device)} onStop=${() => till.stopDeviceTest(device.device)} />`)}
          <${Sound} />
        </ul>
      </section>
      <div class="attention-column">
        <${BalanceInquiry} />
        <${Plugged} />
        <${History} history=${answer?.ok ? answer.data.history : []} />
      </div>
    </div>
  </main>`;
}
