// The clerk's own settings of this screen: large type, and whether it makes sounds. Kept in the browser; nothing else is.
import { useEffect, useState } from "./lib/view.js";

const read = (name) => {
  try {
    return localStorage.getItem(`madoguchi.${name}`) === "yes";
  } catch (error) {
    return false; // a browser that keeps nothing still sells
  }
};

const keep = (name, value) => {
  try {
    localStorage.setItem(`madoguchi.${name}`, value ? "yes" : "no");
  } catch (error) {
    // see above
  }
};

export function useSettings() {
  const [isLarge, setLarge] = useState(read("large"));
  const [isMuted, setMuted] = useState(read("muted"));
  useEffect(() => {
    document.documentElement.classList.toggle("is-large", isLarge);
    keep("large", isLarge);
  }, [isLarge]);
  useEffect(() => keep("muted", isMuted), [isMuted]);
  return { isLarge, isMuted, toggleLarge: () => setLarge(!isLarge), toggleMuted: () => setMuted(!isMuted) };
}
