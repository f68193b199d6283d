// What the citizen's window says, in four languages. One entry for each thing to say; all have all languages
// (tests/browser/citizen_test.py checks it). What is said about a payment comes from the till (pos/till/payment_words.c).

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
  balance: { ja: "カードの残高", en: "Balance on your card", zh: "卡内余额", ko: "카드 잔액" },
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
