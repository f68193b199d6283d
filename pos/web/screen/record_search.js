// What is known of a sale that is looked for: its number or amount in one field, the day, how it was paid, what became of
// it. The till searches all its days; what stands here is only the wish.
import { html, useEffect, useRef } from "./lib/view.js";
import { Icon } from "./lib/icons.js";
import { useKeys, LEVEL_VIEW } from "./lib/keyboard.js";
import { KEYS } from "./keys.js";
import { methodNames } from "./text.js";

export const anySale = { text: "", period: "all", day: "", from: "", to: "", method: "", state: "" };

export const isAnySale = (wish) => Object.keys(anySale).every((key) => wish[key] === anySale[key]);

const periods = [
  { key: "all", title: "すべての日" },
  { key: "today", title: "今日", first: 0, last: 0 },
  { key: "yesterday", title: "きのう", first: 1, last: 1 },
  { key: "week", title: "7日間", first: 6, last: 0 },
  { key: "month", title: "30日間", first: 29, last: 0 },
  { key: "day", title: "日と時刻を指定" },
];

const states = [
  { key: "", title: "すべて" },
  { key: "sold", title: "取消を除く" },
  { key: "voided", title: "取消" },
  { key: "refunded", title: "還付" },
];

// Plain dates, computed without a time zone.
function daysBefore(date, days) {
  const [year, month, day] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day - days)).toISOString().slice(0, 10);
}

// The wish as the till's parameters. Full-width digits and signs are what a Japanese keyboard gives.
export function searchParameters(wish, today) {
  const period = periods.find((one) => one.key === wish.period);
  const isDay = wish.period === "day" && wish.day !== "";
  const given = {
    text: wish.text.normalize("NFKC").trim(),
    from: isDay ? wish.day : period.first === undefined ? "" : daysBefore(today, period.first),
    to: isDay ? wish.day : period.last === undefined ? "" : daysBefore(today, period.last),
    from_time: isDay ? wish.from : "",
    to_time: isDay ? wish.to : "",
    method: wish.method,
    state: wish.state,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
}

function Choice({ label, value, options, onChange }) {
  return html`<select class="input search-choice" aria-label=${label} value=${value} onChange=${(event) => onChange(event.target.value)}>
    ${options.map(({ key, title }) => html`<option key=${key} value=${key} selected=${key === value}>${title}</option>`)}
  </select>`;
}

export function RecordSearch({ wish, onWish, today }) {
  const field = useRef(null);
  const set = (part) => onWish({ ...wish, ...part });
  useKeys({ [KEYS.search]: () => field.current.focus(), [KEYS.records]: () => field.current.focus() }, LEVEL_VIEW);
  useEffect(() => {
    if (wish.period === "day" && wish.day === "") {
      set({ day: today });
    }
  }, [wish.period]);
  const time = (key, label) =>
    html`<input class="input search-time" type="time" aria-label=${label} value=${wish[key]} onInput=${(event) => set({ [key]: event.target.value })} />`;
  return html`<div class="records-wish" role="search">
    <div class="search records-search">
      <${Icon} name="search" />
      <input
        ref=${field}
        class="input search-field"
        type="text"
        autocomplete="off"
        aria-label="会計を探す"
        aria-keyshortcuts=${KEYS.search}
        placeholder=${`番号・金額・品名 ${KEYS.search}`}
        value=${wish.text}
        onInput=${(event) => set({ text: event.target.value })}
      />
    </div>
    <${Choice} label="期間" value=${wish.period} options=${periods} onChange=${(period) => set({ period })} />
    <${Choice} label="支払い" value=${wish.method} options=${[{ key: "", title: "支払い" }, ...Object.entries(methodNames).map(([key, title]) => ({ key, title }))]} onChange=${(method) => set({ method })} />
    <${Choice} label="状態" value=${wish.state} options=${states.map((one) => (one.key === "" ? { ...one, title: "状態" } : one))} onChange=${(state) => set({ state })} />
    ${wish.period === "day"
      ? html`<div class="search-day">
          <input class="input search-date" type="date" aria-label="日" value=${wish.day} max=${today} onInput=${(event) => set({ day: event.target.value })} />
          ${time("from", "この時刻から")} <span>〜</span> ${time("to", "この時刻まで")}
        </div>`
      : null}
  </div>`;
}
