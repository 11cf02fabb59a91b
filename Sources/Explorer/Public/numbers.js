/** Numbers as a reader wants them: no more digits than mean something, a true minus sign, an error beside an estimate. */

import { fixed, nats } from "./words.js";

const isNumber = (value) => typeof value === "number" && !Number.isNaN(value);

const unbounded = (value) => (!isNumber(value) ? "–" : value > 0 ? "∞" : "−∞");

const exponent = (value) => (value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value))));

const superscript = (power) =>
  (power < 0 ? "⁻" : "") + [...String(Math.abs(power))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");

/** A number in a few significant digits. */
export function text(value, digits = 4) {
  if (!Number.isFinite(value)) return unbounded(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return fixed(value, 0);
  const magnitude = exponent(value);
  if (magnitude >= 7 || magnitude < -4) {
    return `${text(value / 10 ** magnitude, Math.min(digits, 3))} × 10${superscript(magnitude)}`;
  }
  const shown = fixed(value, Math.max(0, digits - 1 - magnitude));
  return shown.includes(".") ? shown.replace(/\.?0+$/, "") : shown;
}

/** A number with as many decimals as its error allows, two digits of the error; an empty error where that is unknown or nothing. */
export function estimate(value, error) {
  if (!Number.isFinite(value) || !Number.isFinite(error) || !(error > 0)) return { value: nats(value), error: "" };
  const decimals = Math.min(6, Math.max(0, 1 - exponent(error)));
  return { value: fixed(value, decimals), error: `±\u{a0}${error.toFixed(decimals)}` };
}

/** A number with its error in one text. */
export function withError(value, error) {
  const shown = estimate(value, error);
  return shown.error ? `${shown.value} ${shown.error}` : shown.value;
}

/** A share in per cent. */
export const percent = (share, digits = 3) => `${text(100 * share, digits)}\u{a0}%`;

/** A time as one would say it. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * Numbers that share their decimals, so that a column of them can be compared: about four digits for the largest, and no decimals that none needs.
 */
export function column(values) {
  const largest = values.reduce((high, value) => (Number.isFinite(value) ? Math.max(high, Math.abs(value)) : high), 0);
  if (largest >= 1e7 || (largest > 0 && largest < 1e-4)) return values.map((value) => text(value));
  const most = largest > 0 ? Math.min(7, Math.max(0, 3 - exponent(largest))) : 0;
  let needed = 0;
  while (needed < most && values.some((value) => Number.isFinite(value) && Math.abs(value - Number(value.toFixed(needed))) * 10 ** most >= 0.5)) {
    needed += 1;
  }
  return values.map((value) => (Number.isFinite(value) ? fixed(value, needed) : unbounded(value)));
}
