/** What the browser remembers, as far as it lets pages remember anything. */

/** A text that was kept under a name in `localStorage` or `sessionStorage`; null where there is none. */
export function remembered(area, name) {
  try {
    return window[area].getItem(name);
  } catch {
    return null; // Storage is switched off: the page works without.
  }
}

/** Keeps a text under a name; without storage it is forgotten with the page. */
export function remember(area, name, text) {
  try {
    window[area].setItem(name, text);
  } catch {
    // Storage is switched off: the page works without.
  }
}
