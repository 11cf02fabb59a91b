/** The map: every row at the mean of its posterior, and what the model makes of any other place. */

import { floats } from "../api.js";
import { button, choice, field, fill, h, loading, segments } from "../dom.js";
import { onThemeChange } from "../theme.js";
import { byUse, count, counted, fixed, lackOfRows } from "../words.js";
import { codeAt, Codes, coordinate, loadMap, stacked } from "./map-axes.js";
import { colourBar, coloursOf, legend, quantities, rangeOf, signsOf } from "./map-colours.js";
import { Groups } from "./map-groups.js";
import { Plot } from "./map-plot.js";
import { Scores } from "./map-scores.js";
import { ChosenRow, Decoded, noRows, numbersOf } from "./map-side.js";

export const id = "map";
export const title = "Map";
export const about = "Every row where its code lies. Click a point to see the row; drag anywhere to see what the model makes of that place.";

const help = {
  explore: "Click a point for its row; drag to decode. Keys: arrows move the cross, Enter takes the nearest row, + and − zoom, 0 shows all.",
  move: "Drag to move, turn the wheel or pinch to zoom. Keys: arrows move, + and − zoom, 0 shows all.",
  lasso: "Draw around rows to put them into a group. Keys: the lists under Groups take the rows of a label.",
};

/** Puts the map together and keeps its state. */
class MapView {
  constructor(container, context) {
    this.container = container;
    this.context = context;
    this.chosen = null;
    this.hidden = new Set();
    this.helpText = h("p", { class: "note", id: "map-help" }, help.explore);
    this.plot = new Plot({
      onPoint: (x, y) => this.decode(x, y), onPick: (row) => this.choose(row), onLasso: (rows, line) => this.groups.take(rows, undefined, line),
      onKey: (event) => this.key(event), onHover: (row) => this.hover(row), describe: () => this.describe(),
    }, "map-help");
    this.hoverText = h("p", { class: "note hover-text", "aria-hidden": "true" }, "\u00a0");
    this.endTheme = onThemeChange(() => this.colour());
    this.layOut();
  }

  layOut() {
    this.modes = segments({
      label: "The pointer", value: "explore", onChange: (mode) => this.setMode(mode),
      options: [{ value: "explore", label: "Explores" }, { value: "move", label: "Moves" }, { value: "lasso", label: "Lasso" }],
    });
    this.tools = h("div", { class: "toolbar" }, this.modes);
    this.zooms = h(
      "div", { class: "zooms" }, button("+", () => this.plot.zoom(1.4), { kind: "sign", label: "Zoom in" }),
      button("−", () => this.plot.zoom(1 / 1.4), { kind: "sign", label: "Zoom out" }),
      button("Fit", () => this.plot.fit(), { kind: "sign", label: "Show all rows" }));
    this.key_ = h("div", { class: "map-key" }, "\u00a0");
    this.waiting = h("div", { class: "over-plot" }, loading("Loading the rows' codes…"));
    this.side = h("div", { class: "stack" });
    this.below = h("div", { class: "map-below" });
    const frame = h("div", { class: "plot-frame" }, this.plot.element, this.zooms, this.waiting);
    const map = h("div", { class: "stack tight" }, this.key_, frame, this.hoverText, this.helpText);
    fill(this.container, h("div", { class: "stack" }, this.tools, h("div", { class: "columns map-columns" }, map, this.side, this.below)));
  }

