/** Fills in the hidden part of a picture. */

import { floats, newest } from "./api.js";
import { completing, emptyWords, figure, hiddenWords, meanOf, rootMeanSquare } from "./completing.js";
import { button, fill, h, notice, segments, slider } from "./dom.js";
import { Mask, presets } from "./mask.js";
import { text } from "./numbers.js";
import { picture, sheet } from "./observations.js";
import { painter } from "./painter.js";
import { rowPicker } from "./row-picker.js";

const shownSize = 132;

/** Bytes as base64. */
const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** Deviations as brightness, the greatest white; of colours each channel by itself. */
function brightness(deviations, greatest) {
  return Uint8Array.from(deviations, (value) => (greatest > 0 ? Math.round((255 * value) / greatest) : 0));
}

/** Shows the view for pictures. */
export function fillPicture(container, context) {
  const { card, api, announce } = context;
  const mask = new Mask(card.height, card.width);
  const brush = { tool: "brush", diameter: Math.max(1, Math.round(card.width / 7)) };
  let picked = null;

  const problem = h("div");
  const status = h("p", { class: "caption", role: "status", id: "hidden-part" });
  const results = h("div", { class: "results" });
  const fail = (error) => fill(problem, notice(error.message, { kind: "error" }));

  const present = (answer) => {
    fill(problem);
    const deviations = floats(answer.deviationsF32 ?? answer.deviations);
    const hidden = [...mask.bytes(card.channels).keys()].filter((place) => mask.pixels[Math.floor(place / card.channels)]);
    const greatest = hidden.reduce((high, place) => Math.max(high, deviations[place]), 0);
    const spread = rootMeanSquare(deviations, hidden);
    const show = (given, label) => picture(card, given, 0, { size: shownSize, label });
    fill(
      results,
      h(
        "div", { class: "figures" }, figure(show(picked.answer, `The original, ${picked.title}`), "Original", picked.title),
        figure(show(meanOf(answer), "The mean of the completions"), "Mean", "of the completions"),
        figure(
          show(brightness(deviations, greatest), `The completions' spread: black where all agree, white where they deviate by ${text(greatest, 3)}`),
          "Spread", `white: ± ${text(greatest, 3)}`)),
      h("h2", {}, "Completions"),
      sheet(card, answer, { columns: 4, label: (index) => `Completion ${index + 1}` }),
      h(
        "p", { class: "about" },
        `Completions deviate by ${text(spread, 3)} in a hidden value, in the data's units (root mean square). `
          + "They keep what is shown and differ where the rest leaves it open."));
    announce(`${answer.count} completions; spread ${text(spread, 3)}.`);
  };

  const load = newest(async () => {
    const hidden = mask.count;
    undo.disabled = !mask.canUndo;
    status.textContent = hidden ? hiddenWords(hidden, mask.pixels.length, "pixel") : "";
    if (!picked || !hidden) {
      fill(results, notice(emptyWords("pixels")));
      return;
    }
    results.setAttribute("aria-busy", "true");
    try {
      const asked = { ...picked.from, missingMask: base64(mask.bytes(card.channels)), ...controls.settings() };
      present(await api.post("impute", asked));
    } finally {
      results.removeAttribute("aria-busy");
    }
  }, fail);

  const canvas = painter(card, mask, brush, {
    onStroke: load,
    onBox: ({ top, left, bottom, right }) =>
      announce(`Box: rows ${top + 1} to ${bottom + 1}, columns ${left + 1} to ${right + 1}.`),
  });
  canvas.element.setAttribute("role", "application");
  canvas.element.setAttribute("aria-describedby", status.id);
  canvas.element.setAttribute(
    "aria-label", "The picture to paint upon. Arrow keys move a box, with Shift they size it, Space hides what is in it, Delete shows it again.");
  const change = (make) => () => {
    mask.begin();
    make();
    canvas.draw();
    load();
  };
  const undo = button("Undo", () => {
    mask.undo();
    canvas.draw();
    load();
  }, { disabled: true });
  const controls = completing(card, load);
  const picker = rowPicker(context, {
    label: "Row", size: 96, draws: false, onPick: (given) => {
      picked = given;
      context.keep?.({ row: given.from.row });
      canvas.show(given.answer);
      load();
    },
  });

  const tools = segments({
    label: "Paint with", value: brush.tool,
    options: [{ value: "brush", label: "Brush" }, { value: "box", label: "Box" }, { value: "erase", label: "Eraser" }],
    onChange: (value) => { brush.tool = value; },
  });
  const size = slider({
    label: "Brush", min: 1, max: Math.max(2, Math.round(card.width / 2)), step: 1, value: brush.diameter,
    format: (value) => `${value} px`, onInput: (value) => { brush.diameter = value; },
  });
  fill(
    container,
    h(
      "div", { class: "filling" },
      h(
        "section", { class: "stack", "aria-label": "What is hidden" }, canvas.element, status,
        h("div", { class: "toolbar" }, tools), size,
        h(
          "div", { class: "buttons" }, presets.map(({ name, contains }) =>
            button(name, change(() => { mask.clear(); mask.set(contains(mask)); })))),
        h("div", { class: "buttons" }, undo, button("Clear", change(() => mask.clear())), button("Invert", change(() => mask.invert()))),
        h("p", { class: "note" }, "With the picture in focus, arrow keys move a box, Shift and arrows size it, Space hides, Delete shows again.")),
      h(
        "section", { class: "stack", "aria-label": "Completions" }, h("div", { class: "toolbar" }, controls.elements), problem, results),
      picker.element));
  const row = Number(context.parameters?.row ?? NaN);
  mask.set(presets[0].contains(mask));
  if (row >= 0 && row < card.shownRows) picker.pickRow(row);
  else picker.pickAny();
  return { unmount() {} };
}
