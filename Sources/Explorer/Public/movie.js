/** Saves a series of observations: as one picture, as a moving one, or, for tables, as comma-separated values. */

import { gif } from "./gif.js";
import { h } from "./dom.js";
import { countOf, drawInto } from "./observations.js";

const cellEdge = 96;
const frameEdge = 280;
const gap = 2;

/** Hands bytes to the reader as a file. */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Whole pixels that each pixel of an observation becomes so that its longer edge comes to about `edge`. */
const enlargement = (card, edge) => Math.max(1, Math.round(edge / Math.max(card.height, card.width)));

/** Draws the observation at `index` enlarged, without smoothing. */
function enlarge(context, card, answer, index, place, scale) {
  const picture = h("canvas");
  drawInto(picture, card, answer, index);
  context.imageSmoothingEnabled = false;
  context.drawImage(picture, place, 0, card.width * scale, card.height * scale);
}

/**
 * One picture of all observations beside each other.
 *
 * @returns {Promise<Blob>} A PNG.
 */
export function strip(card, answer) {
  const total = countOf(answer);
  const scale = enlargement(card, cellEdge);
  const step = card.width * scale + gap;
  const canvas = h("canvas", { width: total * step - gap, height: card.height * scale });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (let index = 0; index < total; index += 1) enlarge(context, card, answer, index, index * step, scale);
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("The browser could not make so large a picture; take fewer steps."))),
      "image/png"));
}

/**
 * A moving picture that goes through all observations and back.
 *
 * @param {number} delay Hundredths of a second for each.
 * @returns {Blob} A GIF.
 */
export function movie(card, answer, delay) {
  const scale = enlargement(card, frameEdge);
  const [width, height] = [card.width * scale, card.height * scale];
  const canvas = h("canvas", { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const frames = Array.from({ length: countOf(answer) }, (_, index) => {
    enlarge(context, card, answer, index, 0, scale);
    return context.getImageData(0, 0, width, height).data;
  });
  const back = frames.slice(1, -1).reverse();
  return new Blob([gif({ width, height, frames: [...frames, ...back], delay })], { type: "image/gif" });
}

/** The values of a table's rows as a file of comma-separated values, with a column of their own before them. */
export function values(card, rows, name, places) {
  const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [
    [name, ...card.columns.map((column) => column.name)].map(quoted),
    ...rows.map((row, index) => [places[index], ...row].map(String)),
  ];
  return new Blob([lines.map((line) => line.join(",") + "\n").join("")], { type: "text/csv" });
}
