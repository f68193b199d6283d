// Talking to our own process: commands that always end in a sentence for a person, and the event stream.

// What a call ends in: {ok: true, data}, or {ok: false, code, message, isUnknown, data?} (what a refusal says besides). `isUnknown` says that the request may
// have been carried out although no answer came; the state shown next tells.
export function createClient({ headers = {}, peer, timeoutMs = 20000 }) {
  const failed = (code, message, isUnknown = false) => ({ ok: false, code, message, isUnknown });

  return async function call(method, path, body) {
    const changes = method !== "GET";
    const request = {
      method,
      headers: changes ? { ...headers } : {},
      signal: AbortSignal.timeout(timeoutMs),
      cache: "no-store",
    };
    if (body !== undefined) {
      request.headers["Content-Type"] = "application/json";
      request.body = JSON.stringify(body);
    }
    let response;
    let text;
    try {
      response = await fetch(path, request);
      text = await response.text();
    } catch (error) {
      return changes
        ? failed("no_answer", `${peer}から返事がありません。操作が届いたかどうかは、つながりしだい画面に出ます。`, true)
        : failed("no_answer", `${peer}につながりません。しばらくしてからもう一度お試しください。`);
    }
    let data = null;
    try {
      data = text === "" ? null : JSON.parse(text);
    } catch (error) {
      return failed("garbled", `${peer}の返事が読み取れません。画面の表示を確かめてから、もう一度お試しください。`, changes);
    }
    if (response.ok) {
      return { ok: true, data };
    }
    const message = data?.error?.message || `${peer}が操作を受け付けませんでした。もう一度お試しください。`;
    return { ...failed(data?.error?.code || "refused", message), status: response.status, data };
  };
}

const FIRST_WORD_MS = 8000; // a server that is there speaks at once
const SILENCE_MS = 40000; // it says something every 15 s; this is two of its breaths and a bit
const RETRY_MS = [500, 1000, 2000, 3000];

// Follow server-sent events at PATH until the returned function is called. `onLink` is told "live" and "lost".
// EventSource is not used: it cannot tell silence from health, and waits as long as it likes before it tries again.
export function followEvents(path, { onEvent, onLink }) {
  let stopped = false;
  let attempt = 0;
  let current = null;

  async function listen() {
    const abort = new AbortController();
    current = abort;
    let silence = setTimeout(() => abort.abort(), FIRST_WORD_MS);
    try {
      const response = await fetch(path, { signal: abort.signal, cache: "no-store", headers: { Accept: "text/event-stream" } });
      if (!response.ok) {
        return;
      }
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(silence);
        silence = setTimeout(() => abort.abort(), SILENCE_MS);
        attempt = 0;
        const blocks = (text + part.value).split("\n\n");
        text = blocks.pop();
        onLink("live");
        blocks.forEach(deliver);
      }
    } catch (error) {
      // Falls through to the next attempt: whatever the cause, the answer is the same.
    } finally {
      clearTimeout(silence);
    }
  }

  function deliver(block) {
    let name = "message";
    const data = [];
    for (const line of block.split("\n")) {
      if (line.startsWith("event:")) {
        name = line.slice(6).trim();
      } else if (line.startsWith("data:")) {
        data.push(line.slice(5).trimStart());
      }
    }
    if (data.length > 0) {
      onEvent(name, JSON.parse(data.join("\n")));
    }
  }

  async function run() {
    while (!stopped) {
      await listen();
      if (!stopped) {
        onLink("lost");
        await new Promise((wake) => setTimeout(wake, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]));
        attempt += 1;
      }
    }
  }

  run();
  return () => {
    stopped = true;
    current?.abort();
  };
}
