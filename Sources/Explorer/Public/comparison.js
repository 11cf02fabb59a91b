/** Two runs beside each other: every measure that both have, and how far apart they are. */

import { h } from "./dom.js";
import { furtherMeasures, leadingMeasures, shownMeasure } from "./measures.js";
import { withError } from "./numbers.js";
import { fixed } from "./words.js";

/** What keeps the numbers of two runs from being compared, a sentence each; none where nothing is known to. */
export function obstacles([first, second], [firstReport, secondReport]) {
  const [a, b] = [firstReport.evaluation, secondReport.evaluation];
  return [
    first.source !== second.source && `The runs are of different data (${first.source} and ${second.source}), so that their nats are not of the same thing.`,
    first.model.likelihood !== second.model.likelihood
      && `The likelihoods differ (${first.model.likelihood} and ${second.model.likelihood}): one may be of levels and the other a density, which have no common scale.`,
    (a.rows !== b.rows || firstReport.part !== secondReport.part)
      && `They are judged on different rows (${a.rows} ${firstReport.part ?? ""} and ${b.rows} ${secondReport.part ?? ""}).`,
    a.samples !== b.samples && `−log p(x) is by ${a.samples} draws a row in one and ${b.samples} in the other; fewer draws give a higher number.`,
  ].filter(Boolean);
}

/** The table of both. */
export function comparisonTable(cards, reports) {
  const measures = reports.map(({ evaluation }) => [...leadingMeasures(evaluation), ...furtherMeasures(evaluation)]);
  const names = [...new Set(measures.flat().map(({ name }) => name))];
  const cell = (one) => {
    if (!one) return h("td", {}, "–");
    const { value, error } = shownMeasure(one);
    return h("td", {}, value, error ? h("span", { class: "error" }, ` ${error}`) : null);
  };
  const difference = (a, b) => {
    if (!a || !b) return h("td", {}, "–");
    const scale = a.share ? 100 : 1;
    const error = Number.isFinite(a.error) && Number.isFinite(b.error) ? scale * Math.hypot(a.error, b.error) : null;
    const apart = scale * (b.value - a.value);
    return h("td", { class: "difference" }, a.whole ? fixed(apart, 0) : withError(apart, error), a.share ? " %" : "");
  };
  return h(
    "div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Measures of both runs" },
    h(
      "table", {},
      h("thead", {}, h("tr", {}, ["measure", cards[0].name, cards[1].name, "difference"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, names.map((name) => {
        const [a, b] = measures.map((list) => list.find((one) => one.name === name));
        return h("tr", {}, h("th", { scope: "row", title: (a ?? b).note }, name), cell(a), cell(b), difference(a, b));
      }))));
}
