// What a page shows, asked from the server: once, again when it changed, and page by page.
//
// A refresh never empties what is in view. When it fails, the old rows stay and `fault` says so; `at` is their age.
import { useEffect, useRef, useState } from "./lib/view.js";
import { call } from "./api.js";
import { queryOf } from "./route.js";
import { useLive } from "./live.js";

const nothing = { data: null, fault: null, code: null, isLoading: true, at: null };

// PATH null asks for nothing. `keep`: what the last path answered stays in view until the new answer is there.
export function useAnswer(path, { whats = [], keep = false } = {}) {
  const [answer, setAnswer] = useState({ ...nothing, path });
  const latest = useRef(0);
  const load = async () => {
    latest.current += 1;
    const mine = latest.current;
    if (path === null) {
      return;
    }
    setAnswer((before) => (before.path === path || keep ? { ...before, path, isLoading: true } : { ...nothing, path }));
    const got = await call("GET", path);
    if (mine === latest.current) {
      setAnswer((before) =>
        got.ok
          ? { path, data: got.data, fault: null, code: null, isLoading: false, at: new Date() }
          : { ...before, path, fault: got.message, code: got.code, isLoading: false },
      );
    }
  };
  useEffect(() => {
    load();
  }, [path]);
  useLive(whats, load);
  // Between a change of the path and the first effect the old answer must not be taken for the new one.
  const shown = answer.path === path || keep ? answer : { ...nothing, path };
  return { ...shown, reload: load, put: (data) => setAnswer((before) => ({ ...before, data, fault: null })) };
}

// A list that the server gives in pages. `rows` are those loaded so far; a refresh asks for as many again.
export function useRows(path, params, { whats = [], limit = 200 } = {}) {
  const query = queryOf(params);
  const [list, setList] = useState({ rows: null, head: null, next: null, fault: null, isLoading: true, at: null });
  const latest = useRef(0);
  const load = async (from) => {
    latest.current += 1;
    const mine = latest.current;
    setList((before) => ({ ...before, isLoading: true }));
    const wanted = from === null ? Math.max(limit, list.query === query ? list.rows?.length || 0 : 0) : limit;
    let rows = from === null ? [] : list.rows;
    const target = from === null ? wanted : rows.length + limit;
    let after = from;
    let head = null;
    do {
      const got = await call("GET", `${path}?${queryOf({ ...Object.fromEntries(new URLSearchParams(query)), limit, after })}`);
      if (mine !== latest.current) {
        return;
      }
      if (!got.ok) {
        setList((before) => ({ ...before, fault: got.message, isLoading: false, rows: before.query === query ? before.rows : null }));
        return;
      }
      head = head || got.data;
      rows = [...rows, ...got.data.rows];
      after = got.data.next ?? null;
    } while (after !== null && rows.length < target);
    setList({ rows, head, next: after, fault: null, isLoading: false, at: new Date(), query });
  };
  useEffect(() => {
    load(null);
  }, [path, query]);
  useLive(whats, () => load(null));
  return { ...list, reload: () => load(null), more: () => (list.isLoading ? null : load(list.next)) };
}

// A command: `run` sends it and keeps what came back in words; `isBusy` while it is under way.
export function useCommand() {
  const [state, setState] = useState({ isBusy: false, fault: null, code: null });
  const run = async (path, body) => {
    setState({ isBusy: true, fault: null, code: null });
    const answer = await call("POST", path, body);
    setState({ isBusy: false, fault: answer.ok ? null : answer.message, code: answer.ok ? null : answer.code });
    return answer;
  };
  return { ...state, run, clear: () => setState({ isBusy: false, fault: null, code: null }) };
}
