// What became of a scanned form or slip, told once: rung up or back from hold, refused with the till's sentence, or its
// case is asked for.
import { useEffect, useRef } from "./lib/view.js";

export function useSlips(scanned, ui, say) {
  const seen = useRef(null);
  const number = scanned === undefined ? null : (scanned?.number ?? 0);
  useEffect(() => {
    const isNew = seen.current !== null && number !== null && number > seen.current;
    seen.current = number ?? seen.current; // what was scanned before this page was opened is over
    if (!isNew) {
      return;
    }
    if (scanned.kind === "case") {
      ui.openCase(scanned.id);
    } else if (scanned.kind === "item" || scanned.kind === "hold") {
      ui.setView("sale");
      say("success", scanned.message);
    } else if (scanned.kind === "fault") {
      say("warning", scanned.message);
    }
  }, [number]);
}
