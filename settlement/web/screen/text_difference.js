// The lines of two texts beside each other: what both have, what only one has. The texts are a few hundred lines.
const LINES_MAX = 2000; // beyond it the table of the longest common part grows too large: both are shown whole

// [[kind, line]]: "same", "gone" (only BEFORE has it), "added" (only AFTER has it).
export function textDifference(before, after) {
  const a = before === "" ? [] : before.split("\n");
  const b = after === "" ? [] : after.split("\n");
  if (a.length > LINES_MAX || b.length > LINES_MAX) {
    return [...a.map((line) => ["gone", line]), ...b.map((line) => ["added", line])];
  }
  const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      longest[i][j] = a[i] === b[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  const rows = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push(["same", a[i]]);
      i++;
      j++;
    } else if (j === b.length || (i < a.length && longest[i + 1][j] >= longest[i][j + 1])) {
      rows.push(["gone", a[i++]]);
    } else {
      rows.push(["added", b[j++]]);
    }
  }
  return rows;
}

// A JSON text in one form, so that only what it says differs; as it is when it is none.
export function evenJson(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
