/** Training: how the numbers of each epoch go, live where this explorer's process trains. */

import { eventsAddress } from "../api.js";
import { curves } from "../curves.js";
import { fill, h, notice } from "../dom.js";
import { liveTraining } from "../live-training.js";
import { prose } from "../prose.js";
import { counted, nats } from "../words.js";

export const id = "training";
export const title = "Training";
/** A model that is being trained has no card yet. */
export const needsModel = false;
export const about = "The objective and its parts, epoch by epoch, on the rows trained on and on those held out.";

const noHistory = "The run folder has no history of its training, so that there are no curves; a run that `latent train` finished has one.";

/** What the history of a run that is not training comes to. */
function summary(history) {
  const best = history.reduce((found, epoch) => (epoch.isBest ? epoch : found), history[0]);
  return `${counted(history.length, "epoch")}; the weights are those of epoch ${best.epoch}, with ${nats(best.criterion)} nats per row.`;
}

/** Shows the history of a run. */
async function past(container, context) {
  const { history } = await context.api.get("report");
  if (!history?.length) {
    fill(container, notice(prose(context.card?.notes?.length ? context.card.notes.join(" ") : noHistory)));
    return { unmount() {} };
  }
  const drawn = curves();
  fill(
    container, h("p", { class: "caption" }, summary(history)), drawn.element,
    h("p", { class: "note" }, prose("To watch a training as it goes on, start it with `latent train --explore`.")));
  drawn.show(history);
  return { unmount: drawn.remove };
}

/** Shows the view. */
export function mount(container, context) {
  return context.live && context.cards[context.run].training ? liveTraining(container, context, eventsAddress()) : past(container, context);
}