  async load() {
    const { context } = this;
    const answer = await loadMap(context);
    if (this.isGone) return;
    this.map = {
      count: answer.count, labels: answer.labels, parts: answer.parts,
      divergence: floats(answer.divergenceF32), negativeELBO: floats(answer.negativeELBOF32),
    };
    this.codes = new Codes(context.card, answer);
    this.scores = new Scores(context.api, answer.count);
    this.quantities = quantities(context.card, this.map, this.scores.values);
    this.quantity = this.quantities[0];
    this.groups = new Groups(context, this.map, (lines) => {
      this.plot.marks.outlines = lines;
      this.plot.drawTop();
    });
    this.decoded = new Decoded(context);
    this.decoded.onBase = () => this.cross && this.decode(...this.cross);
    this.row = new ChosenRow(context, context.views);
    this.row.onLoaded = () => this.rowLoaded();
    fill(this.side, this.decoded.element, this.row.element);
    fill(this.below, this.groups.element);
    this.tool();
    this.place();
    this.waiting.remove();
    const row = Number(context.parameters.row);
    if (context.parameters.row !== undefined && Number.isInteger(row) && row >= 0 && row < this.map.count) this.choose(row);
  }

  /** The choosers of axes, of colour, and of a row by its index. */
  tool() {
    const { options } = this.codes;
    const best = byUse(this.context.card).filter((index) => this.codes.latents.includes(index)).map((index) => `z${index}`);
    this.names = best.slice(0, 2);
    const axis = (label, at) => choice({
      label, options, value: this.names[at], onChange: (name) => { this.names[at] = name; this.place(); },
    });
    this.tools.append(
      ...(options.length > 1 ? [axis("Across", 0), axis("Up", 1)] : []),
      choice({
        label: "Colour", value: this.quantity.id, options: this.quantities.map(({ id, title }) => ({ value: id, label: title })),
        onChange: (id) => {
          this.quantity = this.quantities.find((quantity) => quantity.id === id);
          this.hidden.clear();
          this.colour();
          if (this.quantity.isScore) this.scores.follow(() => this.colour(), () => !this.isGone && this.quantity.isScore);
        },
      }),
      field({
        label: "Row", type: "number", min: 0, max: this.map.count - 1, placeholder: `0 to ${this.map.count - 1}`,
        onChange: (text) => {
          const row = Number(text);
          if (text !== "" && Number.isInteger(row) && row >= 0 && row < this.map.count) this.choose(row);
          else if (text !== "") this.say(`There are rows 0 to ${count(this.map.count - 1)}.`);
        },
      }));
  }

  /** Places the points along the chosen axes. */
  place() {
    this.axes = this.names.map((name) => this.codes.axis(name));
    const xs = this.codes.along(this.axes[0]);
    const isStrip = this.axes.length === 1;
    const ys = isStrip ? stacked(xs) : this.codes.along(this.axes[1]);
    this.cross = null;
    Object.assign(this.plot.marks, { cross: null, hovered: null });
    this.plot.setPoints(xs, ys, { isStrip, titles: this.axes.map((axis) => axis.title) });
    this.colour();
  }

  colour() {
    if (!this.quantity) return;
    const { quantity, plot } = this;
    const { xs, ys } = plot.points;
    const isNumber = quantity.kind === "number";
    const range = isNumber ? rangeOf(quantity.values) : null;
    const isHidden = this.hidden.size ? Uint8Array.from(quantity.values, (label) => (this.hidden.has(label) ? 1 : 0)) : null;
    plot.marks.signs = isNumber || plot.marks.isStrip ? [] : signsOf(quantity, this.hidden, xs, ys);
    const colours = coloursOf(quantity, range);
    plot.setColours(colours, isHidden);
    if (isNumber) fill(this.key_, colourBar(quantity, range, quantity.isScore ? this.scores.note : null));
    else if (this.drawnLegend !== quantity || !this.key_.querySelector(".legend")) fill(this.key_, legend(quantity, this.hidden, () => this.colour()));
    this.drawnLegend = quantity;
  }

  setMode(mode) {
    this.plot.setMode(mode);
    this.helpText.textContent = help[mode];
  }

  choose(row) {
    this.chosen = row;
    this.plot.marks.chosen = row;
    this.plot.drawTop();
    this.context.keep({ row });
    this.row.ask(row, () => numbersOf(this.context.card, this.map, this.scores, row));
  }

