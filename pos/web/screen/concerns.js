// What needs a person: every fact of the world that is not well, in words, the worst first. Pure.
import { paidWith, printWords, unresolvedWords } from "./text.js";
import { yen } from "./lib/components.js";

const uplinks = {
  online: { level: "well", text: "通信" },
  offline: { level: "warning", text: "通信なし", short: "通信", detail: "庁内のサーバにつながりません。会計は続けられます。記録はこのレジに残り、つながりしだい送ります。" },
  quarantined: { level: "danger", text: "送信停止", detail: "サーバがこのレジの記録の受け取りを止めています。会計は続けられます。システム担当に連絡してください。" },
  untrusted: { level: "danger", text: "サーバ確認不可", short: "通信", detail: "集計サーバを確認できないため、記録を送りません。会計は続けられます。システム担当に連絡してください。" },
  revoked: { level: "danger", text: "登録取消", short: "登録", detail: "この端末の登録は取り消されています。ほかのレジを使い、システム担当に連絡してください。" },
  unknown: { level: "danger", text: "登録なし", short: "登録", detail: "サーバがこの端末を知りません。会計は続けられます。システム担当に連絡してください。" },
  replaced: { level: "danger", text: "番号の重複", short: "登録", detail: "この端末の番号は別の端末で使われています。システム担当に連絡してください。" },
  behind: { level: "danger", text: "記録の食い違い", short: "記録", detail: "サーバの記録がこのレジより先に進んでいます。新しい会計はできません。システム担当に連絡してください。" },
  damaged: { level: "danger", text: "記録の傷", detail: "このレジの記録に傷があります。新しい会計はできません。ほかのレジを使い、システム担当に連絡してください。" },
  disk_failing: { level: "danger", text: "ディスクの傷", detail: "このレジのディスクに傷があります。会計は続けられます。今日のうちにシステム担当に連絡してください。" },
  training: { level: "well", text: "送信なし", detail: "訓練中です。記録はこのレジの訓練用の場所にだけ残ります。" },
  not_enrolled: { level: "warning", text: "未登録", detail: "このレジはサーバに登録されていません。会計の記録はこのレジだけに残ります。" },
};

const printers = {
  ready: { level: "well", text: "プリンタ" },
  printing: { level: "working", text: "印刷中" },
  paper_near_end: { level: "warning", text: "用紙残り少し", short: "用紙少", detail: "レシート用紙がもうすぐなくなります。替えの用紙を用意してください。" },
  paper_out: { level: "danger", text: "用紙切れ", short: "用紙", detail: "レシート用紙がありません。会計は続けられます。用紙を入れると印刷できます。" },
  cover_open: { level: "danger", text: "プリンタのふた", short: "ふた", detail: "プリンタのふたが開いています。閉めると印刷できます。会計は続けられます。" },
  offline: { level: "danger", text: "プリンタ応答なし", short: "プリンタ", detail: "プリンタから応答がありません。電源とケーブルを確かめてください。会計は続けられます。" },
  error: { level: "danger", text: "プリンタ異常", short: "プリンタ", detail: "プリンタが動けません。紙づまりがないか確かめて、電源を入れ直してください。" },
};

const terminals = {
  ready: { level: "well", text: "決済端末", short: "端末" },
  busy: { level: "working", text: "端末 処理中", short: "端末" },
  offline: { level: "danger", text: "端末応答なし", short: "端末", detail: "決済端末につながりません。電源とケーブルを確かめてください。" },
};

const gateways = {
  ready: { level: "well", text: "コード決済", short: "コード" },
  offline: { level: "danger", text: "コード決済不可", short: "コード", detail: "コード決済の接続先につながりません。" },
};

// What stands beside the printer: only 機器の点検 tells of it as long as it is well, or of one that a till does not have.
const beside = [
  { key: "drawer", member: "cash_drawer", icon: "drawer", name: "引き出し" },
  { key: "scanner", member: "scanner", icon: "code", name: "スキャナー", short: "読取機" },
  { key: "display", member: "line_display", icon: "person", name: "表示器" },
  { key: "card-reader", member: "card_reader", icon: "card", name: "カードリーダー", short: "カード" },
];
const troubles = { offline: "なし", refused: "権限なし", in_use: "使用中" };

