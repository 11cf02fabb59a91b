/** Shows observations whatever they are: pictures on a canvas, rows of a table as bars with numbers. */

import { bytes } from "./api.js";
import { bars } from "./bars.js";
import { h } from "./dom.js";

export { bars } from "./bars.js";

const decoded = new WeakMap();

/** The bytes of an answer's pictures, decoded once. */
export function pixelsOf(answer) {
  if (answer instanceof Uint8Array) return answer;
  if (typeof answer === "string") return bytes(answer);
  if (!decoded.has(answer)) decoded.set(answer, bytes(answer.pixels));
  return decoded.get(answer);
}

/** Bytes a picture of this run. */
export const pictureSize = (card) => card.height * card.width * card.channels;

/** Copies the picture at `index` into an `ImageData` at a place: grey or colour, one pixel for one. */
export function paint(card, pixels, index, image, left = 0, top = 0) {
  const { width, height, channels } = card;
  const target = image.data;
  let from = index * pictureSize(card);
  for (let y = 0; y < height; y += 1) {
    let to = 4 * ((top + y) * image.width + left);
    for (let x = 0; x < width; x += 1) {
      target[to] = pixels[from];
      target[to + 1] = pixels[from + (channels === 3 ? 1 : 0)];
      target[to + 2] = pixels[from + (channels === 3 ? 2 : 0)];
      target[to + 3] = 255;
      from += channels;
      to += 4;
    }
  }
}

/** Draws the picture at `index` of `pixels` (bytes, or base64 of them) into a canvas of the picture's own size. */
export function drawInto(canvas, card, pixels, index = 0) {
  if (canvas.width !== card.width || canvas.height !== card.height) {
    canvas.width = card.width;
    canvas.height = card.height;
  }
  const context = canvas.getContext("2d");
  const image = context.createImageData(card.width, card.height);
  paint(card, pixelsOf(pixels), index, image);
  context.putImageData(image, 0, 0);
}

/**
 * A canvas with one picture.
 * @param {{size?: number, label: string}} options `size` is its height on the page in pixels; `label` says what it is
 */
export function picture(card, pixels, index = 0, { size = 160, label = "Picture" } = {}) {
  const canvas = h("canvas", { role: "img", "aria-label": label, class: "picture" });
  canvas.style.height = `${size}px`;
  canvas.style.aspectRatio = `${card.width} / ${card.height}`;
  canvas.width = card.width;
  canvas.height = card.height;
  if (pixels) drawInto(canvas, card, pixels, index);
  return canvas;
}

/** How many observations an answer has. */
export const countOf = (answer) => answer.count ?? answer.values?.length ?? 0;

/**
 * The observation at `index` of an answer: a canvas or bars.
 * @param {{pixels?: string, values?: number[][]} | null} answer null for an empty place of the right size
 */
export function show(card, answer, index = 0, options = {}) {
  if (card.kind === "table") return bars(card, answer?.values?.[index] ?? null, options);
  return picture(card, answer, index, options);
}

/** Draws another observation into what `show` made, in place; quick enough for every frame. */
export function update(element, card, answer, index = 0, options) {
  if (card.kind === "table") element.update(answer.values[index], options);
  else drawInto(element, card, answer, index);
}

/**
 * All observations of an answer beside each other.
 * @param {{columns?: number, size?: number, label?: (index: number) => string, caption?: (index: number) => string,
 *   onPick?: (index: number) => void}} options with `onPick` each is a button
 */
export function sheet(card, answer, { columns, size, label = (index) => `${index + 1}`, caption, onPick, onPoint } = {}) {
  const isTable = card.kind === "table";
  const pixels = isTable ? null : pixelsOf(answer);
  const total = isTable ? answer.values.length : Math.floor(pixels.length / pictureSize(card));
  const cells = Array.from({ length: total }, (_, index) => {
    const content = isTable
      ? bars(card, answer.values[index], { label: label(index) })
      : picture(card, pixels, index, { size, label: onPick ? "" : label(index) });
    const text = caption ? h("span", { class: "caption" }, caption(index)) : null;
    if (!onPick) return h("li", {}, content, text);
    content.setAttribute("aria-hidden", "true");
    const cell = h(
      "button",
      {
        type: "button", class: "cell", "aria-label": label(index), onclick: () => onPick(index),
        onpointerenter: onPoint && (() => onPoint(index)), onfocus: onPoint && (() => onPoint(index)),
      },
      content, text);
    return h("li", {}, cell);
  });
  const element = h("ul", { class: isTable ? "sheet rows" : "sheet" }, cells);
  if (columns && !isTable) element.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  return element;
}
