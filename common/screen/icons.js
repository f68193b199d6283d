// The pictures beside words: strokes on a 24 × 24 grid, coloured by the text around them. A picture never stands alone;
// it is hidden from screen readers because the word beside it says the same.
import { html } from "./view.js";

const shapes = {
  check: ["M5 12.5 10 17.5 19.5 7"],
  "check-circle": ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M8 12.5 11 15.5 16.5 9"],
  warning: ["M12 3.5 22 20.5H2z", "M12 10v5", "M12 17.8v.2"],
  danger: ["M8 2.8h8L21.2 8v8L16 21.2H8L2.8 16V8z", "M12 7.5v6", "M12 16.5v.2"],
  info: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M12 11v6", "M12 7.5v.2"],
  question: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M9.3 9.5a2.7 2.7 0 1 1 3.6 2.5c-.7.3-.9.8-.9 1.7", "M12 16.8v.2"],
  clock: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M12 7v5.3l3.5 2"],
  search: ["M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M15.5 15.5 21 21"],
  plus: ["M12 5v14", "M5 12h14"],
  minus: ["M5 12h14"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  back: ["M10 5 3.5 12l6.5 7", "M4 12h17"],
  next: ["M14 5l6.5 7-6.5 7", "M20 12H3"],
  backspace: ["M8.5 5H21v14H8.5L2.5 12z", "M11.5 9.5l5 5", "M16.5 9.5l-5 5"],
  trash: ["M4 7h16", "M9.5 7V4.5h5V7", "M6 7l1 13h10l1-13", "M10 11v5.5", "M14 11v5.5"],
  cash: ["M2.5 6.5h19v11h-19z", "M12 9.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4z", "M5.5 12h.1", "M18.5 12h.1"],
  phone: ["M6.5 2.5h11v19h-11z", "M10.5 18.5h3", "M9.5 6.5h1.6v1.6H9.5z", "M13 6.5h1.6v1.6H13z", "M9.5 10h1.6v1.6H9.5z", "M13 10h1.6v1.6H13z"],
  touch: ["M5 9.5a5.5 5.5 0 0 1 0 5", "M9 7.2a10 10 0 0 1 0 9.6", "M13 5a14.5 14.5 0 0 1 0 14", "M17 2.8a19 19 0 0 1 0 18.4"],
  card: ["M2.5 5.5h19v13h-19z", "M2.5 9.5h19", "M6 14.8h4"],
  printer: ["M7 9V3.5h10V9", "M7 17H3.5V9h17v8H17", "M7 14h10v6.5H7z"],
  terminal: ["M6 2.5h12v19H6z", "M9 5.5h6v4H9z", "M9 13h.1M12 13h.1M15 13h.1M9 16.5h.1M12 16.5h.1M15 16.5h.1"],
  network: ["M12 18.8v.2", "M8.5 15.3a5 5 0 0 1 7 0", "M5.2 12a9.6 9.6 0 0 1 13.6 0", "M2 8.7a14.2 14.2 0 0 1 20 0"],
  upload: ["M12 16V5", "M7 9.5 12 4.5l5 5", "M4 16v4h16v-4"],
  code: ["M3.5 3.5h6v6h-6z", "M14.5 3.5h6v6h-6z", "M3.5 14.5h6v6h-6z", "M14.5 14.5h2.5v2.5M20.5 14.5v6h-6"],
  list: ["M9 6h12", "M9 12h12", "M9 18h12", "M4 6h.1M4 12h.1M4 18h.1"],
  basket: ["M3 9h18l-2 11H5z", "M8 9l3-6", "M16 9l-3-6", "M9 13v3.5M12 13v3.5M15 13v3.5"],
  drawer: ["M3 4.5h18v6H3z", "M3 10.5h18v9H3z", "M10 15h4"],
  person: ["M12 3.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8z", "M4 20.5c.6-4.3 3.6-6.5 8-6.5s7.4 2.2 8 6.5"],
  leave: ["M14 4H4.5v16H14", "M10 12h11", "M17 8l4 4-4 4"],
  sound: ["M4 9.5v5h3.5L12 19V5L7.5 9.5z", "M15.5 9a4.5 4.5 0 0 1 0 6", "M18 6.5a8.2 8.2 0 0 1 0 11"],
  mute: ["M4 9.5v5h3.5L12 19V5L7.5 9.5z", "M16 9.5l5 5", "M21 9.5l-5 5"],
  type: ["M3 19 9 5l6 14", "M5.2 14h7.6", "M15.5 19l3.2-8 3.3 8", "M16.6 16.2h4.3"],
  receipt: ["M5.5 3v18l2.2-1.6L9.8 21l2.2-1.6 2.2 1.6 2.1-1.6 2.2 1.6V3z", "M9 8h6", "M9 12h6"],
  gift: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M8 8l8 8"],
  car: ["M3 15v-2.5l2.2-5.5h13.6l2.2 5.5V15z", "M3 15v3h3v-3M18 15v3h3v-3", "M6.5 12.3h.1M17.4 12.3h.1"],
  globe: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M3 12h18", "M12 3c5.2 5 5.2 13 0 18", "M12 3c-5.2 5-5.2 13 0 18"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z", "M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4"],
};

export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${shapes[name].map((d) => html`<path d=${d} />`)}
  </svg>`;
}
