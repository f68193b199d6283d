// Which step of a sale stands on the right: pure functions of the till's state and of what the clerk chose.

import { paymentWords } from "./payment_words.js";

const endedStates = ["declined", "not_charged"];

// A payment whose end is known stays only to be read; the basket is free again.
export const isEnded = (payment) => endedStates.includes(payment.state);

export const isRunning = (payment) => payment !== null && !isEnded(payment);

// Payments whose result nobody knows: those in the list, and the one in hand as soon as it is so.
export function unknownCount({ unresolved, payment }) {
  const isInHand = payment !== null && ["unknown", "in_doubt"].includes(payment.state) && !unresolved.some((one) => one.payment === payment.id);
  return unresolved.length + (isInHand ? 1 : 0);
}

// While a payment is in hand its basket does not change: what is rung up now begins the next one.
export const isLocked = (state) => isRunning(state.payment) && state.payment.basket === state.basket.id;

// Steps the clerk can open over the basket.
export const STEPS = ["cash", "qr", "emoney", "credit", "exemption", "override", "quantity", "reference", "hold", "held"];

// Those that need no basket.
const FREE_STEPS = ["held", "reference"];

export function saleStage(state, { step, seenSale, caseOf }) {
  if (state.payment !== null && (isRunning(state.payment) || !(step || caseOf))) {
    return "payment";
  }
  if (caseOf) {
    return "case";
  }
  if (step && (state.basket.count > 0 || FREE_STEPS.includes(step))) {
    return step;
  }
  if (state.basket.count === 0 && state.last_sale !== null && state.last_sale.sale !== seenSale) {
    return "paid";
  }
  return "basket";
}

// The line that quantity and exemption act on: the chosen one, else the last.
export function chosenLine(basket, number) {
  return basket.lines.find((line) => line.line === number) || basket.lines[basket.lines.length - 1] || null;
}

// What a screen reader hears when it changes: the total, and where the payment stands.
export function spoken(state) {
  const { basket, payment, last_sale: sale } = state;
  if (payment !== null) {
    const { title, text } = paymentWords(payment);
    return `${payment.brand_name || ""} ${payment.amount_yen}円。${title}。${text}`;
  }
  if (basket.count > 0) {
    return `${basket.count}点、合計${basket.total_yen}円`;
  }
  if (sale !== null) {
    return sale.method === "cash" ? `お支払い済み。お釣り${sale.change_yen}円` : `お支払い済み。${sale.total_yen}円`;
  }
  return "";
}
