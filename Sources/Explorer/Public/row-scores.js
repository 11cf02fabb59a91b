/** Rows in the order of −log p(x), each with what the model makes of it; scores come in while they are worked out. */

import { floats, newest } from "./api.js";
import { button, fill, h, notice, segments } from "./dom.js";
import { withError } from "./numbers.js";
import { show } from "./observations.js";
import { rowTitle } from "./row-picker.js";
import { columnValue, count, counted, rowName } from "./words.js";

const page = 24;
const tablePage = 8;
const pollMilliseconds = 1000;
const destinations = [["sliders", "Sliders"], ["morph", "Morph"], ["fill", "Fill in"], ["edit", "Edit"]];

/** Rows whose score is known, the strangest (or the most ordinary) first. */
export function ordered(scores, strangestFirst) {
  const known = [...scores.keys()].filter((row) => Number.isFinite(scores[row]));
  return known.sort((a, b) => (strangestFirst ? scores[b] - scores[a] : scores[a] - scores[b]) || a - b);
}

/** A row of a picture above its reconstruction, as a button. */
function pair(card, rows, made, index, title, score, onPick, name) {
  const size = 72;
  const hidden = (given) => {
    const canvas = show(card, given, index, { size, label: title });
    canvas.setAttribute("aria-hidden", "true");
    return canvas;
  };
  return h(
    "li", {}, h(
      "button", { type: "button", class: "cell pair", "aria-label": `${title}, −log p(x) ${score}`, onclick: onPick },
      hidden(rows), hidden(made), h("span", { class: "caption" }, name), h("span", { class: "caption" }, score)));
}

/** Two lines of numbers, a table's row above its reconstruction; values more than a deviation apart stand out. */
function lines(card, rows, made, index, title, score, onPick) {
  const cells = (values, other) => card.columns.map((column, place) => h(
    "td", { class: other && Math.abs(values[place] - other[place]) > column.deviation ? "far" : null }, columnValue(column, values[place])));
  return [
    h("tr", {}, h("th", { scope: "row" }, h("button", { type: "button", class: "plain", onclick: onPick }, title)), h("td", {}, score), cells(rows.values[index])),
    h("tr", { class: "second" }, h("th", { scope: "row" }, "reconstruction"), h("td", {}), cells(made.values[index], rows.values[index])),
  ];
}

/** Rows and their reconstructions, as a sheet or as a table. */
function grid(card, chosen, rows, made, scored, onPick) {
  const entries = chosen.map((row, index) => {
    const title = rowTitle(card, row, rows.labels?.[index]);
    return [index, title, scored(row), () => onPick(row, title), rowName(row)];
  });
  if (card.kind !== "table") return h("ul", { class: "sheet pairs" }, entries.map((entry) => pair(card, rows, made, ...entry)));
  const names = ["row", "−log p(x)", ...card.columns.map(({ name }) => name)];
  return h(
    "div", { class: "scroll paired", tabindex: "0", role: "region", "aria-label": "Rows and their reconstructions" },
    h("table", {}, h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, entries.map((entry) => lines(card, rows, made, ...entry)))));
}

/**
 * Shows the rows.
 *
 * @returns {{element: HTMLElement, stop(): void}}
 */
export function rowScores(context) {
  const { card, api } = context;
  const step = card.kind === "table" ? tablePage : page;
  const status = h("p", { class: "caption", role: "status" });
  const place = h("div");
  const chosen = h("div", { class: "chosen", "aria-live": "polite" });
  const problem = h("div");
  let [timer, isStopped, strangestFirst, shown, state, drawn] = [0, false, true, step, null, ""];
  const fail = (error) => fill(problem, notice(error.message, error.status === 409 ? {} : { kind: "error" }));

  const scored = (row) => withError(state.scores[row], state.errors[row]);
  const links = (row) => destinations.map(([view, name], index) => [index ? " · " : "", h("a", { href: context.link(view, { row }) }, name)]);
  const pick = (row, title) => fill(chosen, h("p", {}, `${title}: −log p(x) ${scored(row)}. Show it in `, links(row)));
  const draw = newest(async () => {
    const rows = ordered(state.scores, strangestFirst).slice(0, shown);
    const key = rows.join();
    more.hidden = shown >= state.done;
    if (key === drawn || !rows.length) return;
    const [originals, made] = await Promise.all([
      api.post("rows", { rows }), api.post("reconstruct", { rows: rows.map((row) => ({ row })) }),
    ]);
    if (isStopped) return;
    drawn = key;
    fill(place, grid(card, rows, originals, made, scored, pick));
  }, fail);
  const poll = async () => {
    try {
      const answer = await api.get("scores");
      if (isStopped) return;
      state = { scores: floats(answer.negativeLogLikelihoodF32), errors: floats(answer.standardErrorF32), done: answer.done };
      status.textContent = answer.done < answer.total
        ? `${count(answer.done)} of ${counted(answer.total, "row")} judged so far, K = ${count(answer.samples)} draws each; the order is not final.`
        : `${counted(answer.total, "row")}, K = ${count(answer.samples)} draws each; ± is the error of the draws.`;
      draw();
      if (answer.done < answer.total) timer = setTimeout(poll, pollMilliseconds);
    } catch (error) {
      if (!isStopped) fail(error);
    }
  };
  const order = segments({
    label: "Order", hideLabel: true, value: "strange", options: [{ value: "strange", label: "Strangest first" }, { value: "ordinary", label: "Most ordinary first" }],
    onChange: (value) => {
      [strangestFirst, shown] = [value === "strange", step];
      if (state) draw();
    },
  });
  const more = button("More rows", () => { shown = Math.min(shown + step, card.limits.rows); draw(); });
  more.hidden = true;
  poll();
  return {
    element: h("div", { class: "stack" }, h("div", { class: "toolbar" }, order, status), problem, chosen, place, h("div", { class: "buttons" }, more)),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