function besideFacts(status) {
  return beside
    .filter(({ member }) => status[member] && status[member].state !== "none")
    // A drawer that hangs on the printer is missed with it: one sentence is enough.
    .filter(({ key }) => key !== "drawer" || status.printer.state !== "offline")
    .map(({ key, member, icon, name, short }) => {
      const { state, message } = status[member];
      const isWell = state === "ready";
      return { key, icon, name, isAside: isWell, level: isWell ? "well" : "warning", text: isWell ? name : `${name} ${troubles[state] || "異常"}`, short: short || name, detail: message };
    });
}

const strange = (text) => ({ level: "warning", text, detail: "状態がわかりません。システム担当に連絡してください。" });

function device(key, icon, table, fact, name) {
  const known = table[fact.state] || strange(name);
  return { key, icon, ...known, detail: known.level === "well" ? fact.message : fact.message || known.detail, name };
}

// A way to pay that is out says what works instead; only here both ways are known.
function waysLeft(status) {
  const ways = [
    ...(status.payment_terminal.state === "offline" ? [] : ["電子マネー", "クレジット"]),
    ...(status.qr_gateway.state === "offline" ? [] : ["コード決済"]),
  ];
  return ways.length === 0 ? "現金だけ使えます。" : `現金・${ways.join("・")}は使えます。`;
}

const withWaysLeft = (fact, status) => (fact.level === "danger" ? { ...fact, detail: `${fact.detail}${waysLeft(status)}` } : fact);

// The devices and connections in the order of the strip.
export function deviceFacts(status) {
  const facts = [
    device("uplink", "network", uplinks, status.uplink, "通信"),
    device("printer", "printer", printers, status.printer, "プリンタ"),
    withWaysLeft(device("terminal", "terminal", terminals, status.payment_terminal, "決済端末"), status),
    withWaysLeft(device("gateway", "code", gateways, status.qr_gateway, "コード決済"), status),
  ];
  facts.push(...besideFacts(status));
  if (status.masters.message) {
    facts.push({ key: "masters", icon: "warning", level: "warning", text: "料金表", name: "料金表", detail: status.masters.message });
  }
  return facts;
}

const isLoud = (fact) => fact.level === "warning" || fact.level === "danger";

// [{key, icon, level, title, text}], unresolved money first.
export function concerns(state) {
  const money = state.unresolved.map((payment) => {
    const words = unresolvedWords[payment.state] || unresolvedWords.unknown;
    return {
      key: `payment ${payment.payment}`,
      icon: "warning",
      level: words.level,
      title: `${payment.state === "refunding" ? "返金の結果未確認" : "結果未確認"} ${paidWith(payment)} ${yen(payment.amount_yen)}`,
      text: payment.message,
    };
  });
  const papers = state.unprinted.map((paper) => ({
    key: `paper ${paper.form} ${paper.sale}`,
    icon: "receipt",
    level: printWords[paper.print].level,
    title: `${printWords[paper.print].word}${paper.print === "found_out" ? ":" : ""} ${paper.title}${paper.total_yen === null ? "" : ` ${yen(paper.total_yen)}`}`,
    text: printWords[paper.print].sentence,
  }));
  const devices = deviceFacts(state.status)
    .filter(isLoud)
    .map((fact) => ({ key: fact.key, icon: fact.icon, level: fact.level, title: fact.text, text: fact.detail }));
  const cash = state.day.is_over_cash_limit
    ? [{ key: "cash", icon: "cash", level: "warning", title: "現金が多くなっています", text: "「現金・精算」の「出金」で途中払込をして、会計担当へ渡してください。" }]
    : [];
  const order = { danger: 0, warning: 1, working: 2 };
  return [...money, ...devices, ...cash, ...papers].sort((a, b) => order[a.level] - order[b.level]);
}
