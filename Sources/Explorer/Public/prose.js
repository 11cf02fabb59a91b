/** Sentences in which backticks enclose what is typed. */

import { h } from "./dom.js";

/** The parts of a sentence: text as it is, and what stands between backticks as code. */
export const prose = (sentence) =>
  sentence.split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part)).filter((part) => part !== "");
