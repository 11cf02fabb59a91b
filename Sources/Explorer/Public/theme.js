/** The page's colours: as the system has them, or light or dark as the reader chose. */

import { remember, remembered } from "./storage.js";

const key = "latent.theme";
const names = ["system", "light", "dark"];
const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set();
let known = null;

let choice = names.includes(remembered("localStorage", key)) ? remembered("localStorage", key) : "system";
apply();
system.addEventListener("change", () => choice === "system" && apply());

function apply() {
  const root = document.documentElement;
  if (choice === "system") delete root.dataset.theme;
  else root.dataset.theme = choice;
  known = null;
  listeners.forEach((listener) => listener());
}

/** Whether the page is dark now. */
export const isDark = () => (choice === "system" ? system.matches : choice === "dark");

/** The reader's choice: `system`, `light` or `dark`. */
export const themeChoice = () => choice;

/** Changes it, and keeps it for the next visit. */
export function chooseTheme(name) {
  choice = names.includes(name) ? name : "system";
  remember("localStorage", key, choice);
  apply();
}

/** The choice that follows the present one, for a button that goes round. */
export const nextTheme = () => names[(names.indexOf(choice) + 1) % names.length];

/**
 * Calls `listener` whenever the colours change.
 * @returns {() => void} what ends that
 */
export function onThemeChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The style sheet's colours as they are now, by their names without `--`, and the page's `font`. */
export function colours() {
  if (known) return known;
  const style = getComputedStyle(document.documentElement);
  const found = Object.fromEntries(
    ["paper", "soft", "ink", "muted", "line", "grid", "first", "second", "idle", "warn-line"].map((name) => [
      name, style.getPropertyValue("--" + name).trim(),
    ]));
  found.font = getComputedStyle(document.body).fontFamily;
  if (found.paper) known = found;
  return found;
}

const palettes = {
  light: ["#0072b2", "#d55e00", "#00805f", "#b0468c", "#8a6a00", "#882255", "#2d8fc6", "#4a3aa7", "#1b1e23", "#6f7680"],
  dark: ["#56b4e9", "#f0883e", "#2cc99a", "#e596cb", "#f0e442", "#ff7c93", "#b5dcf7", "#a99bf5", "#ffffff", "#9aa3ad"],
};

/** The colour of the label at `index`: ten that readers with any colour vision tell apart, then these again. */
export const labelColour = (index) => palettes[isDark() ? "dark" : "light"][index % 10];

const ramps = {
  light: [[188, 209, 230], [124, 171, 211], [51, 120, 178], [18, 72, 128], [8, 29, 66]],
  dark: [[38, 52, 74], [42, 92, 140], [72, 146, 196], [146, 204, 232], [236, 248, 255]],
};

/**
 * A colour of the scale from little (0) to much (1), that stands out more the more there is.
 * @returns {[number, number, number]} red, green and blue, 0 to 255
 */
export function rampColour(share) {
  const ramp = ramps[isDark() ? "dark" : "light"];
  const place = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const index = Math.min(Math.floor(place), ramp.length - 2);
  return ramp[index].map((low, channel) => Math.round(low + (ramp[index + 1][channel] - low) * (place - index)));
}
