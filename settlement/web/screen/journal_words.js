// The till's journal in words: kinds, and those members of a body that tell finance something.
import { methodNames, moment, number, shortDate } from "./text.js";
import { yen } from "./lib/components.js";

export const kindNames = {
  "terminal.enrolled": "端末の登録", "masters.applied": "単価表の適用", "clerk.signed_in": "担当者の着席", "clerk.signed_out": "担当者の離席",
  "day.opened": "営業開始", "day.closed": "精算", "payment.started": "決済の開始", "payment.unknown": "決済の結果不明",
  "payment.in_doubt": "処理未了", "payment.abandoned": "決済の取りやめ", "payment.resolved": "決済の結果", "sale.recorded": "売上",
  "reversal.started": "取消の開始", "reversal.unknown": "取消の結果不明", "reversal.resolved": "取消の結果", "sale.voided": "売上の取消",
  "print.started": "印刷の開始", "print.finished": "印刷の結果", "drawer.opened": "引き出しを開けた",
  "float.moved": "つり銭の追加・返納", "cash.moved": "入金・出金", "cash.counted": "現金を数えた", "shift.handed_over": "引継ぎ", "day.inspected": "点検",
  "basket.held": "かごの保留", "basket.recalled": "かごの呼び出し", "basket.discarded": "かごの破棄", "ticket.issued": "券の発行", "ticket.closed": "券の終了",
  "entry.counted": "入場者数", "payment.proved": "未了だった決済の結果", "refund.requested": "還付の申出", "refund.started": "返金の開始", "refund.unknown": "返金の結果不明", "refund.refused": "返金の拒否", "refund.paid": "還付の支払い", "refund.withdrawn": "還付の取下げ",
};

const words = {
  result: { charged: "引き落とし済み", approved: "承認", declined: "拒否", not_charged: "引き落としなし", reversed: "取消済み", held: "預かり（要返金）", refused: "取消できず" },
  cause: { no_answer: "返事なし", garbled_answer: "返事が読めない", restart: "再起動", terminal_unknown: "決済端末が結果を知らない" },
  how: { answer: "決済端末の返事", inquiry: "照会", cancel: "取消", touch: "カードの再タッチ" },
  outcome: { printed: "印刷済み", not_printed: "印刷できず", unknown: "不明", left: "出場", voided: "無効" },
  means: { cash: "現金", gateway: "決済の取消", bank_transfer: "口座振込" },
  direction: { lent: "追加", returned: "返納", in: "入金", out: "出金" },
  purpose: { open: "営業開始", inspection: "点検", handover: "引継ぎ", close: "精算" },
  method: methodNames,
};

const instant = (value) => moment(value);
const members = [
  ["receipt_number", "領収書番号"], ["amount_yen", "金額", yen], ["total_yen", "合計", yen], ["result", "結果"], ["cause", "原因"], ["how", "分かった方法"],
  ["reason", "理由"], ["outcome", "結果"], ["method", "支払方法"], ["brand", "ブランド"], ["received_on", "受領日", shortDate],
  ["accepted_at", "決済日時", instant], ["payment", "決済ID"], ["acquirer_reference", "決済会社取引ID"], ["approval_code", "承認番号"],
  ["slip_number", "伝票番号"], ["masked_number", "カード番号"], ["sale", "売上ID"], ["place", "窓口"], ["clerk", "担当者"], ["float_yen", "つり銭", yen], ["direction", "向き"], ["purpose", "目的"], ["means", "方法"],
  ["cash_in_yen", "入金", yen], ["cash_out_yen", "出金", yen], ["refund_cash_yen", "現金の還付", yen], ["deposit_yen", "払込額", yen], ["from", "渡した人"], ["to", "受けた人"],
  ["approved_by", "承認者"], ["facility", "施設"], ["category", "区分"], ["count", "数"], ["ticket", "券"], ["entered_at", "入場", instant], ["note", "メモ"],
  ["expected_cash_yen", "あるべき現金", yen], ["counted_cash_yen", "数えた現金", yen], ["difference_yen", "過不足", yen], ["version", "版"],
];

const shown = (name, value, form) => (form ? form(value) : words[name]?.[value] || String(value));

// [[name, value], …] in the order a person asks; PEOPLE: the names behind the codes of clerks, by member, where they are known. A payment inside a sale is told as if its members were the sale's own.
export function journalFacts(body, people = {}) {
  if (!body) {
    return [];
  }
  const inner = body.payment && typeof body.payment === "object" ? body.payment : null;
  const flat = inner ? { ...inner, ...body, payment: inner.payment, method: inner.method, brand: inner.brand } : body;
  const facts = members
    .filter(([name]) => flat[name] !== undefined && flat[name] !== null && typeof flat[name] !== "object")
    .map(([name, title, form]) => [title, people[name] ?? shown(name, flat[name], form)]);
  const lines = body.lines || body.basket?.lines;
  if (Array.isArray(body.counts)) {
    facts.push(["金種", body.counts.map((row) => `${number(row.yen)}円×${number(row.count)}`).join("、")]);
  }
  const cash = inner?.cash || body.cash;
  if (cash) {
    facts.push(["うち現金", yen(cash.amount_yen)]);
  }
  // The lines of a refund are numbers of lines; those of a sale have names.
  const told = lines?.map((line) => (line.name === undefined ? `${line.line}行目 ${yen(line.amount_yen)}` : `${line.name} ×${line.quantity}`));
  return told ? [["内容", told.join("、")], ...facts] : facts;
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
