// Charts in SVG, drawn here: bars of a few series beside their table. Each series has a colour and a pattern, each chart is walked
// with the arrow keys, and what a bar holds is said in words below it, for pointer, keyboard and screen reader alike.
import { html, useState } from "./lib/view.js";

const WIDTH = 640, HEIGHT = 260, LEFT = 64, RIGHT = 8, TOP = 20, BOTTOM = 26;
const PATTERNS = 4;
const BAR_MOST = 64; // a bar of its own is no wall
const HEADROOM = 1.05;

let named = 0;
const useName = () => useState(() => `chart-${(named += 1)}`)[0];

// What each series is filled with: a plain ground, then lines, dots and crosses on it.
function Patterns({ name }) {
  const marks = [null, html`<path d="M0 8L8 0M-2 2L2 -2M6 10L10 6" />`, html`<circle cx="4" cy="4" r="1.6" />`, html`<path d="M0 4H8M4 0V8" />`];
  return html`<defs>
    ${marks.map(
      (mark, index) => html`<pattern key=${index} id=${`${name}-${index}`} width="8" height="8" patternUnits="userSpaceOnUse">
        <rect class=${`series-${index + 1}`} width="8" height="8" /><g class="series-mark">${mark}</g>
      </pattern>`,
    )}
  </defs>`;
}

// The first of 1, 2, 5, 10, 20 … that cuts MOST into at most five.
function stepOf(most) {
  let step = 1;
  for (let turn = 0; most / step > 5; turn += 1) {
    step *= turn % 3 === 1 ? 2.5 : 2;
  }
  return step;
}

const fillOf = (name, series) => `url(#${name}-${series % PATTERNS})`;

function Legend({ name, series }) {
  return html`<ul class="chart-legend">
    ${series.map((one, index) => html`<li key=${one}><svg width="18" height="14" aria-hidden="true"><rect width="18" height="14" fill=${fillOf(name, index)} /></svg>${one}</li>`)}
  </ul>`;
}

// Moves AT with the arrow keys; everything else is the page's.
function walk(event, at, count, setAt) {
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: count - 1 }[event.key];
  if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  setAt(Math.max(0, Math.min(count - 1, to)));
}

function Frame({ label, name, series, count, at, setAt, said, height, testId, children }) {
  return html`<figure class="chart" data-testid=${testId}>
    <figcaption class="chart-title">${label}</figcaption>
    ${series.length > 1 ? html`<${Legend} name=${name} series=${series} />` : null}
    <div class="chart-body" tabindex="0" role="group" aria-label=${`${label}のグラフ。左右の矢印キーで1つずつ読めます。同じ数字は表にあります。`} onKeyDown=${(event) => walk(event, at === null ? -1 : at, count, setAt)} onMouseLeave=${() => setAt(null)}>
      <svg viewBox=${`0 0 ${WIDTH} ${height}`} role="presentation"><${Patterns} name=${name} />${children}</svg>
    </div>
    <p class="chart-said" role="status">${at === null ? "" : said(at)}</p>
  </figure>`;
}

// Standing bars: CATEGORIES = [{label, values: [one per series], top?}]; `top` stands over the bar; SAY(index) is the sentence of a bar.
export function Bars({ label, series, categories, say, format, testId }) {
  const name = useName();
  const [at, setAt] = useState(null);
  const sums = categories.map((one) => one.values.reduce((sum, value) => sum + value, 0));
  const most = Math.max(...sums, 1) * HEADROOM;
  const step = stepOf(most);
  const slot = (WIDTH - LEFT - RIGHT) / categories.length;
  const y = (value) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most);
  const ticks = [];
  for (let value = 0; value <= most; value += step) {
    ticks.push(value);
  }
  return html`<${Frame} label=${label} name=${name} series=${series} count=${categories.length} at=${at} setAt=${setAt} said=${say} height=${HEIGHT} testId=${testId}>
    ${ticks.map((value) => html`<g key=${value}><line class="chart-rule" x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(value)} y2=${y(value)} /><text class="chart-text" x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${format(value)}</text></g>`)}
    ${categories.map((one, index) => {
      let below = 0;
      const width = Math.min(BAR_MOST, slot * 0.7), x = LEFT + slot * (index + 0.5) - width / 2;
      return html`<g key=${one.label} onMouseEnter=${() => setAt(index)}>
        <rect class=${`chart-slot ${at === index ? "is-at" : ""}`} x=${LEFT + slot * index} y=${TOP} width=${slot} height=${HEIGHT - TOP - BOTTOM} />
        ${one.values.map((value, place) => {
          below += value;
          return value > 0 ? html`<rect key=${place} class="chart-bar" x=${x} y=${y(below)} width=${width} height=${Math.max(1, y(below - value) - y(below))} fill=${fillOf(name, place)} />` : null;
        })}
        ${one.top ? html`<text class="chart-top" x=${x + width / 2} y=${y(sums[index]) - 5} text-anchor="middle">${one.top}</text>` : null}
        <text class="chart-text" x=${x + width / 2} y=${HEIGHT - 8} text-anchor="middle">${one.label}</text>
      </g>`;
    })}
  <//>`;
}

const ROW = 26, NAME = 210, VALUE = 78;

// Lying bars of shares: ROWS = [{label, parts: [per mille per series], text}]; a row is at most 1000 long, or as long as MOST.
export function Shares({ label, series, rows, most = 1000, say, testId }) {
  const name = useName();
  const [at, setAt] = useState(null);
  const width = WIDTH - NAME - VALUE;
  return html`<${Frame} label=${label} name=${name} series=${series} count=${rows.length} at=${at} setAt=${setAt} said=${say} height=${rows.length * ROW + 4} testId=${testId}>
    ${rows.map((row, index) => {
      let before = NAME;
      return html`<g key=${index} onMouseEnter=${() => setAt(index)}>
        <rect class=${`chart-slot ${at === index ? "is-at" : ""}`} x="0" y=${index * ROW} width=${WIDTH} height=${ROW} />
        <text class="chart-text" x=${NAME - 8} y=${index * ROW + 18} text-anchor="end">${row.label.length > 14 ? `${row.label.slice(0, 13)}…` : row.label}</text>
        ${row.parts.map((part, place) => {
          const x = before;
          before += (width * part) / most;
          return part > 0 ? html`<rect key=${place} class="chart-bar" x=${x} y=${index * ROW + 4} width=${Math.max(1, before - x)} height=${ROW - 8} fill=${fillOf(name, place)} />` : null;
        })}
        <text class="chart-top" x=${WIDTH - 4} y=${index * ROW + 18} text-anchor="end">${row.text}</text>
      </g>`;
    })}
  <//>`;
}
