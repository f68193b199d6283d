// The gate of a facility: cars in and out by their tickets, and people who come in without a sale.
import { html, useEffect, useRef, useState } from "./lib/view.js";
import { Button, Empty, Key, Money } from "./lib/components.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_FRAME } from "./lib/keyboard.js";
import { useTill } from "./context.js";
import { NowBand } from "./now_band.js";
import { Notice } from "./notice.js";
import { Reasons } from "./reasons.js";
import { clockTime, shortDate } from "./text.js";

const LABEL_MAX = 20;
const categories = {
  adult: "大人",
  student: "高校・大学生",
  child: "中学生以下",
  senior: "65歳以上",
  disabled: "障害者手帳",
  school: "学校行事",
  other: "その他",
};

const stay = (minutes) =>
  minutes < 60 ? `${minutes}分` : `${Math.floor(minutes / 60)}時間${minutes % 60 > 0 ? `${minutes % 60}分` : ""}`;

const moment = (instant) => (instant ? `${shortDate(instant.slice(0, 10))} ${clockTime(instant)}` : "不明");

// What is known of the facilities, asked for again after everything that changed it.
function useFacilities() {
  const { till, state } = useTill();
  const [data, setData] = useState(null);
  const [fault, setFault] = useState(null);
  const load = async () => {
    const answer = await till.facilities();
    if (answer.ok) {
      setData(answer.data);
    }
    setFault(answer.ok ? null : answer.message);
  };
  useEffect(() => {
    load();
  }, [state.status.masters.version, state.revision]);
  return { data, fault };
}

function CarParks({ carParks, isAlone, onIssued, onNext }) {
  const { till, isIdle } = useTill();
  const [label, setLabel] = useState("");
  const field = useRef(null);
  const issue = async (item) => {
    const answer = await till.issueTicket(item, label.trim() || null);
    if (answer.ok) {
      setLabel("");
      onIssued(answer.data.ticket);
    }
  };
  useEffect(() => {
    if (!isAlone) {
      field.current.blur(); // a ticket lies open: Enter belongs to its panel
    }
  }, [isAlone]);
  // Enter gives a ticket where there is no doubt of which car park; while a ticket lies open, Enter is its key's.
  const only = carParks.length === 1 ? carParks[0].item : null;
  const enter = () => isIdle && only !== null && issue(only);
  useKeys({ Enter: enter }, LEVEL_FRAME, { active: isAlone && only !== null });
  const onKeyDown = (event) => {
    if (event.key === "Enter" && !event.isComposing && only !== null) {
      event.preventDefault();
      enter();
    }
  };
  return html`<section class="panel gate-in">
    <header class="panel-head"><h2 class="panel-title">入庫</h2></header>
    <div class="gate-in-body">
      <input
        ref=${field}
        class="input"
        type="text"
        maxlength=${LABEL_MAX}
        aria-label="車の目印"
        onFocus=${() => !isAlone && onNext()}
        onKeyDown=${onKeyDown}
        placeholder="車の目印 (例: 郡山 500 あ 12-34)"
        value=${label}
        onInput=${(event) => setLabel(event.target.value)}
      />
      ${label.length >= LABEL_MAX ? html`<p class="gate-limit" role="status">車の目印は${LABEL_MAX}文字までです。</p>` : null}
      ${carParks.map(
        (park) => html`<${Key} key=${park.item} class="gate-key" data-park=${park.item} name="駐車券を出す" note=${park.name} hint=${only !== null && isAlone ? "Enter" : undefined} disabled=${!isIdle} onPress=${() => issue(park.item)} />`,
      )}
    </div>
  </section>`;
}

function Inside({ inside, chosen, onChoose }) {
  return html`<section class="panel gate-inside">
    <header class="panel-head"><h2 class="panel-title">入庫中 ${inside.length}台</h2></header>
    ${inside.length === 0
      ? html`<p class="matters-none">券を出した車はありません。</p>`
      : html`<ul class="gate-cars">
          ${inside.map(
            (car) => html`<li key=${car.ticket}>
              <button type="button" class="gate-car" data-ticket=${car.ticket} aria-pressed=${car.ticket === chosen} onClick=${() => onChoose(car.ticket)}>
                <strong>${car.label || `券 ${car.ticket.slice(-7)}`}</strong>
                <span class="matter-quiet">${car.item_name} ${moment(car.entered_at)} 入庫</span>
                ${car.paid_yen > 0 ? html`<span class="tag is-success"><${Icon} name="check" />精算済み</span>` : null}
              </button>
            </li>`,
          )}
        </ul>`}
  </section>`;
}

