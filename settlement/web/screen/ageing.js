// How old the open ones are: four ages, each a part of one bar, each a filter.
import { html, classes } from "./lib/view.js";
import { number } from "./text.js";

const buckets = [
  { key: "3", title: "3日まで", holds: (days) => days <= 3 },
  { key: "7", title: "7日まで", holds: (days) => days > 3 && days <= 7 },
  { key: "30", title: "30日まで", holds: (days) => days > 7 && days <= 30 },
  { key: "31", title: "31日以上", holds: (days) => days > 30 },
];

export const ageBucket = (row) => buckets.find((bucket) => bucket.holds(row.age_days))?.key;

export function Ageing({ rows, selected, onSelect }) {
  return html`<div class="ageing" role="group" aria-label="経過日数で絞る">
    ${buckets.map((bucket) => {
      const count = rows.filter((row) => bucket.holds(row.age_days)).length;
      return html`<button
        key=${bucket.key}
        type="button"
        class=${classes("ageing-part", `is-age-${bucket.key}`)}
        style=${{ flexGrow: count }}
        aria-pressed=${String(bucket.key === selected)}
        aria-disabled=${count === 0 ? "true" : undefined}
        onMouseDown=${(event) => event.preventDefault()}
        onClick=${() => (count > 0 ? onSelect(bucket.key) : null)}
      >
        <span>${bucket.title}</span><strong>${number(count)}</strong>
      </button>`;
    })}
  </div>`;
}
