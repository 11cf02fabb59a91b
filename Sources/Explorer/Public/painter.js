/** A picture that is painted upon to hide a part of it: by pointer, by touch, or by a box that the arrow keys move. */

import { drawInto } from "./observations.js";

const longestEdge = 512;

/** Where a pointer is, in pixels of the picture. */
function place(event, canvas, mask) {
  const frame = canvas.getBoundingClientRect();
  return {
    x: ((event.clientX - frame.left) / frame.width) * mask.width,
    y: ((event.clientY - frame.top) / frame.height) * mask.height,
  };
}

/** The whole pixels between two places, in any order, within the picture. */
function rectangle(from, to, mask) {
  const bound = (value, size) => Math.min(size - 1, Math.max(0, Math.floor(value)));
  const [ys, xs] = [[from.y, to.y], [from.x, to.x]].map((ends) => ends.sort((a, b) => a - b));
  return {
    top: bound(ys[0], mask.height), bottom: bound(ys[1], mask.height),
    left: bound(xs[0], mask.width), right: bound(xs[1], mask.width),
  };
}

/** Where the box of the arrow keys goes by a key; null where the key means nothing. */
function moved(box, key, isResized, mask) {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
  if (!step) return null;
  const next = { ...box, bottom: box.bottom + step[0], right: box.right + step[1] };
  if (!isResized) [next.top, next.left] = [box.top + step[0], box.left + step[1]];
  const isWithin = next.top >= 0 && next.left >= 0 && next.bottom < mask.height && next.right < mask.width;
  return isWithin && next.bottom >= next.top && next.right >= next.left ? next : box;
}

/**
 * The canvas to paint upon.
 *
 * @param {object} card The model's card.
 * @param {import("./mask.js").Mask} mask What is hidden; painting changes it.
 * @param {{tool: "brush" | "box" | "erase", diameter: number}} brush How the pointer paints; read at each stroke.
 * @param {{onStroke: function(): void, onBox: function(object): void}} events After each finished stroke, and after each move of the box.
 * @returns {{element: HTMLCanvasElement, show(pixels: Uint8Array): void, draw(): void}} The canvas; `show` takes another picture.
 */
export function painter(card, mask, brush, { onStroke, onBox }) {
  const scale = Math.max(1, Math.floor(longestEdge / Math.max(mask.height, mask.width)));
  const element = document.createElement("canvas");
  const picture = document.createElement("canvas");
  [element.width, element.height] = [mask.width * scale, mask.height * scale];
  element.className = "painter";
  element.tabIndex = 0;
  let start = null;
  let last = null;
  const quarter = (size) => Math.max(1, Math.round(size / 4));
  let box = { top: 0, left: 0, bottom: quarter(mask.height) - 1, right: quarter(mask.width) - 1 };
  let showsBox = false;

  const outline = (context, { top, left, bottom, right }) => {
    const frame = [left * scale, top * scale, (right - left + 1) * scale, (bottom - top + 1) * scale];
    for (const [colour, width] of [["#000", 6], ["#fff", 2]]) {
      [context.strokeStyle, context.lineWidth] = [colour, width];
      context.strokeRect(...frame);
    }
  };
  const draw = () => {
    const context = element.getContext("2d");
    const style = getComputedStyle(element);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture, 0, 0, element.width, element.height);
    mask.pixels.forEach((isHidden, index) => {
      if (!isHidden) return;
      const [x, y] = [(index % mask.width) * scale, Math.floor(index / mask.width) * scale];
      context.globalAlpha = 0.86;
      context.fillStyle = style.getPropertyValue("--hidden").trim() || "#0a62a8";
      context.fillRect(x, y, scale, scale);
      context.globalAlpha = 1;
    });
    if (start && last && brush.tool === "box") outline(context, rectangle({ ...start }, { ...last }, mask));
    else if (showsBox) outline(context, box);
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    showsBox = false;
    start = last = place(event, element, mask);
    mask.begin();
    if (brush.tool !== "box") mask.stroke(start, start, brush.diameter, brush.tool === "brush");
    draw();
  });
  element.addEventListener("pointermove", (event) => {
    if (!start) return;
    const next = place(event, element, mask);
    if (brush.tool !== "box") mask.stroke(last, next, brush.diameter, brush.tool === "brush");
    last = next;
    draw();
  });
  const finish = (event) => {
    if (!start) return;
    if (event.type === "pointercancel") mask.undo();
    else if (brush.tool === "box") mask.rectangle(rectangle(start, last, mask), true);
    start = last = null;
    draw();
    onStroke();
  };
  element.addEventListener("pointerup", finish);
  element.addEventListener("pointercancel", finish);
  element.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "z") {
      event.preventDefault();
      mask.undo();
      draw();
      onStroke();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = moved(box, event.key, event.shiftKey, mask);
    const hides = [" ", "Enter"].includes(event.key);
    if (!next && !hides && !["Delete", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    showsBox = true;
    if (next) {
      box = next;
      onBox(box);
    } else {
      mask.begin();
      mask.rectangle(box, hides);
      onStroke();
    }
    draw();
  });
  element.addEventListener("focus", () => {
    showsBox = element.matches(":focus-visible");
    draw();
  });
  element.addEventListener("blur", () => {
    showsBox = false;
    draw();
  });
  return {
    element,
    draw,
    show(pixels) {
      drawInto(picture, card, pixels, 0);
      draw();
    },
  };
}
