/** How training went: the curves over epochs of −ELBO, of its parts and of what else was measured. */

import { lineChart } from "./charts.js";
import { fill, h } from "./dom.js";
import { fixed } from "./words.js";

const bound = ["reconstruction", "divergence"];

/** Reconstruction and divergence of an epoch's terms together; null where there are none. */
const negativeELBO = (terms) =>
  (terms.length ? terms.filter(({ name }) => bound.includes(name)).reduce((sum, { value }) => sum + value, 0) : null);

const term = (name) => (terms) => terms.find((one) => one.name === name)?.value ?? null;

/** The curves that some epochs have, each with the numbers of training and validation. */
export function curvesOf(history) {
  const names = [...new Set(history.flatMap(({ training, validation }) => [...training, ...validation].map(({ name }) => name)))];
  const isBound = names.includes("divergence");
  const kinds = [
    ...(isBound ? [["−ELBO", negativeELBO]] : []),
    ...names.map((name) => [name[0].toUpperCase() + name.slice(1), term(name)]),
  ];
  return kinds.map(([name, value]) => ({
    name, training: history.map((epoch) => value(epoch.training)), validation: history.map((epoch) => value(epoch.validation)),
  }));
}

/** Where the first epochs dwarf all others, the range of the others; null where everything fits. */
export function rangeWithoutStart(lines) {
  const numbers = (values) => values.filter(Number.isFinite);
  const extent = (values) => [Math.min(...values), Math.max(...values)];
  const all = numbers(lines.flat());
  if (!lines.some((values) => values.length >= 20) || !all.length) return null;
  const [lowest, highest] = extent(all);
  for (const part of [0.05, 0.1, 0.2]) {
    const [low, high] = extent(numbers(lines.flatMap((values) => values.slice(Math.ceil(values.length * part)))));
    if (high > low && highest - lowest >= 3 * (high - low)) return [low - 0.06 * (high - low), high + 0.06 * (high - low)];
  }
  return null;
}

/** What a curve says, for readers who do not see it. */
function words({ name, training, validation }) {
  const course = (what, values) => {
    const known = values.filter(Number.isFinite);
    return known.length ? ` ${what} from ${fixed(known[0])} to ${fixed(known[known.length - 1])}.` : "";
  };
  return `${name} over ${training.length} epochs, nats per row.${course("Training goes", training)}${course("Validation goes", validation)}`;
}

/** The lines of a curve over epochs. */
function traces({ training, validation }, epochs) {
  const mode = epochs.length < 15 ? "lines+markers" : "lines";
  const line = (name, y, color, width) => ({
    type: "scatter", mode, name, x: epochs, y, line: { color, width }, marker: { size: 5, color }, hovertemplate: "%{y:.2f}",
  });
  return [
    ...(training.some(Number.isFinite) ? [line("training", training, "second", 1.5)] : []),
    ...(validation.some(Number.isFinite) ? [line("validation", validation, "first", 2)] : []),
  ];
}

/** The frame of a curve, with a line at the epoch of the best weights. */
function layout({ training, validation }, epochs, best) {
  const range = rangeWithoutStart([training, validation]);
  const mark = { type: "line", x0: best, x1: best, yref: "paper", y0: 0, y1: 1, line: { color: "muted", width: 1.25, dash: "dot" } };
  return {
    shapes: best === undefined ? [] : [mark],
    xaxis: {
      title: { text: "epoch" }, showgrid: false, showline: true, tickformat: "d", unifiedhovertitle: { text: "epoch %{x}" },
      ...(epochs.length < 8 ? { tick0: 1, dtick: 1 } : { tick0: 0, dtick: null }),
    },
    yaxis: { nticks: 6, ...(range ? { range, autorange: false } : { autorange: true }) },
  };
}

/** The place of a curve, below its name and what its lines are. */
function place(name) {
  const chart = h("div", { class: "chart" });
  const key = ["validation", "training", "best"].map((line) => h("span", { class: line }, line));
  const caption = h("figcaption", {}, h("h2", {}, name), h("p", { class: "key", "aria-hidden": "true" }, key));
  return { chart, figure: h("figure", {}, caption, chart) };
}

/**
 * Charts of a history that may grow.
 *
 * @returns {{element: HTMLElement, show(history: object[]): void, remove(): void}}
 */
export function curves() {
  const element = h("div", { class: "curves" });
  const places = new Map();
  const draw = (curve, epochs, best) => {
    if (!places.has(curve.name)) {
      places.set(curve.name, place(curve.name));
      element.append(places.get(curve.name).figure);
    }
    const held = places.get(curve.name);
    held.chart.setAttribute("aria-label", words(curve));
    const shown = [traces(curve, epochs), layout(curve, epochs, best)];
    if (held.drawn) held.drawn.update(...shown);
    else held.drawn = lineChart(held.chart, ...shown);
  };
  return {
    element,
    show(history) {
      const best = history.filter(({ isBest }) => isBest).at(-1)?.epoch;
      const epochs = history.map(({ epoch }) => epoch);
      curvesOf(history).forEach((curve) => draw(curve, epochs, best));
    },
    remove() {
      places.forEach(({ drawn }) => drawn?.remove());
      places.clear();
      fill(element);
    },
  };
}
