// The drawer's tasks, each by one touch or one digit, and what happened to the drawer today. What must lie in it stands
// nowhere: it is counted first.
import { html, useEffect, useState } from "./lib/view.js";
import { Button, Empty, Key, Message, Money, yen } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_VIEW, LEVEL_STEP } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { NowBand } from "./now_band.js";
import { Notice } from "./notice.js";
import { Reasons } from "./reasons.js";
import { Step } from "./step.js";
import { clockTime, printWords, shortDate } from "./text.js";

const drawerReasons = ["両替", "つり銭の並べ替え", "中の確認"];

const tasks = [
  { name: "lend", title: "つり銭を受け取る", icon: "plus" },
  { name: "return", title: "つり銭を返す", icon: "minus" },
  { name: "in", title: "入金", icon: "plus" },
  { name: "out", title: "出金", icon: "minus" },
  { name: "inspection", title: "点検", icon: "search" },
  { name: "handover", title: "引継ぎ", icon: "person" },
  { name: "drawer", title: "引き出しを開ける", icon: "drawer" },
];

const movements = { "float.moved lent": "つり銭 受取", "float.moved returned": "つり銭 返却", "cash.moved in": "入金", "cash.moved out": "出金" };

function eventTitle(event) {
  if (event.kind === "day.inspected") {
    return `点検 ${event.number}`;
  }
  if (event.kind === "shift.handed_over") {
    return `引継ぎ ${event.clerk_name} → ${event.to_name}`;
  }
  return event.kind === "drawer.opened" ? "引き出しを開けた" : movements[`${event.kind} ${event.direction}`] || event.kind;
}

function Event({ event }) {
  const { till, isIdle } = useTill();
  const words = event.print === null ? null : printWords[event.print];
  const isLoud = words !== null && words.level === "warning";
  const people = [event.kind === "shift.handed_over" ? null : event.clerk_name, event.approved_by_name ? `承認 ${event.approved_by_name}` : null];
  return html`<li class="event">
    <span class="event-time">${clockTime(event.at)}</span>
    <span class="event-what">
      <strong>${eventTitle(event)}</strong>
      <small>${[event.reason, ...people].filter(Boolean).join("・")}</small>
    </span>
    ${event.amount_yen === null ? html`<span></span>` : html`<${Money} class="event-amount" amount=${event.amount_yen} />`}
    ${words === null
      ? html`<span></span>`
      : html`<${Button} kind=${isLoud ? "plain" : "quiet"} icon="printer" label=${`${eventTitle(event)} ${words.word}。もう一度印刷`} disabled=${!isIdle} onPress=${() => till.printPaper(event.form, String(event.sequence))}>${isLoud ? words.word : "再発行"}<//>`}
  </li>`;
}

// What is still open goes on the 精算 by its id; who closes must know that money may still go back.
export function openWords(open) {
  const refunds = open.filter((row) => row.state === "refunding").length;
  const payments = open.length - refunds;
  return (payments > 0 ? `結果未確認の決済が ${payments}件あります。` : "") + (refunds > 0 ? `結果のわからない返金が ${refunds}件あります。` : "");
}

// Asked for anew whenever the till says that something changed; what stood there stays until the answer comes.
function useEvents() {
  const { till, state } = useTill();
  const [events, setEvents] = useState(null);
  useEffect(() => {
    let isWanted = true;
    till.cashEvents().then((answer) => isWanted && answer.ok && setEvents(answer.data.events));
    return () => {
      isWanted = false;
    };
  }, [state.revision]);
  return events;
}

function Events() {
  const events = useEvents();
  return html`<section class="panel day-events" aria-label="きょうの現金の動き">
    <header class="panel-head"><h2 class="panel-title">きょうの動き</h2></header>
    ${events === null
      ? html`<p class="matters-none">読んでいます…</p>`
      : events.length === 0
        ? html`<${Empty} icon="drawer" title="まだ何もありません">つり銭、入出金、点検、引継ぎ、引き出しの開閉がここに並びます。<//>`
        : html`<ul class="events">${events.map((event) => html`<${Event} key=${event.sequence} event=${event} />`)}</ul>`}
  </section>`;
}

const standingWords = { close: "精算", handover: "引継ぎ" };

export function DayMenu({ said, onChoose }) {
  const { state } = useTill();
  const isSelling = state.basket.count > 0 || state.payment !== null;
  const standing = state.day.count;
  const choose = (name) => () => onChoose(name);
  const canStart = standing !== null || !isSelling;
  const start = () => canStart && onChoose(standing?.purpose || "close");
  const bindings = { Enter: start };
  tasks.forEach((task, index) => {
    bindings[String(index + 1)] = choose(task.name);
  });
  useKeys(bindings, LEVEL_VIEW);
  return html`<main class="day-menu">
    <h1 class="unseen">現金・精算</h1>
    <${NowBand} />
    <${Notice} />
    ${said ? html`<${Message} kind="success">${said}<//>` : null}
    ${state.day.is_over_cash_limit
      ? html`<${Message} kind="warning" title="引き出しの現金が多くなっています。">「出金」で途中払込をして、会計担当へ渡してください。<//>`
      : null}
    <div class="day-panels">
      <section class="panel day-tasks" aria-label="現金の作業">
        <header class="panel-head"><h2 class="panel-title">現金</h2><span class="day-counted">預かっているつり銭 ${yen(state.day.float_yen)}</span></header>
        <div class="panel-body">
          <div class="task-keys">
            ${tasks.map((task, index) => html`<${Key} key=${task.name} data-task=${task.name} icon=${task.icon} hint=${String(index + 1)} name=${task.title} onPress=${choose(task.name)} />`)}
          </div>
          ${state.unresolved.length > 0
            ? html`<${Message} kind="warning">${openWords(state.unresolved)}精算後も照会は自動で続きます。<//>`
            : null}
          ${isSelling ? html`<${Message} kind="info">会計の途中です。会計を済ませるか取り消すと、精算できます。<//>` : null}
          ${state.held?.length > 0 ? html`<${Message} kind="warning">保留中の会計が ${state.held.length}件あります。精算すると取り消されます。<//>` : null}
          ${standing !== null
            ? html`<p class="day-standing"><${Icon} name="clock" />${clockTime(standing.at)} に数えた${standingWords[standing.purpose]}の途中です。現金が動くと、数え直しになります。</p>`
            : null}
          <${Key}
            kind="main"
            class="step-main"
            hint="Enter"
            icon="cash"
            name=${standing === null ? "精算する" : `${standingWords[standing.purpose]}を続ける`}
            note=${standing === null ? `営業日 ${shortDate(state.business_date)}・現金を数えることから始めます` : `数えた現金 ${yen(standing.total_yen)}`}
            disabled=${!canStart}
            onPress=${start}
          />
        </div>
      </section>
      <${Events} />
    </div>
  </main>`;
}

// The drawer opens for a reason that is recorded, and counted on the papers of the day.
export function DrawerStep({ onBack }) {
  const { till, isIdle } = useTill();
  const open = async (reason) => {
    if ((await till.openDrawer(reason)).ok) {
      onBack(`引き出しを開けました(${reason})。`);
    }
  };
  useKeys({ Escape: onBack }, LEVEL_STEP);
  return html`<main class="alone day-alone">
    <${Step} title="引き出しを開ける" icon="drawer">
      <${Notice} />
      <${Reasons} question="なぜ開けますか。理由は記録に残ります。" reasons=${drawerReasons} confirmWord="開ける" disabled=${!isIdle} onConfirm=${open} onCancel=${onBack} />
    <//>
  </main>`;
}
