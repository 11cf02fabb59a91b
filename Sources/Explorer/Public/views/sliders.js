/** A slider for every latent, and what the model makes of them. */

import { newest } from "../api.js";
import { button, field, fill, h, notice, segments, slider } from "../dom.js";
import { sheet, show, update } from "../observations.js";
import { byUse, count, counted, fixed, latentName, rowName, useWords } from "../words.js";

export const id = "sliders";
export const title = "Sliders";
export const about = "One slider a latent, the most used first. What the model makes of them follows.";

/** So many sliders are shown at first, and as many more each time. */
const page = 20;

/** Where a latent's slider begins and ends: three deviations of the prior, or what the rows need. */
function rangeOf(card, index) {
  const reach = Math.max(card.pointPosterior ? 0.5 : 3, 3.5 * (card.spread?.[index] ?? 1));
  const middle = card.pointPosterior ? card.center[index] : 0;
  return [Math.max(Math.floor((middle - reach) * 10) / 10, -100), Math.min(Math.ceil((middle + reach) * 10) / 10, 100)];
}

/** Codes in an address: numbers between commas. */
const read = (text, latents) => {
  const numbers = text?.split(",").map(Number) ?? [];
  return numbers.length === latents && numbers.every((value) => Math.abs(value) <= 100) ? numbers : null;
};

class SlidersView {
  constructor(container, context) {
    this.context = context;
    const { card } = context;
    this.start = Array.from(card.center);
    this.z = read(context.parameters.z, card.latents) ?? [...this.start];
    this.decoding = "mean";
    this.seed = Math.floor(Math.random() * 1e9);
    this.sliders = new Map();
    this.drawing = show(card, null, 0, { size: 264, label: `What the model makes of these latents` });
    this.ask = newest((z) => this.decode(z), (error) => this.fail(error));
    this.askStrip = newest((index) => this.strip(index), (error) => this.fail(error));
    this.layOut(container);
    const row = Number(context.parameters.row);
    if (context.parameters.row !== undefined && card.shownRows) this.fromRow(row);
    else this.changed();
  }

  layOut(container) {
    const { card } = this.context;
    const order = byUse(card);
    const used = order.filter((index) => card.active[index]);
    const unused = order.filter((index) => !card.active[index]);
    this.problem = h("div", { "aria-live": "polite" });
    this.origin = h("div", { class: "origin" });
    this.length = h("p", { class: "note" }, "\u00a0");
    this.stripPlace = h("div", { class: "strip" });
    this.temperature = slider({
      label: "Temperature", note: "of random codes", min: 0, max: 2, step: 0.05, value: 1, format: (value) => value.toFixed(2),
    });
    this.row = field({
      label: "Start from row", type: "number", min: 0, max: card.shownRows - 1, placeholder: `0 to ${card.shownRows - 1}`,
      onChange: (text) => text !== "" && this.fromRow(Number(text)),
    });
    this.row.hidden = card.shownRows === 0;
    const shows = segments({
      label: "Shows", value: "mean", options: [{ value: "mean", label: "the mean" }, { value: "draw", label: "a draw" }],
      onChange: (value) => { this.decoding = value; this.changed(); },
    });
    const actions = h(
      "div", { class: "buttons" }, button("Randomize", () => this.randomize(), { kind: "main" }), button("Reset", () => this.reset()));
    const made = h("div", { class: "made" }, this.drawing, h("div", { class: "stack tight" }, actions, this.length, this.problem));
    const more = h(
      "div", { class: "stack" }, this.origin, h("div", { class: "toolbar" }, shows, this.row), this.temperature, this.stripPlace);
    const side = h("div", { class: "stack slider-side" }, made, more);
    this.more = button("", () => this.showMore());
    this.waiting = used;
    this.list = h("div", { class: "slider-list" });
    this.showMore(true);
    const folded = h("div", { class: "slider-list" });
    const rest = h("details", {}, h("summary", {}, `${counted(unused.length, "unused latent")}`), folded);
    rest.addEventListener("toggle", () => {
      if (rest.open && !folded.childElementCount) folded.append(...unused.map((index) => this.slider(index)));
    });
    rest.hidden = unused.length === 0;
    fill(container, h("div", { class: "columns slider-columns" }, h("div", { class: "stack" }, this.list, this.more, rest), side));
  }

  showMore(isFirst = false) {
    const next = this.waiting.splice(0, page);
    const made = next.map((index) => this.slider(index));
    this.list.append(...made);
    this.more.textContent = `Show ${Math.min(page, this.waiting.length)} more of ${counted(this.waiting.length, "latent")}`;
    this.more.hidden = this.waiting.length === 0;
    if (!isFirst) made[0]?.input.focus();
  }

