/** What the map's points are coloured by, with the legend or the bar that says so. */

import { button, fill, h } from "../dom.js";
import { packed, packedHex } from "../points.js";
import { labelColour, rampColour } from "../theme.js";
import { count, nats } from "../words.js";

/** The quantities a map can be coloured by: `{id, title, kind: "labels" | "number", values, names}`. */
export function quantities(card, map, scores) {
  const list = [];
  if (map.labels && card.labels) {
    list.push({ id: "label", title: card.labels.of || "label", kind: "labels", values: map.labels, names: card.labels.names });
  }
  if (map.divergence && !card.pointPosterior) {
    list.push({ id: "divergence", title: "divergence, nats", kind: "number", values: map.divergence });
  }
  if (map.negativeELBO) list.push({ id: "elbo", title: card.pointPosterior ? "reconstruction, nats" : "−ELBO, nats", kind: "number", values: map.negativeELBO });
  if (!card.pointPosterior) list.push({ id: "score", title: "−log p(x), nats", kind: "number", values: scores, isScore: true });
  if (map.parts) {
    list.push({ id: "part", title: "part of the data", kind: "labels", values: map.parts, names: ["training", "validation", "test"] });
  }
  return list;
}

/** The range that the bar covers: without the outermost hundredth on each side. */
export function rangeOf(values) {
  const numbers = Float32Array.from(values).filter(Number.isFinite).sort();
  if (!numbers.length) return [0, 1];
  const at = (share) => numbers[Math.min(Math.floor(share * numbers.length), numbers.length - 1)];
  return [at(0.01), at(0.99)];
}

const unknown = () => packedHex(labelColour(9));

/** A colour for each point. */
export function coloursOf(quantity, range) {
  if (quantity.kind === "labels") {
    const table = quantity.names.map((_, index) => packedHex(labelColour(index)));
    const other = unknown();
    return Uint32Array.from(quantity.values, (label) => table[label] ?? other);
  }
  const steps = Uint32Array.from({ length: 256 }, (_, index) => packed(...rampColour(index / 255)));
  const [low, high] = range;
  const other = unknown();
  return Uint32Array.from(quantity.values, (value) =>
    Number.isFinite(value) ? steps[Math.min(Math.max(Math.round((255 * (value - low)) / (high - low || 1)), 0), 255)] : other);
}

/** The medians of each shown label, where its name is written. */
export function signsOf(quantity, hidden, xs, ys) {
  if (quantity.kind !== "labels" || quantity.id === "part" || quantity.names.length > 60) return [];
  const groups = quantity.names.map(() => [[], []]);
  quantity.values.forEach((label, row) => {
    if (label < 0 || hidden.has(label)) return;
    groups[label][0].push(xs[row]);
    groups[label][1].push(ys[row]);
  });
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return groups.flatMap(([across, up], index) =>
    across.length ? [{ x: median(across), y: median(up), text: quantity.names[index], size: across.length }] : [])
    .sort((a, b) => b.size - a.size);
}

/** Buttons that hide and show a label's points. */
export function legend(quantity, hidden, onChange) {
  const counts = new Uint32Array(quantity.names.length);
  quantity.values.forEach((label) => { if (label >= 0) counts[label] += 1; });
  const element = h("div", { class: "legend", role: "group", "aria-label": `Labels: ${quantity.title}` });
  const draw = () => {
    const items = quantity.names.map((name, index) => {
      if (!counts[index]) return null;
      const item = button("", () => {
        if (hidden.has(index)) hidden.delete(index);
        else hidden.add(index);
        item.setAttribute("aria-pressed", String(!hidden.has(index)));
        all.hidden = hidden.size === 0;
        onChange();
      }, { kind: "entry", pressed: !hidden.has(index), title: `${count(counts[index])} rows` });
      item.append(h("span", { class: "swatch", style: { background: labelColour(index) } }), name);
      return item;
    });
    const all = button("Show all", () => {
      hidden.clear();
      draw();
      onChange();
      element.querySelector("button").focus();
    }, { kind: "quiet" });
    all.hidden = hidden.size === 0;
    fill(element, items, all);
  };
  draw();
  return element;
}

/** The scale of colours with its numbers; `note` says what is not yet known. */
export function colourBar(quantity, [low, high], note) {
  const stops = Array.from({ length: 9 }, (_, index) => `rgb(${rampColour(index / 8).join(" ")})`);
  return h(
    "div", { class: "colour-bar" },
    h("span", {}, nats(low)),
    h("div", {
      class: "ramp", role: "img", "aria-label": `Colours from ${nats(low)} to ${nats(high)}`,
      style: { background: `linear-gradient(to right, ${stops.join(", ")})` },
    }),
    h("span", {}, nats(high)), h("span", { class: "note" }, note ?? quantity.title));
}
