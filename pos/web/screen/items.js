// Items of a category or of a search, asked of the till a screenful at a time. A catalogue can have 20,000.
import { useEffect, useRef, useState } from "./lib/view.js";

const SLOW_MS = 100; // from here on, waiting is shown
const KEPT_MAX = 40; // answers that are not asked again for the same catalogue

const NOTHING = { key: "", items: [], hasMore: false, fault: null };

// WISH is {category} or {q}, or null for nothing. What was shown stays until the answer is there; an answer that comes
// after another wish is dropped. `settled()` is the items of the newest wish, once they are there.
export function useItems(till, catalog, wish) {
  const [shown, setShown] = useState(NOTHING);
  const [isSlow, setSlow] = useState(false);
  const [round, setRound] = useState(0);
  const kept = useRef({ catalog: null, answers: new Map() });
  const newest = useRef({ key: "", promise: Promise.resolve([]) });
  const key = wish === null || !catalog ? "" : JSON.stringify(wish);

  if (kept.current.catalog !== catalog) {
    kept.current = { catalog, answers: new Map() }; // other masters, or another day
  }
  const keep = (answer) => {
    const { answers } = kept.current;
    answers.set(answer.key, answer);
    if (answers.size > KEPT_MAX) {
      answers.delete(answers.keys().next().value);
    }
  };

  useEffect(() => {
    if (key === "") {
      setShown(NOTHING);
      newest.current = { key, promise: Promise.resolve([]) };
      return undefined;
    }
    const known = kept.current.answers.get(key);
    if (known) {
      setShown(known);
      newest.current = { key, promise: Promise.resolve(known.items) };
      return undefined;
    }
    const slow = setTimeout(() => setSlow(true), SLOW_MS);
    const done = () => {
      clearTimeout(slow);
      setSlow(false);
    };
    let isWanted = true;
    const promise = till.items(wish).then((answer) => {
      if (!isWanted) {
        return newest.current.promise;
      }
      done();
      const found = answer.ok ? { key, items: answer.data.items, hasMore: answer.data.has_more, fault: null } : { ...NOTHING, key, fault: answer.message };
      if (answer.ok) {
        keep(found);
      }
      setShown(found);
      return found.items;
    });
    newest.current = { key, promise };
    return () => {
      isWanted = false;
      done();
    };
  }, [key, catalog, round]);

  const more = async () => {
    const answer = await till.items({ ...wish, offset: String(shown.items.length) });
    if (answer.ok && newest.current.key === shown.key) {
      const longer = { ...shown, items: [...shown.items, ...answer.data.items], hasMore: answer.data.has_more };
      keep(longer);
      setShown(longer);
    } else if (!answer.ok) {
      till.say("danger", answer.message);
    }
  };

  return {
    ...shown,
    isWaiting: isSlow || (shown.key !== key && shown.items.length === 0),
    more,
    again: () => setRound(round + 1),
    settled: async () => {
      if (newest.current.key === key) {
        return newest.current.promise;
      }
      const answer = await till.items(wish); // Enter was faster than the effect above
      return answer.ok ? answer.data.items : [];
    },
  };
}
