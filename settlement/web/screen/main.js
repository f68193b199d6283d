// Start: find out who is signed in, and draw whenever the session says something new.
import { guardDoubleTaps } from "./lib/double_tap.js";
import { html, render } from "./lib/view.js";
import { App } from "./app.js";
import { startSession } from "./session.js";
import { startLive } from "./live.js";

guardDoubleTaps();
const place = document.getElementById("app");
place.textContent = "";
render(html`<${App} />`, place);
startLive();
startSession();
