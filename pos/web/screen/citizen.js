// The citizen's window: what is being rung up, what to do now, and thanks. It hears only the citizen's own stream.
import { html, render, useEffect, useState } from "./lib/view.js";
import { createClient, followEvents } from "./lib/http.js";
import { Icon } from "./lib/icons.js";
import { methodIcons } from "./text.js";
import { languageNames, languageTags, words } from "./citizen_words.js";

const THANKS_MS = 20000; // then the welcome comes back, if nobody has been rung up
const BALANCE_MS = 20000; // as long as the clerk sees it
const LINES_SHOWN = 7; // as many as fit in large type; the newest are the ones being checked

const call = createClient({ headers: { "X-Madoguchi": "till" }, peer: "レジ本体" });
const yen = (amount) => `¥${amount.toLocaleString("ja-JP")}`;

function Lines({ view, say }) {
  const shown = view.lines.slice(-LINES_SHOWN);
  const hidden = view.lines.length - shown.length;
  return html`<section class="lines">
    <ul>
      ${hidden > 0 && html`<li class="earlier">${say.earlier(hidden)}</li>`}
      ${shown.map(
        (line) => html`<li>
          <span class="name">${line.name}</span>
          <span class="times">${line.quantity > 1 ? `${yen(line.unit_price_yen)} × ${line.quantity}` : ""}</span>
          <span class="amount">${line.amount_yen === 0 ? say.free : yen(line.amount_yen)}</span>
          ${line.reduction_yen > 0 && html`<span class="reduced">${say.reduced} −${yen(line.reduction_yen)}</span>`}
        </li>`,
      )}
    </ul>
    <p class="total"><span>${say.total}</span><strong>${yen(view.total_yen)}</strong></p>
  </section>`;
}

function Paying({ payment, secondsLeft, say }) {
  const isTrouble = ["unknown", "in_doubt", "declined", "not_charged"].includes(payment.state);
  return html`<section class=${`now ${isTrouble ? "is-trouble" : ""} ${payment.code ? "is-code" : ""}`} role="status">
    ${payment.code
      ? html`<img class="code" src=${`/api/citizen/code/${payment.code}`} alt=${payment.brand_name || ""} />`
      : html`<${Icon} name=${payment.state === "waiting_code" ? "phone" : methodIcons[payment.method]} />`}
    <p class="label">${payment.brand_name || ""}</p>
    <p class="amount"><span>${say.toPay}</span><strong>${yen(payment.amount_yen)}</strong></p>
    <p class="instruction">${payment.say}</p>
    ${secondsLeft !== null && html`<p class="seconds">${say.secondsLeft(secondsLeft)}</p>`}
  </section>`;
}

function Paid({ paid, say }) {
  return html`<section class="now is-paid" role="status">
    <${Icon} name="check" />
    <p class="instruction">${say.paid}</p>
    <p class="amount"><span>${paid.brand_name || say.total}</span><strong>${paid.total_yen === 0 ? say.free : yen(paid.total_yen)}</strong></p>
    ${paid.method === "cash" &&
    html`<p class="amount is-second"><span>${say.tendered}</span><strong>${yen(paid.tendered_yen)}</strong></p>
      <p class="amount is-change"><span>${say.change}</span><strong>${yen(paid.change_yen)}</strong></p>`}
    <p class="thanks">${say.thanks}</p>
  </section>`;
}

// What the citizen's own card says; not while money is being paid.
function Balance({ values, say }) {
  return html`<section class="now" role="status">
    <${Icon} name="card" />
    <p class="label">${say.balance}</p>
    ${values.map((value) => html`<p class="amount"><span>${value.name}</span><strong>${yen(value.balance_yen)}</strong></p>`)}
  </section>`;
}

const isBalanceShown = ({ balance, view }) =>
  balance !== null && balance.values.length > 0 && !view.payment && performance.now() - balance.receivedAt < BALANCE_MS;

const Sentence = ({ title, text }) => html`<section class="now is-quiet"><p class="instruction">${title}</p><p class="label">${text}</p></section>`;

function Languages({ chosen }) {
  const choose = (language) => call("POST", "/api/citizen/language", { language });
  return html`<nav class="languages" aria-label="Language">
    ${Object.entries(languageNames).map(
      ([language, name]) => html`<button type="button" lang=${languageTags[language]} aria-pressed=${language === chosen} onClick=${() => choose(language)}>
        ${name}
      </button>`,
    )}
  </nav>`;
}

// The seconds since the newest view came, so that a count goes on between two views.
function useSecondsSince(receivedAt) {
  const [, beat] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => beat((n) => n + 1), 500);
    return () => clearInterval(timer);
  }, []);
  return (performance.now() - receivedAt) / 1000;
}

function Body({ view, say, since }) {
  if (view.view === "closed") {
    return html`<${Sentence} title=${say.closed} text=${view.place_name} />`;
  }
  const areThanksOver = view.view === "paid" && since * 1000 > THANKS_MS;
  if (view.view === "idle" || areThanksOver) {
    return html`<${Sentence} title=${say.welcome} text=${view.place_name} />`;
  }
  if (view.view === "paid") {
    return html`<${Paid} paid=${view.paid} say=${say} />`;
  }
  const left = view.payment?.seconds_left;
  const secondsLeft = left === null || left === undefined ? null : Math.max(0, Math.ceil(left - since));
  return html`<${Lines} view=${view} say=${say} />
    ${view.payment
      ? html`<${Paying} payment=${view.payment} secondsLeft=${secondsLeft} say=${say} />`
      : html`<${Sentence} title=${say.confirm} text=${say.howToPay} />`}`;
}

function Window({ now }) {
  const since = useSecondsSince(now.receivedAt);
  const view = now.view;
  const language = view?.language || "ja";
  const say = Object.fromEntries(Object.entries(words).map(([key, texts]) => [key, texts[language]]));
  useEffect(() => {
    document.documentElement.lang = languageTags[language];
  }, [language]);
  if (!view || now.link === "lost") {
    return html`<main><${Sentence} title=${say.lost} text="" /></main>`;
  }
  return html`<header>
      <span>${view.municipality_name} ${view.place_name}</span>
      ${view.is_training && html`<strong class="training">訓練 TRAINING</strong>`}
    </header>
    <main class=${`is-${view.view}`}>
      ${isBalanceShown(now) ? html`<${Balance} values=${now.balance.values} say=${say} />` : html`<${Body} view=${view} say=${say} since=${since} />`}
    </main>
    <${Languages} chosen=${language} />`;
}

function Root() {
  const [now, setNow] = useState({ view: null, balance: null, link: "connecting", receivedAt: performance.now() });
  useEffect(
    () =>
      followEvents("/api/citizen/events", {
        onEvent: (name, data) => {
          if (name === "citizen") {
            setNow((old) => ({ ...old, view: data, receivedAt: performance.now() }));
          } else if (name === "balance") {
            setNow((old) => ({ ...old, balance: { values: data.values, receivedAt: performance.now() } }));
          }
        },
        onLink: (link) => setNow((old) => (old.link === link ? old : { ...old, link })),
      }),
    [],
  );
  return html`<${Window} now=${now} />`;
}

const place = document.getElementById("app");
place.textContent = "";
render(html`<${Root} />`, place);
