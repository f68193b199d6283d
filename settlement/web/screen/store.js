// A value that components follow: `set` tells everybody, `useStore` draws again.
import { useEffect, useState } from "./lib/view.js";

export function createStore(first) {
  let value = first;
  const followers = new Set();
  return {
    get: () => value,
    set(changes) {
      value = { ...value, ...changes };
      followers.forEach((tell) => tell(value));
    },
    follow(tell) {
      followers.add(tell);
      return () => followers.delete(tell);
    },
  };
}

export function useStore(store) {
  const [value, setValue] = useState(store.get);
  useEffect(() => {
    setValue(store.get());
    return store.follow(setValue);
  }, [store]);
  return value;
}
