/** Judge: what a run's numbers say, and which rows it finds strange. */

import { comparisonTable, obstacles } from "../comparison.js";
import { choice, fill, h, loading, notice } from "../dom.js";
import { checkList, factList, warningList } from "../findings.js";
import { latentBars } from "../latent-bars.js";
import { furtherMeasures, judgedWords, leadingMeasures, numberList } from "../measures.js";
import { prose } from "../prose.js";
import { rowScores } from "../row-scores.js";
import { counted, lackOfRows } from "../words.js";

export const id = "judge";
export const title = "Judge";
export const about = "The numbers of the run's report with their errors, what each latent carries, and the rows that the model finds strange.";

const noReport = "This run has no report yet, so that its measures are not known; `latent evaluate` works them out, and training writes them when it ends.";

const noCheck = "The run was not checked; `latent check RUN` finds whether samples are copies, whether classifiers tell them from rows, and "
  + "which columns are miscalibrated.";

const section = (title, about, ...content) =>
  h("section", { class: "judged" }, h("h2", {}, title), about ? h("p", { class: "about" }, prose(about)) : null, ...content);

/** The measures of one run. */
function alone(card, report) {
  if (!report.evaluation?.rows) return section("Measures", null, notice(prose(card.notes?.length ? card.notes.join(" ") : noReport)), warningList(report.warnings));
  return section(
    "Measures", judgedWords(report.evaluation, report.part), numberList(leadingMeasures(report.evaluation), "lead-numbers"),
    warningList(report.warnings), numberList(furtherMeasures(report.evaluation)));
}

/** The measures of two. */
function beside(cards, reports) {
  const missing = cards.filter((_, index) => !reports[index].evaluation?.rows);
  if (missing.length) return section("Measures", null, notice(prose(`${missing.map(({ name }) => name).join(" and ")}: ${noReport}`)));
  const reasons = obstacles(cards, reports);
  return section(
    "Measures of both",
    "Differences are the second's less the first's, in nats per row; their errors are of the draws of both, as if these were independent. `latent compare` judges runs row by row.",
    reasons.length ? h("ul", { class: "warnings" }, reasons.map((reason) => h("li", {}, reason))) : null, comparisonTable(cards, reports),
    ...cards.map((card, index) => (reports[index].warnings?.length ? h("div", { class: "of-run" }, h("h3", {}, `Warnings of ${card.name}`), warningList(reports[index].warnings)) : null)));
}

/** Shows the view. */
export async function mount(container, context) {
  const { card, api, cards, run } = context;
  const report = await api.get("report");
  const measures = h("div");
  const bars = h("div", { class: "beside" });
  let drawn = [];

  const draw = async (other) => {
    drawn.forEach(({ remove }) => remove());
    drawn = [];
    fill(measures, loading());
    try {
      const shown = other === null ? [card] : [card, await context.cardOf(other)];
      const reports = other === null ? [report] : [report, await context.server.of(other).get("report")];
      fill(measures, other === null ? alone(card, report) : beside(shown, reports));
      drawn = shown.filter(({ divergence }) => divergence?.some(Number.isFinite)).map(latentBars);
      fill(
        bars, drawn.length ? drawn.map(({ element }, index) => h("div", {}, shown.length > 1 ? h("h3", {}, shown[index].name) : null, element))
          : notice("The posterior's divergence has no parts for each latent."));
    } catch (error) {
      fill(measures, notice(error.message, { kind: "error" }));
    }
  };
  const others = cards.map(({ name }, index) => ({ value: String(index), label: name })).filter((_, index) => index !== run);
  const second = others.length
    ? choice({
      label: "Beside", value: context.parameters?.beside ?? "", options: [{ value: "", label: "no other run" }, ...others],
      onChange: (value) => { context.keep?.(value ? { beside: value } : {}); draw(value === "" ? null : Number(value)); },
    })
    : h("p", { class: "note" }, prose("Started with two runs, `latent explore RUN RUN`, the explorer puts their numbers side by side."));
  const active = card.active?.filter(Boolean).length ?? 0;
  const latents = card.pointPosterior
    ? section("Latents", null, notice("The codes of this model are points without a spread: its latents have no divergence from the prior, and rows no probability."))
    : section("Divergence per latent", `What each latent carries, nats per row, the largest first; ${active} of ${counted(card.latents, "latent")} are active.`, bars);
  const lack = lackOfRows(card);
  const scores = lack || card.pointPosterior ? null : rowScores(context);
  const checks = checkList(report.check);
  fill(
    container, h("div", { class: "toolbar" }, second), measures, latents,
    section(
      "Rows by −log p(x)", lack || card.pointPosterior ? null : "Each row above what the model makes of its code. The least probable rows are the strangest to it.",
      lack ? notice(prose(lack)) : scores?.element ?? notice("Without a density, rows have no −log p(x) to be sorted by.")),
    section("Checks", null, checks ?? notice(prose(noCheck))),
    section(
      "The run", null, h("details", {}, h("summary", {}, "Facts"), factList(report.facts) ?? notice("The run folder has no facts.")),
      h("details", {}, h("summary", {}, "Configuration"), report.configuration ? h("pre", { tabindex: "0" }, report.configuration) : notice("The run folder has no configuration."))));
  const other = context.parameters?.beside;
  await draw(other !== undefined && others.some(({ value }) => value === other) ? Number(other) : null);
  return {
    unmount() {
      scores?.stop();
      drawn.forEach(({ remove }) => remove());
    },
  };
}