// The clerk says when the car came in, because the clock cannot be believed.
function TimeForm({ ticket, onDone }) {
  const { till, isIdle } = useTill();
  const [entered, setEntered] = useState((ticket.suggested_entered_at || ticket.entered_at || "").slice(0, 16));
  return html`<div class="gate-time">
    <label class="gate-time-field">入庫の日時
      <input class="input" type="datetime-local" value=${entered} onInput=${(event) => setEntered(event.target.value)} />
    </label>
    <${Reasons}
      question="時刻を直す理由"
      reasons=${["時計がずれていた", "お客様の申告", "防犯カメラで確認"]}
      confirmWord="この日時にする"
      disabled=${!isIdle || entered === ""}
      onConfirm=${async (reason) => {
        const answer = await till.correctTicket(ticket.ticket, entered, reason);
        if (answer.ok) {
          onDone(answer.data);
        }
      }}
      onCancel=${() => onDone(ticket)}
    />
  </div>`;
}

const stateWords = {
  inside: { level: "working", word: "入庫中" },
  left: { level: "success", word: "出庫済み" },
  voided: { level: "warning", word: "取消済み" },
};

function Ticket({ number, onClose }) {
  const { till, state, ui, isIdle } = useTill();
  const [ticket, setTicket] = useState(null);
  const [fault, setFault] = useState(null);
  const [asks, setAsks] = useState(null); // time, void
  useEffect(() => {
    let isGone = false;
    till.ticket(number).then((answer) => {
      if (!isGone) {
        setTicket(answer.ok ? answer.data : null);
        setFault(answer.ok ? null : answer.message);
      }
    });
    return () => {
      isGone = true;
    };
  }, [number, state.revision]);
  const ringUp = async (facts) => {
    if ((await till.ringUpTicket(number, facts)).ok) {
      ui.setView("sale");
    }
  };
  const leave = async () => {
    const answer = await till.closeTicket(number, "left", null);
    if (answer.ok) {
      setTicket(answer.data);
    }
  };
  const isInside = ticket?.state === "inside";
  const canAct = isIdle && isInside && asks === null;
  useKeys({ Enter: () => canAct && !ticket.clock_doubt && ringUp(undefined), Escape: onClose }, LEVEL_FRAME);
  if (fault !== null) {
    return html`<section class="panel gate-ticket"><${Empty} icon="warning" title="券を読み取れません">${fault}<//></section>`;
  }
  if (ticket === null) {
    return html`<section class="panel gate-ticket"></section>`;
  }
  const words = stateWords[ticket.state];
  return html`<section class="panel gate-ticket" aria-label="駐車券">
    <header class="panel-head">
      <h2 class="panel-title">${ticket.label || "駐車券"} <span class=${`tag is-${words.level}`}>${words.word}</span></h2>
      <${Button} icon="close" label="閉じる" onPress=${onClose} />
    </header>
    <dl class="gate-facts">
      <dt>駐車場</dt><dd>${ticket.item_name || "不明(他の端末の券)"}</dd>
      <dt>入庫</dt><dd>${moment(ticket.entered_at)}${ticket.is_corrected ? "(訂正)" : ""}</dd>
      <dt>駐車時間</dt><dd class="gate-stay">${stay(ticket.minutes)}</dd>
      ${ticket.paid_yen > 0 ? html`<dt>精算</dt><dd>${moment(ticket.paid_at)} <${Money} amount=${ticket.paid_yen} /></dd>` : null}
      ${ticket.is_known ? null : html`<dt>発券</dt><dd>この端末の券ではありません。券の日時を確かめてください。</dd>`}
    </dl>
    ${ticket.clock_doubt ? html`<p class="gate-doubt" role="alert"><${Icon} name="warning" />${ticket.clock_doubt}</p>` : null}
    ${asks === "time" ? html`<${TimeForm} ticket=${ticket} onDone=${(newer) => (setTicket(newer), setAsks(null))} />` : null}
    ${asks === "void"
      ? html`<${Reasons}
          question="券を取り消す理由"
          reasons=${["発券の誤り", "券を出し直した"]}
          confirmWord="券を取り消す"
          kind="danger"
          disabled=${!isIdle}
          onConfirm=${async (reason) => {
            const answer = await till.closeTicket(number, "voided", reason);
            if (answer.ok) {
              setTicket(answer.data);
              setAsks(null);
            }
          }}
          onCancel=${() => setAsks(null)}
        />`
      : null}
    ${isInside && asks === null
      ? html`<div class="gate-ways">
          ${ticket.clock_doubt
            ? html`<${Key} kind="main" name="入庫の日時を入れる" disabled=${!canAct} onPress=${() => setAsks("time")} />`
            : html`<${Key} kind="main" name="料金を会計へ" hint="Enter" disabled=${!canAct} onPress=${() => ringUp(undefined)} />
                <${Key} name="出庫" note="無料・精算済み" disabled=${!canAct} onPress=${leave} />`}
          <${Button} disabled=${!canAct} onPress=${() => ringUp({ lost_ticket: true })}>券の紛失<//>
          ${ticket.clock_doubt ? null : html`<${Button} disabled=${!canAct} onPress=${() => setAsks("time")}>日時の訂正<//>`}
          ${ticket.is_known ? html`<${Button} icon="printer" disabled=${!canAct} onPress=${() => till.printPaper("ticket", number)}>再印字<//>` : null}
          <${Button} kind="danger" disabled=${!canAct} onPress=${() => setAsks("void")}>券の取消<//>
        </div>`
      : null}
  </section>`;
}

