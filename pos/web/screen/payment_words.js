// How loud a payment's state is, its picture, and the imperative in large type. The sentences for clerk and citizen are
// the till's own (pos/till/payment_words.c).
import { methodIcons } from "./text.js";

const doing = {
  qr: "支払いを確認しています",
  emoney: "タッチを待っています",
  credit: "カードの操作を待っています",
};

const fixed = {
  waiting_code: { level: "calm", icon: "phone", title: "コードの読み取りを待っています" },
  showing_code: { level: "calm", icon: "phone", title: "お客様にコードを読み取っていただいています" },
  unknown: { level: "danger", icon: "warning", title: "もう一度請求しないでください" },
  in_doubt: { level: "danger", icon: "warning", title: "処理未了: もう一度請求しないでください" },
  declined: { level: "failed", icon: "danger", title: "支払いできませんでした" },
  not_charged: { level: "failed is-mild", icon: "info", title: "支払いは行われていません" },
};

// What the title says already is not said twice.
export function paymentWords(payment) {
  const words = fixed[payment.state] || { level: "calm", icon: methodIcons[payment.method], title: doing[payment.method] };
  const told = payment.clerk_message || "";
  const text = [`${words.title}。`, "処理未了です。"].reduce((rest, known) => (rest.startsWith(known) ? rest.slice(known.length) : rest), told);
  return { ...words, text, citizen: payment.citizen_message || "" };
}
