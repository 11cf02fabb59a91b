/** What a model in training makes of some rows, and of draws from its prior. */

import { fill, h } from "./dom.js";
import { countOf, pictureSize, pixelsOf, sheet, show } from "./observations.js";
import { counted } from "./words.js";

const shownInTables = 2;
const acrossPictures = 6;

/** The columns of a table as far as some of its rows tell. */
function columns(names, rows) {
  return rows[0].map((_, place) => {
    const values = rows.map((row) => row[place]).filter(Number.isFinite);
    const [minimum, maximum] = [Math.min(...values), Math.max(...values)];
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    return { name: names?.[place] ?? `column ${place + 1}`, minimum, maximum, mean };
  });
}

/** What is known of the data while there is no model card: the shape, and of tables what their rows tell. */
function cardOf({ shape, columns: names, originals }) {
  if (!shape || shape.length === 1) return { kind: "table", columns: columns(names, originals) };
  const [height, width, channels = 1] = shape;
  return { kind: channels === 3 ? "color" : "grey", height, width, channels, columns: [] };
}

/** Observations of one of an event's parts, as an answer. */
const part = (given) => (typeof given === "string" ? { pixels: given } : { values: given.slice(0, shownInTables) });

/** Rows above what the model makes of them; of tables, the latter's bars with a mark at the former's values. */
function pairs(card, rows, made) {
  const isTable = card.kind === "table";
  const total = isTable ? countOf(rows) : Math.floor(pixelsOf(rows).length / pictureSize(card));
  const cells = Array.from({ length: total }, (_, index) => h(
    "li", {}, isTable
      ? show(card, made, index, { compare: rows.values[index], label: `Reconstruction of row ${index + 1}, with a mark at the row's own values` })
      : [show(card, rows, index, { label: `Row ${index + 1}` }), show(card, made, index, { label: `Reconstruction of row ${index + 1}` })]));
  return h("ul", { class: isTable ? "sheet rows" : "sheet pairs six" }, cells);
}

/**
 * Shows what came with an event.
 *
 * @param {HTMLElement} element Where; what it held is replaced.
 * @param {object | null} known The model's card, where there is one already.
 * @param {{epoch: number, shape: number[], columns: string[], originals: any, reconstructions: any, samples: any}} event
 */
export function showPictures(element, known, event) {
  const card = event.shape || !known ? cardOf(event) : known;
  const across = card.kind === "table" ? null : acrossPictures;
  const note = card.kind === "table" ? h("p", { class: "note" }, "The orange mark is the row's own value.") : null;
  fill(
    element, h("h2", {}, `After ${counted(event.epoch, "epoch")}`),
    h("h3", {}, "Rows, and what the model makes of their codes"), note, pairs(card, part(event.originals), part(event.reconstructions)),
    h("h3", {}, "Draws from the prior"), sheet(card, part(event.samples), { columns: across, label: (index) => `Draw ${index + 1}` }));
}
