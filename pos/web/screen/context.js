// What every view is given: the till (commands), the newest state, and where the clerk is on the screen.
import { createContext, useContext } from "./lib/view.js";

export const TillContext = createContext(null);
export const useTill = () => useContext(TillContext);
