/** Attribute vectors: the list to choose from, and a form that makes another one of labels or of rows. */

import { button, field, fill, h, notice, segments } from "./dom.js";
import { counted, fixed } from "./words.js";

const origins = { labels: "from labels", groups: "from groups", file: "from a file" };

/** What is known of an attribute, in a few words. */
export function attributeWords({ length, separation, present, absent, origin }) {
  const told = Number.isFinite(separation) ? `separation ${fixed(separation, 2)}` : null;
  return [told, `length ${fixed(length, 2)}`, `${present} with, ${absent} without`, origins[origin]].filter(Boolean).join(" · ");
}

/**
 * A list of attributes, of which one is chosen.
 *
 * @returns {HTMLElement & {show(attributes: object[], chosen: string): void}}
 */
export function attributeList(onChoose) {
  const element = h("ul", { class: "attributes", "aria-label": "Attributes" });
  element.show = (attributes, chosen) => {
    fill(
      element, attributes.map((attribute) =>
        h("li", {}, h(
          "button", { type: "button", "aria-pressed": String(attribute.name === chosen), onclick: () => onChoose(attribute) },
          h("span", {}, attribute.name), h("span", { class: "note" }, attributeWords(attribute))))));
    const pressed = element.querySelector("[aria-pressed=true]");
    if (!pressed) return;
    const above = pressed.offsetTop - element.offsetTop;
    const isSeen = above >= element.scrollTop && above + pressed.offsetHeight <= element.scrollTop + element.clientHeight;
    if (!isSeen) element.scrollTop = above - element.clientHeight / 2;
  };
  return element;
}

/** Rows that a reader wrote, such as `3, 17, 20–40`; throws a sentence where they are none. */
export function rowsFrom(written, total) {
  const rows = new Set();
  for (const part of written.split(/[,;\s]+/).filter(Boolean)) {
    const [, first, last = first] = /^(\d+)(?:[-–](\d+))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first)) throw new Error(`“${part}” is no row and no range of rows such as 20–40.`);
    if (Number(last) >= total) throw new Error(`There is no row ${last}; rows go from 0 to ${total - 1}.`);
    for (let row = Number(first); row <= Number(last); row += 1) rows.add(row);
  }
  if (!rows.size) throw new Error("Name at least one row with the attribute and one without, such as 3, 17, 20–40.");
  return [...rows];
}

/** At most so many of some rows, spread evenly over them. */
export const evenly = (rows, most) =>
  (rows.length <= most ? rows : Array.from({ length: most }, (_, index) => rows[Math.floor((index * rows.length) / most)]));

/** Check boxes for labels. */
function labelBoxes(card, legend) {
  const boxes = card.labels.names.map((name) => h("input", { type: "checkbox", "aria-label": `${legend}: ${name}` }));
  const element = h(
    "fieldset", { class: "labels" }, h("legend", {}, legend),
    h("div", {}, card.labels.names.map((name, index) => h("label", {}, boxes[index], name))));
  return { element, chosen: () => new Set(boxes.flatMap((box, index) => (box.checked ? [index] : []))) };
}

/**
 * A form that defines an attribute as the difference between two groups of rows.
 *
 * @param {object} context The view's context.
 * @param {function(object): void} onMade Called with the attribute that the server made.
 * @param {boolean} isOpen Whether it is unfolded at first.
 */
export function attributeForm(context, onMade, isOpen = false) {
  const { card, api } = context;
  const problem = h("div", { "aria-live": "polite" });
  const name = field({ label: "Name", placeholder: "such as round" });
  const written = [
    field({ label: "Rows with it", placeholder: "3, 17, 20–40" }), field({ label: "Rows without it", placeholder: "5, 50–70" }),
  ];
  const labelled = card.labels ? [labelBoxes(card, "Labels with it"), labelBoxes(card, "Labels without it")] : null;
  const by = labelled && segments({
    label: "Groups by", value: "labels", options: [{ value: "labels", label: "labels" }, { value: "rows", label: "rows" }],
    onChange: () => showFields(),
  });
  const fields = h("div", { class: "stack" });
  const showFields = () => fill(fields, by?.value === "labels" ? labelled.map(({ element }) => element) : written);

  const groups = async () => {
    if (by?.value !== "labels") return written.map(({ value }) => rowsFrom(value, card.shownRows));
    const chosen = labelled.map((boxes) => boxes.chosen());
    if (!chosen.every((labels) => labels.size)) throw new Error("Choose at least one label with the attribute and one without.");
    const { labels } = await api.get("map");
    return chosen.map((wanted) => labels.flatMap((label, row) => (wanted.has(label) ? [row] : [])));
  };
  const make = async () => {
    fill(problem);
    try {
      if (!name.value.trim()) throw new Error("Give the attribute a name.");
      const [present, absent] = (await groups()).map((rows) => evenly(rows, card.limits.rows));
      const made = await api.post("attributes", { name: name.value.trim(), with: present, without: absent });
      name.value = "";
      fill(problem, notice(`Made “${made.name}” of ${counted(present.length, "row")} with it and ${counted(absent.length, "row")} without.`));
      onMade(made);
    } catch (error) {
      fill(problem, notice(error.message, { kind: "error" }));
    }
  };
  showFields();
  const element = h(
    "details", { class: "define" }, h("summary", {}, "Define an attribute"),
    h("div", { class: "stack" }, name, by, fields, h("div", { class: "buttons" }, button("Define", make, { kind: "main" })), problem));
  element.open = isOpen;
  return element;
}
