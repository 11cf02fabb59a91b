/** Beside the map: what the model makes of the place under the pointer, and the row that was chosen. */

import { newest } from "../api.js";
import { fill, h, notice, segments } from "../dom.js";
import { show, update } from "../observations.js";
import { counted, fixed, nats, rowName, thing } from "../words.js";

const partNames = ["training", "validation", "test"];

/** The decoded observation that follows the pointer. */
export class Decoded {
  constructor(context) {
    this.context = context;
    const { card } = context;
    this.drawing = show(card, null, 0, { size: 176, label: `What the model makes of the place under the cross` });
    this.place = h("p", { class: "note place" }, "Drag on the map, or press the arrow keys, to decode any place.");
    this.problem = h("div");
    this.base = segments({
      label: "Other latents at", value: "mean", options: [{ value: "mean", label: "mean" }, { value: "row", label: "row" }],
      onChange: () => this.onBase?.(),
    });
    this.base.hidden = true;
    this.element = h(
      "section", { class: "decoded", "aria-labelledby": "decoded-title" }, h("h2", { id: "decoded-title" }, "Under the cross"),
      h("div", { class: "decoded-body" }, this.drawing, h("div", { class: "stack" }, this.place, this.base)), this.problem);
    this.ask = newest(async (z, text) => {
      const answer = await context.api.post("decode", { z: [Array.from(z)] });
      fill(this.problem);
      update(this.drawing, card, answer);
      this.place.textContent = text;
      this.shown = (this.shown ?? 0) + 1;
      this.element.dataset.shown = this.shown;
    }, (error) => fill(this.problem, notice(error.message, { kind: "error" })));
  }
}

/** The chosen row, its reconstruction and its numbers. */
export class ChosenRow {
  constructor(context, views) {
    this.context = context;
    this.views = views;
    this.body = h("div", { class: "stack" }, h("p", { class: "note" }, "Click a point, or give a row's index, to see it beside what the model makes of it."));
    this.element = h("section", { class: "panel stack", "aria-labelledby": "chosen-title" }, h("h2", { id: "chosen-title" }, "The chosen row"), this.body);
    this.ask = newest((row, numbers) => this.#load(row, numbers), (error) => fill(this.body, notice(error.message, { kind: "error" })));
  }

  async #load(row, numbers) {
    const { card, api, announce } = this.context;
    const [original, made] = await Promise.all([
      api.post("rows", { rows: [row] }), api.post("reconstruct", { rows: [{ row }] }),
    ]);
    this.means = made.means?.[0];
    const label = original.labels?.[0];
    const of = card.labels?.of || "label";
    const name = `${rowName(row)}${label ? `, ${of} ${label}` : ""}`;
    const facts = [
      ["row", rowName(row).replace("row ", "")], label ? [of, label] : null,
      ["part", partNames[original.parts?.[0]] ?? "–"], ...numbers(),
    ].filter(Boolean);
    fill(this.body, this.#pictures(original, made, name), h("dl", { class: "facts" }, facts.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", {}, value)))), this.#links(row));
    announce(`Chosen: ${name}.`);
    this.onLoaded?.(row);
  }

  #pictures(original, made, name) {
    const { card } = this.context;
    if (card.kind === "table") {
      const values = made.values[0];
      return h(
        "div", { class: "stack" }, show(card, original, 0, { compare: values, label: `${name}, with marks at its reconstruction` }),
        h("p", { class: "key-line" }, h("span", { class: "mark-first" }, "the row"), h("span", { class: "mark-second" }, "its reconstruction"), h("span", { class: "mark-mean" }, "the mean")));
    }
    return h(
      "div", { class: "pair" },
      h("figure", {}, show(card, original, 0, { size: 128, label: `${name}, as it is` }), h("figcaption", { class: "note" }, "as it is")),
      h("figure", {}, show(card, made, 0, { size: 128, label: `${name}, reconstructed` }), h("figcaption", { class: "note" }, "reconstructed")));
  }

  #links(row) {
    const targets = this.views.filter(({ id }) => ["sliders", "morph", "fill", "edit"].includes(id));
    return h(
      "div", {}, h("h3", { class: "spaced" }, "Use it in"),
      h("div", { class: "buttons" }, targets.map(({ id, title }) => h("a", { class: "button", href: this.context.link(id, { row }) }, title))));
  }
}

/** The numbers of a row that the map has, and its score where that is known. */
export function numbersOf(card, map, scores, row) {
  const score = scores?.values[row];
  return [
    map.divergence && !card.pointPosterior ? ["divergence", `${nats(map.divergence[row])} nats`] : null,
    map.negativeELBO ? [card.pointPosterior ? "reconstruction" : "−ELBO", `${nats(map.negativeELBO[row])} nats`] : null,
    Number.isFinite(score) ? ["−log p(x)", `${nats(score)} ± ${fixed(scores.errors[row], 2)} nats`] : null,
  ].filter(Boolean);
}

/** What stands in place of a map where there are no rows. */
export const noRows = (context, reason) =>
  notice(`${reason} Without rows there is no map; Sliders and Manifold show what the model makes of its ${counted(context.card.latents, "latent")} all the same, ${thing(context.card)} by ${thing(context.card)}.`, {
    action: h("p", { class: "buttons" }, h("a", { class: "button", href: context.link("sliders") }, "Sliders"), h("a", { class: "button", href: context.link("manifold") }, "Manifold")),
  });
