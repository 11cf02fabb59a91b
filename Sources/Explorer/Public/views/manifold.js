/** The manifold: what the model makes of a grid of places on a plane through the latents. */

import { newest } from "../api.js";
import { button, choice, field, fill, h, loading, notice, segments } from "../dom.js";
import { show, update } from "../observations.js";
import { onThemeChange } from "../theme.js";
import { byUse, count, fixed, lackOfRows, rowName } from "../words.js";
import { codeAt, Codes, latentAxis, latentOptions, loadMap } from "./map-axes.js";
import { colourBar } from "./map-colours.js";
import { Lattice } from "./manifold-lattice.js";
import { ManifoldPlot } from "./manifold-plot.js";

export const id = "manifold";
export const title = "Manifold";
export const about = "What the model makes of a grid of places on a plane through its latents. Zoom and move; click a cell to take its code.";

const keys = "Keys: arrows choose a cell, with Shift they move the plane; + and − zoom, 0 shows all, Enter takes the cell to Sliders.";

class ManifoldView {
  constructor(container, context) {
    this.context = context;
    const { card } = context;
    this.base = Array.from(card.center);
    this.names = byUse(card).slice(0, 2).map((index) => `z${index}`);
    this.column = 0;
    this.drawing = show(card, null, 0, { size: 220, label: "The chosen cell" });
    this.plot = new ManifoldPlot(card, {
      onView: () => this.refresh(), onPick: (cell) => this.pick(cell), onOpen: () => this.open(), describe: () => this.describe(),
      onLeave: () => this.cell && this.pick(this.cell, true), onPoint: (cell) => this.showCell(cell),
    }, "manifold-help");
    this.ask = newest((lattice) => this.load(lattice), (error) => {
      this.waiting.remove();
      fill(this.problem, notice(error.message, { kind: "error" }));
    });
    this.layOut(container);
    this.endTheme = onThemeChange(() => this.plot.repaint());
    this.setPlane();
    if (card.latents > 2 && card.shownRows) this.addPrincipal();
    const row = Number(context.parameters.row);
    if (context.parameters.row !== undefined && card.shownRows) this.setRow(row);
  }

  layOut(container) {
    const { card } = this.context;
    this.problem = h("div", { "aria-live": "polite" });
    this.waiting = h("div", { class: "over-plot" }, loading("Decoding…"));
    this.choosers = card.latents > 1 ? ["Across", "Up"].map((label, at) => this.chooser(label, at)) : [];
    const sizes = (card.kind === "table" ? [6, 8, 10, 14] : [6, 10, 14, 20, 28]).map((size) => ({ value: String(size), label: `${size} × ${size}` }));
    const isNarrow = innerWidth < 620;
    this.size = choice({
      label: "Cells", options: sizes, value: card.kind === "table" ? (isNarrow ? "6" : "10") : isNarrow ? "10" : "14", onChange: () => this.setPlane(false),
    });
    this.size.hidden = card.latents === 1;
    this.spacing = segments({
      label: "Spacing", value: "even", onChange: () => this.setPlane(),
      options: [{ value: "even", label: "even" }, { value: "quantiles", label: "quantiles of N(0, 1)" }],
    });
    this.spacing.hidden = card.pointPosterior;
    this.row = field({
      label: "Other latents at row", type: "number", min: 0, max: card.shownRows - 1, placeholder: "the mean",
      onChange: (text) => this.setRow(text === "" ? null : Number(text)),
    });
    this.row.hidden = lackOfRows(card) !== null || card.latents < 3;
    const columns = card.kind === "table" && choice({
      label: "Column", options: card.columns.map(({ name }, index) => ({ value: String(index), label: name })), value: "0",
      onChange: (value) => { this.column = Number(value); this.plot.setColumn(this.column); },
    });
    const zooms = h(
      "div", { class: "buttons" }, button("+", () => this.plot.zoom(1.4), { kind: "sign", label: "Zoom in" }),
      button("−", () => this.plot.zoom(1 / 1.4), { kind: "sign", label: "Zoom out" }),
      button("Fit", () => this.plot.fit(), { kind: "sign", label: "Show all" }));
    this.bar = h("div", { class: "map-key" });
    this.bar.hidden = card.kind !== "table";
    this.plot.onRange = (range) => fill(this.bar, colourBar({ title: card.columns[this.column].name }, range));
    this.place = h("p", { class: "note place" }, "\u00a0");
    this.toSliders = h("a", { class: "button", href: "#" }, "Take it to Sliders");
    const side = h(
      "section", { class: "stack", "aria-labelledby": "cell-title" }, h("h2", { id: "cell-title" }, "The chosen cell"), this.drawing,
      this.place, h("p", { class: "buttons" }, this.toSliders));
    const main = h(
      "div", { class: "stack tight" }, this.bar, h("div", { class: "plot-frame" }, this.plot.element, this.waiting), this.problem,
      h("div", { class: "below-grid" }, zooms, h("p", { class: "note", id: "manifold-help" }, keys)));
    const tools = h("div", { class: "toolbar" }, this.choosers, columns, this.size, this.spacing, this.row);
    fill(container, h("div", { class: "stack" }, tools, h("div", { class: "columns manifold-columns" }, main, side)));
  }

