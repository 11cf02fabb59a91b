/** What all filling in shares: how many completions, how long each is drawn, and the words about what came of them. */

import { button, h, segments } from "./dom.js";
import { text } from "./numbers.js";
import { counted } from "./words.js";

const counts = [4, 8, 12, 20];
const lengths = [20, 100, 400];
const mostSeeds = 1_000_000;

/**
 * Controls of the completions.
 *
 * @param {object} card The model's card, whose limits bound the choices.
 * @param {function(): void} onChange Called when something was chosen or other draws are asked for.
 * @returns {{elements: HTMLElement[], settings: function(): {completions: number, steps: number, seed: number}}}
 */
export function completing(card, onChange) {
  let seed = 0;
  const within = (choices, most) => choices.filter((choice) => choice <= most).map((choice) => ({ value: String(choice), label: String(choice) }));
  const count = segments({ label: "Completions", value: "8", options: within(counts, card.limits.completions), onChange });
  const steps = segments({ label: "Steps of each", value: "100", options: within(lengths, card.limits.chainSteps ?? card.limits.steps), onChange });
  const again = button("Draw anew", () => {
    seed = Math.floor(Math.random() * mostSeeds);
    onChange();
  }, { kind: "main" });
  return {
    elements: [count, steps, again],
    settings: () => ({ completions: Number(count.value), steps: Number(steps.value), seed }),
  };
}

/** An answer's mean as an answer of one observation. */
export const meanOf = ({ mean }) => (typeof mean === "string" ? { pixels: mean } : Array.isArray(mean) ? { values: [mean].flat(mean[0]?.length ? 1 : 0) } : mean);

/** The root mean square of the numbers at some places. */
export function rootMeanSquare(numbers, places) {
  const sum = places.reduce((total, place) => total + numbers[place] ** 2, 0);
  return Math.sqrt(sum / Math.max(1, places.length));
}

/** What stands under the controls while nothing is hidden. */
export const emptyWords = (what) => `Nothing is hidden yet. Hide some ${what}, and the model fills them in, several times, by draws given the rest.`;

/** How much is hidden. */
export const hiddenWords = (hidden, total, what) => `${text(hidden)} of ${counted(total, what)} hidden (${Math.round((100 * hidden) / total)} %).`;

/** A figure with words below it. */
export const figure = (content, words, note) => h("figure", {}, content, caption(words, note));

/** The words below a figure, with a note in smaller type. */
export const caption = (words, note) => h("figcaption", {}, words, note ? h("span", { class: "note" }, note) : null);
