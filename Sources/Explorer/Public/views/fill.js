/** Fill in: a part of a row is hidden, and the model draws what may have been there. */

import { fill, notice } from "../dom.js";
import { fillPicture } from "../fill-picture.js";
import { fillTable } from "../fill-table.js";
import { prose } from "../prose.js";
import { lackOfRows } from "../words.js";

export const id = "fill";
export const title = "Fill in";
export const about = "Hide a part of a row; the model draws what may stand there, given the rest, and its draws show how sure it is.";

/** Why nothing can be filled in; null where it can. */
function lack(card) {
  if (card.shownRows === 0) return lackOfRows(card);
  if (!card.imputes) {
    return card.pointPosterior
      ? "The codes of this model are points without a spread, so that there is nothing to draw completions from; train one with the posterior diagonal-gaussian."
      : "Filling in is not defined for this model's likelihood or posterior.";
  }
  return null;
}

/** Shows the view. */
export function mount(container, context) {
  const reason = lack(context.card);
  if (reason) {
    fill(container, notice(prose(reason)));
    return { unmount() {} };
  }
  return context.card.kind === "table" ? fillTable(container, context) : fillPicture(container, context);
}
