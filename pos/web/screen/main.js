// Start: connect to the till, and draw whenever it says something new.
import { guardDoubleTaps } from "./lib/double_tap.js";
import { html, render, useEffect, useState } from "./lib/view.js";
import { createTill } from "./till.js";
import { App } from "./app.js";

const till = createTill();

function Root() {
  const [now, setNow] = useState(till.now);
  useEffect(() => till.subscribe(setNow), []);
  return html`<${App} till=${till} now=${now} />`;
}

guardDoubleTaps();
const place = document.getElementById("app");
place.textContent = "";
render(html`<${Root} />`, place);
till.start();
