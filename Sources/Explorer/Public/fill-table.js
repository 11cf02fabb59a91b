/** Fills in hidden columns of a table's row. */

import { floats, newest } from "./api.js";
import { completing, emptyWords, hiddenWords, meanOf } from "./completing.js";
import { button, fill, h, notice } from "./dom.js";
import { rowPicker } from "./row-picker.js";
import { columnValue, counted, fixed } from "./words.js";

/** A dot for each completion between the column's least and greatest value, a tick for the true one. */
function dots(column, completions, truth) {
  const range = column.maximum - column.minimum || 1;
  const place = (value) => `${(100 * Math.min(1, Math.max(0, (value - column.minimum) / range))).toFixed(2)}%`;
  return h(
    "div", { class: "dots", "aria-hidden": "true" },
    completions.map((value) => h("span", { class: "dot", style: { left: place(value) } })),
    Number.isFinite(truth) ? h("span", { class: "truth", style: { left: place(truth) } }) : null);
}

const heads = ["column", "true value", "mean ± deviation", "deviations off", "completions"];

/** The true values, mean and spread of each hidden column, with all completions. */
function table(card, hidden, truth, answer) {
  const deviations = floats(answer.deviationsF32 ?? answer.deviations);
  const mean = meanOf(answer).values[0];
  const line = (index) => {
    const column = card.columns[index];
    const completions = answer.values.map((row) => row[index]);
    const distance = Number.isFinite(truth[index]) && deviations[index] > 0
      ? fixed((mean[index] - truth[index]) / deviations[index], 1) : "–";
    return h(
      "tr", {}, h("th", { scope: "row", title: column.name }, column.name), h("td", {}, columnValue(column, truth[index] ?? NaN)),
      h("td", {}, columnValue(column, mean[index]), h("span", { class: "bar-error" }, ` ± ${columnValue(column, deviations[index])}`)),
      h("td", {}, distance),
      h(
        "td", { class: "wide" }, dots(column, completions, truth[index]),
        h("span", { class: "unseen" }, completions.map((value) => columnValue(column, value)).join(", "))));
  };
  return h(
    "div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Hidden columns" },
    h(
      "table", {},
      h("thead", {}, h("tr", {}, heads.map((name, place) => h("th", { scope: "col", class: place === heads.length - 1 ? "wide" : null }, name)))),
      h("tbody", {}, hidden.map(line))));
}

/** Shows the view for tables. */
export function fillTable(container, context) {
  const { card, api, announce } = context;
  let picked = null;
  const problem = h("div");
  const status = h("p", { class: "caption", role: "status" });
  const results = h("div", { class: "results" });
  const fail = (error) => fill(problem, notice(error.message, { kind: "error" }));
  const boxes = card.columns.map((column, index) =>
    h("input", { type: "checkbox", id: `hide-${index}`, onchange: () => load() }));
  const numbers = card.columns.map(() => h("span", { class: "value" }));
  const hiddenColumns = () => boxes.flatMap((box, index) => (box.checked ? [index] : []));

  const load = newest(async () => {
    const hidden = hiddenColumns();
    status.textContent = hidden.length ? hiddenWords(hidden.length, boxes.length, "column") : "";
    if (!picked || !hidden.length) {
      fill(results, notice(emptyWords("columns")));
      return;
    }
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await api.post("impute", { ...picked.from, missing: hidden, ...controls.settings() });
      fill(problem);
      fill(
        results, table(card, hidden, picked.answer.values[0], answer),
        h("p", { class: "about" }, "Each dot is a completion, from the column's least value to its greatest; the bar is the true value. "
          + "Where the model is right, the truth lies within one deviation in two thirds of the cases."));
      announce(`${counted(answer.count, "completion")} of ${counted(hidden.length, "column")}.`);
    } finally {
      results.removeAttribute("aria-busy");
    }
  }, fail);

  const controls = completing(card, load);
  const picker = rowPicker(context, {
    label: "Row", size: 120, draws: false, shows: false, onPick: (given) => {
      picked = given;
      context.keep?.({ row: given.from.row });
      card.columns.forEach((column, index) => {
        numbers[index].textContent = columnValue(column, given.answer.values[0][index] ?? NaN);
      });
      load();
    },
  });
  const check = (isHidden) => () => {
    boxes.forEach((box, index) => { box.checked = isHidden(index); });
    load();
  };
  const half = () => {
    const order = boxes.map((_, index) => index).sort(() => Math.random() - 0.5);
    const hidden = new Set(order.slice(0, Math.ceil(boxes.length / 2)));
    check((index) => hidden.has(index))();
  };
  fill(
    container,
    h(
      "div", { class: "filling tables" },
      h(
        "section", { class: "stack", "aria-label": "What is hidden" }, picker.element,
        h(
          "fieldset", { class: "hidden-columns" }, h("legend", {}, "Columns to hide"),
          h("ul", {}, card.columns.map((column, index) =>
            h("li", {}, boxes[index], h("label", { for: `hide-${index}`, title: column.name }, column.name), numbers[index])))),
        h("div", { class: "buttons" }, button("Any half", half), button("None", check(() => false))), status),
      h("section", { class: "stack", "aria-label": "Completions" }, h("div", { class: "toolbar" }, controls.elements), problem, results)));
  boxes[0].checked = true;
  const row = Number(context.parameters?.row ?? NaN);
  if (row >= 0 && row < card.shownRows) picker.pickRow(row);
  else picker.pickAny();
  return { unmount() {} };
}
