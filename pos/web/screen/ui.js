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

export function useUi(state) {
  const [view, setView] = useState("sale");
  const [step, setStep] = useState(null);
  const [line, setLine] = useState(null);
  const [seenSale, setSeen] = useState(readSeen);
  const shownSale = useRef(null);

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
  const stage = state === null ? null : saleStage(state, { step, seenSale });

  // A payment that starts, a sale that is done and a basket that was emptied end whatever step was open.
  useEffect(() => setStep(null), [runs, sale]);
  useEffect(() => {
    if (count === 0) {
      setStep(null);
    }
  }, [count === 0]);
  useEffect(() => setLine(null), [state?.basket.id]);

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
    markSeen,
    // Whether the finished sale has not stood on the sale view yet.
    isSaleNews: stage === "paid" && shownSale.current !== sale,
    // A sale that was finished while the clerk already serves the next citizen.
    lateSale: sale !== null && sale !== seenSale && count > 0 && shownSale.current !== sale ? state.last_sale : null,
  };
}
