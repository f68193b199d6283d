// What the citizen's window says, in four languages. One entry for each thing to say; all have all languages
// (tests/unit/screen checks it).

export const languageNames = { ja: "日本語", en: "English", zh: "简体中文", ko: "한국어" };
export const languageTags = { ja: "ja", en: "en", zh: "zh-Hans", ko: "ko" };

export const words = {
  closed: {
    ja: "ただいま窓口を休止しています",
    en: "This counter is closed",
    zh: "此窗口暂停服务",
    ko: "현재 창구를 운영하지 않습니다",
  },
  welcome: {
    ja: "いらっしゃいませ",
    en: "Welcome",
    zh: "欢迎光临",
    ko: "어서 오십시오",
  },
  total: { ja: "合計", en: "Total", zh: "合计", ko: "합계" },
  toPay: { ja: "お支払い金額", en: "Amount to pay", zh: "应付金额", ko: "결제 금액" },
  free: { ja: "無料", en: "Free", zh: "免费", ko: "무료" },
  reduced: { ja: "減免", en: "Reduced", zh: "减免", ko: "감면" },
  earlier: {
    ja: (count) => `ほか ${count} 件`,
    en: (count) => `and ${count} more`,
    zh: (count) => `另有 ${count} 项`,
    ko: (count) => `외 ${count}건`,
  },
  confirm: {
    ja: "内容をお確かめください",
    en: "Please check the items",
    zh: "请确认内容",
    ko: "내용을 확인해 주세요",
  },
  howToPay: {
    ja: "お支払い方法を係員にお知らせください",
    en: "Please tell the clerk how you would like to pay",
    zh: "请告诉工作人员您的付款方式",
    ko: "결제 방법을 직원에게 말씀해 주세요",
  },
  paid: {
    ja: "お支払いが完了しました",
    en: "Payment complete",
    zh: "付款已完成",
    ko: "결제가 완료되었습니다",
  },
  thanks: {
    ja: "ありがとうございました",
    en: "Thank you",
    zh: "谢谢",
    ko: "감사합니다",
  },
  tendered: { ja: "お預かり", en: "Cash received", zh: "收款", ko: "받은 금액" },
  change: { ja: "おつり", en: "Change", zh: "找零", ko: "거스름돈" },
  receiptNumber: { ja: "受付番号", en: "Receipt no.", zh: "收据编号", ko: "영수증 번호" },
  secondsLeft: {
    ja: (count) => `あと ${count} 秒`,
    en: (count) => `${count} s left`,
    zh: (count) => `剩余 ${count} 秒`,
    ko: (count) => `${count}초 남음`,
  },
  lost: {
    ja: "係員にお声がけください",
    en: "Please ask the clerk",
    zh: "请咨询工作人员",
    ko: "직원에게 문의해 주세요",
  },
};

// By the state of the payment; `running` also by its method.
export const paymentWords = {
  waiting_code: {
    ja: "支払い用のコードを画面に表示してください",
    en: "Show the payment code on your phone",
    zh: "请出示手机上的付款码",
    ko: "휴대폰의 결제 코드를 보여 주세요",
  },
  "running qr": {
    ja: "確認しています。そのままお待ちください",
    en: "Checking. Please wait a moment",
    zh: "正在确认，请稍候",
    ko: "확인 중입니다. 잠시 기다려 주세요",
  },
  "running emoney": {
    ja: "カードかスマートフォンを端末にタッチしてください",
    en: "Touch your card or phone on the terminal",
    zh: "请将卡或手机贴近终端",
    ko: "카드나 휴대폰을 단말기에 터치해 주세요",
  },
  "running credit": {
    ja: "カードを端末に差し込むか、タッチしてください",
    en: "Insert or tap your card on the terminal",
    zh: "请将卡插入或贴近终端",
    ko: "카드를 단말기에 꽂거나 터치해 주세요",
  },
  unknown: {
    ja: "お支払いの結果を確認しています。もう一度お支払いにならないでください",
    en: "We are checking your payment. Please do not pay again",
    zh: "正在确认付款结果，请勿重复付款",
    ko: "결제 결과를 확인하고 있습니다. 다시 결제하지 마세요",
  },
  in_doubt: {
    ja: "同じカードをもう一度タッチしてください",
    en: "Please touch the same card once more",
    zh: "请再次贴近同一张卡",
    ko: "같은 카드를 다시 한 번 터치해 주세요",
  },
  declined: {
    ja: "お支払いできませんでした。お金は引き落とされていません",
    en: "The payment was not accepted. You have not been charged",
    zh: "付款未成功，未扣款",
    ko: "결제되지 않았습니다. 출금되지 않았습니다",
  },
  not_charged: {
    ja: "お支払いは行われていません。お金は引き落とされていません",
    en: "No payment was made. You have not been charged",
    zh: "未进行付款，未扣款",
    ko: "결제가 이루어지지 않았습니다. 출금되지 않았습니다",
  },
};

export const paymentKey = (payment) => (payment.state === "running" ? `running ${payment.method}` : payment.state);