  chooser(label, at) {
    const options = latentOptions(this.context.card);
    return choice({ label, options, value: this.names[at], onChange: (name) => { this.names[at] = name; this.setPlane(); } });
  }

  /** Adds the principal axes of the rows' codes to what can be chosen, once these are here. */
  async addPrincipal() {
    try {
      this.codes = new Codes(this.context.card, await loadMap(this.context));
      if (this.isGone) return;
      const principal = this.codes.options.filter(({ value }) => value[0] === "p");
      this.choosers.forEach(({ select }) => select.append(
        h("optgroup", { label: "Principal axes" }, principal.map(({ value, label }) => h("option", { value }, label)))));
    } catch {
      this.codes = null; // The latents themselves remain to choose from.
    }
  }

  /** Another plane: other axes, another spacing or other latents beside it. */
  setPlane(isFitted = true) {
    const { card } = this.context;
    this.axes = this.names.map((name) => (name[0] === "p" ? this.codes.axis(name) : latentAxis(card, Number(name.slice(1)))));
    this.lattice = new Lattice({ cells: Number(this.size.value), isQuantile: this.spacing.value === "quantiles", isStrip: this.axes.length === 1, reach: this.reach() });
    this.cell = null;
    this.plot.setLattice(this.lattice, isFitted);
  }

  /** How far the plane is shown: three deviations of the prior, or of the rows' codes. */
  reach() {
    const { card } = this.context;
    return card.pointPosterior ? Math.max(...this.names.map((name) => (name[0] === "z" ? 3 * card.spread[name.slice(1)] : 3))) : 3;
  }

  setRow(row) {
    const { api, card, announce } = this.context;
    if (row === null) {
      this.base = Array.from(card.center);
      return this.setPlane(false);
    }
    if (!(Number.isInteger(row) && row >= 0 && row < card.shownRows)) {
      return fill(this.problem, notice(`There are rows 0 to ${count(card.shownRows - 1)}.`, { kind: "warning" }));
    }
    return api.post("encode", { rows: [{ row }] }).then(
      ({ means }) => {
        [this.base] = means;
        fill(this.problem);
        this.row.value = row;
        this.setPlane(false);
        announce(`The other latents are those of ${rowName(row)}.`);
      },
      (error) => fill(this.problem, notice(error.message, { kind: "error" })));
  }

  refresh() {
    this.ask(this.plot.wanted());
  }

  code(place) {
    return codeAt(this.base, this.axes, place).map((value) => Math.min(Math.max(Number(value.toFixed(4)), -100), 100));
  }

  /** Decodes what the view shows: by the route for grids where they are even, as single codes else. */
  async load(wanted) {
    const { api } = this.context;
    const places = wanted.places;
    const isGrid = wanted.isEven && this.axes.length === 2;
    const answer = isGrid
      ? await api.post("manifold", {
        directions: this.axes.map(({ direction }) => Array.from(direction)), center: this.code([0, 0]), size: wanted.columns,
        low: places[(wanted.rows - 1) * wanted.columns], high: places[wanted.columns - 1],
      })
      : await api.post("decode", { z: places.map((place) => this.code(place)) });
    if (this.isGone || wanted.lattice !== this.lattice) return;
    fill(this.problem);
    this.waiting.remove();
    this.plot.setAnswer(answer, wanted);
    if (!this.cell) this.pick(this.plot.middle(), true);
    else this.showCell(this.cell);
  }

  pick(cell, isQuiet = false) {
    if (!cell) return;
    this.cell = cell;
    this.plot.choose(cell);
    this.showCell(cell);
    const z = this.code(this.lattice.placeOf(cell)).map((value) => Number(value.toFixed(3)));
    this.toSliders.href = this.context.link("sliders", { z: z.join(",") });
    if (!isQuiet) this.context.announce(this.place.textContent);
  }

  /** Shows a cell large, from what is already here. */
  showCell(cell) {
    const found = this.plot.answerAt(cell);
    if (!found) return;
    update(this.drawing, this.context.card, found.answer, found.index);
    const place = this.lattice.placeOf(cell);
    this.place.textContent = this.axes.map((axis, at) => `${axis.title}: ${fixed(place[at])}`).join(", ");
  }

  open() {
    if (this.cell) location.hash = this.toSliders.getAttribute("href");
  }

  describe() {
    return `Grid of decoded places along ${this.axes.map((axis) => axis.title).join(" and ")}; the chosen cell is at ${this.place.textContent}`;
  }

  unmount() {
    this.isGone = true;
    this.endTheme();
    this.ask.cancel();
    this.plot.remove();
  }
}

/** Shows the manifold in a container. */
export const mount = (container, context) => new ManifoldView(container, context);
