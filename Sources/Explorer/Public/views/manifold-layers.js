/** How the manifold's cells are drawn. */

import { countOf, paint, pixelsOf } from "../observations.js";
import { colours, rampColour } from "../theme.js";
import { columnValue } from "../words.js";

/** Puts an answer's pictures beside each other into one bitmap, each in its own size. */
export function bitmapOf(canvas, card, answer, { columns, rows }) {
  canvas.width = columns * card.width;
  canvas.height = rows * card.height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  const pixels = pixelsOf(answer);
  for (let index = 0; index < countOf(answer); index += 1) {
    paint(card, pixels, index, image, (index % columns) * card.width, Math.floor(index / columns) * card.height);
  }
  context.putImageData(image, 0, 0);
}

/** Every cell's picture in its own proportions, with a line of paper between them where they are large enough. */
export function drawPictures(context, cells, bitmap, { width, height }, columns) {
  context.imageSmoothingEnabled = false;
  for (const { index, box: [left, top, across, up] } of cells) {
    const gap = Math.min(across, up) < 20 ? 0 : Math.min(across, up) < 44 ? 1 : 2;
    const from = [(index % columns) * width, Math.floor(index / columns) * height];
    const scale = Math.min((across - gap) / width, (up - gap) / height);
    const at = [left + (across - scale * width) / 2, top + (up - scale * height) / 2];
    context.drawImage(bitmap, ...from, width, height, ...at, scale * width, scale * height);
  }
}

/** How light a colour is to the eye, 0 to 1. */
const luminance = (colour) =>
  colour.reduce((sum, value, channel) => sum + [0.2126, 0.7152, 0.0722][channel] * (value / 255) ** 2.2, 0);

/** A heat map with a column's numbers, as far as these have room. */
export function drawValues(context, cells, answer, column, at, [low, high]) {
  const family = colours().font;
  context.textAlign = "center";
  for (const { index, box: [left, top, width, height] } of cells) {
    const value = answer.values[index][at];
    const colour = rampColour((value - low) / (high - low || 1));
    context.fillStyle = `rgb(${colour.join(" ")})`;
    context.fillRect(left, top, width + 0.5, height + 0.5);
    const text = columnValue(column, value);
    const size = Math.min(14, (width - 6) / (0.6 * text.length));
    if (size < 8) continue;
    context.fillStyle = luminance(colour) > 0.18 ? "#000" : "#fff";
    context.font = `${size}px ${family}`;
    context.fillText(text, left + width / 2, top + height / 2 + size * 0.35);
  }
}

/** The line around the chosen cell. */
export function drawFrame(context, [left, top, width, height]) {
  const colour = colours();
  for (const [style, line] of [[colour.paper, 5], [colour.second, 2.5]]) {
    context.strokeStyle = style;
    context.lineWidth = line;
    context.strokeRect(left + 1.25, top + 1.25, width - 2.5, height - 2.5);
  }
}
