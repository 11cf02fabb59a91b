/** What came of a run, as its report names it: each measure with its value, its error and a sentence on what it is. */

import { estimate, percent, text } from "./numbers.js";
import { h } from "./dom.js";
import { count, counted } from "./words.js";

/** A measure, where the evaluation has it; `whole` marks counts and `share` parts of one. */
const measure = (name, value, error, note, more = {}) => (Number.isFinite(value) ? [{ name, value, error, note, ...more }] : []);

/** The two numbers that come first: the bound and the likelihood, or what there is in their place. */
export function leadingMeasures(evaluation) {
  const bound = measure(
    "−ELBO", evaluation.negativeELBO, evaluation.negativeELBOError,
    "Reconstruction + divergence, the bound that training lowers. The error is that of the draws of z, these rows given.");
  if (!bound.length) {
    return measure("Reconstruction", evaluation.reconstruction, null, "−E_q log p(x|z): what the latents leave open. The posterior has no density, so that there is no bound.");
  }
  const sampling = estimate(evaluation.negativeLogLikelihood, evaluation.samplingError).error;
  return [
    ...bound,
    ...measure(
      "−log p(x)", evaluation.samples > 0 ? evaluation.negativeLogLikelihood : NaN, evaluation.standardError,
      `Importance sampling, K = ${count(evaluation.samples)} draws a row, effective ${text(evaluation.effectiveSamples, 3)} (median). The error is that of the draws.`
        + (sampling ? ` As a statement about all rows of which these are a sample it is ${sampling}.` : "")),
  ];
}

/** All other numbers, in the order of the report. */
export function furtherMeasures(evaluation) {
  const { divergenceSplit: split, diagnosis, tail, reconstructionError: error } = evaluation;
  const isBound = Number.isFinite(evaluation.negativeELBO);
  return [
    ...measure("Reconstruction", isBound ? evaluation.reconstruction : NaN, null, "−E_q log p(x|z): what the latents leave open."),
    ...measure("Divergence", evaluation.divergence, null, "KL(q(z|x) ‖ p(z)): what the latents carry."),
    ...measure("Gap", evaluation.samples > 0 ? evaluation.gap : NaN, evaluation.gapError, "−ELBO − (−log p(x)): how far q(z|x) is from the true posterior."),
    ...measure("Active units", evaluation.activeUnits, null, "Latents whose posterior mean varies over rows by more than 0.01 (variance).", { whole: true, of: evaluation.latents }),
    ...measure("Bits per dimension", evaluation.samples > 0 ? evaluation.bitsPerDimension : NaN, null, "−log p(x) / (D ln 2), of the values as scaled."),
    ...measure("Mutual information", split?.mutualInformation, split?.mutualInformationError, `Of row and z: what a code tells of which row it is, at most ln N = ${text(split?.mutualInformationLimit, 3)}.`),
    ...measure("Aggregate divergence", split?.aggregateDivergence, split?.aggregateDivergenceError, "KL(q(z) ‖ p(z)): how far the codes of all rows together are from the prior."),
    ...measure("Total correlation", split?.totalCorrelation, split?.totalCorrelationError, "How much latents depend on each other in q(z)."),
    ...measure("Cost of shuffled codes", diagnosis?.shuffleCost, diagnosis?.shuffleCostError, "What codes of other rows cost; near 0 the decoder ignores them."),
    ...measure("Beyond training", diagnosis?.generalizationGap, diagnosis?.generalizationGapError, `${isBound ? "−ELBO" : "Reconstruction"} less that of training rows.`),
    ...measure("Tail k̂", tail?.median, null, `Shape of the importance weights' tail, the median over rows; above 0.7, not to be relied on, for ${percent(tail?.shareAbove)} of the rows.`),
    ...measure("Error of reconstructions", error?.rootMeanSquare, error?.standardError, "Root mean square of an element, in the data's units; the error is that over rows."),
    ...measure("Wrong elements", error?.wrongShare, error?.wrongShareError, "Elements whose nearest level to the reconstruction is another.", { share: true }),
  ];
}

/** The value of a measure and its error, as text. */
export function shownMeasure({ value, error, whole, of, share }) {
  if (whole) return { value: count(value), error: of ? `of ${count(of)}` : "" };
  const shown = share ? estimate(100 * value, 100 * error) : estimate(value, error);
  return share ? { value: shown.value, error: `${shown.error} %` } : shown;
}

/** Measures as large numbers with what they are. */
export const numberList = (measures, kind) =>
  h(
    "dl", { class: ["numbers", kind].filter(Boolean).join(" ") },
    measures.map((one) => {
      const shown = shownMeasure(one);
      return h(
        "div", {}, h("dt", {}, one.name), h("dd", { class: "value" }, shown.value, shown.error ? h("span", { class: "error" }, ` ${shown.error}`) : null),
        h("dd", { class: "note" }, one.note));
    }));

/** Of which rows the numbers are, in words. */
export const judgedWords = (evaluation, part) =>
  `Of ${counted(evaluation.rows, `${part ?? ""} row`.trim())}, in nats per row; lower is better. ± is one standard error.`;
