/** Two groups of rows, drawn with the lasso or taken by label, whose difference is an attribute vector. */

import { button, choice, field, fill, h, notice, segments } from "../dom.js";
import { count, counted, fixed } from "../words.js";

/** At most so many rows of a group are sent: more change their mean by little. */
const mostRows = 5000;

/** Evenly spaced rows of a group that is too large. */
function thinned(rows) {
  if (rows.length <= mostRows) return rows;
  return Array.from({ length: mostRows }, (_, index) => rows[Math.floor((index * rows.length) / mostRows)]);
}

/** The panel of groups A and B. */
export class Groups {
  constructor(context, map, onChange) {
    this.context = context;
    this.map = map;
    this.onChange = onChange;
    this.rows = { A: null, B: null };
    this.lines = {};
    const { card } = context;
    this.target = segments({
      label: "The lasso draws", value: "A", options: [{ value: "A", label: "group A" }, { value: "B", label: "group B" }],
    });
    this.lists = { A: h("dd"), B: h("dd") };
    this.result = h("div", { "aria-live": "polite" });
    this.name = field({ label: "Name of the attribute", value: "", placeholder: "such as: slanted", onEnter: () => this.#make() });
    this.make = button("Make the attribute vector", () => this.#make(), { kind: "main", disabled: true });
    this.element = h(
      "section", { class: "panel stack", "aria-labelledby": "groups-title" },
      h("h2", { id: "groups-title" }, "Groups"),
      h("p", { class: "note" }, "Choose “Lasso” above the map and draw around rows. The way from the mean code of group B to that of group A is an attribute that can be added to any row."),
      h("div", { class: "toolbar" }, this.target, map.labels && card.labels ? this.#byLabel() : null),
      h("dl", { class: "facts" }, h("div", {}, h("dt", {}, "group A, with it"), this.lists.A), h("div", {}, h("dt", {}, "group B, without it"), this.lists.B)),
      h("div", { class: "toolbar" }, this.name, this.make, button("Clear", () => this.clear())), this.result);
    this.#draw();
  }

  /** Puts rows into the group that the lasso draws, with the line around them; the other group is next if it is empty. */
  take(rows, group = this.target.value, line = null) {
    if (!rows.length) {
      this.context.announce("No row inside the lasso.");
      return;
    }
    this.rows[group] = rows;
    this.lines[group] = line;
    if (group === "A" && !this.rows.B) this.target.value = "B";
    fill(this.result);
    this.#draw();
    this.onChange(this.lines);
    this.context.announce(`Group ${group}: ${counted(rows.length, "row")}.`);
  }

  clear() {
    this.rows = { A: null, B: null };
    this.lines = {};
    this.target.value = "A";
    fill(this.result);
    this.#draw();
    this.onChange(this.lines);
  }

  #byLabel() {
    const { names, of } = this.context.card.labels;
    const options = (first) => [{ value: "", label: first }, ...names.map((name, index) => ({ value: String(index), label: `${of} ${name}` }))];
    const list = (group) => {
      const element = choice({
        label: `Or group ${group}`, value: "", options: options("by the lasso"),
        onChange: (value) => {
          if (value === "") return;
          const label = Number(value);
          const rows = [];
          this.map.labels.forEach((other, row) => other === label && rows.push(row));
          this.take(rows, group);
          element.value = "";
        },
      });
      return element;
    };
    return [list("A"), list("B")];
  }

  /** `212 rows: 3 (180), 5 (32)`. */
  #words(rows) {
    if (!rows) return "–";
    const { labels } = this.context.card;
    if (!labels || !this.map.labels) return counted(rows.length, "row");
    const counts = new Map();
    for (const row of rows) counts.set(this.map.labels[row], (counts.get(this.map.labels[row]) ?? 0) + 1);
    const most = [...counts].filter(([label]) => label >= 0).sort((a, b) => b[1] - a[1]);
    const text = most.slice(0, 3).map(([label, number]) => `${labels.names[label]} × ${count(number)}`).join(", ");
    return `${counted(rows.length, "row")}${text ? ` (${text}${most.length > 3 ? ", …" : ""})` : ""}`;
  }

  #draw() {
    for (const group of ["A", "B"]) {
      const text = this.#words(this.rows[group]);
      this.lists[group].textContent = group === "B" && !this.rows.B && this.rows.A ? "all other rows" : text;
    }
    this.make.disabled = !this.rows.A;
  }

  async #make() {
    if (!this.rows.A) return;
    const { api, link, views } = this.context;
    const name = this.name.value.trim();
    if (!name) {
      fill(this.result, notice("Give the attribute a name first.", { kind: "warning" }));
      this.name.input.focus();
      return;
    }
    const inA = new Set(this.rows.A);
    const others = this.rows.B ?? Array.from({ length: this.map.count }, (_, row) => row).filter((row) => !inA.has(row));
    const both = this.rows.B ? this.rows.B.filter((row) => inA.has(row)).length : 0;
    this.make.disabled = true;
    try {
      const made = await api.post("attributes", { name, with: thinned(this.rows.A), without: thinned(others) });
      const hasEdit = views.some(({ id }) => id === "edit");
      fill(
        this.result,
        notice(`“${made.name}” has length ${fixed(made.length)}, from ${counted(made.present, "row")} with it and ${counted(made.absent, "row")} without it.${both ? ` ${counted(both, "row")} in both groups.` : ""}`, {
          action: hasEdit ? h("p", {}, h("a", { class: "button", href: link("edit", { attribute: made.name }) }, "Edit with it")) : null,
        }));
    } catch (error) {
      fill(this.result, notice(error.message, { kind: "error" }));
    }
    this.#draw();
  }
}
