// That somebody reads or scrolls without giving a command, told to the till now and then, so that its lock knows.
import { useEffect } from "./lib/view.js";

const TELL_EVERY_MS = 30000;

export function useActivity(till, isOn) {
  useEffect(() => {
    if (!isOn) {
      return undefined;
    }
    let told = performance.now();
    const note = () => {
      if (performance.now() - told > TELL_EVERY_MS) {
        told = performance.now();
        till.noteActivity();
      }
    };
    const signs = ["pointerdown", "keydown", "wheel"];
    signs.forEach((sign) => window.addEventListener(sign, note, { passive: true }));
    return () => signs.forEach((sign) => window.removeEventListener(sign, note));
  }, [isOn]);
}
