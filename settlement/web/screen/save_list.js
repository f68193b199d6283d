// The list in view as a CSV file for a spreadsheet: UTF-8 with a mark, so that it opens with the right letters.
import { saveBlob } from "./api.js";

// A spreadsheet takes text that begins like a formula for one; an apostrophe makes it text again. Numbers stay numbers.
function cell(value) {
  if (typeof value === "number") {
    return String(value);
  }
  const text = String(value ?? "");
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

export function saveList(name, columns, rows) {
  const kept = columns.filter((column) => column.text);
  const lines = [kept.map((column) => cell(column.title)), ...rows.map((row) => kept.map((column) => cell(column.text(row))))];
  const text = `\uFEFF${lines.map((line) => `${line.join(",")}\r\n`).join("")}`;
  saveBlob(new Blob([text], { type: "text/csv;charset=utf-8" }), `${name}.csv`);
}
