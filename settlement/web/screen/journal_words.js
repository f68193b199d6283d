// The till's journal in words: kinds, and those members of a body that tell finance something.
import { methodNames, moment, shortDate } from "./text.js";
import { yen } from "./lib/components.js";

export const kindNames = {
  "terminal.enrolled": "端末の登録", "masters.applied": "単価表の適用", "clerk.signed_in": "担当者の着席", "clerk.signed_out": "担当者の離席",
  "day.opened": "営業開始", "day.closed": "精算", "payment.started": "決済の開始", "payment.unknown": "決済の結果不明",
  "payment.in_doubt": "処理未了", "payment.abandoned": "決済の取りやめ", "payment.resolved": "決済の結果", "sale.recorded": "売上",
  "reversal.started": "取消の開始", "reversal.unknown": "取消の結果不明", "reversal.resolved": "取消の結果", "sale.voided": "売上の取消",
  "print.started": "印刷の開始", "print.finished": "印刷の結果", "drawer.opened": "引き出しを開けた",
};

const words = {
  result: { approved: "承認", declined: "拒否", not_charged: "引き落としなし", reversed: "取消済み", held: "預かり（要返金）", refused: "取消できず" },
  cause: { no_answer: "返事なし", garbled_answer: "返事が読めない", restart: "再起動", terminal_unknown: "決済端末が結果を知らない" },
  how: { answer: "決済端末の返事", inquiry: "照会", cancel: "取消", touch: "カードの再タッチ" },
  outcome: { printed: "印刷済み", not_printed: "印刷できず", unknown: "不明" },
  method: methodNames,
};

const instant = (value) => moment(value);
const members = [
  ["receipt_number", "領収書番号"], ["amount_yen", "金額", yen], ["total_yen", "合計", yen], ["result", "結果"], ["cause", "原因"], ["how", "分かった方法"],
  ["reason", "理由"], ["outcome", "結果"], ["method", "支払方法"], ["brand", "ブランド"], ["received_on", "受領日", shortDate],
  ["accepted_at", "決済日時", instant], ["payment", "決済ID"], ["acquirer_reference", "決済会社取引ID"], ["approval_code", "承認番号"],
  ["slip_number", "伝票番号"], ["masked_number", "カード番号"], ["sale", "売上ID"], ["place", "窓口"], ["clerk", "担当者"], ["float_yen", "つり銭", yen],
  ["expected_cash_yen", "あるべき現金", yen], ["counted_cash_yen", "数えた現金", yen], ["difference_yen", "過不足", yen], ["version", "版"],
];

const shown = (name, value, form) => (form ? form(value) : words[name]?.[value] || String(value));

// [[name, value], …] in the order a person asks. A payment inside a sale is told as if its members were the sale's own.
export function journalFacts(body) {
  if (!body) {
    return [];
  }
  const inner = body.payment && typeof body.payment === "object" ? body.payment : null;
  const flat = inner ? { ...inner, ...body, payment: inner.payment, method: inner.method, brand: inner.brand } : body;
  const facts = members
    .filter(([name]) => flat[name] !== undefined && flat[name] !== null && typeof flat[name] !== "object")
    .map(([name, title, form]) => [title, shown(name, flat[name], form)]);
  const lines = body.lines || body.basket?.lines;
  return lines ? [["内容", lines.map((line) => `${line.name} ×${line.quantity}`).join("、")], ...facts] : facts;
}

// The fields by which a person knows a line of a file, first the money.
const telling = [/^取引区分$|^入払区分$/, /^取引金額$|^金額$/, /^ブランド$|^振込依頼人名$/, /^端末番号$|^EDI/, /^取引日時$|^勘定日$/];
export function fileSummary(parsed) {
  const facts = fileFacts(parsed);
  const told = telling.map((pattern) => facts.find(([name]) => pattern.test(name))?.[1]).filter(Boolean);
  return (told.length > 0 ? told : facts.map(([, value]) => value)).join("　");
}

// A file's own fields, with yen where the name says that it is money.
const isMoney = /金額|手数料|残高/;
export const fileFacts = (parsed) =>
  (parsed || []).filter(({ value }) => value !== "").map(({ name, value }) => [name, isMoney.test(name) && /^-?\d{1,15}$/.test(value) ? yen(Number(value)) : value]);
