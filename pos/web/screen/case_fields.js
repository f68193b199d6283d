// The questions of a tariff (docs/protocol/till-http.md) as a flat list of fields, and what the clerk answered. Pure.
//
// A field is one thing to fill in: a number (a category of people, an item of equipment), a choice of one, a choice of
// many (the bands of a room), yes or no, a day, a moment. Reductions are choices of who granted them.

const REDUCTION = "reduction";

const yen = (amount) => `¥${amount.toLocaleString("ja-JP")}`;

// What can only be none or one is a key that is pressed or not.
const number = (question, path, row, group) => ({
  kind: row.max === 1 && (row.min ?? 0) === 0 ? "once" : "number",
  path,
  group,
  label: row.name ?? row.label,
  hint: row.max === 1 ? row.hint.replace(/^使うなら 1$/, "") : row.hint, // a key that is pressed or not says so itself
  unit: row.unit ?? "円",
  min: row.min,
  max: row.max,
  fallback: row.default ?? 0,
  price_yen: row.price_yen,
  isMapped: path.length > 1,
});

const of = {
  count: (question) => [number(question, [question.id], question, "")],
  yen: (question) => [number(question, [question.id], question, "")],
  counts: (question) => question.rows.map((row) => number(question, [question.id, row.code], row, question.label)),
  choice: (question) => [{ kind: "one", path: [question.id], group: "", label: question.label, hint: question.hint, options: question.choices, fallback: question.default ?? null, isRequired: question.required }],
  choices: (question) => [{ kind: "many", path: [question.id], group: "", label: question.label, hint: question.hint, options: question.choices }],
  grid: (question) =>
    question.rows.map((row) => ({
      kind: "many",
      path: [question.id, row.code],
      group: question.label,
      label: row.name,
      hint: row.hint,
      options: question.columns
        .filter((column) => column.code in row.prices_yen)
        .map((column) => ({ ...column, hint: row.prices_yen[column.code] === null ? column.hint : `${column.hint} ${yen(row.prices_yen[column.code])}` })),
    })),
  flag: (question) => [{ kind: "flag", path: [question.id], group: "", label: question.label, hint: question.hint, fallback: question.default }],
  date: (question) => [{ kind: "date", path: [question.id], group: "", label: question.label, hint: question.hint, fallback: question.default, min: question.min, max: question.max }],
  instant: (question) => [{ kind: "instant", path: [question.id], group: "", label: question.label, hint: question.hint, fallback: null, isNow: question.default === "now" }],
};

export function fieldsOf(questions, reductions) {
  const asked = questions.questions.flatMap((question) => (of[question.kind] || (() => []))(question));
  const granted = reductions.map((reduction) => ({
    kind: "one",
    path: [REDUCTION, reduction.code],
    group: "減免",
    label: reduction.name,
    hint: "",
    options: reduction.granters.map((granter) => ({ code: granter, name: reduction.granters.length === 1 ? "減免する" : granter, hint: "" })),
    fallback: null,
    isRequired: false,
  }));
  return [...asked, ...granted].map((field) => ({ ...field, key: field.path.join(" ") }));
}

// {facts, reductions: {rule: granter}}. A moment that is now by default is written down when the panel opens, so that
// the price does not run away under the clerk's hands.
export function firstAnswers(fields, now) {
  const facts = {};
  fields.filter((field) => field.kind === "instant" && field.isNow).forEach((field) => (facts[field.path[0]] = now.slice(0, 16)));
  return { facts, reductions: {} };
}

export function valueOf(answers, field) {
  const [id, code] = field.path;
  const given = id === REDUCTION ? answers.reductions[code] : code === undefined ? answers.facts[id] : answers.facts[id]?.[code];
  return given ?? field.fallback ?? (field.kind === "many" ? [] : null);
}

const without = (object, key) => Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));

const put = (object, key, value) => (value === undefined ? without(object, key) : { ...object, [key]: value });

// What says nothing is left out, so that equal cases have equal facts.
const orNothing = (field, value) =>
  value === null || (Array.isArray(value) && value.length === 0) || ((field.kind === "number" || field.kind === "once") && field.isMapped && value === 0) ? undefined : value;

export function withValue(answers, field, value) {
  const [id, code] = field.path;
  const kept = orNothing(field, value);
  if (id === REDUCTION) {
    return { ...answers, reductions: put(answers.reductions, code, kept) };
  }
  if (code === undefined) {
    return { ...answers, facts: put(answers.facts, id, kept) };
  }
  const rows = put(answers.facts[id] || {}, code, kept);
  return { ...answers, facts: put(answers.facts, id, Object.keys(rows).length === 0 ? undefined : rows) };
}

const within = (field, value) => Math.min(field.max ?? 9999999, Math.max(field.min ?? 0, value));

// Step a number, or move a choice.
export function stepped(field, value, by) {
  if (field.kind === "number" || field.kind === "once") {
    return within(field, (value ?? 0) + by);
  }
  if (field.kind === "date") {
    const day = new Date(`${value}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + by);
    const text = day.toISOString().slice(0, 10);
    return (field.min && text < field.min) || (field.max && text > field.max) ? value : text;
  }
  return value;
}

// A digit behind what was typed; beyond the limit it is not taken.
export function typed(field, text, digit) {
  const next = (text + digit).replace(/^0+(?=\d)/, "");
  return Number(next) > (field.max ?? 9999999) ? text : next;
}

// Press option INDEX of a choice: again takes it back, where it need not be answered.
export function chosen(field, value, index) {
  if (field.kind === "flag") {
    return !value;
  }
  if (field.kind === "once") {
    return value === 1 ? 0 : 1;
  }
  const option = field.options[index];
  if (option === undefined) {
    return value;
  }
  if (field.kind === "many") {
    return value.includes(option.code) ? value.filter((code) => code !== option.code) : field.options.map((one) => one.code).filter((code) => code === option.code || value.includes(code));
  }
  return value === option.code && !field.isRequired && field.fallback === null ? null : option.code;
}

export const reductionsOf = (answers) => Object.entries(answers.reductions).map(([rule, granter]) => ({ rule, granter }));

// A set that stands in the basket, as answers: its first line carries the facts, the reductions stand on its lines.
export function answersOfSet(lines) {
  const reductions = {};
  lines.filter((line) => line.reduction !== null).forEach((line) => (reductions[line.reduction.rule] = line.reduction.granter));
  return { facts: lines[0].pricing.facts, reductions };
}
