// What a payment's state means: how loud, which picture, the imperative, and the sentences used when the till gives none.
import { methodIcons } from "./text.js";

const doing = {
  qr: "支払いを確認しています",
  emoney: "タッチを待っています",
  credit: "カードの操作を待っています",
};

const citizenDoing = {
  qr: "そのままお待ちください。",
  emoney: "光っているところにタッチしてください。",
  credit: "端末の案内にそって、カードを差すか、かざしてください。",
};

const fixed = {
  waiting_code: {
    level: "calm",
    icon: "phone",
    title: "コードの読み取りを待っています",
    text: "お客様のスマートフォンのコードを読み取ってください。",
    citizen: "支払い用のコードを見せてください。",
  },
  unknown: {
    level: "danger",
    icon: "warning",
    title: "もう一度請求しないでください",
    text: "決済結果を確認できません。自動で照会しています。",
    citizen: "確認しています。少しお待ちください。",
  },
  in_doubt: {
    level: "danger",
    icon: "warning",
    title: "処理未了: もう一度請求しないでください",
    text: "カードが途中で離れ、支払いが済んだか確かめられません。自動で確認を続けます。",
    citizen: "同じカードをもう一度タッチしてください。",
  },
  declined: {
    level: "failed",
    icon: "danger",
    title: "支払いできませんでした",
    text: "お金は引き落とされていません。",
    citizen: "",
  },
  not_charged: {
    level: "failed is-mild",
    icon: "info",
    title: "支払いは行われていません",
    text: "お金は引き落とされていません。",
    citizen: "",
  },
};

// The till's own sentences win over ours; what the title already says is not said twice.
export function paymentWords(payment) {
  const words = fixed[payment.state] || {
    level: "calm",
    icon: methodIcons[payment.method],
    title: doing[payment.method],
    text: "",
    citizen: citizenDoing[payment.method],
  };
  return {
    ...words,
    text: (payment.clerk_message || words.text).replace(`${words.title}。`, "").replace(/^処理未了です。/, ""),
    citizen: payment.citizen_message || words.citizen,
  };
}
