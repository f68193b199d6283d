// News from the server: which lists have changed. It carries no facts, so who shows such a list asks again.
import { followEvents } from "./lib/http.js";
import { useEffect, useRef } from "./lib/view.js";
import { createStore, useStore } from "./store.js";
import { checkSession, session } from "./session.js";

const TOGETHER_MS = 300; // many changes within this time are one

const link = createStore({ state: "starting" });
export const useLink = () => useStore(link).state;

const followers = new Set();
let stop = null;

function onEvent(name, data) {
  if (name === "changed") {
    followers.forEach((follower) => follower(data.what));
  }
}

function onLink(state) {
  const before = link.get().state;
  if (before === state) {
    return;
  }
  link.set({ state });
  if (state === "lost") {
    checkSession();
  } else if (before === "lost") {
    followers.forEach((follower) => follower(null));
  }
}

export function startLive() {
  session.follow(({ status, me }) => {
    const isOpen = status === "in" && !me.must_change_password;
    if (isOpen && stop === null) {
      stop = followEvents("/api/events", { onEvent, onLink });
    } else if (!isOpen && stop !== null) {
      stop();
      stop = null;
      link.set({ state: "starting" });
    }
  });
}

// Call RELOAD soon after one of WHATS has changed, and after the connection was lost for a while.
export function useLive(whats, reload) {
  const current = useRef(reload);
  current.current = reload;
  useEffect(() => {
    let timer = null;
    const follower = (what) => {
      if (what === null || whats.includes(what)) {
        clearTimeout(timer);
        timer = setTimeout(() => current.current(), TOGETHER_MS);
      }
    };
    followers.add(follower);
    return () => {
      clearTimeout(timer);
      followers.delete(follower);
    };
  }, [whats.join()]);
}
