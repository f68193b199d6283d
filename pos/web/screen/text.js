// Words and forms that several views use.

export const methodNames = { cash: "現金", qr: "コード決済", emoney: "電子マネー", credit: "クレジット", none: "無料" };
export const methodIcons = { cash: "cash", qr: "code", emoney: "touch", credit: "card", none: "gift" };

// "PayPay" for a brand, else the name of the method.
export const paidWith = (thing) => thing.brand_name || methodNames[thing.method] || "";

// 例: 11/22(日). Business dates are plain dates; the weekday is computed without a time zone.
export function shortDate(date) {
  if (!date) {
    return "";
  }
  const [year, month, day] = date.split("-").map(Number);
  return `${month}/${day}(${"日月火水木金土"[new Date(Date.UTC(year, month - 1, day)).getUTCDay()]})`;
}

// With its year, where the year itself may be wrong.
export function fullDate(date) {
  const [year, month, day] = (date || "").split("-").map(Number);
  return date ? `${year}年${month}月${day}日` : "";
}

// The clock of the till as it wrote it: "10:03" out of "2026-11-22T10:03:11.123+09:00".
export const clockTime = (instant) => (instant ? instant.slice(11, 16) : "");

// How long ago, by the till's own clock: "(12分)". Nothing within the first minute.
export function sinceWords(since, now) {
  const minutes = Math.floor((Date.parse(now) - Date.parse(since)) / 60000);
  if (!(minutes >= 1)) {
    return "";
  }
  return minutes < 60 ? `(${minutes}分)` : minutes < 1440 ? `(${Math.floor(minutes / 60)}時間)` : `(${Math.floor(minutes / 1440)}日)`;
}

// The serial is what a person reads out; the whole number stands in the detail.
export const shortReceiptNumber = (number) => number.split("-").pop();

// What became of the paper, in a word and in a sentence.
export const printWords = {
  queued: { level: "working", word: "印刷待ち", sentence: "まもなく印刷します。" },
  printing: { level: "working", word: "印刷中", sentence: "レシートを印刷しています。" },
  printed: { level: "success", word: "印刷済み", sentence: "レシートをお渡しください。" },
  not_printed: { level: "warning", word: "未印刷", sentence: "後で再印字できます。" },
  unknown: { level: "warning", word: "印刷不明", sentence: "印刷できたか確かめられません。紙を見て、出ていなければ再印字してください。" },
};

// The receipt of a sale that came good behind the clerk's back: no fault of the printer, and no hurry.
printWords.found_out = { level: "working", word: "結果が分かりました", sentence: "お支払い済みと分かりました。お客様が受け取りに来られたら印刷できます。" };

// A word for each state; the sentence is the till's.
export const unresolvedWords = {
  unknown: { level: "danger", word: "照会中" },
  in_doubt: { level: "danger", word: "処理未了" },
  abandoned: { level: "warning", word: "取りやめ中" },
  doubtful: { level: "warning", word: "処理未了(売上済み)" },
  held: { level: "warning", word: "返金待ち" },
  refunding: { level: "danger", word: "返金の照会中" },
};