function Entries({ facilities, entries }) {
  const { till, isIdle } = useTill();
  const [facility, setFacility] = useState(facilities[0].code);
  const count = (category) => entries.find((row) => row.facility === facility && row.category === category)?.count ?? 0;
  const total = Object.keys(categories).reduce((sum, category) => sum + count(category), 0);
  return html`<section class="panel gate-entries">
    <header class="panel-head">
      <h2 class="panel-title">会計なしの入場 ${total}人</h2>
      ${facilities.length > 1
        ? html`<select class="input gate-facility" aria-label="施設" value=${facility} onChange=${(event) => setFacility(event.target.value)}>
            ${facilities.map((one) => html`<option key=${one.code} value=${one.code}>${one.name}</option>`)}
          </select>`
        : html`<span>${facilities[0].name}</span>`}
    </header>
    <ul class="gate-counts">
      ${Object.entries(categories).map(
        ([category, name]) => html`<li key=${category}>
          <span class="gate-category">${name}</span>
          <${Button} icon="minus" label=${`${name}を1人減らす`} disabled=${!isIdle || count(category) === 0} onPress=${() => till.countEntry(facility, category, -1)} />
          <strong class="gate-count" aria-live="polite">${count(category)}</strong>
          <${Button} icon="plus" label=${`${name}を1人増やす`} data-category=${category} disabled=${!isIdle} onPress=${() => till.countEntry(facility, category, 1)} />
          <${Button} label=${`${name}を10人増やす`} disabled=${!isIdle} onPress=${() => till.countEntry(facility, category, 10)}>+10<//>
        </li>`,
      )}
    </ul>
  </section>`;
}

export function FacilityView() {
  const { ui } = useTill();
  const { data, fault } = useFacilities();
  const [chosen, setChosen] = useState(ui.scannedTicket);
  useEffect(() => {
    if (ui.scannedTicket !== null) {
      setChosen(ui.scannedTicket);
    }
  }, [ui.scannedTicket]);
  const close = () => {
    ui.forgetScanned();
    setChosen(null);
  };
  return html`<main class="gate">
    <h1 class="unseen">施設</h1>
    <${NowBand} />
    <${Notice} />
    ${data === null
      ? html`<${Empty} icon="clock" title="施設の情報を読んでいます">${fault || ""}<//>`
      : html`<div class="gate-columns">
          <div class="gate-column">
            ${data.car_parks.length > 0 ? html`<${CarParks} carParks=${data.car_parks} isAlone=${chosen === null} onIssued=${setChosen} onNext=${close} />` : null}
            ${data.car_parks.length > 0 ? html`<${Inside} inside=${data.inside} chosen=${chosen} onChoose=${setChosen} />` : null}
            ${data.car_parks.length === 0 && data.facilities.length === 0
              ? html`<${Empty} icon="info" title="この端末に施設の登録はありません">料金表に施設が登録されると、ここに出ます。<//>`
              : null}
          </div>
          <div class="gate-column">
            ${chosen !== null ? html`<${Ticket} key=${chosen} number=${chosen} onClose=${close} />` : null}
            ${chosen === null && data.facilities.length > 0 ? html`<${Entries} facilities=${data.facilities} entries=${data.entries} />` : null}
          </div>
        </div>`}
  </main>`;
}
