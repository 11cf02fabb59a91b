/** A row of a table as bars: one a column, from the column's least value to its greatest, with the number in the data's units. */

import { h } from "./dom.js";
import { columnValue } from "./words.js";

const place = (column, value) => {
  const range = column.maximum - column.minimum;
  return range > 0 ? Math.min(Math.max((value - column.minimum) / range, 0), 1) : 0.5;
};
const percent = (share) => `${(100 * share).toFixed(2)}%`;

/** One column's bar; what it draws is set by `write`. */
function line(column) {
  const value = h("div", { class: "bar-value" });
  const spread = h("div", { class: "bar-spread", hidden: true });
  const other = h("div", { class: "bar-other", hidden: true });
  const mean = h("div", { class: "bar-mean" });
  mean.style.left = percent(place(column, column.mean));
  const number = h("td", { class: "bar-number" });
  const name = h("th", { scope: "row", title: column.name }, column.name);
  const row = h(
    "tr", {}, name, h("td", { class: "bar-cell", "aria-hidden": "true" }, h("div", { class: "bar-track" }, value, spread, mean, other)),
    number);
  const write = (now, { compare, deviation, isMissing } = {}) => {
    const isThere = now !== null && Number.isFinite(now);
    value.style.width = isThere ? percent(place(column, now)) : "0";
    number.textContent = isThere ? columnValue(column, now) : "–";
    other.hidden = !Number.isFinite(compare);
    if (!other.hidden) other.style.left = percent(place(column, compare));
    spread.hidden = !(isThere && deviation > 0);
    if (!spread.hidden) {
      const [low, high] = [place(column, now - deviation), place(column, now + deviation)];
      spread.style.left = percent(low);
      spread.style.width = percent(high - low);
      number.append(h("span", { class: "bar-error" }, ` ± ${columnValue(column, deviation)}`));
    }
    row.classList.toggle("missing", Boolean(isMissing));
  };
  return { row, write };
}

/**
 * Bars for one row's values; the tick of each is the column's mean.
 * @param {number[] | null} values null for empty bars
 * @param {{compare?: number[], deviations?: number[], missing?: Set<number>, label?: string}} options `compare` adds a
 *   mark at another row's values, `deviations` a line of one deviation to each side
 * @returns {HTMLTableElement & {update(values: number[], options?: object): void}}
 */
export function bars(card, values, { compare, deviations, missing, label = "The row's values" } = {}) {
  const lines = card.columns.map(line);
  const element = h("table", { class: "bars" }, h("caption", { class: "unseen" }, label), h("tbody", {}, lines.map(({ row }) => row)));
  element.update = (now, changes = {}) => {
    if ("compare" in changes) compare = changes.compare;
    if ("deviations" in changes) deviations = changes.deviations;
    if ("missing" in changes) missing = changes.missing;
    lines.forEach(({ write }, index) =>
      write(now?.[index] ?? null, {
        compare: compare?.[index], deviation: deviations?.[index], isMissing: missing?.has(index),
      }));
  };
  element.update(values);
  return element;
}
