/** A series of observations, each with a place along it: pictures beside each other, or a table with a column for each. */

import { h } from "./dom.js";
import { drawInto } from "./observations.js";
import { columnValue } from "./words.js";

/** Keys that go along a series, and where to. */
const keys = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/** Pictures as buttons, of which one key stop serves all; arrow keys go along them. */
function pictures(card, answer, headings, label, onPick) {
  const buttons = headings.map((heading, index) => {
    const canvas = h("canvas", { "aria-hidden": "true" });
    drawInto(canvas, card, answer, index);
    return h(
      "button",
      {
        type: "button", class: "step", tabindex: index === 0 ? "0" : "-1", "aria-label": `${label} ${heading}`,
        onclick: () => onPick(index),
        onkeydown: (event) => {
          if (!(event.key in keys)) return;
          event.preventDefault();
          const next = Math.min(headings.length - 1, Math.max(0, index + keys[event.key]));
          buttons[next].focus();
          onPick(next);
        },
      },
      canvas, h("span", { "aria-hidden": "true" }, heading));
  });
  return {
    element: h("div", { class: "steps", role: "group", "aria-label": label }, buttons),
    mark(current) {
      buttons.forEach((one, index) => {
        if (index === current) one.setAttribute("aria-current", "step");
        else one.removeAttribute("aria-current");
        one.tabIndex = index === Math.max(0, current) ? 0 : -1;
      });
    },
  };
}

/** A table with the data's columns below each other and a column for each place. */
function numbers(card, rows, headings, label, onPick) {
  const heads = headings.map((heading, index) =>
    h("th", { scope: "col" }, h("button", { type: "button", class: "plain", "aria-label": `${label} ${heading}`, onclick: () => onPick(index) }, heading)));
  const cells = card.columns.map((column, place) => rows.map((row) => h("td", {}, columnValue(column, row[place]))));
  const element = h(
    "div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label },
    h(
      "table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "column"), heads)),
      h("tbody", {}, card.columns.map((column, place) => h("tr", {}, h("th", { scope: "row", title: column.name }, column.name), cells[place])))));
  return {
    element,
    mark(current) {
      [heads, ...cells].forEach((line) => line.forEach((cell, index) => cell.classList.toggle("current", index === current)));
    },
  };
}

/**
 * Shows a series.
 *
 * @param {object} card The model's card.
 * @param {{pixels: string} | {values: number[][]}} answer The observations.
 * @param {{headings: string[], label: string, onPick: function(number): void}} given What stands at each place, and what to do where one is chosen.
 * @returns {{element: HTMLElement, mark(index: number): void}} `mark` shows which one is current.
 */
export const series = (card, answer, { headings, label, onPick }) =>
  (answer.values ? numbers(card, answer.values, headings, label, onPick) : pictures(card, answer, headings, label, onPick));
