// The keys of the keyboard, in one table: what is written on the buttons and what the handlers listen to.
// F1 … F5, ⇧F5 and ⇧F9 change the view, F6 … F8 and * act on the sale, F9 … F12 take the money. ⇧F2 goes through the
// languages of the citizen's window.
export const KEYS = {
  sale: "F1",
  search: "F2",
  language: "Shift+F2",
  records: "F3",
  attention: "F4",
  testPaper: "Shift+F4",
  facility: "F5",
  deviceCheck: "Shift+F5",
  quantity: "*",
  hold: "F6",
  holdSlip: "F8",
  printCode: "Shift+F8",
  reference: "Shift+F6",
  override: "Shift+F7",
  exemption: "F7",
  setAside: "F8",
  cash: "F9",
  qr: "F10",
  emoney: "F11",
  credit: "F12",
  day: "Shift+F9",
  away: "Shift+F12",
};

// As written on a button.
export const written = (key) => key.replace("Shift+", "⇧");
