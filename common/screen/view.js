// The one door to preact and htm: every other file takes `html` and the hooks from here.
import { h, render, createContext, Fragment } from "preact";
import htm from "htm";

export const html = htm.bind(h);
export { render, createContext, Fragment };
export { useState, useEffect, useLayoutEffect, useRef, useMemo, useCallback, useContext, useReducer } from "preact/hooks";

// Join class names, leaving out what is false or null.
export const classes = (...names) => names.filter(Boolean).join(" ");
