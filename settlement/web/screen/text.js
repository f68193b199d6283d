// Words and forms that several pages use.

const parts = (date) => date.split("-").map(Number);
const weekday = (date) => {
  const [year, month, day] = parts(date);
  return "日月火水木金土"[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
};

// 11/22(日), and with the year where it is not the one of TODAY. Days are plain days in Japan; no time zone enters.
export function shortDate(date, today) {
  if (!date) {
    return "";
  }
  const [year, month, day] = parts(date);
  return `${today && today.slice(0, 4) !== date.slice(0, 4) ? `${year}/` : ""}${month}/${day}(${weekday(date)})`;
}

// 令和8年11月22日
export function eraDate(date) {
  if (!date) {
    return "";
  }
  const [year, month, day] = parts(date);
  const reiwa = year - 2018;
  return date >= "2019-05-01" ? `令和${reiwa === 1 ? "元" : reiwa}年${month}月${day}日` : `${year}年${month}月${day}日`;
}

export const eraYear = (year) => `令和${year - 2018 === 1 ? "元" : year - 2018}年度`;

export function addDays(date, count) {
  const [year, month, day] = parts(date);
  return new Date(Date.UTC(year, month - 1, day + count)).toISOString().slice(0, 10);
}

export const clockTime = (instant) => (instant ? instant.slice(11, 16) : "");
// 11/22 10:03
export const moment = (instant) => (instant ? `${Number(instant.slice(5, 7))}/${Number(instant.slice(8, 10))} ${clockTime(instant)}` : "");

export const number = (value) => (value ?? 0).toLocaleString("ja-JP");
export const times = (value) => `${number(value)}件`;
export const bytes = (count) => (count < 10000 ? `${number(count)} バイト` : count < 10000000 ? `${number(Math.round(count / 1000))} KB` : `${(count / 1000000).toFixed(1)} MB`);

export const methodNames = { cash: "現金", qr: "コード決済", emoney: "電子マネー", credit: "クレジット", none: "無料" };

// Comparable text for the search: full and half width, katakana and hiragana, upper and lower case are the same.
export const comparable = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60))
    .replace(/[\s,¥]/g, "");
