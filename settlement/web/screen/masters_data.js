// What all pages of the masters ask for: the kinds and their fields, the open drafts, the names that codes stand for.
import { useEffect, useMemo, useState } from "./lib/view.js";
import { useAnswer } from "./data.js";
import { setParams } from "./route.js";
import { createStore, useStore } from "./store.js";
import { call } from "./session.js";

const LAST_DRAFT = "madoguchi.masters.draft";

// The draft that is worked on stays chosen from page to page; "0" is the published version.
const chosen = createStore({ draft: sessionStorage.getItem(LAST_DRAFT) || "0" });

export function chooseDraft(id) {
  sessionStorage.setItem(LAST_DRAFT, String(id));
  chosen.set({ draft: String(id) });
  setParams({ draft: String(id), id: "" });
}

// {schema, drafts, draft}: the kinds by name, the open drafts, and the row of the chosen one (null: what is published).
export function useMasters(params) {
  const schema = useAnswer("/api/masters/schema");
  const list = useAnswer("/api/masters/drafts", { whats: ["masters"] });
  const { draft: kept } = useStore(chosen);
  const wanted = params.draft ?? kept;
  useEffect(() => {
    if (params.draft !== undefined && params.draft !== kept) {
      sessionStorage.setItem(LAST_DRAFT, params.draft);
      chosen.set({ draft: params.draft });
    }
  }, [params.draft]);
  const drafts = list.data?.rows || null;
  const draft = drafts?.find((one) => String(one.id) === wanted) || null;
  const kinds = useMemo(() => new Map((schema.data?.kinds || []).map((kind) => [kind.kind, kind])), [schema.data]);
  const fault = schema.fault || list.fault;
  return { kinds, drafts, draft, draftId: draft ? draft.id : null, isReady: schema.data !== null && drafts !== null, fault, reload: () => (schema.reload(), list.reload()) };
}

export const draftQuery = (draftId) => (draftId ? `draft=${draftId}` : "");

// Names of the codes of KIND: [{code, name}], null while they are asked for. Asked again when a draft changed.
export function useNames(kind, draftId, member) {
  const answer = useAnswer(kind ? `/api/masters/names?kind=${kind}&limit=500${member ? `&member=${member}` : ""}${draftId ? `&draft=${draftId}` : ""}` : null, { whats: ["masters"], keep: true });
  return answer.data?.rows || null;
}

// The names of several kinds as Map kind → Map code → name.
export function useNameMaps(kinds, draftId) {
  const [maps, setMaps] = useState(new Map());
  const wanted = kinds.join();
  useEffect(() => {
    let isOld = false;
    Promise.all(kinds.map((kind) => call("GET", `/api/masters/names?kind=${kind}&limit=500${draftId ? `&draft=${draftId}` : ""}`))).then((answers) => {
      if (!isOld) {
        setMaps(new Map(kinds.map((kind, index) => [kind, new Map((answers[index].data?.rows || []).map((row) => [row.code, row.name]))])));
      }
    });
    return () => {
      isOld = true;
    };
  }, [wanted, draftId]);
  return maps;
}

// "2027-04-01" as people write it; the open end of a period.
export const dayText = (day) => (day ? day.replaceAll("-", "/") : "");
export const periodText = (from, to) => (from ? `${dayText(from)} 〜 ${to ? dayText(to) : ""}` : "");
