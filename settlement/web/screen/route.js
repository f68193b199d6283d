// The place in the screens stands in the address behind "#": a page, and what is filtered and selected there. So every
// view can be reloaded, kept as a bookmark and sent to a colleague.
import { useEffect } from "./lib/view.js";
import { createStore, useStore } from "./store.js";

function read() {
  const [page, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  return { page: page || "today", params: Object.fromEntries(new URLSearchParams(query)) };
}

const route = createStore(read());
window.addEventListener("hashchange", () => route.set(read()));

// An address inside the screens; members that are empty are left out.
export function address(page, params = {}) {
  const query = queryOf(params);
  return `#${page}${query === "" ? "" : `?${query}`}`;
}

export function queryOf(params) {
  return new URLSearchParams(Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== "")).toString();
}

export function go(page, params) {
  location.hash = address(page, params);
}

// Change the filter or the selection of the page in view, without a step in the history.
export function setParams(changes) {
  const { page, params } = route.get();
  history.replaceState(null, "", address(page, { ...params, ...changes }));
  route.set(read());
}

// The first row is selected when nothing is. Its id goes into the address, so that a row that appears above it meanwhile
// does not take its place.
export function usePinned(id, first, isLoading) {
  useEffect(() => {
    if (!id && first && !isLoading) {
      setParams({ id: first });
    }
  }, [id, first, isLoading]);
  return id || first;
}

export const useRoute = () => useStore(route);
