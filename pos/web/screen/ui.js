// Where the clerk is: view, step of the sale, chosen line, and which finished sale was already looked at.
import { useEffect, useRef, useState } from "./lib/view.js";
import { isRunning, saleStage } from "./stage.js";

const SEEN = "madoguchi.seen-sale";

function readSeen() {
  try {
    return sessionStorage.getItem(SEEN);
  } catch (error) {
    return null;
  }
}

const scannedViews = { sale: "records", payment: "attention", ticket: "facility", item: "sale", case: "sale", hold: "sale", fault: "sale" };

// A scanned paper opens what it is about, wherever the clerk is; a payment of ours is in the list of what needs a person.
function useScanned(scanned, setView, say) {
  const [subject, setSubject] = useState(null); // {kind, id} of the newest paper
  const seen = useRef(null);
  const number = scanned === undefined ? null : (scanned?.number ?? 0);
  useEffect(() => {
    if (number === null) {
      return; // the till has not spoken yet
    }
    if (seen.current === null || number <= seen.current) {
      seen.current = number; // what was scanned before this page was opened is over
      return;
    }
    seen.current = number;
    if (["item", "case", "hold", "fault"].includes(scanned.kind)) {
      return; // a form, a slip or a hold: slips.js tells what became of it
    }
    if (scanned.kind === "unknown") {
      say("warning", scanned.message);
      return;
    }
    setSubject({ kind: scanned.kind, id: scanned.id });
    setView(scannedViews[scanned.kind] || "attention");
  }, [number]);
  return [subject, () => setSubject(null)];
}

export function useUi(state, say) {
  const [view, setView] = useState("sale");
  const [step, setStep] = useState(null);
  const [line, setLine] = useState(null);
  const [category, setCategory] = useState("★"); // of the catalogue; it outlives a case that stands in its place
  const [caseOf, setCase] = useState(null); // {item, set}: an item that a tariff prices, being entered or put right
  const [mixed, setMixed] = useState(null); // the part in cash, while the rest is being chosen
  const [seenSale, setSeen] = useState(readSeen);
  const shownSale = useRef(null);
  const [scanned, forgetScanned] = useScanned(state === null ? undefined : state.scanned || null, setView, say);

  const markSeen = (sale) => {
    setSeen(sale);
    try {
      sessionStorage.setItem(SEEN, sale);
    } catch (error) {
      // then it is shown once more after a reload
    }
  };

  const payment = state?.payment ?? null;
  const sale = state?.last_sale?.sale ?? null;
  const count = state?.basket.count ?? 0;
  const runs = isRunning(payment);
  const stage = state === null ? null : saleStage(state, { step, seenSale, caseOf });

  // A payment that starts, a sale that is done and a basket that was emptied end whatever step was open.
  useEffect(() => {
    setStep(null);
    setCase(null);
  }, [runs, sale]);
  useEffect(() => {
    if (step === null || step === "cash") {
      setMixed(null);
    }
  }, [step]);
  useEffect(() => {
    if (count === 0) {
      setStep(null);
    }
  }, [count === 0]);
  useEffect(() => {
    setLine(null);
    setCase(null);
  }, [state?.basket.id]);

  // Who takes the next item has seen the last sale; one that is finished later, behind a new basket, is still news.
  if (stage === "paid" && view === "sale") {
    shownSale.current = sale;
  }
  useEffect(() => {
    if (count > 0 && sale !== null && shownSale.current === sale) {
      markSeen(sale);
    }
  }, [count > 0, sale]);

  return {
    view,
    setView,
    step,
    setStep,
    line,
    setLine,
    stage,
    category,
    setCategory,
    caseOf,
    openCase: (item, set = null) => {
      setView("sale");
      setCase({ item, set });
    },
    closeCase: () => setCase(null),
    mixed,
    setMixed,
    markSeen,
    scannedSale: scanned?.kind === "sale" ? scanned.id : null, // what a scanned paper is about; null: none
    scannedTicket: scanned?.kind === "ticket" ? scanned.id : null,
    forgetScanned,
    // Whether the finished sale has not stood on the sale view yet.
    isSaleNews: stage === "paid" && shownSale.current !== sale,
    // A sale that was finished while the clerk already serves the next citizen.
    lateSale: sale !== null && sale !== seenSale && count > 0 && shownSale.current !== sale ? state.last_sale : null,
  };
}
