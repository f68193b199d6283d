// Who is signed in, and what happens when the session ends while somebody works.
//
//   starting ──▶ none ──signIn──▶ in ──401 or idle──▶ renew ──signIn──▶ in
//
// In `renew` the page stays as it is behind the sign-in form; calls that met the end of the session wait in `renewed` and
// are made again afterwards, so nothing typed is lost. Somebody else signing in there gets a fresh page.
import { createClient } from "./lib/http.js";
import { createStore, useStore } from "./store.js";

const headers = {};
const ask = createClient({ headers, peer: "サーバー", timeoutMs: 60000 });

export const session = createStore({ status: "starting", me: null, fault: null, cause: null });
export const useSession = () => useStore(session);
export const useMe = () => useSession().me;

let waiting = [];

function enter(me) {
  const before = session.get().me;
  if (before !== null && before.user.login !== me.user.login) {
    location.reload();
    return;
  }
  headers["X-CSRF-Token"] = me.csrf_token;
  noteActivity();
  session.set({ status: "in", me, fault: null, cause: null });
  waiting.forEach((wake) => wake());
  waiting = [];
}

export async function startSession() {
  session.set({ status: "starting", fault: null });
  const answer = await ask("GET", "/api/me");
  if (answer.ok) {
    enter(answer.data);
  } else if (answer.status === 401) {
    session.set({ status: "none" });
  } else {
    session.set({ status: "failed", fault: answer.message });
  }
}

export async function signIn(login, password) {
  const answer = await ask("POST", "/api/login", { login, password });
  if (answer.ok) {
    enter(answer.data);
  }
  return answer;
}

export async function signOut() {
  const answer = await ask("POST", "/api/logout");
  if (answer.ok || answer.status === 401) {
    location.hash = "";
    location.reload();
  }
  return answer;
}

// `cause`: "expired" when the server said so, "idle" when nobody has touched this browser for as long as a session lasts.
function expire(cause) {
  if (session.get().status === "in") {
    session.set({ status: "renew", cause });
  }
}

function renewed() {
  expire("expired");
  return new Promise((wake) => waiting.push(wake));
}

// A token that another window of this browser has replaced: take the new one.
async function refreshToken() {
  const answer = await ask("GET", "/api/me");
  if (answer.ok) {
    enter(answer.data);
  }
  return answer.ok;
}

// One call to the server. What a 401 or a stale token refused was not carried out, so making it again is safe.
export async function call(method, path, body) {
  let hasRefreshed = false;
  for (;;) {
    const answer = await ask(method, path, body);
    if (answer.status === 401 && answer.code !== "login_failed") {
      await renewed();
    } else if (answer.code === "csrf_refused" && !hasRefreshed) {
      hasRefreshed = true;
      await refreshToken();
    } else {
      return answer;
    }
  }
}

export const whenRenewed = renewed;
export const requestHeaders = () => ({ ...headers });
export const checkSession = async () => {
  const answer = await ask("GET", "/api/me");
  if (answer.status === 401) {
    expire("expired");
  }
};

// Pages refresh themselves, which the server takes for activity. So the browser watches the person: nobody there for as
// long as a session lasts ends the session. The windows of one browser share the moment of the last touch.
const ACTIVITY = "madoguchi.activity";
let noted = 0;

function noteActivity() {
  const now = Date.now();
  if (now - noted > 10000) {
    noted = now;
    localStorage.setItem(ACTIVITY, String(now));
  }
}

async function endWhenIdle() {
  const { status, me } = session.get();
  const touched = Number(localStorage.getItem(ACTIVITY)) || noted;
  if (status === "in" && Date.now() - touched > me.idle_seconds * 1000) {
    expire("idle");
    await ask("POST", "/api/logout");
  }
}

["pointerdown", "keydown", "wheel"].forEach((name) => window.addEventListener(name, noteActivity, { passive: true }));
setInterval(endWhenIdle, 15000);
