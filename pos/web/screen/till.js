// The till process as the screen knows it: its newest state, the catalogue, and the commands.
//
// The screen holds no truth. A command is sent, and what is shown afterwards is what the till answered or streamed.
// Commands go one after another in the order of the touches, so that three quick touches on an item make three of it. A
// command about money is dropped while anything is under way: a double tap cannot ask twice.
import { createClient, followEvents } from "./lib/http.js";

const SLOW_MS = 100; // from here on, waiting is shown

export function createTill() {
  const call = createClient({ headers: { "X-Madoguchi": "till" }, peer: "レジ本体" });
  const listeners = new Set();
  let now = {
    link: "connecting", // connecting, live, lost
    state: null,
    receivedAt: 0, // performance.now() of the newest state: the seconds left count on from there
    catalog: null,
    catalogFault: null,
    underWay: 0,
    isSlow: false,
    message: null, // {kind, text} after a refused command
  };
  let slowTimer = null;
  let turn = Promise.resolve();
  let catalogEdition = null;
  let isFresh = false; // whether the state was asked for since the stream began

  function change(part) {
    now = { ...now, ...part };
    listeners.forEach((listener) => listener(now));
  }

  // What the stream gives first was written when something last happened; the clock and the seconds left in it may be
  // old. One more look makes them fresh.
  async function refresh() {
    const answer = await call("GET", "/api/state");
    if (answer.ok && answer.data.revision >= now.state.revision) {
      take(answer.data);
    }
  }

  function take(state) {
    change({ state, receivedAt: performance.now() });
    // What is sold depends on the masters and on the day.
    const edition = `${state.status.masters.version} ${state.business_date}`;
    if (edition !== catalogEdition) {
      loadCatalog(edition);
    }
  }

  async function loadCatalog(edition) {
    catalogEdition = edition;
    const answer = await call("GET", "/api/catalog");
    if (answer.ok) {
      change({ catalog: answer.data, catalogFault: null });
    } else {
      catalogEdition = null; // with the next state it is tried again
      change({ catalogFault: answer.message });
    }
  }

  function begin() {
    change({ underWay: now.underWay + 1, message: null });
    slowTimer = slowTimer || setTimeout(() => change({ isSlow: true }), SLOW_MS);
  }

  function end() {
    const underWay = now.underWay - 1;
    if (underWay === 0) {
      clearTimeout(slowTimer);
      slowTimer = null;
    }
    change({ underWay, isSlow: underWay > 0 && now.isSlow });
  }

  async function carryOut(method, path, body, quietly) {
    if (now.link !== "live") {
      return { ok: false, code: "link_lost", message: "レジ本体とつながっていません。" };
    }
    begin();
    const answer = await call(method, path, body);
    // The stream may have been faster than the answer: an older state never replaces a newer one.
    if (answer.ok && answer.data?.revision !== undefined && answer.data.revision >= now.state.revision) {
      take(answer.data);
    }
    if (!answer.ok && !quietly) {
      change({ message: { kind: answer.isUnknown ? "warning" : "danger", text: answer.message } });
    }
    end();
    return answer;
  }

  function inTurn(method, path, body, { quietly = false } = {}) {
    turn = turn.then(() => carryOut(method, path, body, quietly));
    return turn;
  }

  function once(method, path, body, options) {
    return now.underWay > 0 ? Promise.resolve({ ok: false, code: "under_way", message: "" }) : inTurn(method, path, body, options);
  }

  // The next of LANGUAGES for the citizen. In turn, so that two quick presses are two steps. The answer is what the
  // citizen sees, and no state of ours.
  function nextLanguage(languages) {
    turn = turn.then(async () => {
      const next = languages[(languages.indexOf(now.state.citizen_language) + 1) % languages.length];
      const answer = await call("POST", "/api/citizen/language", { language: next });
      if (answer.ok) {
        await refresh();
      } else {
        change({ message: { kind: "warning", text: answer.message } });
      }
      return answer;
    });
    return turn;
  }

  const basket = () => now.state.basket.id;
  const line = (number) => `/api/basket/lines/${number}`;
  const sale = (id) => `/api/sales/${encodeURIComponent(id)}`;

  return {
    get now() {
      return now;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      return followEvents("/api/events", {
        onEvent: (name, data) => {
          if (name === "state") {
            take(data);
            if (!isFresh) {
              isFresh = true;
              refresh();
            }
          }
        },
        onLink: (link) => {
          if (link !== now.link) {
            isFresh = false;
            change({ link });
          }
        },
      });
    },
    settled: () => turn,
    dismissMessage: () => now.message && change({ message: null }),
    say: (kind, text) => change({ message: { kind, text } }),
    reloadCatalog: () => loadCatalog(catalogEdition),

    signIn: (clerk, pin) => once("POST", "/api/clerk/sign-in", { clerk, pin }, { quietly: true }),
    signOut: () => once("POST", "/api/clerk/sign-out", {}),
    setTraining: (on) => once("POST", "/api/training", { on }),
    openDay: (counts, approval = null) => once("POST", "/api/day/open", { counts, approval }),
    openToCount: (purpose) => inTurn("POST", "/api/day/drawer", { purpose }),
    recordCount: async (purpose, counts) => {
      const answer = await inTurn("POST", "/api/day/count", { purpose, counts });
      if (answer.ok) {
        await refresh(); // that the count stands is in the state
      }
      return answer;
    },
    comparison: () => call("GET", "/api/day/count"),
    closeDay: (count, difference_reason, float_returned_yen) => once("POST", "/api/day/close", { count, difference_reason, float_returned_yen }),
    inspect: (counts) => inTurn("POST", "/api/day/inspect", { counts }),
    handOver: (count, to, pin, difference_reason) => once("POST", "/api/day/hand-over", { count, to, pin, difference_reason }, { quietly: true }),
    cashEvents: () => call("GET", "/api/cash"),
    moveFloat: (direction, counts) => once("POST", "/api/cash/float", { direction, counts }),
    moveCash: (direction, amount_yen, reason, approval) => once("POST", "/api/cash/move", { direction, amount_yen, reason, approval }, { quietly: approval !== null }),
    openDrawer: (reason) => once("POST", "/api/drawer/open", { reason }),

    lock: () => once("POST", "/api/clerk/lock", {}),
    hasCardReader: async () => (await call("GET", "/api/card")).data?.has_reader === true,
    inquireCard: () => call("POST", "/api/card/inquire", {}),
    stopCard: () => call("POST", "/api/card/stop", {}),
    forgetCard: () => call("POST", "/api/card/forget", {}),
    devices: () => call("GET", "/api/devices"),
    pluggedDevices: () => call("GET", "/api/devices/plugged"),
    testDevice: (device) => once("POST", `/api/devices/${device}/test`, {}),
    stopDeviceTest: (device) => once("POST", `/api/devices/${device}/stop`, {}),
    noteActivity: () => call("POST", "/api/clerk/active", {}),

    questions: (item) => call("GET", `/api/items/${encodeURIComponent(item)}/questions`),
    priceCase: (input) => call("POST", "/api/tariff/price", input),
    putCase: (input) => once("POST", "/api/basket/case", input),
    reduce: (number, rule, granter) => inTurn("POST", `${line(number)}/reduction`, rule ? { rule, granter } : { rule: null }),
    overridePrice: (one, unit_price_yen, reason, approval) =>
      once("POST", `${line(one.line)}/price`, { basket: basket(), item: one.item, unit_price_yen, reason, approval }, { quietly: true }),
    restorePrice: (number) => once("POST", `${line(number)}/price`, { unit_price_yen: null }),
    setReference: (kind, number) => once("POST", "/api/basket/reference", kind ? { kind, number } : { kind: null }),
    scan: (code) => once("POST", "/api/scan", { code }),

    addItem: (item) => inTurn("POST", "/api/basket/items", { item, quantity: 1 }),
    setQuantity: (number, quantity) => inTurn("POST", line(number), { quantity }),
    removeLine: (number) => inTurn("DELETE", line(number)),
    exempt: (number, rule, reason) => inTurn("POST", `${line(number)}/exemption`, rule ? { rule, reason } : { rule: null }),
    clearBasket: () => inTurn("DELETE", "/api/basket"),

    hold: (label) => once("POST", "/api/basket/hold", { basket: basket(), label }),
    recall: (hold) => once("POST", `/api/holds/${encodeURIComponent(hold)}/recall`, {}),
    discardHold: (hold, reason) => once("POST", `/api/holds/${encodeURIComponent(hold)}/discard`, { reason }),

    payCash: (tendered_yen) => once("POST", "/api/pay/cash", { basket: basket(), tendered_yen }),
    payNone: () => once("POST", "/api/pay/none", { basket: basket() }),
    payCashless: (method, brand, cash = null) => once("POST", "/api/pay/cashless", { basket: basket(), method, brand, cash }),
    payPresented: (brand) => once("POST", "/api/pay/presented", { basket: basket(), brand }),
    giveCode: (code) => once("POST", "/api/pay/code", { code }),
    stopPayment: () => once("POST", "/api/pay/stop", {}),
    setAside: () => once("POST", "/api/pay/set-aside", {}),
    abandon: (payment, reason) => once("POST", "/api/pay/abandon", { payment, reason }),
    clearPayment: () => once("POST", "/api/pay/clear", {}),

    facilities: () => call("GET", "/api/facilities"),
    ticket: (number) => call("GET", `/api/tickets/${encodeURIComponent(number)}`),
    issueTicket: (item, label) => once("POST", "/api/tickets", { item, label }),
    ringUpTicket: (number, facts) => once("POST", `/api/tickets/${encodeURIComponent(number)}/ring-up`, facts ? { facts } : {}),
    correctTicket: (number, entered_at, reason) => once("POST", `/api/tickets/${encodeURIComponent(number)}/time`, { entered_at, reason }),
    closeTicket: (number, outcome, reason) => once("POST", `/api/tickets/${encodeURIComponent(number)}/close`, { outcome, reason }),
    countEntry: (facility, category, count) => inTurn("POST", "/api/entries", { facility, category, count }),

    // {items, has_more}: what stands in a category, or what a search finds; a screenful at a time.
    items: (wish) => call("GET", `/api/items?${new URLSearchParams({ limit: "60", ...wish })}`),
    sales: (wish) => call("GET", `/api/sales?${new URLSearchParams({ limit: "50", ...wish })}`),
    sale: (id) => call("GET", sale(id)),
    requestRefund: (id, wanted) => once("POST", `${sale(id)}/refunds`, wanted),
    payRefund: (refund, approval) => once("POST", `/api/refunds/${encodeURIComponent(refund)}/pay`, { approval }, { quietly: true }),
    withdrawRefund: (refund, reason) => once("POST", `/api/refunds/${encodeURIComponent(refund)}/withdraw`, { reason }),
    voidSale: (id, reason) => once("POST", `${sale(id)}/void`, { reason }),
    reprint: (id) => once("POST", `${sale(id)}/reprint`, {}),
    nextLanguage,
    printPaper: (form, subject) => once("POST", `/api/papers/${form}/${encodeURIComponent(subject)}/print`, {}),
    receiptAddress: (id) => `${sale(id)}/receipt.png`,
  };
}
