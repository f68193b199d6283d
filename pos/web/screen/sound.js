// Two short sounds: rising when a citizen has paid, low and double when something needs the clerk's eyes.
import { useEffect, useRef } from "./lib/view.js";

const TEST_PAUSE_MS = 600;

let audio = null;

function tone(frequency, startsIn, length) {
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  const from = audio.currentTime + startsIn;
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(0.12, from + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.0005, from + length);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(from);
  oscillator.stop(from + length);
}

const sounds = {
  success: () => [tone(880, 0, 0.12), tone(1318, 0.1, 0.22)],
  failure: () => [tone(262, 0, 0.16), tone(262, 0.22, 0.24)],
};

function play(name) {
  // Browsers give sound only after the first touch; before that, silence is right.
  if (!navigator.userActivation?.hasBeenActive) {
    return;
  }
  audio = audio || new AudioContext();
  sounds[name]();
}

// Both sounds one after the other; false when the browser gives none yet.
export function playTest() {
  if (!navigator.userActivation?.hasBeenActive) {
    return false;
  }
  play("success");
  setTimeout(() => play("failure"), TEST_PAUSE_MS);
  return true;
}

const failures = ["declined", "not_charged", "unknown", "in_doubt"];

// Plays when the state or the message turns to something new; never for what stood there when the page was opened.
export function useSounds(state, message, isMuted) {
  const before = useRef(null);
  const current = { sale: state?.last_sale?.sale ?? null, payment: state?.payment?.state ?? null, message };
  useEffect(() => {
    const last = before.current;
    before.current = state === null ? null : current;
    if (last === null || state === null || isMuted) {
      return;
    }
    if (current.sale !== null && current.sale !== last.sale) {
      play("success");
    } else if (current.payment !== last.payment && failures.includes(current.payment)) {
      play("failure");
    } else if (message !== null && message !== last.message && message.kind === "danger") {
      play("failure");
    }
  }, [current.sale, current.payment, message]);
}
