// The frame that never moves: the status strip above, the view in between, the ways to other views below.
import { html, useEffect } from "./lib/view.js";
import { Announcement, Button, Empty, Waiting } from "./lib/components.js";
import { useKeys, LEVEL_FRAME } from "./lib/keyboard.js";
import { TillContext } from "./context.js";
import { KEYS, written } from "./keys.js";
import { useSettings } from "./settings.js";
import { useSounds } from "./sound.js";
import { useUi } from "./ui.js";
import { isRunning, spoken } from "./stage.js";
import { StatusStrip } from "./status.js";
import { TrainingBand } from "./training.js";
import { concerns } from "./concerns.js";
import { AwayView, LockedView } from "./away.js";
import { useSlips } from "./slips.js";
import { useActivity } from "./activity.js";
import { languageBindings } from "./citizen_language.js";
import { SignIn } from "./sign_in.js";
import { DayOpening } from "./day_opening.js";
import { DayView } from "./day.js";
import { SaleView } from "./sale.js";
import { RecordsView } from "./records.js";
import { AttentionView } from "./attention.js";
import { FacilityView } from "./facility.js";
import { DeviceCheckView } from "./device_check.js";

const views = {
  sale: { title: "会計", icon: "basket", key: KEYS.sale, show: SaleView },
  records: { title: "会計一覧", icon: "list", key: KEYS.records, show: RecordsView },
  attention: { title: "要確認", icon: "warning", key: KEYS.attention, show: AttentionView },
  facility: { title: "施設", icon: "car", key: KEYS.facility, show: FacilityView },
  day: { title: "現金・精算", icon: "drawer", key: KEYS.day, show: DayView },
};

function NavigationBar({ till, state, ui, settings, can }) {
  const count = concerns(state).length;
  const canLeave = can && !isRunning(state.payment);
  return html`<nav class=${state.till.has_facilities ? "bar is-long" : "bar"} aria-label="画面の切り替え">
    ${Object.entries(views)
      .filter(([name]) => name !== "facility" || state.till.has_facilities)
      .map(([name, { title, icon, key }]) => html`<${Button}
        key=${name}
        kind="quiet"
        class="bar-key"
        icon=${icon}
        hint=${written(key)}
        aria-current=${ui.view === name ? "page" : undefined}
        onPress=${() => ui.setView(name)}
      >
        ${title}${name === "attention" && count > 0 ? html`<span class="badge">${count}<span class="unseen">件</span></span>` : null}
      <//>`,
    )}
    <span class="bar-space"></span>
    <${Button} kind="quiet" class="bar-key" icon="type" isPressed=${settings.isLarge} onPress=${settings.toggleLarge}>大きな字<//>
    <${Button} kind="quiet" class="bar-key" icon=${settings.isMuted ? "mute" : "sound"} label=${settings.isMuted ? "音を出す" : "音を消す"} onPress=${settings.toggleMuted}>
      ${settings.isMuted ? "音なし" : "音あり"}
    <//>
    <${Button} kind="quiet" class="bar-key" icon="leave" label="離席・交代" aria-current=${ui.view === "away" ? "page" : undefined} disabled=${!canLeave} onPress=${() => ui.setView("away")}>離席<//>
  </nav>`;
}

function Stage({ state, ui }) {
  if (state.clerk === null) {
    return html`<${SignIn} />`;
  }
  if (state.is_locked) {
    return html`<${LockedView} />`;
  }
  if (ui.view === "away") {
    return html`<${AwayView} />`;
  }
  if (ui.view === "devices") {
    return html`<${DeviceCheckView} onBack=${() => ui.setView(state.day.state === "none" ? "sale" : "attention")} />`;
  }
  if (state.day.state === "none") {
    return html`<${DayOpening} />`;
  }
  const { show: View } = views[ui.view];
  return html`<${View} />`;
}

// Before the first state: what we wait for, and what to do if it does not come.
function Starting({ link }) {
  return html`<main class="alone">
    ${link === "lost"
      ? html`<${Empty} icon="warning" title="レジ本体につながりません">
          自動でつなぎ直しています。1分たっても変わらないときは、レジの電源を入れ直してください。会計の記録はレジ本体に残っています。
        <//>`
      : html`<${Waiting}>レジ本体につないでいます…<//>`}
  </main>`;
}

export function App({ till, now }) {
  const { state, link, catalog } = now;
  const settings = useSettings();
  const ui = useUi(state, till.say);
  const can = link === "live";
  const isSignedIn = state !== null && state.clerk !== null && !state.is_locked;
  const isAtWork = state !== null && state.clerk !== null && !state.is_locked && state.day.state !== "none";

  useSounds(state, now.message, settings.isMuted);
  useEffect(() => {
    if (state !== null) {
      document.title = `${state.till.training ? "【訓練】" : ""}${state.till.place_name} レジ`;
    }
  }, [state?.till.place_name, state?.till.training]);
  // A close or a hand-over that was interrupted is gone on with, whoever signs in.
  useEffect(() => ui.setView(state?.day.state === "open" && state.day.count ? "day" : "sale"), [state?.clerk?.code, state?.till.terminal]);
  // Whoever comes back from a locked screen wants to go on, not to leave once more.
  useEffect(() => {
    if (state?.is_locked && ui.view === "away") {
      ui.setView("sale");
    }
  }, [state?.is_locked]);
  const go = (view) => () => {
    till.dismissMessage();
    ui.setView(view);
  };
  // The browser has uses of its own for function keys; at the till none of them is wanted, wherever the clerk is.
  const unused = Object.fromEntries(Object.values(KEYS).map((key) => [key, () => undefined]));
  useSlips(state === null ? undefined : state.scanned || null, ui, till.say);
  useActivity(till, isAtWork && can);
  const ways = Object.fromEntries(Object.entries(views).map(([name, { key }]) => [key, go(name)]));
  const leave = () => !isRunning(state.payment) && go("away")();
  const language = can ? languageBindings(till) : {};
  const check = isSignedIn ? { [KEYS.deviceCheck]: go("devices") } : {}; // also before the day is opened
  useKeys(isAtWork ? { ...unused, ...ways, ...language, ...check, [KEYS.away]: leave } : { ...unused, ...check }, LEVEL_FRAME);

  if (state === null) {
    return html`<${Starting} link=${link} />`;
  }
  const context = { till, now, state, catalog, ui, settings, can, isIdle: can && now.underWay === 0 };
  return html`<${TillContext.Provider} value=${context}>
    <div class=${state.till.training ? "frame is-training" : "frame"}>
      <div>
        <${TrainingBand} />
        <${StatusStrip} />
      </div>
      <${Stage} state=${state} ui=${ui} />
      ${isAtWork ? html`<${NavigationBar} till=${till} state=${state} ui=${ui} settings=${settings} can=${can} />` : null}
      <${Announcement}>${isAtWork ? spoken(state) : ""}<//>
      <${Announcement} urgent=${true}>${now.message?.text ?? (link === "lost" ? "レジ本体とつながっていません。" : "")}<//>
    </div>
  <//>`;
}
