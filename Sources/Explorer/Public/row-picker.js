/** Picks what a view starts from: a row by its number, by chance or from a sheet, or a draw from the prior. */

import { newest } from "./api.js";
import { button, field, fill, h, notice } from "./dom.js";
import { sheet, show } from "./observations.js";
import { count, rowName, thing } from "./words.js";

const offered = 24;
const mostSeeds = 1_000_000;

/** Some rows by chance, each once, in order. */
export function someRows(total, wanted, random = Math.random) {
  const chosen = new Set();
  while (chosen.size < Math.min(total, wanted)) chosen.add(Math.floor(random() * total));
  return [...chosen].sort((a, b) => a - b);
}

/** A row of the card by chance, another than `other` where there are several. */
export function anyRow(card, other = -1) {
  const row = Math.floor(Math.random() * card.shownRows);
  return row === other ? (row + 1) % card.shownRows : row;
}

/** What a row is called, with its label where it has one. */
export const rowTitle = (card, row, label) =>
  rowName(row) + (label === null || label === undefined ? "" : ` · ${card.labels?.of ?? "label"} ${label}`);

/** A number that a reader typed, as a row; null where there is no such row. */
export const rowFrom = (text, card) => {
  const row = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
  return row < card.shownRows ? row : null;
};

/**
 * A picker with what it has picked.
 *
 * @param {object} context The view's context.
 * @param {{label: string, size: number, draws: boolean, shows: boolean, onPick: function(object): void}} given `draws` offers draws from
 *   the prior beside rows; `shows` whether the observation is shown; `onPick` is called with the row or latents, the observation and what it is called.
 * @returns {{element: HTMLElement, pickRow(row: number): void, pickDraw(): void, pickAny(): void, put(picked: object): void}} `put` takes what another
 *   picker has picked.
 */
export function rowPicker(context, { label, size, draws = true, shows = true, onPick }) {
  const { card, api } = context;
  const shown = h("div", { class: "picked" });
  const caption = h("p", { class: "caption", "aria-live": "polite" });
  const problem = h("div");
  const several = h("div", { class: "several", hidden: true });
  let current = null;

  const fail = (error) => fill(problem, notice(error.message, { kind: "error" }));
  const present = (from, answer, title) => {
    fill(problem);
    if (shows) fill(shown, show(card, answer, 0, { size, label: `${label}: ${title}` }));
    caption.textContent = title;
    onPick({ from, answer, title });
  };
  const load = newest(async (from) => {
    if ("row" in from) {
      const answer = await api.post("rows", { rows: [from.row] });
      present(from, answer, rowTitle(card, from.row, answer.labels?.[0]));
    } else {
      const answer = await api.post("sample", { count: 1, temperature: 1, seed: from.seed });
      present({ z: answer.z[0] }, answer, "a draw from the prior");
    }
  }, fail);

  const pickRow = (row) => {
    current = row;
    number.value = row;
    load({ row });
  };
  const pickDraw = () => {
    current = null;
    number.value = "";
    load({ seed: Math.floor(Math.random() * mostSeeds) });
  };
  const put = ({ from, answer, title }) => {
    current = from.row ?? null;
    number.value = current ?? "";
    present(from, answer, title);
  };
  const pickAny = () => (card.shownRows > 0 ? pickRow(anyRow(card, current ?? -1)) : pickDraw());
  const number = field({
    label: `Row, 0 to ${count(Math.max(0, card.shownRows - 1))}`, type: "number", min: 0, max: card.shownRows - 1,
    onChange: (text) => {
      const row = rowFrom(text, card);
      if (row === null) fail(new Error(`There is no row ${text}; rows go from 0 to ${count(card.shownRows - 1)}.`));
      else pickRow(row);
    },
  });
  const offer = newest(async () => {
    const rows = someRows(card.shownRows, offered);
    const answer = await api.post("rows", { rows });
    fill(
      several,
      sheet(card, answer, {
        columns: 8, label: (index) => rowTitle(card, rows[index], answer.labels?.[index]), onPick: (index) => pickRow(rows[index]),
      }));
  }, fail);
  const open = button("From a sheet", () => {
    several.hidden = !several.hidden;
    open.setAttribute("aria-pressed", String(!several.hidden));
    if (!several.hidden) offer();
  }, { pressed: false, label: `${label}: choose from ${offered} rows` });

  const rowsControls = card.shownRows > 0
    ? [
      number,
      h(
        "div", { class: "buttons" }, button("Any row", pickAny, { label: `${label}: any row` }),
        card.kind === "table" ? null : open,
        draws ? button("A draw", pickDraw, { label: `${label}: a ${thing(card)} drawn from the prior` }) : null),
    ]
    : [h("div", { class: "buttons" }, button("Another draw", pickDraw, { label: `${label}: another draw` }))];
  const element = h(
    "section", { class: "picker", "aria-label": label }, h("h2", {}, label), shown, caption, ...rowsControls, problem, several);
  return { element, pickRow, pickDraw, pickAny, put };
}