  /** The row's code is known: the cross goes there, the other latents too. */
  rowLoaded() {
    const { card } = this.context;
    if (!this.row.means) return;
    this.decoded.base.hidden = card.latents <= this.axes.length;
    this.decoded.base.value = "row";
    this.decode(...this.axes.map((axis) => coordinate(this.row.means, axis)));
  }

  decode(x, y) {
    const { card } = this.context;
    const base = this.decoded.base.value === "row" && this.row.means ? this.row.means : card.center;
    this.cross = [x, y];
    this.plot.marks.cross = [x, this.plot.marks.isStrip ? 0.5 : y];
    this.plot.drawTop();
    const z = codeAt(Array.from(base), this.axes, [x, y]).map((value) => Math.min(Math.max(value, -100), 100));
    this.decoded.ask(z, this.axes.map((axis, index) => `${axis.title}: ${fixed([x, y][index])}`).join(", "));
  }

  /** Says something below the map and to those who do not see it. */
  say(text) {
    this.hoverText.textContent = text;
    this.context.announce(text);
  }

  hover(row) {
    const label = row >= 0 && this.map.labels && this.context.card.labels?.names[this.map.labels[row]];
    const value = row >= 0 && this.quantity.kind === "number" ? this.quantity.values[row] : NaN;
    this.hoverText.textContent =
      row < 0 ? "\u00a0" : [`row ${count(row)}`, label && `${this.context.card.labels.of} ${label}`, Number.isFinite(value) && `${fixed(value)} nats`].filter(Boolean).join(" · ");
  }

  key(event) {
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const { plot } = this;
    if (event.ctrlKey || event.metaKey || event.altKey || !this.map) return;
    if (arrow && plot.mode === "explore") {
      const { x, y } = plot.viewport.bounds;
      const step = ((x[1] - x[0]) / 60) * (event.shiftKey ? 4 : 1);
      const [atX, atY] = this.cross ?? [plot.viewport.x, plot.viewport.y];
      const within = (value, [low, high]) => Math.min(Math.max(value, low), high);
      this.decode(within(atX + arrow[0] * step, x), within((atY ?? 0.5) + arrow[1] * step, y));
      clearTimeout(this.saying);
      this.saying = setTimeout(() => this.context.announce(this.decoded.place.textContent), 500);
    } else if (arrow) {
      plot.move(-60 * arrow[0], 60 * arrow[1]);
    } else if (event.key === "Enter" && this.cross) {
      const row = plot.nearest(plot.viewport.toScreen(...plot.marks.cross), Infinity);
      if (row >= 0) this.choose(row);
    } else if (event.key === "+" || event.key === "=") {
      plot.zoom(1.25);
    } else if (event.key === "-" || event.key === "−") {
      plot.zoom(0.8);
    } else if (event.key === "0") {
      plot.fit();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** The map in words. */
  describe() {
    const axes = this.axes.map((axis) => axis.title).join(" and ");
    const colour = this.quantity?.title ?? "nothing";
    return `Map of ${counted(this.map.count, "row")} along ${axes}, coloured by ${colour}${this.chosen === null ? "" : `; row ${this.chosen} is chosen`}${this.cross ? `; the cross is at ${this.cross.slice(0, this.axes.length).map((value) => fixed(value)).join(", ")}` : ""}`;
  }

  unmount() {
    this.isGone = true;
    this.endTheme();
    this.plot.remove();
    this.decoded?.ask.cancel();
    this.row?.ask.cancel();
    clearTimeout(this.saying);
  }
}

/** Shows the map in a container. */
export async function mount(container, context) {
  const lack = lackOfRows(context.card);
  if (lack) {
    fill(container, noRows(context, lack));
    return { unmount() {} };
  }
  const view = new MapView(container, context);
  try {
    await view.load();
  } catch (error) {
    view.unmount();
    throw error;
  }
  return view;
}