  slider(index) {
    const { card } = this.context;
    const [min, max] = rangeOf(card, index);
    const note = useWords(card, index);
    const element = slider({
      label: latentName(index), note, min, max, step: 0.01, value: 0, format: (value) => fixed(value),
      onInput: (value) => {
        this.z[index] = value;
        this.ask([...this.z]);
        this.describe();
      },
    });
    element.value = this.z[index];
    if (card.kind !== "table") {
      element.input.addEventListener("focus", () => this.askStrip(index));
      element.input.addEventListener("change", () => this.askStrip(index));
    }
    this.sliders.set(index, element);
    return element;
  }

  /** The whole code is another: sliders and picture follow. */
  changed() {
    this.sliders.forEach((element, index) => { element.value = this.z[index]; });
    this.ask([...this.z]);
    this.describe();
  }

  describe() {
    const { card, keep } = this.context;
    const norm = Math.hypot(...this.z);
    this.length.textContent =
      `Length of the code: ${fixed(norm)}` + (card.model.prior === "standard-normal" ? `; of the prior's draws, about ${fixed(Math.sqrt(card.latents))}` : "");
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => keep({ z: this.z.map((value) => Number(value.toFixed(3))).join(",") }), 400);
  }

  async decode(z) {
    const { card, api } = this.context;
    const answer = await api.post("decode", { z: [z], decoding: this.decoding, seed: this.seed });
    fill(this.problem);
    update(this.drawing, card, answer);
    this.shown = (this.shown ?? 0) + 1;
    this.drawing.dataset.shown = this.shown;
  }

  fail(error) {
    fill(this.problem, notice(error.message, { kind: "error" }));
  }

  async randomize() {
    const { api, announce } = this.context;
    this.seed = Math.floor(Math.random() * 1e9);
    try {
      const answer = await api.post("sample", {
        count: 1, temperature: this.temperature.value, seed: this.seed, decoding: this.decoding,
      });
      this.z = Array.from(answer.z[0], (value) => Math.min(Math.max(value, -100), 100));
      this.changed();
      announce("A random code.");
    } catch (error) {
      this.fail(error);
    }
  }

  reset() {
    this.z = [...this.start];
    this.changed();
    this.context.announce("Back to where it started.");
  }

  /** Starts from a row's code, and shows the row beside what is made of it. */
  async fromRow(row) {
    const { card, api, announce } = this.context;
    if (!(Number.isInteger(row) && row >= 0 && row < card.shownRows)) {
      this.fail(new Error(`There are rows 0 to ${count(card.shownRows - 1)}.`));
      return this.changed();
    }
    try {
      const [codes, original] = await Promise.all([
        api.post("encode", { rows: [{ row }] }), api.post("rows", { rows: [row] }),
      ]);
      this.start = codes.means[0];
      this.z = [...this.start];
      const label = original.labels?.[0];
      const name = `${rowName(row)}${label ? `, ${card.labels?.of ?? "label"} ${label}` : ""}`;
      this.showOrigin(name, original);
      this.changed();
      announce(`Started from ${name}.`);
    } catch (error) {
      this.fail(error);
      this.changed();
    }
  }

  /** The row that this started from: a picture of it, or marks at its values. */
  showOrigin(name, original) {
    const { card } = this.context;
    const heading = h("h2", {}, `Started from ${name}`);
    if (card.kind === "table") {
      this.drawing.update(null, { compare: original.values[0] });
      fill(this.origin, heading, h("p", { class: "key-line" }, h("span", { class: "mark-second" }, "the row's values"), h("span", { class: "mark-mean" }, "the columns' means")));
    } else {
      fill(this.origin, heading, show(card, original, 0, { size: 88, label: `${name}, as it is` }));
    }
  }

  /** What the slider that has the focus does to this code, from one end to the other. */
  async strip(index) {
    const { card, api } = this.context;
    const [low, high] = rangeOf(card, index);
    const answer = await api.post("traverse", { from: { z: this.z }, latent: index, low, high, steps: 7 });
    const pictures = sheet(card, answer, {
      columns: 7, label: (at) => `${latentName(index)} at ${fixed(answer.positions[at])}`, caption: (at) => fixed(answer.positions[at], 1),
      onPick: (at) => {
        this.z[index] = answer.positions[at];
        this.changed();
      },
    });
    fill(this.stripPlace, h("h2", { class: "spaced" }, `${latentName(index)[0].toUpperCase()}${latentName(index).slice(1)}, from end to end`), pictures);
  }

  unmount() {
    clearTimeout(this.keeping);
    this.ask.cancel();
    this.askStrip.cancel();
  }
}

/** Shows the sliders in a container. */
export const mount = (container, context) => new SlidersView(container, context);
