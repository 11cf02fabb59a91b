/** What may be wrong with a model, and what its checks found. */

import { h } from "./dom.js";
import { withError } from "./numbers.js";
import { prose } from "./prose.js";
import { count } from "./words.js";

/** Warnings: cause, evidence and remedy each where they are known apart, else the sentence. */
export function warningList(warnings) {
  if (!warnings?.length) return null;
  const line = (name, words) => (words ? h("div", {}, h("dt", {}, name), h("dd", {}, prose(words))) : null);
  return h(
    "ul", { class: "warnings", "aria-label": "Warnings" },
    warnings.map((warning) => h("li", {}, typeof warning === "string" || !(warning.evidence || warning.remedy) ? prose(warning.cause ?? warning)
      : h("dl", {}, line("Cause", warning.cause), line("Evidence", warning.evidence), line("Remedy", warning.remedy)))));
}

const chance = (pValue) => (pValue < 0.001 ? "p\u{a0}<\u{a0}0.001" : `p\u{a0}=\u{a0}${pValue.toPrecision(2)}`);
const share = ({ value, error }) => `${withError(100 * value, 100 * error)}\u{a0}%`;

/** The checks of a run's samples in a sentence each; null where it was not checked. */
export function checkList(checked) {
  const check = checked?.check ?? checked;
  if (!check?.memorization) return null;
  const { memorization, twoSampleTest, calibration, notes } = check;
  const areas = twoSampleTest.trials.map(({ area }) => withError(area.value, area.error)).join(", ");
  const rejected = calibration.columns.filter(({ isRejected }) => isRejected).length;
  const facts = [
    [
      "Copies of training rows",
      `${share(memorization.copied.part)} of ${count(memorization.samples)} samples would be copies (${chance(memorization.copied.pValue)}); `
        + `${share(memorization.leaning.part)} lean to training rows (${chance(memorization.leaning.pValue)}).`,
    ],
    [
      "Samples told from rows",
      `Area under the curve of ${count(twoSampleTest.trials.length)} classifiers: ${areas}; ½ where samples are like rows `
        + `(${chance(twoSampleTest.pValue)} for all together).`,
    ],
    [
      "Calibration",
      `Central intervals of 50 % hold ${share(calibration.half)} of the values, those of 90 % ${share(calibration.most)}; `
        + `${count(rejected)} of ${count(calibration.columns.length)} ${check.isPicture ? "pixels" : "columns"} are not distributed as draws are.`,
    ],
  ];
  return h(
    "div", { class: "stack" }, h("dl", { class: "checks" }, facts.map(([name, words]) => h("div", {}, h("dt", {}, name), h("dd", {}, words)))),
    warningList(notes));
}

/** Facts of a run by name: an object, or a list of names and values. */
export function factList(facts) {
  const pairs = Array.isArray(facts) ? facts.map(({ name, value }) => [name, value]) : Object.entries(facts ?? {});
  return pairs.length ? h("dl", { class: "facts two" }, pairs.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value))))) : null;
}

