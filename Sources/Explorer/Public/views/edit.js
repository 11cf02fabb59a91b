/** Edit: a row with less and more of an attribute. */

import { newest } from "../api.js";
import { attributeForm, attributeList, attributeWords } from "../attributes.js";
import { caption } from "../completing.js";
import { button, fill, h, notice, segments, slider } from "../dom.js";
import { save, strip, values } from "../movie.js";
import { show, update } from "../observations.js";
import { prose } from "../prose.js";
import { rowPicker } from "../row-picker.js";
import { series } from "../series.js";
import { fixed, lackOfRows, thing } from "../words.js";

export const id = "edit";
export const title = "Edit";
export const about = "An attribute is a direction among the latents: the mean code of rows with it less that of rows without. Add it to any row, or take it away.";

const ranges = [1, 2, 4, 8];
const stripSteps = 9;
const shownSize = 220;

const separationWords = "Separation is the share of pairs, one row with the attribute and one without, of which the former lies further along "
  + "the direction: ½ is chance, 1 is all.";

const signed = (amount) => (amount > 0 ? `+${fixed(amount, 2)}` : fixed(amount, 2));

/** Shows the view. */
export async function mount(container, context) {
  const { card, api, announce } = context;
  let { attributes } = await api.get("attributes");
  let [chosen, amount, range, picked, code, stage, cells, line] = [null, 0, 2, null, null, null, null, null];

  const problem = h("div");
  const none = h("div");
  const before = h("figure", {});
  const after = h("figure", {});
  const stripPlace = h("div", { class: "series" });
  const facts = h("p", { class: "caption" });
  const fail = (error) => fill(problem, notice(error.message, { kind: "error" }));
  const words = () => `${picked.title} with ${signed(amount)} × ${chosen.name}`;

  const mark = () => line?.mark(cells.amounts.findIndex((value) => Math.abs(value - amount) < 0.005));
  const draw = newest(async () => {
    if (!code || !chosen) return;
    const answer = await api.post("decode", { z: [code.map((value, index) => value + amount * chosen.direction[index])] });
    const compare = card.kind === "table" ? picked.answer.values[0] : undefined;
    if (stage) update(stage, card, answer, 0, { compare });
    else fill(after, (stage = show(card, answer, 0, { size: shownSize, label: words(), compare })), caption("Edited", compare && "The mark is at the original's value."));
    if (!compare) stage.setAttribute("aria-label", words());
  }, fail);
  const lay = newest(async () => {
    if (!code || !chosen) return;
    cells = await api.post("edit", { from: { z: code }, attribute: chosen.name, amount: range, steps: stripSteps });
    fill(problem);
    line = series(card, cells, {
      headings: cells.amounts.map(signed), label: `Amount of ${chosen.name}`, onPick: (index) => {
        amount = cells.amounts[index];
        along.value = amount;
        mark();
        draw();
        announce(words());
      },
    });
    mark();
    fill(stripPlace, line.element);
  }, fail);

  const lackOfAttributes = () => {
    const lack = lackOfRows(card);
    if (lack) return notice(prose(`${lack} Without rows there are no groups of which an attribute could be made.`));
    return notice(
      `This run has no attributes yet${card.labels ? "" : ", as its rows have no labels"}. `
        + "Select two groups of rows in the map, or name rows here under “Define an attribute”.",
      { action: h("a", { href: context.link("map") }, "To the map") });
  };
  const present = () => {
    const isReady = attributes.length > 0;
    main.hidden = !isReady;
    fill(none, isReady ? null : lackOfAttributes());
    list.show(attributes, chosen?.name);
    facts.textContent = chosen ? `${chosen.name}: ${attributeWords(chosen)}.` : "";
  };
  const choose = (attribute) => {
    chosen = attribute;
    present();
    draw();
    lay();
  };
  const along = slider({
    label: "Amount", min: -range, max: range, step: 0.01, value: 0, format: signed, onInput: (value) => { amount = value; mark(); draw(); },
  });
  const reach = segments({
    label: "Range, ±", value: String(range), options: ranges.map((value) => ({ value: String(value), label: String(value) })),
    onChange: (value) => {
      range = Number(value);
      amount = Math.min(range, Math.max(-range, amount));
      [along.input.min, along.input.max] = [-range, range];
      along.value = amount;
      draw();
      lay();
    },
  });
  const list = attributeList(choose);
  const picker = rowPicker(context, {
    label: "Row", size: 96, shows: false, onPick: async (given) => {
      try {
        picked = given;
        if ("row" in given.from) context.keep?.({ row: given.from.row });
        if (card.kind !== "table") fill(before, show(card, given.answer, 0, { size: shownSize, label: `The original, ${given.title}` }), caption("Original"));
        code = given.from.z ?? (await api.post("encode", { rows: [given.from] })).means[0];
        draw();
        lay();
      } catch (error) {
        fail(error);
      }
    },
  });
  const keep = card.kind === "table"
    ? button("Save as CSV", () => cells && save(values(card, cells.values, "amount", cells.amounts), `${card.name}-${chosen.name}.csv`))
    : button("Save strip (PNG)", async () => {
      try {
        if (cells) save(await strip(card, cells), `${card.name}-${chosen.name}.png`);
      } catch (error) {
        fail(error);
      }
    });
  const main = h(
    "section", { class: "stack", "aria-label": `The edited ${thing(card)}` }, h("div", { class: card.kind === "table" ? "stack" : "figures large pictures" }, card.kind === "table" ? null : before, after), along,
    h("div", { class: "toolbar" }, reach, button("Back to 0", () => { amount = along.value = 0; mark(); draw(); }), keep), problem, stripPlace, facts,
    h("p", { class: "note" }, separationWords, " At 0 stands the row as the model decodes its code."));
  const form = card.shownRows > 0 && attributeForm(context, (made) => {
    attributes = [...attributes.filter(({ name }) => name !== made.name), made];
    choose(made);
  }, attributes.length === 0);
  fill(
    container,
    h(
      "div", { class: "columns" }, h("div", { class: "stack" }, none, main),
      h("aside", { class: "stack", "aria-label": "Attribute and row" }, list, picker.element, form)));

  const { row, attribute } = context.parameters ?? {};
  chosen = attributes.find(({ name }) => name === attribute) ?? attributes[0] ?? null;
  present();
  if (Number(row) >= 0 && Number(row) < card.shownRows) picker.pickRow(Number(row));
  else picker.pickAny();
  return { unmount() {} };
}
