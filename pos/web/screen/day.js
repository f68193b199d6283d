// Cash and the close of the day: which step of what stands here. What was counted is the till's; a reload or a restart
// comes back to the same step.
import { html, useState } from "./lib/view.js";
import { Button, Empty } from "./lib/components.js";
import { useTill } from "./context.js";
import { CloseFlow } from "./day_close.js";
import { DayDone } from "./day_done.js";
import { FloatStep, MoveStep } from "./day_move.js";
import { HandOverFlow } from "./day_handover.js";
import { InspectionFlow } from "./day_inspection.js";
import { DayMenu, DrawerStep } from "./day_menu.js";
import { shortDate } from "./text.js";
import { KEYS, written } from "./keys.js";

// A business day that was never closed: it is closed first, then the new one begins.
export function DayOver() {
  const { state, ui } = useTill();
  return html`<main class="alone">
    <${Empty}
      icon="clock"
      title=${`${shortDate(state.business_date)} の精算がまだです`}
      actions=${html`<${Button} kind="main" class="key" icon="drawer" hint=${written(KEYS.day)} onPress=${() => ui.setView("day")}>現金を数えて精算する<//>`}
    >
      日付が変わりました。先に前の営業日を精算してください。そのあと、今日の営業を始められます。
    <//>
  </main>`;
}

const steps = {
  lend: () => ({ step: FloatStep, direction: "lent" }),
  return: () => ({ step: FloatStep, direction: "returned" }),
  in: () => ({ step: MoveStep, direction: "in" }),
  out: () => ({ step: MoveStep, direction: "out" }),
  drawer: () => ({ step: DrawerStep }),
  inspection: () => ({ step: InspectionFlow }),
  handover: () => ({ step: HandOverFlow }),
  close: () => ({ step: CloseFlow }),
};

export function DayView() {
  const { state } = useTill();
  // A count that stands is gone on with.
  const [name, setName] = useState(state.day.count?.purpose || "menu");
  const [said, setSaid] = useState(null);
  if (state.day.state === "closed") {
    return html`<${DayDone} />`;
  }
  const choose = (next) => {
    setSaid(null);
    setName(next);
  };
  const back = (sentence = null) => {
    setSaid(typeof sentence === "string" ? sentence : null);
    setName("menu");
  };
  if (name === "menu") {
    return html`<${DayMenu} said=${said} onChoose=${choose} />`;
  }
  const { step: Shown, direction } = steps[name]();
  return html`<${Shown} key=${name} direction=${direction} onBack=${back} />`;
}
